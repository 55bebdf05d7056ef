//! The picture of the charts: the sentence above, the numbers below, the most frequent beside them.

use ratatui::{Frame, layout::Rect};

use super::{Charts, FAILED, View, data::Chart};
use crate::{
    text::width,
    tui::{
        admin::words,
        class::{Class, Columns},
        context::Context,
        frame::rule,
        widgets::{field::Look, put, put_safe},
    },
};

/// How wide the most frequent ones are beside the bars.
const SIDE: u16 = 24;

impl Charts {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        let Some(chart) = &self.chart else { return };
        if class.is_line() || area.height < 3 {
            return sentence(frame, area, (chart, cx));
        }
        let mut body = area;
        if !class.is_tiny() {
            rule(frame, area, area.y, cx);
            body = below(area, 1);
        }
        self.title(frame, body, (chart, cx));
        body = below(body, 1);
        if class.is_tiny() || body.height < 6 {
            return sentence(frame, body, (chart, cx));
        }
        let side = if class.columns >= Columns::Normal && self.view != View::Heat { SIDE } else { 0 };
        let left = Rect { width: body.width - side, ..body };
        match self.view {
            View::Bars if class.columns == Columns::Wide && body.height > 26 => {
                let high = body.height - 13;
                self.bars(frame, Rect { height: high, ..left }, (chart, cx));
                let heat = Rect { y: body.y + high + 1, height: body.height - high - 1, ..left };
                self.heat(frame, heat, (chart, cx));
            }
            View::Bars => self.bars(frame, Rect { height: left.height.min(18), ..left }, (chart, cx)),
            View::Heat => self.heat(frame, left, (chart, cx)),
            View::Table => self.table(frame, left, (chart, cx)),
        }
        if side > 0 {
            tops(frame, Rect { x: left.right(), width: side, ..body }, (chart, cx));
        }
    }

    /// `Failed sign-ins per hour, today   177   ▲ 41 at 14 h, 4x usual`, or the field for the filter.
    fn title(&self, frame: &mut Frame<'_>, area: Rect, (chart, cx): (&Chart, &Context)) {
        if self.focused {
            put(frame, area, 1, "/", cx.theme.text);
            let field = Rect { x: area.x + 3, width: area.width.saturating_sub(3), height: 1, ..area };
            let look = Look { cx, focused: true, masked: false, style: cx.theme.text };
            return self.filter.draw(frame, field, &look);
        }
        let what = match self.shown.as_str() {
            FAILED => "Failed sign-ins".to_owned(),
            query => format!("Events {query}"),
        };
        let (left, right) = if self.view == View::Heat {
            let (day, hour, count) = chart.hottest();
            let busiest = format!("busiest {} {hour:02} h: {}", super::WEEKDAYS[day], words::number(count));
            (format!("{what}, weekday x hour, 4 weeks"), busiest)
        } else {
            let unit = if chart.span.is_hourly() { "hour" } else { "day" };
            (format!("{what} per {unit}, {}", chart.span.words()), String::new())
        };
        let room = usize::from(area.width).saturating_sub(1);
        let total = words::number(self.total(chart));
        let line = format!("{left}   {total}");
        put_safe(frame, area, 1, (&line, room), cx, cx.theme.head);
        let at = width(&line) + 4;
        let right = if right.is_empty() { finding(chart, room.saturating_sub(at) + 1, cx) } else { right };
        if at + 12 < room {
            let style = if right.starts_with(cx.symbols.warning) { cx.theme.warn } else { cx.theme.text };
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            put_safe(frame, area, at, (&right, room.saturating_sub(at.into()) + 1), cx, style);
        }
    }

    fn total(&self, chart: &Chart) -> u64 {
        if self.view == View::Heat { chart.heat.iter().flatten().sum() } else { chart.total() }
    }
}

/// What the bars say, with who stands behind it where there is room for that.
fn finding(chart: &Chart, room: usize, cx: &Context) -> String {
    let (finding, is_odd) = chart.finding();
    let mark = if is_odd { format!("{} ", cx.symbols.warning) } else { String::new() };
    let line = format!("{mark}{finding}");
    match line.rsplit_once(" (") {
        Some((short, _)) if width(&line) > room => short.to_owned(),
        _ => line,
    }
}

/// The rest of an area.
pub(super) fn below(area: Rect, rows: u16) -> Rect {
    Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area }
}

fn sentence(frame: &mut Frame<'_>, area: Rect, (chart, cx): (&Chart, &Context)) {
    let (finding, is_odd) = chart.finding();
    let style = if is_odd { cx.theme.warn } else { cx.theme.text };
    let line = format!("{}: {finding}", words::number(chart.total()));
    put_safe(frame, area, 0, (&line, area.width.into()), cx, style);
}

/// The most frequent users, sources and reasons.
fn tops(frame: &mut Frame<'_>, area: Rect, (chart, cx): (&Chart, &Context)) {
    for row in area.rows() {
        put(frame, row, 0, cx.symbols.pane, cx.theme.rule);
    }
    let each = usize::from(area.height / 3).clamp(2, 9);
    let mut rows = area.rows();
    for (name, top) in ["Top users", "Top sources", "Why"].into_iter().zip(&chart.tops) {
        let Some(head) = rows.next() else { return };
        put(frame, head, 2, name, cx.theme.head);
        if top.is_empty()
            && let Some(row) = rows.next()
        {
            put(frame, row, 3, "(none)", cx.theme.dim);
        }
        for ((key, count), row) in top.iter().take(each - 1).zip(rows.by_ref().take(each - 1)) {
            let count = words::number(*count);
            let room = usize::from(area.width).saturating_sub(width(&count) + 6);
            let key = key.replace('_', " ");
            put_safe(frame, row, 3, (&key, room), cx, cx.theme.text);
            let at = area.width.saturating_sub(u16::try_from(width(&count) + 1).unwrap_or(0));
            put(frame, row, at, &count, cx.theme.text);
        }
    }
}
