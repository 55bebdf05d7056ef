//! Bars of hours or days, with their axes.

use ratatui::{Frame, layout::Rect};

use super::{Charts, data::Chart};
use crate::tui::{context::Context, symbols::Symbols, widgets::put};

/// Columns of the axis at the left.
const AXIS: u16 = 7;
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const PLAIN: [&str; 9] = [" ", ".", ".", ":", ":", "-", "-", "=", "#"];

impl Charts {
    pub(super) fn bars(&self, frame: &mut Frame<'_>, area: Rect, (chart, cx): (&Chart, &Context)) {
        let high = area.height.saturating_sub(2);
        let count = u16::try_from(chart.bars.len()).unwrap_or(u16::MAX).max(1);
        let pace = (area.width.saturating_sub(AXIS + 1) / count).clamp(1, 4);
        let most = chart.bars.iter().map(|bar| bar.count).max().unwrap_or(0);
        // Each row of the axis stands for the same whole number, or several rows for one.
        let step = most.div_ceil(u64::from(high.max(1))).max(1);
        let each = (u64::from(high) / most.max(1)).clamp(1, 4);
        for (nth, row) in area.rows().take(high.into()).enumerate() {
            let above = u64::from(high) - 1 - nth as u64;
            let from = step * (above / each);
            let label =
                if (above + 1).is_multiple_of(each) { (from + step).to_string() } else { String::new() };
            put(frame, row, 0, &format!("{label:>5} {}", cx.symbols.pane), cx.theme.dim);
            for (at, bar) in (0..).zip(&chart.bars) {
                let wide = usize::from(pace.saturating_sub(1).max(1));
                let symbol = part(bar.count.saturating_sub(from), step, cx.symbols).repeat(wide);
                let is_selected = usize::from(at) == self.bar;
                let style = if is_selected { cx.theme.warn } else { cx.theme.marker };
                if symbol.trim() != "" {
                    put(frame, row, AXIS + at * pace, &symbol, style);
                }
            }
        }
        self.axis(frame, Rect { y: area.y + high, height: 2, ..area }, (chart, pace, cx));
    }

    fn axis(&self, frame: &mut Frame<'_>, area: Rect, (chart, pace, cx): (&Chart, u16, &Context)) {
        let count = u16::try_from(chart.bars.len()).unwrap_or(u16::MAX);
        let corner = if cx.symbols.is_ascii() { "+" } else { "└" };
        let line = format!("{:>5} {corner}{}", 0, cx.symbols.rule.repeat(usize::from(count * pace)));
        put(frame, area, 0, &line, cx.theme.dim);
        let labels = Rect { y: area.y + 1, height: 1, ..area };
        let every = match (chart.span.is_hourly(), pace) {
            (true, 4..) => 2,
            (true, _) => 4,
            (false, 4..) if count <= 7 => 1,
            (false, _) => 7,
        };
        for at in 0..count {
            let apart = usize::from(at).abs_diff(self.bar) * usize::from(pace);
            if at % every == 0 && apart > 2 {
                put(frame, labels, AXIS + at * pace, &short(chart, at.into()), cx.theme.dim);
            }
        }
        let at = u16::try_from(self.bar).unwrap_or(0);
        put(frame, labels, AXIS + at * pace, &short(chart, self.bar), cx.theme.selected);
        frame.set_cursor_position((area.x + AXIS + at * pace, labels.y));
    }
}

/// `14`: the hour, or the day of the month.
fn short(chart: &Chart, at: usize) -> String {
    let name = chart.name(at);
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    digits
}

/// So much of one row.
fn part(count: u64, step: u64, symbols: &Symbols) -> &'static str {
    let eighths = if count >= step { 8 } else { (count * 8).div_ceil(step) };
    let all = if symbols.is_ascii() { &PLAIN } else { &EIGHTHS };
    all[usize::try_from(eighths).unwrap_or(8).min(8)]
}
