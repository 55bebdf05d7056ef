//! A week of hours: how many there were in each, in five shades.

use std::fmt::Write as _;

use ratatui::{Frame, layout::Rect};

use super::{
    Charts, View,
    data::{Chart, WEEKDAYS, shade, shades},
};
use crate::tui::{
    admin::words,
    context::Context,
    widgets::{put, put_safe},
};

/// Columns of the weekday at the left.
const DAYS: u16 = 7;
const SHADES: [&str; 6] = [" ", "·", "░", "▒", "▓", "█"];
const PLAIN: [&str; 6] = [" ", ".", ":", "-", "=", "#"];

impl Charts {
    pub(super) fn heat(&self, frame: &mut Frame<'_>, area: Rect, (chart, cx): (&Chart, &Context)) {
        let pace: u16 = if area.width >= DAYS + 24 * 4 + 8 { 4 } else { 2 };
        let is_whole = self.view == View::Heat;
        let from = shades(chart.hottest().2);
        let mut rows = area.rows();
        if is_whole && area.height > 12 {
            rows.next();
        }
        let Some(head) = rows.next() else { return };
        for hour in (0..24).step_by(2) {
            put(frame, head, DAYS + hour * pace, &format!("{hour:02}"), cx.theme.dim);
        }
        for ((day, name), row) in WEEKDAYS.iter().enumerate().zip(rows.by_ref().take(7)) {
            put(frame, row, 2, name, cx.theme.text);
            for (hour, count) in (0..).zip(chart.heat[day]) {
                let is_selected = is_whole && self.cell == (day, usize::from(hour));
                let style = if is_selected { cx.theme.selected } else { cx.theme.marker };
                let wide = usize::from(pace - 1);
                put(frame, row, DAYS + hour * pace, &symbol(count, &from, cx).repeat(wide), style);
                if is_selected {
                    frame.set_cursor_position((row.x + DAYS + hour * pace, row.y));
                }
            }
            let total: u64 = chart.heat[day].iter().sum();
            let (text, at) = (format!("{:>5}", words::number(total)), DAYS + 24 * pace + 2);
            // Half a number would be another one.
            if at + 5 <= row.width {
                put(frame, row, at, &text, cx.theme.text);
            }
        }
        if is_whole && area.height > 12 {
            rows.next();
        }
        if let Some(row) = rows.next() {
            put_safe(frame, row, 2, (&legend(&from, cx), usize::from(row.width) - 2), cx, cx.theme.dim);
        }
    }
}

fn symbol(count: u64, from: &[u64; 5], cx: &Context) -> &'static str {
    let all = if cx.symbols.is_ascii() { &PLAIN } else { &SHADES };
    all[shade(count, from)]
}

/// `· 1-3   ░ 4-8   ▒ 9-15   ▓ 16-24   █ 25 and more    (blank = 0)`
fn legend(from: &[u64; 5], cx: &Context) -> String {
    let mut line = String::new();
    for (at, least) in from.iter().enumerate() {
        let symbol = symbol(*least, from, cx);
        let _ = match from.get(at + 1).map(|next| next - 1) {
            Some(most) if most == *least => write!(line, "{symbol} {least}   "),
            Some(most) => write!(line, "{symbol} {least}-{most}   "),
            None => write!(line, "{symbol} {least} and more   (blank = 0)"),
        };
    }
    line
}
