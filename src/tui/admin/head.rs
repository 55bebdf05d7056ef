//! The first two rows of an open server: where this is and who asks, and the tabs.

use std::fmt::Write as _;

use ratatui::{Frame, layout::Rect};

use super::tab::Tab;
use crate::{
    text::width,
    tui::{class::Class, context::Context, widgets::put},
};

/// `Admin › mfa-prod › Users`.
pub fn place(tab: Tab, cx: &Context) -> String {
    let name = cx.admin.as_ref().map_or("", |link| link.profile.name.as_str());
    let then = cx.symbols.then;
    if Class::of(cx.size).is_small() {
        return format!("{name} {then} {}", tab.word());
    }
    format!("Admin {then} {name} {then} {}", tab.word())
}

/// `READ ONLY   PROD   as admin@ops   12 ms`.
pub fn state(cx: &Context) -> String {
    let Some(link) = &cx.admin else { return String::new() };
    let small = Class::of(cx.size).is_small();
    let mut state = String::new();
    if link.profile.read_only {
        state.push_str(if small { "READ ONLY  " } else { "READ ONLY   " });
    }
    state.push_str(&link.kind());
    if !link.is_open() {
        state.push_str("   connecting");
        return state;
    }
    if !small && !link.actor().is_empty() {
        let _ = write!(state, "   as {}", crate::text::safe_cut(link.actor(), 24));
    }
    match &link.trouble {
        Some(_) => state.push_str("   no answer"),
        None => {
            let _ = write!(state, "   {} ms", link.latency.as_millis());
        }
    }
    state
}

/// `[1 Users]  2 Audit  3 Charts  4 Apps  5 Server`, where there is room for it; the rest of the area.
pub fn tabs(frame: &mut Frame<'_>, area: Rect, now: Tab, cx: &Context) -> Rect {
    if Class::of(cx.size).is_small() || area.height < 3 {
        return area;
    }
    let mut at = 1;
    for (number, tab) in (1..).zip(Tab::ALL) {
        let words = format!("{number} {}", tab.word());
        let (words, style) =
            if tab == now { (format!("[{words}]"), cx.theme.head) } else { (words, cx.theme.text) };
        put(frame, area, u16::try_from(at).unwrap_or(u16::MAX), &words, style);
        at += width(&words) + 2;
    }
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}
