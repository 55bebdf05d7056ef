//! One line of typed text, with the keys of readline. What it held is wiped from memory when it goes, for it may be a
//! secret.

use ratatui::{Frame, layout::Rect, style::Style};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    text::width,
    tui::{
        context::Context,
        key::{Key, Press},
        widgets::{cut, put},
    },
};

/// A field.
pub struct Field {
    chars: Zeroizing<Vec<char>>,
    cursor: usize,
    limit: usize,
    killed: Zeroizing<String>,
}

/// What a field did with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Took {
    /// All of it.
    All,
    /// None of it: it would be longer than the limit, in characters.
    TooLong(usize),
}

impl Field {
    /// An empty field for up to `limit` characters. The memory is taken at once, so that growing leaves no copies.
    pub fn new(limit: usize) -> Self {
        Self {
            chars: Zeroizing::new(Vec::with_capacity(limit)),
            cursor: 0,
            limit,
            killed: Zeroizing::default(),
        }
    }

    /// A field that holds a text.
    pub fn with(text: &str, limit: usize) -> Self {
        let mut field = Self::new(limit);
        field.insert(text);
        field
    }

    /// What it holds.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.chars.len() * 4));
        text.extend(self.chars.iter());
        text
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }

    /// How many characters it holds.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.chars.iter_mut().for_each(Zeroize::zeroize);
        self.chars.clear();
        self.cursor = 0;
    }

    /// Holds another text, the cursor behind it.
    pub fn set(&mut self, text: &str) {
        self.clear();
        self.insert(text);
    }

    /// Puts a text at the cursor. Line ends and control characters are left out: a field is one line.
    pub fn insert(&mut self, text: &str) -> Took {
        let clean = || text.chars().filter(|char| !char.is_control());
        if self.chars.len() + clean().count() > self.limit {
            return Took::TooLong(self.limit);
        }
        for char in clean() {
            self.chars.insert(self.cursor, char);
            self.cursor += 1;
        }
        Took::All
    }

    /// Takes a key; false where it is none for a field.
    pub fn key(&mut self, key: Key) -> bool {
        match (key.ctrl, key.press) {
            (false, Press::Char(char)) => {
                let mut buffer = [0; 4];
                self.insert(char.encode_utf8(&mut buffer));
            }
            (false, Press::Backspace) | (true, Press::Char('h')) => self.remove(self.before(), self.cursor),
            (false, Press::Delete) => self.remove(self.cursor, self.behind()),
            (false, Press::Left) => self.cursor = self.before(),
            (false, Press::Right) => self.cursor = self.behind(),
            (false, Press::Home) | (true, Press::Char('a')) => self.cursor = 0,
            (false, Press::End) | (true, Press::Char('e')) => self.cursor = self.chars.len(),
            (true, Press::Char('u')) => self.kill(0, self.cursor),
            (true, Press::Char('k')) => self.kill(self.cursor, self.chars.len()),
            (true, Press::Char('w')) => self.kill(self.word_begin(), self.cursor),
            (true, Press::Char('y')) => {
                let killed = std::mem::take(&mut self.killed);
                self.insert(&killed);
                self.killed = killed;
            }
            _ => return false,
        }
        true
    }

    /// Draws it into one row, masked where it is a secret: with a cursor where it has the keys, else from its
    /// beginning.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, look: &Look<'_>) {
        let shown = |char: &char| if look.masked { look.cx.symbols.masked.to_owned() } else { drawn(*char) };
        if !look.focused {
            let whole: Zeroizing<String> = Zeroizing::new(self.chars.iter().map(shown).collect());
            let line = Zeroizing::new(cut(&whole, area.width.into(), look.cx.symbols));
            return put(frame, area, 0, &line, look.style);
        }
        let before: Zeroizing<String> = Zeroizing::new(self.chars[..self.cursor].iter().map(shown).collect());
        let behind: Zeroizing<String> = Zeroizing::new(self.chars[self.cursor..].iter().map(shown).collect());
        let room = usize::from(area.width).saturating_sub(1);
        let mut line = Zeroizing::new(String::with_capacity(before.len() + behind.len() + 8));
        line.push_str(tail(&before, room));
        line.push_str(look.cx.symbols.cursor);
        line.push_str(&behind);
        put(frame, area, 0, &line, look.style);
        let at = u16::try_from(width(tail(&before, room))).unwrap_or(0).min(area.width.saturating_sub(1));
        frame.set_cursor_position((area.x + at, area.y));
    }

    fn before(&self) -> usize {
        self.cursor.saturating_sub(1)
    }

    fn behind(&self) -> usize {
        (self.cursor + 1).min(self.chars.len())
    }

    fn word_begin(&self) -> usize {
        let mut at = self.cursor;
        while at > 0 && self.chars[at - 1] == ' ' {
            at -= 1;
        }
        while at > 0 && self.chars[at - 1] != ' ' {
            at -= 1;
        }
        at
    }

    fn kill(&mut self, from: usize, to: usize) {
        self.killed = Zeroizing::new(self.chars[from..to].iter().collect());
        self.remove(from, to);
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.chars.drain(from..to);
        self.cursor = from;
    }
}

/// How a field is drawn.
pub struct Look<'a> {
    /// What the screens share.
    pub cx: &'a Context,
    /// Whether it has the keys.
    pub focused: bool,
    /// Whether its characters are hidden.
    pub masked: bool,
    /// Its look.
    pub style: Style,
}

/// A character from outside, as the field shows it.
fn drawn(char: char) -> String {
    let mut buffer = [0; 4];
    crate::text::safe(char.encode_utf8(&mut buffer)).into_owned()
}

/// The end of a text that fits into so many columns.
fn tail(text: &str, columns: usize) -> &str {
    let mut rest = text;
    while width(rest) > columns {
        let mut chars = rest.chars();
        chars.next();
        rest = chars.as_str();
    }
    rest
}
