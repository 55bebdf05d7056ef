//! The picture of the list.

use ratatui::{Frame, layout::Rect};

use super::{
    Codes,
    columns::Columns,
    row::{Pen, code_text},
    rows,
};
use crate::{
    config::Sort,
    text::width,
    tui::{
        cell::{Left, cell},
        class::{Class, Rows},
        context::Context,
        frame::rule,
        screens::detail,
        widgets::{countdown, cut, field::Look, put, put_safe},
    },
};

/// The widest second pane.
const PANE: u16 = 50;

impl Codes {
    /// Draws the list, and beside it the selected account where there is room.
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(session) = &cx.session else { return };
        let class = Class::of(cx.size);
        if class.is_line() {
            return self.one_line(frame, area, cx);
        }
        let body = self.above(frame, area, cx);
        if self.rows.shown().is_empty() {
            return self.nothing(frame, body, (session, cx));
        }
        let has_pane = Self::has_pane(cx) && !self.filter.focused && self.filter.is_empty();
        let pane = if has_pane { PANE.min(area.width.saturating_sub(80)) } else { 0 };
        let list = Rect { width: body.width - pane, ..body };
        self.list(frame, list, cx);
        if let Some(at) = self.rows.at().filter(|_| pane > 0) {
            let pane = Rect { x: list.right(), width: pane, ..body };
            for y in pane.y..pane.bottom() {
                put(frame, Rect { y, height: 1, ..pane }, 0, cx.symbols.pane, cx.theme.rule);
            }
            let inner = Rect { x: pane.x + 3, width: pane.width.saturating_sub(3), ..pane };
            let cell = cell(at, true, cx);
            detail::draw_account(frame, inner, (at, &cell), cx);
        }
    }

    /// Tabs or the search field, and a line; what is left below them.
    fn above(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) -> Rect {
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
        let has_row = searching || !(class.is_small() || is_empty(cx));
        if searching {
            self.search_row(frame, area, cx);
        } else if has_row {
            tabs(frame, area, cx);
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

    fn list(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
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
            let pen = Pen { frame, area: line(place - top), cx, base: cx.theme.text };
            let marked = self.is_marked(*at as usize, cx);
            pen.draw((*at as usize, marked), place == self.rows.cursor(), columns);
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

    fn one_line(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(at) = self.rows.at() else { return put(frame, area, 0, "no account", cx.theme.dim) };
        let cell = cell(at, true, cx);
        let left = match cell.left {
            Left::Seconds(left, _) => format!(" {}", countdown::number(left, cx)),
            Left::Counter(_) | Left::Nothing => String::new(),
        };
        let line = format!("{}{left}", code_text(&cell.code, cx));
        put(frame, area, 0, &cut(&line, usize::from(area.width), cx.symbols), cx.theme.code);
    }
}

fn tabs(frame: &mut Frame<'_>, area: Rect, cx: &Context) {
    let Some(session) = &cx.session else { return };
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

fn is_empty(cx: &Context) -> bool {
    cx.session.as_ref().is_none_or(|session| session.catalog.is_empty())
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
