//! What ratatui draws on: the window of the terminal. Each picture is sent in one piece.
//!
//! Some characters are as wide as the terminal thinks they are: emoji that are joined, Arabic, Hebrew. They are drawn
//! last in their row, and what follows names its place, so that a wrong guess stays in its own column.

use std::io;

use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::Cell,
    crossterm::terminal,
    layout::{Position, Size},
};

use super::ink::Ink;
use crate::{output, text::is_uncertain};

/// First strong isolate, and its end: what lies between them is ordered on its own.
const ISOLATE: [&str; 2] = ["\u{2068}", "\u{2069}"];

/// The window of the terminal.
pub struct Screenful {
    ink: Ink,
    columns: u16,
    /// Whether the terminal orders what lies between isolates. tmux and screen keep them as characters instead.
    isolates: bool,
    /// Whether the cursor is hidden; `None` when nobody knows.
    hidden: Option<bool>,
}

impl Screenful {
    /// The window that stdout shows.
    pub fn new() -> Self {
        let multiplexed = ["TMUX", "STY"].iter().any(|name| std::env::var_os(name).is_some());
        Self { ink: Ink::default(), columns: 0, isolates: !multiplexed, hidden: None }
    }

    /// Sends bytes of another room, such as a text for the clipboard, between two pictures.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        output::draw(bytes)
    }

    fn show(&mut self, hidden: bool) {
        if self.hidden.replace(hidden) != Some(hidden) {
            self.ink.raw(if hidden { "\x1b[?25l" } else { "\x1b[?25h" });
        }
    }

    fn run(&mut self, run: &[(u16, u16, &Cell)]) {
        let isolated = self.isolates && run.iter().any(|cell| crate::text::is_right_to_left(cell.2.symbol()));
        for (at, (x, y, cell)) in run.iter().enumerate() {
            if isolated && at == 0 {
                self.ink.go(Position { x: *x, y: *y });
                self.ink.raw(ISOLATE[0]);
            }
            self.ink.cell((*x, *y), cell, self.columns);
        }
        if isolated {
            self.ink.raw(ISOLATE[1]);
        }
    }
}

impl Default for Screenful {
    fn default() -> Self {
        Self::new()
    }
}

impl Backend for Screenful {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.columns = self.size()?.width;
        let mut uncertain = Vec::new();
        for (x, y, cell) in content {
            if is_uncertain(cell.symbol()) {
                uncertain.push((x, y, cell));
            } else {
                self.ink.cell((x, y), cell, self.columns);
            }
        }
        for run in uncertain.chunk_by(|a, b| a.1 == b.1 && a.0 + 1 == b.0) {
            self.run(run);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.show(true);
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.show(false);
        Ok(())
    }

    /// Never asked: the answer would come between the keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.ink.go(position.into());
        Ok(())
    }

    /// All of it is drawn anew: whoever had the terminal meanwhile may have changed anything.
    fn clear(&mut self) -> io::Result<()> {
        self.ink.forget();
        self.hidden = None;
        self.ink.raw("\x1b[0m\x1b[2J");
        Ok(())
    }

    fn clear_region(&mut self, _clear_type: ClearType) -> io::Result<()> {
        self.clear()
    }

    /// Asked at each picture: the library would open the terminal anew for it.
    fn size(&self) -> io::Result<Size> {
        let (width, height) = output::terminal_size().map_or_else(terminal::size, Ok)?;
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        let bytes = self.ink.take();
        if bytes.is_empty() { Ok(()) } else { output::draw(bytes.as_bytes()) }
    }
}
