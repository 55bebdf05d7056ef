//! The time that a code has left: a bar of a few cells and a number.

use ratatui::style::Style;

use crate::tui::context::Context;

/// The seconds below which a code is about to end.
pub const ALERT: u64 = 5;
/// The seconds up to which somebody should hurry.
const WARN: u64 = 10;

/// A bar of `cells`; the last single cell is kept for the last seconds.
pub fn bar(left: u64, period: u64, cells: u64, cx: &Context) -> String {
    let share = (left * cells).div_ceil(period.max(1)).clamp(1, cells);
    let full = if left >= ALERT { share.max(2.min(cells)) } else { 1 };
    let [full_cell, empty_cell] = cx.symbols.bar;
    let count = |number: u64| usize::try_from(number).unwrap_or(0);
    format!("{}{}", full_cell.repeat(count(full)), empty_cell.repeat(count(cells - full)))
}

/// Two places and, in the last seconds, an exclamation mark.
pub fn number(left: u64, cx: &Context) -> String {
    let shown = if cx.is_calm() { calm(left) } else { left };
    format!("{shown:2}{}", if left < ALERT { "!" } else { "" })
}

/// The look of the time left.
pub fn style(left: u64, cx: &Context) -> Style {
    match left {
        left if left < ALERT => cx.theme.time_alert,
        left if left <= WARN => cx.theme.time_warn,
        _ => cx.theme.time_ok,
    }
}

/// Rounded up to 30, 20, 10 or 5: what changes seldom. Longer times in steps of 30.
pub fn calm(left: u64) -> u64 {
    match left {
        0..=5 => 5,
        6..=10 => 10,
        11..=20 => 20,
        left => left.div_ceil(30) * 30,
    }
}
