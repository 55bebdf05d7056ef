//! What ratatui draws on: crossterm's commands, collected for each picture and sent in one piece.
//!
//! Some characters are as wide as the terminal thinks they are: emoji that are joined, Arabic, Hebrew. They are drawn
//! last in their row, each run followed by an absolute move, so that a wrong guess stays in its own column.

use std::io::{self, Write};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

use crate::{output, text::is_uncertain};

/// First strong isolate, and its end: what lies between them is ordered on its own.
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];

/// The window of the terminal.
pub struct Screenful {
    inner: CrosstermBackend<Outbox>,
    /// Whether the terminal orders what lies between isolates. tmux and screen keep them as characters instead.
    isolates: bool,
    /// Where the cursor is shown; `None` when it is hidden, or when nobody knows.
    cursor: Option<Position>,
    /// Whether something was drawn since the cursor was set, or hidden.
    moved: bool,
    hidden: bool,
}

/// Collects bytes until they are wanted.
#[derive(Default)]
struct Outbox(Vec<u8>);

impl Screenful {
    /// The window that stdout shows.
    pub fn new() -> Self {
        let multiplexed = ["TMUX", "STY"].iter().any(|name| std::env::var_os(name).is_some());
        Self {
            inner: CrosstermBackend::new(Outbox::default()),
            isolates: !multiplexed,
            cursor: None,
            moved: true,
            hidden: false,
        }
    }

    /// Sends bytes of another room, such as a text for the clipboard, between two pictures.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_all(bytes)?;
        Write::flush(&mut self.inner)
    }
}

impl Default for Screenful {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Outbox {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let sent = output::draw(&self.0);
        self.0.clear();
        sent
    }
}

impl Backend for Screenful {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let (uncertain, certain): (Vec<_>, Vec<_>) =
            content.partition(|(_, _, cell)| is_uncertain(cell.symbol()));
        self.moved |= !certain.is_empty() || !uncertain.is_empty();
        if !certain.is_empty() {
            self.inner.draw(certain.into_iter())?;
        }
        for run in uncertain.chunk_by(|a, b| a.1 == b.1 && a.0 + 1 == b.0) {
            let mut cells: Vec<(u16, u16, Cell)> =
                run.iter().map(|(x, y, cell)| (*x, *y, (*cell).clone())).collect();
            if self.isolates {
                isolate(&mut cells);
            }
            self.inner.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = None;
        if std::mem::replace(&mut self.hidden, true) { Ok(()) } else { self.inner.hide_cursor() }
    }

    /// It is shown once it stands where it belongs.
    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Never asked: the answer would come between the keys.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.cursor == Some(position) && !self.moved {
            return Ok(());
        }
        (self.cursor, self.moved) = (Some(position), false);
        self.inner.set_cursor_position(position)?;
        if std::mem::take(&mut self.hidden) { self.inner.show_cursor() } else { Ok(()) }
    }

    /// All of it is drawn anew: whoever had the terminal meanwhile may have changed anything.
    fn clear(&mut self) -> io::Result<()> {
        (self.cursor, self.moved, self.hidden) = (None, true, true);
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

fn isolate(cells: &mut [(u16, u16, Cell)]) {
    let is_rtl = cells.iter().any(|(_, _, cell)| crate::text::is_right_to_left(cell.symbol()));
    let [begin, end] = ISOLATE;
    if let Some((_, _, first)) = cells.first_mut().filter(|_| is_rtl) {
        let symbol = format!("{begin}{}", first.symbol());
        first.set_symbol(&symbol);
    }
    if let Some((_, _, last)) = cells.last_mut().filter(|_| is_rtl) {
        let symbol = format!("{}{end}", last.symbol());
        last.set_symbol(&symbol);
    }
}
