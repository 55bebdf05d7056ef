//! The picture of the list.

use ratatui::{Frame, layout::Rect, style::Style};

use super::{Codes, columns::Columns, rows};
use crate::{
    config::Sort,
    text::{is_mixed_script, width},
    tui::{
        class::{Class, Rows},
        context::Context,
        desk::{Cell, Left, Shown, hidden},
        frame::rule,
        screens::detail,
        session::Session,
        widgets::{countdown, cut, field::Look, put, put_safe},
    },
    vault::query::Named as _,
};

/// The widest second pane.
const PANE: u16 = 50;

impl Codes {
    /// Draws the list, and beside it the selected account where there is room.
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(session) = &cx.session else { return };
        let class = Class::of(cx.size);
        if class.is_line() {
            return self.one_line(frame, area, session, cx);
        }
        let body = self.above(frame, area, session, cx);
        if self.rows.shown().is_empty() {
            return self.nothing(frame, body, session, cx);
        }
        let has_pane = Self::has_pane(cx) && !self.filter.focused && self.filter.is_empty();
        let pane = if has_pane { PANE.min(area.width.saturating_sub(80)) } else { 0 };
        let list = Rect { width: body.width - pane, ..body };
        self.list(frame, list, session, cx);
        if let Some(at) = self.rows.at().filter(|_| pane > 0) {
            let pane = Rect { x: list.right(), width: pane, ..body };
            for y in pane.y..pane.bottom() {
                put(frame, Rect { y, height: 1, ..pane }, 0, cx.symbols.pane, cx.theme.rule);
            }
            let inner = Rect { x: pane.x + 3, width: pane.width.saturating_sub(3), ..pane };
            let cell = cell(at, true, session, cx);
            detail::draw_account(frame, inner, (at, &cell), cx);
        }
    }

    /// Tabs or the search field, and a line; what is left below them.
    fn above(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, cx: &Context) -> Rect {
        let class = Class::of(cx.size);
        let searching = self.filter.focused || !self.filter.is_empty();
        let below = |rows: u16| Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area };
        if class.is_tiny() {
            if !searching || area.height < 3 {
                return area;
            }
            self.search_row(frame, area, cx);
            return below(1);
        }
        let has_row = searching || !(class.is_small() || session.catalog.is_empty());
        if searching {
            self.search_row(frame, area, cx);
        } else if has_row {
            self.tabs(frame, area, session, cx);
        }
        let y = area.y + u16::from(has_row);
        rule(frame, area, y, cx);
        below(1 + u16::from(has_row))
    }

    fn search_row(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        put(frame, area, 1, "/", cx.theme.text);
        let typed = u16::try_from(self.filter.field.len()).unwrap_or(u16::MAX);
        let room = typed.saturating_add(2).clamp(10, area.width.saturating_sub(20).max(10));
        let field = Rect { x: area.x + 3, width: room.min(area.width.saturating_sub(3)), height: 1, ..area };
        let look = Look { cx, focused: self.filter.focused, masked: false, style: cx.theme.text };
        self.filter.field.draw(frame, field, &look);
        let in_tab = if cx.view.tab.is_empty() { String::new() } else { format!(" in {}", cx.view.tab) };
        let mut words = format!("{} of {}{in_tab}", self.rows.shown().len(), self.rows.in_tab());
        if !self.rows.shown().is_empty() && area.width >= 80 {
            words.push_str("   words may be in any order; #tag filters by tag");
        }
        let at = 3 + room + 4;
        put_safe(frame, area, at, (&words, usize::from(area.width.saturating_sub(at))), cx, cx.theme.dim);
    }

    fn tabs(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, cx: &Context) {
        let order = match cx.view.sort {
            Sort::Last => "last used",
            Sort::Manual => "manual",
            Sort::Name => "name",
            Sort::Used => "used",
        };
        let arrow = if cx.view.reversed { cx.symbols.arrows[1] } else { "" };
        let right = format!("sort {order}{arrow}   show {}", cx.view.show.word());
        let right_at = usize::from(area.width).saturating_sub(width(&right) + 1);
        let mut at = 1;
        for tab in rows::tabs(session) {
            let is_now = tab.name == cx.view.tab;
            let name = match tab.name.as_str() {
                "" => "All",
                rows::FAVOURITES => cx.symbols.favourite,
                name => name,
            };
            let words = cut(&format!("{name} {}", tab.count), 24, cx.symbols);
            let words = if is_now { format!("[{words}]") } else { words };
            if at + width(&words) + 2 > right_at {
                put(frame, area, u16::try_from(at).unwrap_or(0), cx.symbols.cut, cx.theme.dim);
                break;
            }
            let style = if is_now { cx.theme.head } else { cx.theme.text };
            put(frame, area, u16::try_from(at).unwrap_or(0), &words, style);
            at += width(&words) + 2;
        }
        put(frame, area, u16::try_from(right_at).unwrap_or(0), &right, cx.theme.dim);
    }

    fn list(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, cx: &Context) {
        let class = Class::of(cx.size);
        let columns = Columns::new(usize::from(area.width), class, cx.is_calm());
        let mut rows_area = area;
        if !class.is_small() && class.rows == Rows::Normal {
            heads(frame, area, columns, cx);
            rows_area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        let height = usize::from(rows_area.height);
        let top = self.scrolled(height);
        let line =
            |at: usize| Rect { y: rows_area.y + u16::try_from(at).unwrap_or(0), height: 1, ..rows_area };
        for (place, at) in self.rows.shown().iter().enumerate().skip(top).take(height) {
            let row = Row { area: line(place - top), at: *at, selected: place == self.rows.cursor() };
            self.row(frame, &row, columns, (session, cx));
        }
    }

    /// The first row in the window: as it was, but for what the selection needs.
    fn scrolled(&self, height: usize) -> usize {
        let (cursor, rows) = (self.rows.cursor(), self.rows.shown().len());
        let top = self.top.get().min(rows.saturating_sub(height));
        let top = top.clamp((cursor + 1).saturating_sub(height), cursor);
        self.top.set(top);
        self.height.set(height);
        top
    }

    fn row(&self, frame: &mut Frame<'_>, row: &Row, columns: Columns, (session, cx): (&Session, &Context)) {
        let at = row.at as usize;
        let fields = session.catalog.fields(at);
        let (issuer, account) = fields.names();
        let cell = cell(at, row.selected, session, cx);
        let base = if row.selected { cx.theme.selected } else { cx.theme.text };
        if row.selected {
            put(frame, row.area, 0, &" ".repeat(row.area.width.into()), base);
            put(frame, row.area, 0, cx.symbols.selected, cx.theme.marker.patch(base));
            frame.set_cursor_position((row.area.x, row.area.y));
        }
        if session.catalog.is_favourite(at) && columns.marks > 1 {
            put(frame, row.area, 1, cx.symbols.favourite, base);
        }
        let (issuer, account) = if issuer.is_empty() && columns.account.1 == 0 {
            (account, "".into())
        } else {
            (issuer, account)
        };
        name(frame, row.area, (&issuer, columns.issuer), cx, base);
        if columns.account.1 > 0 {
            let shown = if cx.config.privacy.redact { redacted(&account) } else { account.into_owned() };
            name(frame, row.area, (&shown, columns.account), cx, base);
        }
        draw_cell(frame, row.area, (&cell, columns), cx, base);
    }

    fn one_line(&self, frame: &mut Frame<'_>, area: Rect, session: &Session, cx: &Context) {
        let Some(at) = self.rows.at() else { return put(frame, area, 0, "no account", cx.theme.dim) };
        let cell = cell(at, true, session, cx);
        let left = match cell.left {
            Left::Seconds(left, _) => format!(" {}", countdown::number(left, cx)),
            Left::Counter(_) | Left::Nothing => String::new(),
        };
        let line = format!("{}{left}", code_text(&cell.code, cx));
        put(frame, area, 0, &cut(&line, usize::from(area.width), cx.symbols), cx.theme.code);
    }
}

/// What the row of an account says.
fn cell(at: usize, selected: bool, session: &Session, cx: &Context) -> Cell {
    let readable = cx.desk.is_readable(at, selected, cx);
    cx.desk.of(u32::try_from(at).unwrap_or(0), readable, session, cx)
}

struct Row {
    area: Rect,
    at: u32,
    selected: bool,
}

fn heads(frame: &mut Frame<'_>, area: Rect, columns: Columns, cx: &Context) {
    let all = [
        ("ISSUER", columns.issuer),
        ("ACCOUNT", columns.account),
        ("CODE", columns.code),
        ("NEXT", columns.next),
        ("LEFT", columns.left),
    ];
    for (name, (at, room)) in all {
        if room > 0 {
            put(frame, area, u16::try_from(at).unwrap_or(0), name, cx.theme.dim);
        }
    }
}

/// A name from outside in its column, with a mark where it mixes scripts to look like another.
fn name(
    frame: &mut Frame<'_>,
    area: Rect,
    (text, (at, room)): (&str, (usize, usize)),
    cx: &Context,
    style: Style,
) {
    let suspicious = is_mixed_script(text);
    let room = room.saturating_sub(1);
    let at = u16::try_from(at).unwrap_or(0);
    if suspicious && room > 3 {
        put(frame, area, at, cx.symbols.warning, cx.theme.warn.patch(style));
        return put_safe(frame, area, at + 2, (text, room - 2), cx, style);
    }
    put_safe(frame, area, at, (text, room), cx, style);
}

fn draw_cell(
    frame: &mut Frame<'_>,
    area: Rect,
    (cell, columns): (&Cell, Columns),
    cx: &Context,
    base: Style,
) {
    let at = |column: usize| u16::try_from(column).unwrap_or(0);
    let style = if matches!(cell.code, Shown::Code(_)) { cx.theme.code } else { cx.theme.dim };
    let code = cut(&code_text(&cell.code, cx), columns.code.1.saturating_sub(1).max(7), cx.symbols);
    put(frame, area, at(columns.code.0), &code, base.patch(style));
    if let Some(next) = cell.next.as_ref().filter(|_| columns.next.1 > 0) {
        put(frame, area, at(columns.next.0), next, base.patch(cx.theme.code_next));
    }
    match cell.left {
        Left::Seconds(left, period) => {
            let style = base.patch(countdown::style(left, cx));
            let mut text = String::new();
            if columns.bar > 0 {
                text.push_str(&countdown::bar(left, period, 6, cx));
                text.push(' ');
            }
            text.push_str(&countdown::number(left, cx));
            put(frame, area, at(columns.left.0), &text, style);
        }
        Left::Counter(counter) if columns.left.1 >= 10 => {
            let words = cut(&format!("counter {counter:>2}"), columns.left.1, cx.symbols);
            put(frame, area, at(columns.left.0), &words, base);
        }
        Left::Counter(counter) => {
            put(
                frame,
                area,
                at(columns.left.0),
                &cut(&format!("{counter:>2}"), columns.left.1, cx.symbols),
                base,
            );
        }
        Left::Nothing => {}
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
pub(super) fn redacted(account: &str) -> String {
    let first: String = account.chars().take(1).collect();
    match account.split_once('@') {
        Some((_, domain)) => format!("{first}…@{domain}"),
        None if account.is_empty() => String::new(),
        None => format!("{first}…"),
    }
}
