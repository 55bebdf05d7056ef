//! Writing into the frame: one row of text, one box.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    widgets::{Clear, Widget as _},
};

use crate::{
    text::{is_plain, safe, safe_cut, width},
    tui::{context::Context, symbols::Symbols},
};

/// Writes a text of ours into the first row of an area, `at` columns from its left; what does not fit is left out.
#[expect(clippy::too_many_arguments, reason = "where, what and how: the pen of every screen")]
pub fn put(frame: &mut Frame<'_>, area: Rect, at: u16, text: &str, style: Style) {
    let area = area.intersection(frame.area());
    if area.height == 0 || at >= area.width {
        return;
    }
    let room = area.width - at;
    if !is_plain(text) {
        frame.buffer_mut().set_stringn(area.x + at, area.y, text, room.into(), style);
        return;
    }
    // Nearly all of what is drawn once a second: no graphemes have to be found in it.
    let buffer = frame.buffer_mut();
    for (x, char) in (area.x + at..area.right()).zip(text.chars()) {
        buffer[(x, area.y)].set_char(char).set_style(style);
    }
}

/// Fills the first row of an area with one symbol of one column.
pub fn fill(frame: &mut Frame<'_>, area: Rect, symbol: &str, style: Style) {
    let area = area.intersection(frame.area());
    for x in area.left()..area.right().max(area.left()) {
        if area.height > 0 {
            frame.buffer_mut()[(x, area.y)].set_symbol(symbol).set_style(style);
        }
    }
}

/// Writes a name from outside, made safe and cut to `columns`.
#[expect(clippy::too_many_arguments, reason = "where, what and how: the pen of every screen")]
pub fn put_safe(frame: &mut Frame<'_>, area: Rect, at: u16, text: (&str, usize), cx: &Context, style: Style) {
    put(frame, area, at, &cut(text.0, text.1, cx.symbols), style);
}

/// A text that fits into so many columns, made safe.
pub fn cut(text: &str, columns: usize, symbols: &Symbols) -> String {
    let short = safe_cut(text, columns);
    // The sign of a cut stands at the end and nowhere else.
    if symbols.is_ascii() && width(&safe(text)) > columns && short.ends_with('…') {
        return format!("{}{}", short.trim_end_matches('…'), symbols.cut);
    }
    short
}

/// Draws a box with a title and a word at its foot over what was there, and returns its inside.
#[expect(clippy::too_many_arguments, reason = "where, what and how: the pen of every screen")]
pub fn boxed(frame: &mut Frame<'_>, area: Rect, title: &str, foot: &str, cx: &Context) -> Rect {
    let area = area.intersection(frame.area());
    Clear.render(area, frame.buffer_mut());
    if area.height < 2 || area.width < 4 {
        return area;
    }
    let [top_left, top_right, bottom_left, bottom_right, across, down] = cx.symbols.corners;
    let room = usize::from(area.width) - 2;
    let edge = |left: &str, text: String, at_end: bool, right: &str| {
        let text = cut(&text, room.saturating_sub(2), cx.symbols);
        let fill = across.repeat(room - 1 - width(&text));
        if at_end {
            format!("{left}{fill}{text}{across}{right}")
        } else {
            format!("{left}{across}{text}{fill}{right}")
        }
    };
    let named = |text: &str| if text.is_empty() { String::new() } else { format!(" {text} ") };
    put(frame, area, 0, &edge(top_left, named(title), false, top_right), cx.theme.rule);
    let last = Rect { y: area.bottom() - 1, height: 1, ..area };
    put(frame, last, 0, &edge(bottom_left, named(foot), true, bottom_right), cx.theme.rule);
    for y in area.y + 1..area.bottom() - 1 {
        let row = Rect { y, height: 1, ..area };
        put(frame, row, 0, down, cx.theme.rule);
        put(frame, row, area.width - 1, down, cx.theme.rule);
    }
    if !title.is_empty() {
        put(frame, area, 3, &cut(title, room.saturating_sub(4), cx.symbols), cx.theme.head);
    }
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}

/// A box of this size in the middle of an area, or as large as the area allows.
pub fn centered(area: Rect, columns: u16, rows: u16) -> Rect {
    let (width, height) = (columns.min(area.width), rows.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// A text in lines of at most so many columns, broken between words.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a last line");
        let room = columns.saturating_sub(crate::text::width(line) + usize::from(!line.is_empty()));
        if crate::text::width(word) <= room {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        } else if line.is_empty() {
            *line = crate::text::safe_cut(word, columns);
        } else {
            lines.push(crate::text::safe_cut(word, columns));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrapped("", 4), [""]);
        assert_eq!(wrapped("abcdefgh", 4), ["abc…"]);
    }
}
