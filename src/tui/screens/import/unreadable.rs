//! The entries and files that could not be read: where each stood, and why.

use ratatui::{Frame, layout::Rect};

use super::rows::spot;
use crate::{
    import::Batch,
    tui::{
        action::Do,
        context::Context,
        key::Key,
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, put, wrapped},
    },
    vault::account::name_of,
};

/// The widest box.
const WIDTH: u16 = 76;

/// The box.
pub(super) struct Unreadable {
    entries: Vec<String>,
    top: usize,
}

impl Unreadable {
    /// Those of a batch.
    pub(super) fn new(batch: &Batch) -> Self {
        let several = batch.sources.len() > 1;
        let line = |(at, bad): &(crate::import::At<'_>, &crate::formats::Bad)| {
            let name = name_of(&bad.issuer, &bad.account);
            let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
            let file = if several { format!("{}, ", at.file) } else { String::new() };
            crate::text::safe(&format!("{file}{}: {name}{}", spot(at.spot), bad.reason)).into_owned()
        };
        let unread = batch.unread().map(|(name, error)| {
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            crate::text::safe(&format!("{name}: {error}{hint}")).into_owned()
        });
        Self { entries: batch.bad().iter().map(line).chain(unread).collect(), top: 0 }
    }

    fn lines(&self, columns: usize) -> Vec<String> {
        self.entries.iter().flat_map(|entry| wrapped(entry, columns)).collect()
    }
}

impl Screen for Unreadable {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Close, Do::Up, Do::Down, Do::PageUp, Do::PageDown, Do::First, Do::Last, Do::Confirm]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![Hint { words: Some("scroll".to_owned()), ..Hint::keys(Do::Down, "↑↓") }, Do::Close.into()]
    }

    fn act(&mut self, action: Do, _key: Key, _cx: &mut Context) -> Step {
        match action {
            Do::Up => self.top = self.top.saturating_sub(1),
            Do::Down => self.top += 1,
            Do::PageUp => self.top = self.top.saturating_sub(10),
            Do::PageDown => self.top += 10,
            Do::First => self.top = 0,
            Do::Last => self.top = usize::MAX,
            _ => return Step::Pop,
        }
        self.top = self.top.min(self.entries.len().saturating_sub(1));
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let lines = self.lines(usize::from(WIDTH.min(area.width).saturating_sub(4)));
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = boxed(frame, centered(area, WIDTH, rows), "Not readable", "Esc closes", cx);
        let top = self.top.min(lines.len().saturating_sub(inner.height.into()));
        for (row, line) in inner.rows().zip(lines.iter().skip(top)) {
            put(frame, row, 0, line, cx.theme.text);
        }
    }
}
