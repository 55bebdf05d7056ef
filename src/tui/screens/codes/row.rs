//! One row of the list: marks, names, code, time left.

use std::borrow::Cow;

use ratatui::{Frame, layout::Rect, style::Style};

use super::columns::Columns;
use crate::{
    text::is_mixed_script,
    tui::{
        cell::{Cell, Left, Shown, cell, hidden},
        context::Context,
        widgets::{countdown, cut, fill, put, put_safe},
    },
    vault::query::Named as _,
};

/// Writes into one row.
pub(super) struct Pen<'f, 'b, 'c> {
    pub(super) frame: &'f mut Frame<'b>,
    pub(super) area: Rect,
    pub(super) cx: &'c Context,
    pub(super) base: Style,
}

impl Pen<'_, '_, '_> {
    /// Draws the row of the account at this place of the catalog, marked or not.
    pub(super) fn draw(mut self, (at, marked): (usize, bool), selected: bool, columns: Columns) {
        let cx = self.cx;
        let Some(session) = &cx.session else { return };
        if selected {
            self.select();
        }
        if session.catalog.is_favourite(at) && columns.marks > 1 {
            self.put(1, cx.symbols.favourite, self.base);
        }
        if marked {
            self.put(columns.marks - 1, cx.symbols.done, self.base.patch(cx.theme.marker));
        }
        let fields = session.catalog.fields(at);
        let (issuer, account) = fields.names();
        let (issuer, account) = if issuer.is_empty() && columns.account.1 == 0 {
            (account, Cow::Borrowed(""))
        } else {
            (issuer, account)
        };
        self.name(&issuer, columns.issuer);
        if columns.account.1 > 0 {
            let shown = if cx.config.privacy.redact { redacted(&account) } else { account.into_owned() };
            self.name(&shown, columns.account);
        }
        self.cell(&cell(at, selected, cx), columns);
    }

    fn put(&mut self, at: usize, text: &str, style: Style) {
        put(self.frame, self.area, u16::try_from(at).unwrap_or(u16::MAX), text, style);
    }

    /// The selected row: marked, in reverse, and with the cursor, which readers and magnifiers follow.
    fn select(&mut self) {
        self.base = self.cx.theme.selected;
        fill(self.frame, self.area, " ", self.base);
        self.put(0, self.cx.symbols.selected, self.cx.theme.marker.patch(self.base));
        self.frame.set_cursor_position((self.area.x, self.area.y));
    }

    /// A name from outside in its column, with a mark where it mixes scripts to look like another.
    fn name(&mut self, text: &str, (at, room): (usize, usize)) {
        let room = room.saturating_sub(1);
        let (mut at, mut room) = (u16::try_from(at).unwrap_or(0), room);
        if is_mixed_script(text) && room > 3 {
            self.put(at.into(), self.cx.symbols.warning, self.cx.theme.warn.patch(self.base));
            (at, room) = (at + 2, room - 2);
        }
        put_safe(self.frame, self.area, at, (text, room), self.cx, self.base);
    }

    fn cell(&mut self, cell: &Cell, columns: Columns) {
        let cx = self.cx;
        let style = if matches!(cell.code, Shown::Code(_)) { cx.theme.code } else { cx.theme.dim };
        let code = cut(&code_text(&cell.code, cx), columns.code.1.saturating_sub(1).max(7), cx.symbols);
        self.put(columns.code.0, &code, self.base.patch(style));
        if let Some(next) = cell.next.as_ref().filter(|_| columns.next.1 > 0) {
            self.put(columns.next.0, next, self.base.patch(cx.theme.code_next));
        }
        self.left(cell.left, columns);
    }

    fn left(&mut self, left: Left, columns: Columns) {
        let (at, room) = columns.left;
        match left {
            Left::Seconds(left, period) => {
                let mut at = at;
                if columns.bar > 0 {
                    self.put(at, &countdown::bar(left, period, 6, self.cx), self.base);
                    at += 7;
                }
                // The colour repeats the number, and the bar need not be sent again for it.
                let style = self.base.patch(countdown::style(left, self.cx));
                self.put(at, &countdown::number(left, self.cx), style);
            }
            Left::Counter(counter) => {
                let words =
                    if room >= 10 { format!("counter {counter:>2}") } else { format!("{counter:>2}") };
                self.put(at, &cut(&words, room, self.cx.symbols), self.base);
            }
            Left::Nothing => {}
        }
    }
}

/// What stands in the column of codes.
pub(super) fn code_text(shown: &Shown, cx: &Context) -> String {
    match shown {
        Shown::Code(code) => code.clone(),
        Shown::Hidden => hidden(cx),
        Shown::Words(words) => (*words).to_owned(),
    }
}

/// `h…@example.com`: enough to know one's own account, too little for whoever looks over a shoulder.
fn redacted(account: &str) -> String {
    let first: String = account.chars().take(1).collect();
    match account.split_once('@') {
        Some((_, domain)) => format!("{first}…@{domain}"),
        None if account.is_empty() => String::new(),
        None => format!("{first}…"),
    }
}
