//! The rows around the screens: place and state on top, status and hints at the bottom.

use std::fmt::Write as _;

use ratatui::{Frame, layout::Rect, style::Style};

use super::{
    action::Do,
    class::Class,
    context::Context,
    notice::{Notice, Tone},
    screen::{Extent, Hint, Screen},
    watch,
    widgets::{boxed, fill, put, wrapped},
};
use crate::text::width;

/// Draws the screens from the lowest that shows to the top one, and what stands around them.
pub fn draw(frame: &mut Frame<'_>, screens: &[Box<dyn Screen>], cx: &Context) {
    let area = frame.area();
    let (Some(base), Some(top)) = (screens.first(), screens.last()) else { return };
    if Class::of(cx.size).is_line() {
        return top.draw(frame, area, cx);
    }
    let page = page(area, cx);
    for screen in screens {
        screen.draw(frame, own(screen.extent(), area, cx), cx);
    }
    if base.extent() == Extent::Page && page != without_last(area) {
        head(frame, base.as_ref(), cx);
        status(frame, screens, cx);
        toast(frame, page, cx);
        whole_error(frame, page, cx);
    }
    hints(frame, top.as_ref(), cx);
}

/// The part of the window that a screen of this extent owns.
pub fn own(extent: Extent, area: Rect, cx: &Context) -> Rect {
    if extent == Extent::Whole { without_last(area) } else { page(area, cx) }
}

/// The part of the window that a page owns.
pub fn page(area: Rect, cx: &Context) -> Rect {
    let class = Class::of(cx.size);
    if class.is_tiny() {
        return without_last(area);
    }
    let below = if class.is_small() { 2 } else { 3 };
    Rect { y: area.y + 1, height: area.height.saturating_sub(1 + below), ..area }
}

/// Draws a line over the whole width.
pub fn rule(frame: &mut Frame<'_>, area: Rect, y: u16, cx: &Context) {
    fill(frame, Rect { y, height: 1, ..area }, cx.symbols.rule, cx.theme.rule);
}

fn without_last(area: Rect) -> Rect {
    Rect { height: area.height.saturating_sub(1), ..area }
}

fn head(frame: &mut Frame<'_>, base: &dyn Screen, cx: &Context) {
    let area = Rect { height: 1, ..frame.area() };
    let state = base.state(cx).unwrap_or_else(|| state(cx));
    let room = usize::from(area.width).saturating_sub(width(&state) + 2);
    let mut place = " sesam".to_owned();
    let own = base.place(cx);
    if !own.is_empty() {
        let _ = write!(place, " {} {own}", cx.symbols.then);
    }
    if cx.mode.demo {
        place.push_str("   DEMO");
    }
    put(frame, area, 0, &super::widgets::cut(&place, room, cx.symbols), cx.theme.head);
    let at = area.width.saturating_sub(u16::try_from(width(&state) + 1).unwrap_or(u16::MAX));
    put(frame, area, at, &state, cx.theme.text);
    kind(frame, area, (at, &state), cx);
}

/// The word for what is at stake on the open server, once more in its colour.
fn kind(frame: &mut Frame<'_>, area: Rect, (at, state): (u16, &str), cx: &Context) {
    let Some(link) = &cx.admin else { return };
    let word = link.kind();
    let Some(before) = state.split(&word).next().filter(|before| before.len() < state.len()) else { return };
    let style = if link.is_prod() { cx.theme.error } else { cx.theme.warn };
    put(frame, area, at + u16::try_from(width(before)).unwrap_or(0), &word, style);
}

/// The clock, and when the vault closes.
fn state(cx: &Context) -> String {
    let small = Class::of(cx.size).is_small();
    let clock = if cx.mode.demo { "clock ok" } else { "clock ?" };
    let Some(left) = watch::seconds_to_lock(cx) else { return clock.to_owned() };
    let locks = if small { "lock" } else { "locks in" };
    if cx.is_calm() || left > 300 {
        return format!("{clock}   {locks} {} min", left.div_ceil(60));
    }
    format!("{clock}   {locks} {}:{:02}", left / 60, left % 60)
}

fn status(frame: &mut Frame<'_>, screens: &[Box<dyn Screen>], cx: &Context) {
    let area = frame.area();
    let y = area.bottom().saturating_sub(2);
    if !Class::of(cx.size).is_small() {
        rule(frame, area, y.saturating_sub(1), cx);
    }
    let row = Rect { y, height: 1, ..area };
    let (text, style) = if let Some(asking) = cx.asking() {
        (format!(" {asking}"), cx.theme.text)
    } else if let Some(notice) = &cx.notice {
        let (symbol, style) = tone(notice.tone, cx);
        let gap = if symbol.is_empty() { "" } else { " " };
        (format!(" {symbol}{gap}{}", notice.text), style)
    } else {
        let own = screens.iter().rev().find_map(|screen| screen.status(cx)).unwrap_or_default();
        (format!(" {own}"), cx.theme.text)
    };
    let room = usize::from(area.width);
    put(frame, row, 0, &super::widgets::cut(&cx.symbols.text(&text), room, cx.symbols), style);
}

/// The symbol and the look of a tone.
pub fn tone(tone: Tone, cx: &Context) -> (&'static str, Style) {
    match tone {
        Tone::Done => (cx.symbols.done, cx.theme.ok),
        Tone::Error => (cx.symbols.failed, cx.theme.error),
        Tone::Plain => ("", cx.theme.text),
        Tone::Warning => (cx.symbols.warning, cx.theme.warn),
    }
}

fn toast(frame: &mut Frame<'_>, page: Rect, cx: &Context) {
    let Some(toast) = &cx.toast else { return };
    let room = page.width.saturating_sub(4).min(54);
    if page.height < 6 || room < 30 {
        return;
    }
    let y = page.bottom().saturating_sub(4);
    let area = Rect { x: page.right().saturating_sub(room + 2), y, width: room, height: 3 };
    let inner = boxed(frame, area, "", "", cx);
    let advice = width(&toast.advice);
    let text = format!("{} {}", cx.symbols.done, toast.text);
    let text = super::widgets::cut(&text, usize::from(inner.width).saturating_sub(advice + 1), cx.symbols);
    put(frame, inner, 0, &text, cx.theme.ok);
    let at = inner.width.saturating_sub(u16::try_from(advice).unwrap_or(0));
    put(frame, inner, at, &toast.advice, cx.theme.text);
}

/// An error or a warning that the row of status cuts: the whole of it, above that row.
fn whole_error(frame: &mut Frame<'_>, page: Rect, cx: &Context) {
    let grave = |notice: &&Notice| matches!(notice.tone, Tone::Error | Tone::Warning);
    let Some(notice) = cx.notice.as_ref().filter(grave) else { return };
    let room = usize::from(page.width);
    if width(&notice.text) + 3 <= room || page.width < 24 {
        return;
    }
    let lines = wrapped(&notice.text, room - 6);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(page.height);
    let area = Rect { x: page.x + 1, y: page.bottom() - rows, width: page.width - 2, height: rows };
    let (_, style) = tone(notice.tone, cx);
    let foot = if notice.tone == Tone::Error { "Esc closes" } else { "" };
    let inner = boxed(frame, area, "", foot, cx);
    for (row, line) in inner.rows().zip(&lines) {
        put(frame, row, 0, line, style);
    }
}

fn hints(frame: &mut Frame<'_>, top: &dyn Screen, cx: &Context) {
    if !cx.config.ui.hints {
        return;
    }
    let area = frame.area();
    let row = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    let line = hint_line(&top.hints(cx), usize::from(area.width), cx);
    put(frame, row, 0, &line, cx.theme.dim);
}

/// The hints that fit, `? help` kept.
pub fn hint_line(hints: &[Hint], room: usize, cx: &Context) -> String {
    let mut shown: Vec<(Do, String)> = hints.iter().map(|hint| (hint.action, words(hint, cx))).collect();
    let length = |shown: &[(Do, String)]| shown.iter().map(|(_, words)| width(words) + 2).sum::<usize>();
    while length(&shown) > room + 1 && shown.len() > 1 {
        let last = shown.iter().rposition(|(action, _)| *action != Do::Help).unwrap_or(0);
        shown.remove(last);
    }
    let words: Vec<String> = shown.into_iter().map(|(_, words)| words).collect();
    super::widgets::cut(&format!(" {}", words.join("  ")), room, cx.symbols)
}

fn words(hint: &Hint, cx: &Context) -> String {
    let key = hint.key.map_or_else(|| cx.keymap.shown(hint.action), str::to_owned);
    let words = hint.words.as_deref().unwrap_or(hint.action.action().hint);
    cx.symbols.text(&format!("{key} {words}"))
}
