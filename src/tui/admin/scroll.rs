//! Which row of a list is selected, and which rows are in the window.

use std::cell::Cell;

use crate::tui::{
    action::Do,
    key::{Key, Press},
};

/// A selection that moves, and a window that follows it.
#[derive(Debug, Default)]
pub struct Scroll {
    cursor: usize,
    top: Cell<usize>,
    height: Cell<usize>,
}

/// What moves a selection.
pub const MOVES: [Do; 6] = [Do::Up, Do::Down, Do::First, Do::Last, Do::PageUp, Do::PageDown];

impl Scroll {
    /// The selected row.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Selects a row, or the last one.
    pub fn select(&mut self, row: usize, rows: usize) {
        self.cursor = row.min(rows.saturating_sub(1));
    }

    /// Moves the selection by one of [`MOVES`].
    pub fn act(&mut self, action: Do, key: Key, rows: usize) {
        let whole = key.press == Press::PageUp || key.press == Press::PageDown;
        let height = self.height.get().max(2);
        let page = if whole { height } else { height / 2 };
        let to = match action {
            Do::Up => self.cursor.saturating_sub(1),
            Do::Down => self.cursor + 1,
            Do::First => 0,
            Do::Last => usize::MAX,
            Do::PageUp => self.cursor.saturating_sub(page),
            Do::PageDown => self.cursor.saturating_add(page),
            _ => self.cursor,
        };
        self.select(to, rows);
    }

    /// The first row in a window of this height: as it was, but for what the selection needs.
    pub fn top(&self, height: usize, rows: usize) -> usize {
        let top = self.top.get().min(rows.saturating_sub(height));
        let top = top.clamp((self.cursor + 1).saturating_sub(height), self.cursor);
        self.top.set(top);
        self.height.set(height);
        top
    }

    /// Begins at the first row again.
    pub fn restart(&mut self) {
        *self = Self::default();
    }
}
