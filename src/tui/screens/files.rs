//! Choosing files: the names of one directory at a time. What is chosen comes to the screen below as a message.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use ratatui::{
    Frame,
    layout::Rect,
    widgets::{Clear, Widget as _},
};

use crate::tui::{
    action::Do,
    context::Context,
    key::{Key, Press},
    message::Message,
    screen::{Hint, Screen, Step},
    widgets::{boxed, centered, cut, put, put_safe},
};

/// The widest box.
const WIDTH: u16 = 72;
/// More names of a directory are not shown.
const MOST: usize = 10_000;

/// The box.
pub struct Files {
    title: &'static str,
    directory: PathBuf,
    entries: Vec<Entry>,
    marked: BTreeSet<PathBuf>,
    at: usize,
    several: bool,
    fault: Option<String>,
}

struct Entry {
    name: String,
    path: PathBuf,
    is_directory: bool,
}

impl Files {
    /// The files of a directory; of the home directory where it is none.
    pub fn new(title: &'static str, start: &Path, several: bool) -> Self {
        // A relative path has nothing above it.
        let start = &std::path::absolute(start).unwrap_or_else(|_| start.to_owned());
        let above = || start.parent().filter(|parent| parent.is_dir()).map(Path::to_owned);
        let directory = if start.is_dir() { Some(start.to_owned()) } else { above() };
        let directory = directory.filter(|directory| !directory.as_os_str().is_empty());
        let directory = directory.or_else(std::env::home_dir).unwrap_or_else(|| PathBuf::from("."));
        let mut files = Self {
            title,
            directory,
            entries: Vec::new(),
            marked: BTreeSet::new(),
            at: 0,
            several,
            fault: None,
        };
        files.read();
        files
    }

    /// Hidden ones are left out, and so is what no field of a line could show.
    fn read(&mut self) {
        (self.entries, self.at, self.fault) = (Vec::new(), 0, None);
        match std::fs::read_dir(&self.directory) {
            Err(error) => {
                let why = crate::vault::error::plain_words(&error);
                self.fault = Some(format!("cannot be read: {why}"));
            }
            Ok(items) => {
                let seen = items.take(MOST).filter_map(|item| {
                    let item = item.ok()?;
                    let (name, path) = (item.file_name().to_string_lossy().into_owned(), item.path());
                    let is_directory = path.is_dir();
                    (!name.starts_with('.')).then_some(Entry { name, path, is_directory })
                });
                self.entries = seen.collect();
            }
        }
        self.entries
            .sort_by_cached_key(|entry| (!entry.is_directory, crate::text::fold(&entry.name).into_owned()));
    }

    fn choose(&mut self, cx: &mut Context) -> Step {
        let Some(entry) = self.entries.get(self.at) else { return Step::Stay };
        if entry.is_directory && self.marked.is_empty() {
            self.directory = entry.path.clone();
            self.read();
            return Step::Stay;
        }
        if self.marked.is_empty() {
            self.marked.insert(entry.path.clone());
        }
        let chosen: Vec<PathBuf> = std::mem::take(&mut self.marked).into_iter().collect();
        cx.jobs.ask(move |_| Message::Chosen(chosen));
        Step::Pop
    }

    fn mark(&mut self) {
        let Some(entry) = self.entries.get(self.at).filter(|entry| !entry.is_directory) else { return };
        if !self.marked.remove(&entry.path) {
            self.marked.insert(entry.path.clone());
        }
        self.at = (self.at + 1).min(self.entries.len() - 1);
    }

    fn up(&mut self) {
        if let Some(parent) = self.directory.parent().map(Path::to_owned) {
            let from = std::mem::replace(&mut self.directory, parent);
            self.read();
            self.at = self.entries.iter().position(|entry| entry.path == from).unwrap_or(0);
        }
    }

    fn line(&self, at: usize, cx: &Context, columns: usize) -> String {
        let entry = &self.entries[at];
        let mark = match self.marked.contains(&entry.path) {
            true => "[x] ",
            false if self.several && !entry.is_directory => "[ ] ",
            false if self.several => "    ",
            false => "",
        };
        let end = if entry.is_directory { "/" } else { "" };
        format!("{mark}{}{end}", cut(&entry.name, columns.saturating_sub(5), cx.symbols))
    }
}

impl Screen for Files {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let moves = [Do::Choose, Do::Up, Do::Down, Do::PageUp, Do::PageDown, Do::First, Do::Last, Do::Left];
        let mark = self.several.then_some(Do::Switch);
        moves.into_iter().chain([Do::Close]).chain(mark).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let is_directory = self.entries.get(self.at).is_some_and(|entry| entry.is_directory);
        let enter = if is_directory && self.marked.is_empty() { "open" } else { "take" };
        let mark = self.several.then(|| Hint::says(Do::Switch, "mark"));
        let up = Hint { words: Some("directory above".to_owned()), ..Hint::keys(Do::Left, "←") };
        [Hint::says(Do::Choose, enter)].into_iter().chain(mark).chain([up, Do::Close.into()]).collect()
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        let last = self.entries.len().saturating_sub(1);
        match action {
            Do::Choose => return self.choose(cx),
            Do::Close => return Step::Pop,
            Do::Switch => self.mark(),
            Do::Left => self.up(),
            Do::Up => self.at = self.at.saturating_sub(1),
            Do::Down => self.at = (self.at + 1).min(last),
            Do::PageUp => self.at = self.at.saturating_sub(10),
            Do::PageDown => self.at = (self.at + 10).min(last),
            Do::First => self.at = 0,
            _ => self.at = last,
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        if key.press != Press::Backspace || key.ctrl {
            return None;
        }
        self.up();
        Some(Step::Stay)
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let rows = u16::try_from(self.entries.len().clamp(3, 16) + 4).unwrap_or(u16::MAX);
        // In the smallest windows the names are all that fits.
        let inner = if area.height < 6 {
            Clear.render(area, frame.buffer_mut());
            area
        } else {
            boxed(frame, centered(area, WIDTH, rows), self.title, "", cx)
        };
        let room = usize::from(inner.width);
        let mut list = inner;
        if inner.height > 2 {
            put_safe(frame, inner, 0, (&self.directory.display().to_string(), room), cx, cx.theme.dim);
            list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        }
        if self.entries.is_empty() {
            let words = self.fault.as_deref().unwrap_or("there is nothing here");
            return put_safe(frame, list, 0, (words, room), cx, cx.theme.text);
        }
        let top = (self.at + 1).saturating_sub(list.height.into());
        for (row, at) in list.rows().zip(top..self.entries.len()) {
            let style = if at == self.at { cx.theme.selected } else { cx.theme.text };
            put(frame, row, 0, &self.line(at, cx, room), style);
        }
    }
}
