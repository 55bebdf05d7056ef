//! What can be done here, and everywhere: out of the table of actions, filtered by what is typed behind `/`.

use ratatui::{Frame, layout::Rect};

use crate::{
    text::{fold, width},
    tui::{
        action::{ACTIONS, Do, Group},
        context::Context,
        key::Key,
        screen::{Hint, Screen, Step},
        widgets::{
            boxed, centered, cut,
            field::{Field, Look},
            put,
        },
    },
};

/// The width of the box in the pictures.
const WIDTH: u16 = 76;
/// Columns of a key.
const KEY: usize = 12;

/// The help of one screen.
pub struct Help {
    /// The name of the screen, then its entries and those of all screens.
    title: String,
    own: Vec<Entry>,
    everywhere: Vec<Entry>,
    filter: Field,
    typing: bool,
    top: usize,
}

/// A key and what it does.
#[derive(Clone)]
struct Entry {
    keys: String,
    words: &'static str,
}

impl Help {
    /// The help of the top screen.
    pub fn new(screens: &[Box<dyn Screen>], cx: &Context) -> Self {
        let (actions, title) = match screens.last() {
            Some(top) => (top.actions(cx), top.place(cx)),
            None => (Vec::new(), String::new()),
        };
        let own =
            ACTIONS.iter().filter(|action| actions.contains(&action.does) && !is_everywhere(action.does));
        let everywhere = ACTIONS.iter().filter(|action| is_everywhere(action.does));
        let title = title.split(cx.symbols.then).next().unwrap_or_default().trim().to_owned();
        Self {
            title: if title.is_empty() { "this box".to_owned() } else { title },
            own: own.map(|action| entry(action.does, cx)).collect(),
            everywhere: everywhere.map(|action| entry(action.does, cx)).collect(),
            filter: Field::new(80),
            typing: false,
            top: 0,
        }
    }

    /// Two columns side by side, or what the filter leaves in one.
    fn lines(&self, columns: usize, cx: &Context) -> Vec<String> {
        let wanted = fold(&self.filter.text()).into_owned();
        if !wanted.is_empty() {
            let all = self.own.iter().chain(&self.everywhere);
            let fits = |entry: &&Entry| fold(&format!("{} {}", entry.keys, entry.words)).contains(&wanted);
            return all.filter(fits).map(Entry::line).collect();
        }
        let (left, right) = self.sides();
        if columns < 60 {
            return left.into_iter().chain([String::new()]).chain(right).collect();
        }
        let half = (widest(&left) + 2).min(columns / 2 + 2);
        let empty = String::new();
        (0..left.len().max(right.len()))
            .map(|at| {
                let (left, right) = (left.get(at).unwrap_or(&empty), right.get(at).unwrap_or(&empty));
                let left = cut(left, half - 1, cx.symbols);
                format!("{left}{}{right}", " ".repeat(half.saturating_sub(width(&left))))
            })
            .collect()
    }

    /// What this screen has, and what every screen has.
    fn sides(&self) -> (Vec<String>, Vec<String>) {
        let lines = |head: String, all: &[Entry]| {
            std::iter::once(head).chain(all.iter().map(Entry::line)).collect::<Vec<_>>()
        };
        let own = lines(format!("This screen: {}", self.title), &self.own);
        (own, lines("Everywhere".to_owned(), &self.everywhere))
    }

    /// The columns of the box: so many that both sides are whole, where the window has them.
    fn columns(&self) -> u16 {
        let (left, right) = self.sides();
        u16::try_from(widest(&left) + 2 + widest(&right) + 4).unwrap_or(u16::MAX).max(WIDTH)
    }
}

impl Entry {
    fn line(&self) -> String {
        format!(" {}{} {}", self.keys, " ".repeat(KEY.saturating_sub(width(&self.keys) + 1)), self.words)
    }
}

fn widest(lines: &[String]) -> usize {
    lines.iter().map(|line| width(line)).max().unwrap_or(0)
}

fn entry(action: Do, cx: &Context) -> Entry {
    let keys: Vec<String> = cx.keymap.keys(action).iter().map(ToString::to_string).collect();
    let shown = match keys.as_slice() {
        [first, .., last] if keys.len() > 3 => format!("{first}-{last}"),
        keys => keys.join(" "),
    };
    Entry { keys: cx.symbols.text(&shown), words: action.action().help }
}

fn is_everywhere(action: Do) -> bool {
    action.action().group == Group::Everywhere
}

impl Screen for Help {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        if self.typing {
            return vec![Do::SearchClear, Do::Submit, Do::SearchUp, Do::SearchDown];
        }
        vec![
            Do::Close,
            Do::Search,
            Do::Up,
            Do::Down,
            Do::PageUp,
            Do::PageDown,
            Do::First,
            Do::Last,
            Do::Help,
            Do::Quit,
        ]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        if self.typing {
            return vec![Hint::says(Do::Submit, "keep filter"), Do::SearchClear.into()];
        }
        vec![Hint::says(Do::Search, "find a key or a word"), Hint::keys(Do::Down, "↑↓"), Do::Close.into()]
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Close | Do::Help | Do::Quit if self.filter.is_empty() => return Step::Pop,
            Do::Close | Do::SearchClear => {
                self.filter.clear();
                self.typing = false;
            }
            Do::Help | Do::Quit => return Step::Pop,
            Do::Submit => self.typing = false,
            Do::Search => self.typing = true,
            Do::Up | Do::SearchUp => self.top = self.top.saturating_sub(1),
            Do::Down | Do::SearchDown => self.top += 1,
            Do::PageUp => self.top = self.top.saturating_sub(8),
            Do::PageDown => self.top += 8,
            Do::First => self.top = 0,
            Do::Last => self.top = usize::MAX,
            _ => {}
        }
        self.top = self.top.min(self.lines(0, cx).len().saturating_sub(4));
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        let taken = self.typing && self.filter.key(key);
        if taken {
            self.top = 0;
        }
        taken.then_some(Step::Stay)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let wide = self.columns().min(area.width);
        let columns = usize::from(wide.saturating_sub(4));
        let lines = self.lines(columns, cx);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(5);
        let inner = boxed(frame, centered(area, wide, rows), "Help", "Esc closes", cx);
        put(frame, inner, 0, "/", cx.theme.text);
        if self.typing || !self.filter.is_empty() {
            let field = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: 1, ..inner };
            let look = Look { cx, focused: self.typing, masked: false, style: cx.theme.text };
            self.filter.draw(frame, field, &look);
        } else {
            put(frame, inner, 2, "type to find a key or a word", cx.theme.dim);
        }
        let list = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
        let top = self.top.min(lines.len().saturating_sub(list.height.into()));
        for (row, line) in list.rows().zip(lines.iter().skip(top)) {
            put(frame, row, 0, &cut(line, columns, cx.symbols), cx.theme.text);
        }
        if lines.is_empty() {
            put(frame, list, 1, "No key and no word like that.", cx.theme.dim);
        }
    }
}
