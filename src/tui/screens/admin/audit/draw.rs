//! The picture of the audit.

use std::{borrow::Cow, fmt::Write as _};

use jiff::Timestamp;
use ratatui::{Frame, layout::Rect, style::Style};

use super::{Audit, asking::MOST, columns::columns, tail::Line, window::Live};
use crate::{
    admin::model::Event,
    text::width,
    tui::{
        admin::{
            table::{self, Columns},
            words,
        },
        class::Class,
        context::Context,
        frame::rule,
        widgets::{cut, field::Look, put, put_safe},
    },
};

impl Audit {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        if Class::of(cx.size).is_line() {
            return self.one_line(frame, area, cx);
        }
        let body = self.above(frame, area, cx);
        let columns = columns(area.width.into(), self.extra);
        let mut rows = body;
        if !Class::of(cx.size).is_small() {
            columns.heads(frame, body, cx);
            rows = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        }
        match &self.live {
            Some(live) => lines(frame, rows, (live, &columns, cx)),
            None => self.list(frame, rows, (&columns, cx)),
        }
    }

    /// The filter with its parts, and a line; what is left below them.
    fn above(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) -> Rect {
        let below = |rows: u16| Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area };
        let class = Class::of(cx.size);
        let is_used = self.filter.focused || !self.filter.is_empty() || self.live.is_some();
        let row = u16::from(area.height > 2 && (is_used || !class.is_small()));
        if row > 0 {
            self.filter_row(frame, area, cx);
        }
        if class.is_tiny() {
            return below(row);
        }
        rule(frame, area, area.y + row, cx);
        below(row + 1)
    }

    fn filter_row(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let state = self.live.as_ref().map_or_else(String::new, |live| live.state(cx));
        let zone = words::zone(cx);
        let shown = |time: Timestamp| time.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string();
        let chips = self.filter.chips(&shown);
        let typed = u16::try_from(self.filter.field.len()).unwrap_or(u16::MAX);
        let all = usize::from(area.width);
        let mut right = if state.is_empty() { chips } else { format!("{chips}  {state}") };
        // What was typed counts more than its parts in short; how it stands with following counts most.
        if usize::from(typed) + width(&right) + 8 > all {
            right = state;
        }
        let at = u16::try_from(all.saturating_sub(width(&right) + 1)).unwrap_or(0);
        put(frame, area, 1, "/", cx.theme.text);
        let room = at.saturating_sub(4).min(area.width.saturating_sub(3));
        let field = Rect { x: area.x + 3, width: room, height: 1, ..area };
        let look = Look { cx, focused: self.filter.focused, masked: false, style: cx.theme.text };
        self.filter.field.draw(frame, field, &look);
        put_safe(frame, area, at, (&right, width(&right)), cx, cx.theme.text);
    }

    pub(super) fn status_words(&self, cx: &Context) -> String {
        if let Some(fault) = &self.filter.fault {
            return format!("{} {fault}.", cx.symbols.warning);
        }
        if let Some(live) = &self.live {
            return live.words(cx);
        }
        let Some(read) = self.read else { return String::new() };
        let more = if self.next.is_some() { "+" } else { "" };
        let all = self.total.map_or_else(|| "…".to_owned(), words::number);
        let mut line = format!("{}{more} of {all} events", words::number(self.events.len() as u64));
        if let Some(newest) = self.events.first() {
            let _ = write!(line, "   newest {}", words::clock(newest.time, cx));
        }
        if self.events.len() >= MOST {
            line.push_str("   narrow with / to see older ones");
        } else if let Some(trouble) = cx.admin.as_ref().and_then(|link| link.trouble.as_ref()) {
            let since = words::clock(trouble.since, cx);
            let _ = write!(line, "   {} no answer since {since}", cx.symbols.failed);
            let _ = write!(line, "   as of {}", words::clock(read, cx));
        } else {
            let _ = write!(line, "   times are {}", zone_words(cx));
        }
        line
    }

    fn list(&self, frame: &mut Frame<'_>, area: Rect, (columns, cx): (&Columns, &Context)) {
        if self.events.is_empty() {
            let words = match (self.read, self.filter.is_empty()) {
                (None, _) => "",
                (_, true) => "Nothing has happened yet.",
                (_, false) => "No event fits this filter.",
            };
            let row = Rect { height: area.height.min(1), ..area };
            let room = usize::from(row.width).saturating_sub(3);
            return put_safe(frame, row, 3, (words, room), cx, cx.theme.dim);
        }
        let top = self.scroll.top(area.height.into(), self.events.len());
        for (at, row) in (top..self.events.len()).zip(area.rows()) {
            let selected = at == self.scroll.cursor();
            event_row(frame, row, (&self.events[at], selected, columns, cx));
        }
    }

    fn one_line(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(event) = self.selected() else { return put(frame, area, 0, "no event", cx.theme.dim) };
        let (symbol, style) = words::outcome(event.outcome, cx);
        let user = event.user.as_deref().unwrap_or("-");
        let line = format!("{symbol} {user} {}", event.what);
        put(frame, area, 0, &cut(&line, area.width.into(), cx.symbols), style);
    }
}

impl Live {
    /// `● following  2.1/s`, `‖ paused, 37 new below`.
    fn state(&self, cx: &Context) -> String {
        let (following, paused) = if cx.symbols.is_ascii() { ("*", "||") } else { ("●", "‖") };
        if self.tail.is_paused() {
            return format!("{paused} paused, {} new below", words::number(self.tail.waiting));
        }
        match self.down {
            Some(_) => format!("{} no connection", cx.symbols.failed),
            None => format!("{following} following  {:.1}/s", self.tail.rate(cx.now())),
        }
    }

    fn words(&self, cx: &Context) -> String {
        if let Some(since) = self.down {
            let since = words::clock(since, cx);
            return format!("No connection since {since}. It is tried again; what was missed is read then.");
        }
        let kept = words::number(u64::from(cx.config.admin.follow_buffer));
        match self.paused {
            Some(at) => format!(
                "Paused at {}. {} new events wait (max {kept} kept).",
                words::clock(at, cx),
                words::number(self.tail.waiting)
            ),
            None => "Following. Scroll up to pause; nothing is lost.".to_owned(),
        }
    }
}

fn lines(frame: &mut Frame<'_>, area: Rect, (live, columns, cx): (&Live, &Columns, &Context)) {
    let top = live.first_row(area.height.into());
    for (at, row) in (top..live.tail.rows()).zip(area.rows()) {
        let selected = live.tail.is_paused() && at == live.row();
        match live.tail.row(at) {
            Some(Line::Event(event)) => event_row(frame, row, (event, selected, columns, cx)),
            Some(other) => {
                let style = if selected { table::select(frame, row, cx) } else { cx.theme.dim };
                let room = usize::from(row.width).saturating_sub(3);
                put_safe(frame, row, 3, (&said(other, cx), room), cx, style);
            }
            None => {}
        }
    }
}

/// A line that is no event.
fn said(line: &Line, cx: &Context) -> String {
    let dash = cx.symbols.rule.repeat(2);
    match line {
        Line::Mark(time) => format!("{dash} {} {dash}", words::clock(*time, cx)),
        Line::Gap(from, to) => {
            let (from, to) = (words::clock(*from, cx), words::clock(*to, cx));
            let until = if cx.symbols.is_ascii() { "-" } else { "–" };
            format!("{dash} no connection {from} {until} {to}, events read again {dash}")
        }
        Line::Thinned(second, count, refused) => {
            let time =
                Timestamp::from_second(*second).map_or_else(|_| String::new(), |time| words::clock(time, cx));
            format!(
                "{time}  thinned: {} more events in this second, {} refused",
                words::number(*count),
                words::number(*refused)
            )
        }
        Line::NotKept(count) => format!("{dash} {} events were not kept {dash}", words::number(*count)),
        Line::Event(event) => event.what.clone(),
    }
}

fn event_row(
    frame: &mut Frame<'_>,
    row: Rect,
    (event, selected, columns, cx): (&Event, bool, &Columns, &Context),
) {
    let base = if selected { table::select(frame, row, cx) } else { cx.theme.text };
    columns.row(frame, row, (|head| cell(event, head, (base, cx)), cx));
}

fn cell<'a>(event: &'a Event, head: &str, (base, cx): (Style, &Context)) -> (Cow<'a, str>, Style) {
    let or_dash = |text: Option<&'a str>| (Cow::Borrowed(text.unwrap_or("-")), base);
    match head {
        "TIME" => (time(event.time, cx).into(), base),
        "AT" => (words::clock(event.time, cx)[..5].to_owned().into(), base),
        "" => {
            let (symbol, style) = words::outcome(event.outcome, cx);
            (symbol.into(), base.patch(style))
        }
        "USER" => or_dash(event.user.as_deref()),
        "APP" => or_dash(event.application.as_deref()),
        "WHAT" => match event.detail().filter(|text| cx.size.width >= WIDE && !event.what.contains(text)) {
            Some(detail) => (format!("{}: {detail}", event.what).into(), base),
            None => (event.what.as_str().into(), base),
        },
        "FROM" => or_dash(event.from.as_deref()),
        "BY" => or_dash(event.by.as_deref()),
        _ => (event.id.as_str().into(), base),
    }
}

/// `14:41:07` today, else `11-13 21:39`.
fn time(time: Timestamp, cx: &Context) -> String {
    let zone = words::zone(cx);
    let (own, now) = (time.to_zoned(zone.clone()), cx.now().to_zoned(zone));
    let format = if own.date() == now.date() { "%H:%M:%S" } else { "%m-%d %H:%M" };
    own.strftime(format).to_string()
}

/// `UTC`, `local (UTC+1)`.
fn zone_words(cx: &Context) -> String {
    let seconds = words::zone(cx).to_offset(cx.now()).seconds();
    if seconds == 0 {
        return "UTC".to_owned();
    }
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    match minutes % 60 {
        0 => format!("local (UTC{sign}{})", minutes / 60),
        part => format!("local (UTC{sign}{}:{part:02})", minutes / 60),
    }
}

/// From this width on there is room for what the server noted besides.
const WIDE: u16 = 120;
