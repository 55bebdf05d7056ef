//! The picture of the applications, and below them what waits.

use ratatui::{Frame, layout::Rect, style::Style};

use super::{
    Apps,
    pending::{Pending, factor_word, remembered},
};
use crate::{
    admin::model::Application,
    tui::{
        admin::words,
        class::Class,
        context::Context,
        frame::rule,
        widgets::{put, put_safe, wrapped},
    },
};

/// Columns of one factor.
const FACTOR: usize = 8;
const MFA: usize = 6;
const USERS: usize = 7;
const REMEMBER: usize = 9;

/// Where the columns stand.
struct Places {
    mfa: usize,
    users: usize,
    factors: usize,
    pace: usize,
    remember: Option<usize>,
}

impl Apps {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        if class.is_line() || area.height < 2 {
            return self.one_line(frame, area, cx);
        }
        let mut body = area;
        if !class.is_tiny() {
            rule(frame, area, area.y, cx);
            body = below(area, 1);
        }
        let places = self.places(body.width.into());
        // Switches without names would say nothing; where there is no room for all names there is for the chosen one.
        if class.is_tiny() {
            self.one_line(frame, body, cx);
        } else {
            self.heads(frame, body, (&places, cx));
        }
        body = below(body, 1);
        if self.rows.is_empty() && self.read.is_some() {
            return put(frame, body, 3, "There are no applications.", cx.theme.dim);
        }
        let waiting = if class.is_tiny() { vec![] } else { self.waiting(body.width.into(), cx) };
        let room = usize::from(body.height).saturating_sub(waiting.len()).max(1).min(self.rows.len().max(1));
        let top = self.scroll.top(room, self.rows.len());
        for (at, row) in (top..self.rows.len()).zip(body.rows().take(room)) {
            self.row(frame, row, (at, &places, cx));
        }
        let rest = below(body, u16::try_from(room).unwrap_or(u16::MAX));
        for ((line, style), row) in waiting.iter().zip(rest.rows()) {
            put_safe(frame, row, 3, (line, usize::from(row.width).saturating_sub(3)), cx, *style);
        }
    }

    /// Factors first: where there is no room for the rest, it is left out.
    fn places(&self, width: usize) -> Places {
        let factors = self.factors().len();
        if width < 60 {
            let pace = 6;
            let at = width.saturating_sub(factors * pace).max(10);
            return Places { mfa: width, users: width, factors: at, pace, remember: None };
        }
        let pace = if width >= 80 { FACTOR } else { 6 };
        let has_remember = width >= 80;
        let behind = factors * pace + if has_remember { REMEMBER } else { 0 };
        let name = width.saturating_sub(3 + MFA + USERS + behind).clamp(10, 24);
        let mfa = 3 + name;
        let at = mfa + MFA + USERS;
        Places {
            mfa,
            users: mfa + MFA,
            factors: at,
            pace,
            remember: has_remember.then_some(at + factors * pace),
        }
    }

    fn heads(&self, frame: &mut Frame<'_>, row: Rect, (places, cx): (&Places, &Context)) {
        let mut all = vec![
            ("APPLICATION".to_owned(), 3),
            ("MFA".to_owned(), places.mfa),
            ("USERS".to_owned(), places.users),
        ];
        let factors = self.factors().into_iter().enumerate();
        all.extend(factors.map(|(nth, name)| (factor_word(name), places.factors + nth * places.pace)));
        all.extend(places.remember.map(|at| ("REMEMBER".to_owned(), at)));
        for (name, at) in all {
            put_safe(
                frame,
                row,
                cells(at),
                (&name, usize::from(row.width).saturating_sub(at)),
                cx,
                cx.theme.dim,
            );
        }
    }

    fn row(&self, frame: &mut Frame<'_>, row: Rect, (at, places, cx): (usize, &Places, &Context)) {
        let app = &self.rows[at];
        let is_selected = at == self.scroll.cursor();
        if is_selected {
            put(frame, row, 1, cx.symbols.selected, cx.theme.marker);
            frame.set_cursor_position((row.x, row.y));
        }
        let base = cx.theme.text;
        let room = places.mfa.min(places.factors).saturating_sub(4);
        put_safe(frame, row, 3, (&app.id, room), cx, base);
        let mfa = if app.factors.iter().any(|(_, on)| *on) { "on" } else { "off" };
        put(frame, row, cells(places.mfa), mfa, base);
        let users = app.users.map_or_else(String::new, words::number);
        put(frame, row, cells(places.users), &users, base);
        for (nth, name) in self.factors().into_iter().enumerate() {
            let is_here = is_selected && nth == self.factor;
            let at = cells(places.factors + nth * places.pace);
            let (text, style) = self.switch(app, name, cx);
            put(frame, row, at, &text, if is_here { style.patch(cx.theme.selected) } else { style });
        }
        if let Some(at) = places.remember {
            put(frame, row, cells(at), &remembered(app.remember_minutes), base);
        }
    }

    /// `[x]`, `[ ]`; with a star where it waits.
    fn switch(&self, app: &Application, name: &str, cx: &Context) -> (String, Style) {
        let Some((_, on)) = app.factors.iter().find(|(own, _)| own == name) else {
            return (" - ".to_owned(), cx.theme.dim);
        };
        let waits = self.pending.iter().find(|own| own.is_for(&app.id, name));
        let shown = waits.map_or(*on, |own| own.on);
        let mark = if shown { "[x]" } else { "[ ]" };
        match waits {
            Some(_) => (format!("{mark}*"), cx.theme.warn),
            None => (mark.to_owned(), cx.theme.text),
        }
    }

    /// What waits and what it would do.
    fn waiting(&self, width: usize, cx: &Context) -> Vec<(String, Style)> {
        if self.pending.is_empty() {
            return vec![];
        }
        let mut lines = vec![(String::new(), cx.theme.text)];
        let head = if self.pending.len() == 1 { "Pending change" } else { "Pending changes" };
        lines.push((format!("{head} (not sent yet):"), cx.theme.head));
        for own in &self.pending {
            let text = format!("{}: {}", said(own, cx), own.effect());
            let room = width.saturating_sub(6);
            lines.extend(wrapped(&text, room).into_iter().map(|line| (format!("  {line}"), cx.theme.text)));
        }
        for warning in self.pending.iter().filter_map(Pending::warning) {
            let line = format!("{} {warning}  v lists users", cx.symbols.warning);
            lines.push((line, cx.theme.warn));
        }
        lines
    }

    fn one_line(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some((application, factor, on)) = self.selected() else {
            return put(frame, area, 0, "no application", cx.theme.dim);
        };
        let line = format!("{application} {} {}", factor_word(&factor), if on { "on" } else { "off" });
        put_safe(frame, area, 0, (&line, area.width.into()), cx, cx.theme.text);
    }
}

/// `wiki SMS on → off`
fn said(own: &Pending, cx: &Context) -> String {
    let (from, to) = if own.on { ("off", "on") } else { ("on", "off") };
    format!("{} {} {from} {} {to}", own.application, factor_word(&own.factor), cx.symbols.next)
}

fn below(area: Rect, rows: u16) -> Rect {
    Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area }
}

fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
