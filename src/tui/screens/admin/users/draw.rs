//! The picture of the list of users.

use std::{borrow::Cow, fmt::Write as _};

use ratatui::{Frame, layout::Rect, style::Style};

use super::{Users, columns::columns};
use crate::{
    admin::model::Person,
    text::width,
    tui::{
        admin::{
            table::{self, Columns},
            words,
        },
        class::Class,
        context::Context,
        frame::rule,
        screens::admin::user_lines,
        widgets::{cut, field::Look, put, put_safe},
    },
};

/// The widest second pane.
const PANE: u16 = 50;

impl Users {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        if class.is_line() {
            return self.one_line(frame, area, cx);
        }
        let body = self.above(frame, area, cx);
        let pane = if Self::has_pane(cx) && !self.people.is_empty() {
            PANE.min(area.width.saturating_sub(80))
        } else {
            0
        };
        self.list(frame, Rect { width: body.width - pane, ..body }, cx);
        if pane > 0 {
            self.pane(frame, Rect { x: body.right() - pane, width: pane, ..body }, cx);
        }
    }

    /// The filter field, and a line; what is left below them.
    fn above(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) -> Rect {
        let filtering = self.filter.focused || !self.filter.is_empty();
        let below = |rows: u16| Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area };
        let tiny = Class::of(cx.size).is_tiny();
        if filtering && area.height > 2 {
            self.filter_row(frame, area, cx);
        }
        let row = u16::from(filtering && area.height > 2);
        if tiny {
            return below(row);
        }
        rule(frame, area, area.y + row, cx);
        below(row + 1)
    }

    fn filter_row(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        put(frame, area, 1, "/", cx.theme.text);
        let typed = u16::try_from(self.filter.field.len()).unwrap_or(u16::MAX);
        let room = typed.saturating_add(2).clamp(10, area.width.saturating_sub(16).max(10));
        let field = Rect { x: area.x + 3, width: room.min(area.width.saturating_sub(3)), height: 1, ..area };
        let look = Look { cx, focused: self.filter.focused, masked: false, style: cx.theme.text };
        self.filter.field.draw(frame, field, &look);
        let mut words = self.counted(cx);
        if self.filter.focused && self.filter.is_empty() {
            words.push_str("     words, state: factor: name: fails:");
        }
        let at = 3 + room + 4;
        put_safe(frame, area, at, (&words, usize::from(area.width.saturating_sub(at))), cx, cx.theme.dim);
    }

    /// `10 of 1 204`; with a filter how many there are is known once the last page is.
    fn counted(&self, cx: &Context) -> String {
        let shown = self.people.len() as u64;
        let all =
            cx.admin.as_ref().and_then(|link| link.overview.as_ref()).and_then(|overview| overview.users);
        let more = if self.next.is_some() { "+" } else { "" };
        match all {
            Some(all) => format!("{}{more} of {}", words::number(shown), words::number(all)),
            None => format!("{}{more}", words::number(shown)),
        }
    }

    pub(super) fn status_words(&self, cx: &Context) -> String {
        if let Some(fault) = &self.filter.fault {
            return format!("{} {fault}.", cx.symbols.warning);
        }
        if !self.marked.is_empty() {
            let names: Vec<&str> = self.marked.values().map(|person| person.name.as_str()).collect();
            let names = crate::text::safe_cut(&names.join(", "), 30);
            return format!("{} marked: {names}", self.marked.len());
        }
        let Some(read) = self.read else { return String::new() };
        let mut line = self.counted(cx);
        if let Some(overview) = cx.admin.as_ref().and_then(|link| link.overview.as_ref()) {
            for (count, word) in [(overview.locked, "locked"), (overview.bypassed, "bypass")] {
                if let Some(count) = count.filter(|count| *count > 0) {
                    let _ = write!(line, "   {} {word}", words::number(count));
                }
            }
        }
        if let Some(trouble) = cx.admin.as_ref().and_then(|link| link.trouble.as_ref()) {
            let _ =
                write!(line, "   {} no answer since {}", cx.symbols.failed, words::clock(trouble.since, cx));
            let _ = write!(line, "   as of {}", words::clock(read, cx));
            return line;
        }
        let age = cx.now().duration_since(read).as_secs().max(0);
        let _ = match age {
            0..2 => write!(line, "   refreshed just now"),
            2..60 if !cx.is_calm() => write!(line, "   refreshed {age} s ago"),
            _ => write!(line, "   as of {}", words::clock(read, cx)),
        };
        line
    }

    fn list(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let columns = columns(area.width.into());
        let mut rows = area;
        if !Class::of(cx.size).is_small() {
            columns.heads(frame, area, cx);
            rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        if self.people.is_empty() {
            let words = match (self.read, self.filter.is_empty()) {
                (None, _) => "",
                (_, true) => "There are no users.",
                (_, false) => "Nobody fits this filter.",
            };
            let words = format!("{words}{}", self.filter.state_hint());
            let row = Rect { y: rows.y, height: rows.height.min(1), ..rows };
            return put_safe(
                frame,
                row,
                3,
                (&words, usize::from(row.width).saturating_sub(3)),
                cx,
                cx.theme.dim,
            );
        }
        let top = self.scroll.top(rows.height.into(), self.people.len());
        for (at, row) in (top..self.people.len()).zip(rows.rows()) {
            self.row(frame, row, (at, &columns, cx));
        }
    }

    fn row(&self, frame: &mut Frame<'_>, row: Rect, (at, columns, cx): (usize, &Columns, &Context)) {
        let person = &self.people[at];
        let is_selected = at == self.scroll.cursor();
        let base = if is_selected { table::select(frame, row, cx) } else { cx.theme.text };
        if self.marked.contains_key(&person.id) {
            let at = if row.width < 50 { 0 } else { 2 };
            put(frame, row, at, cx.symbols.done, base.patch(cx.theme.marker));
        }
        columns.row(frame, row, (|head| cell(person, head, (base, cx)), cx));
    }

    fn pane(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        for row in area.rows() {
            put(frame, row, 0, cx.symbols.pane, cx.theme.rule);
        }
        let inner = Rect { x: area.x + 3, width: area.width.saturating_sub(3), ..area };
        let Some(person) = self.person() else { return };
        match self.beside.as_ref().filter(|seen| seen.person.id == person.id) {
            Some(seen) => user_lines::draw(frame, inner, seen, cx),
            None => user_lines::draw(frame, inner, &user_lines::Seen::listed(person), cx),
        }
    }

    fn one_line(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(person) = self.person() else { return put(frame, area, 0, "no user", cx.theme.dim) };
        let state = words::state(person.state, cx);
        let room = usize::from(area.width).saturating_sub(width(&state) + 1);
        let line = format!("{} {state}", cut(&person.name, room.max(1), cx.symbols));
        put(frame, area, 0, &cut(&line, area.width.into(), cx.symbols), words::state_style(person.state, cx));
    }
}

fn cell<'a>(person: &'a Person, head: &str, (base, cx): (Style, &Context)) -> (Cow<'a, str>, Style) {
    match head {
        "USER" => (person.name.as_str().into(), base),
        "NAME" => (person.display.as_deref().unwrap_or_default().into(), base),
        "FACTORS" => (words::factors(person).into(), base),
        "STATE" => (words::state(person.state, cx).into(), base.patch(words::state_style(person.state, cx))),
        "LAST OK" => {
            let last = person
                .last_success
                .map_or_else(|| words::never(false, cx).to_owned(), |time| words::when(time, cx));
            (last.into(), base)
        }
        "FAILS" => (person.failures.to_string().into(), base),
        _ => (words::short_note(person, cx).into(), base),
    }
}
