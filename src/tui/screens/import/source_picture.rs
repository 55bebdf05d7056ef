//! The picture of the first step.

use ratatui::{Frame, layout::Rect};

use super::{source::Source, supply};
use crate::tui::{
    class::Class,
    context::Context,
    frame::rule,
    widgets::{boxed, centered, field, put, put_safe, wrapped},
};

/// The widest box.
const WIDTH: u16 = 74;
/// Where the fields begin.
const VALUE: u16 = 9;
/// What the box names of what can be read.
const UNDERSTOOD: &str = "Also understood: QR picture (PNG JPEG, several at once), otpauth://, \
    otpauth-migration:// (Google), 2FAS, Ente, Proton, Bitwarden, andOTP, FreeOTP+, Raivo, Stratum, KeePass TOTP, \
    cotp, CSV, plain list of URIs; sesam import --formats names all";

impl Source {
    /// Draws the box, or as much of it as the window has room for.
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        if class.is_tiny() {
            // Every row counts: none stays empty between the fields.
            let mut rows = area.rows().flat_map(|row| [row, row]);
            return self.draw_fields(frame, &mut rows, cx);
        }
        rule(frame, area, area.y, cx);
        let area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let width = WIDTH.min(area.width);
        let (text, style) = match &self.fault {
            Some(fault) => (format!("{} {fault}", cx.symbols.failed), cx.theme.error),
            None => (UNDERSTOOD.to_owned(), cx.theme.dim),
        };
        let lines = wrapped(&text, usize::from(width.saturating_sub(4)));
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(10);
        let inner = boxed(frame, centered(area, width, rows), "Import", "", cx);
        let mut rows = inner.rows();
        if let Some(row) = rows.next().filter(|_| inner.height > 6) {
            let words = "Drop or paste a path, a link or text. Tab completes paths.";
            put_safe(frame, row, 0, (words, row.width.into()), cx, cx.theme.text);
            rows.next();
        }
        self.draw_fields(frame, &mut rows, cx);
        for (row, line) in rows.skip(1).zip(&lines) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, style);
        }
    }

    fn draw_fields(&self, frame: &mut Frame<'_>, rows: &mut impl Iterator<Item = Rect>, cx: &Context) {
        let value = |row: Rect| Rect { x: row.x + VALUE, width: row.width.saturating_sub(VALUE), ..row };
        let label = |here: bool| if here { cx.theme.head } else { cx.theme.dim };
        let look = |focused, masked| field::Look { cx, focused, masked, style: cx.theme.text };
        if let Some(row) = rows.next() {
            put(frame, row, 0, "Source", label(!self.on_passphrase));
            match self.given.as_slice() {
                given @ [_, ..] => {
                    put_safe(frame, value(row), 0, (&supply::title(given), 60), cx, cx.theme.text);
                }
                [] => self.path.field().draw(frame, value(row), &look(!self.on_passphrase, false)),
            }
        }
        rows.next();
        if let Some(row) = rows.next() {
            put(frame, row, 0, "Detected", cx.theme.dim);
            let text = match &self.fault {
                Some(fault) if Class::of(cx.size).is_tiny() => format!("{} {fault}", cx.symbols.failed),
                _ => self.detected(),
            };
            put_safe(frame, value(row), 0, (&text, value(row).width.into()), cx, cx.theme.text);
        }
        rows.next();
        if let Some(row) = rows.next().filter(|_| self.asks_passphrase()) {
            put(frame, row, 0, "Password", label(self.on_passphrase));
            self.passphrase.draw(frame, value(row), &look(self.on_passphrase, true));
        }
    }
}
