//! The picture of the form.

use ratatui::{Frame, layout::Rect};

use super::{
    Form,
    lines::Line,
    rows::{Row, Type},
};
use crate::{
    config::Show,
    otp::{Algorithm, OtpError, grouped},
    text::width,
    tui::{
        cell::hidden,
        class::Class,
        context::Context,
        frame::rule,
        widgets::{
            boxed, centered, cut,
            field::{Field, Look},
            put, put_safe,
        },
    },
};

/// The width of the box in the pictures.
const WIDTH: u16 = 74;
/// Where values begin.
const VALUE: u16 = 11;
/// Where the second of two rows side by side begins.
const SECOND: u16 = 38;

impl Form {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        if class.is_tiny() {
            return self.bare(frame, area, cx);
        }
        let area = if class.is_small() {
            area
        } else {
            rule(frame, area, area.y, cx);
            Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
        };
        let size = (WIDTH.min(area.width).saturating_sub(4), area.height.saturating_sub(2));
        let lines = self.lines(size);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let title = if self.base.is_some() { "Edit account" } else { "Add account" };
        // The picture has one free line above the box.
        let place = centered(area, WIDTH, rows);
        let inner = boxed(frame, place, title, "", cx);
        for (row, line) in inner.rows().zip(lines) {
            self.line(frame, (row, line), cx);
        }
    }

    /// Without a box and without a row of status: what that would say stands in the last row.
    fn bare(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let fault = self.fault().map(|fault| format!("{} {}", cx.symbols.failed, fault.words));
        let said = cx.notice.as_ref().map(|notice| notice.text.clone()).or(fault);
        let said = said.filter(|_| area.height > 1);
        let rows = area.height - u16::from(said.is_some());
        for (row, line) in area.rows().zip(self.lines((area.width, rows))) {
            self.line(frame, (row, line), cx);
        }
        if let Some(said) = said {
            let row = Rect { y: area.bottom() - 1, height: 1, ..area };
            put_safe(frame, row, 0, (&said, area.width.into()), cx, cx.theme.warn);
        }
    }

    fn line(&self, frame: &mut Frame<'_>, (row, line): (Rect, Line), cx: &Context) {
        match line {
            Line::Intro => {
                let text = "Paste an otpauth:// link anywhere and the form fills itself.";
                put(frame, row, 0, &cut(text, row.width.into(), cx.symbols), cx.theme.dim);
            }
            Line::Gap => {}
            Line::One(one) => self.labelled(frame, (row, one, VALUE), cx),
            Line::Two(left, right) => {
                let (before, behind) = (Rect { width: SECOND, ..row }, row.width.saturating_sub(SECOND));
                self.labelled(frame, (before, left, VALUE), cx);
                let behind = Rect { x: row.x + SECOND, width: behind, ..row };
                let at = u16::try_from(right.label().len() + 2).unwrap_or(0);
                self.labelled(frame, (behind, right, at), cx);
            }
            Line::Now => self.now(frame, row, cx),
            Line::Warning => {
                if let Some(words) = self.warning() {
                    let text = words.in_columns(usize::from(row.width).saturating_sub(2), cx);
                    put(frame, row, 0, &format!("{} {text}", cx.symbols.warning), cx.theme.warn);
                }
            }
            Line::Buttons => {
                let names: Vec<String> =
                    self.buttons().iter().map(|button| format!("[ {} ]", button.name())).collect();
                let marked = (self.focus == Row::Buttons).then_some(self.button);
                choices(frame, indented(row), (&names, marked.unwrap_or(0), marked.is_some()), cx);
            }
        }
    }

    /// A row: its word, and behind so many columns what it holds.
    fn labelled(&self, frame: &mut Frame<'_>, (area, row, at): (Rect, Row, u16), cx: &Context) {
        let focused = row == self.focus;
        put(frame, area, 0, row.label(), if focused { cx.theme.head } else { cx.theme.dim });
        let value = Rect { x: area.x + at, width: area.width.saturating_sub(at), ..area };
        match row {
            Row::Type => {
                let names = Type::ALL.map(|kind| (kind.name().to_owned(), kind == self.entries.kind));
                radio(frame, value, (&names, focused), cx);
            }
            Row::Digits => {
                let own = self.entries.digits;
                let names: Vec<_> =
                    self.digits().iter().map(|digits| (digits.to_string(), *digits == own)).collect();
                radio(frame, value, (&names, focused), cx);
            }
            Row::Algorithm => {
                let all = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
                let names = all.map(|one| (one.to_string(), one == self.entries.algorithm));
                radio(frame, value, (&names, focused), cx);
            }
            Row::Secret => self.secret(frame, value, cx),
            Row::Pin => self.masked(frame, (value, row, self.entries.kept_pin().is_some()), cx),
            row => self.field(frame, (value, row, false), cx),
        }
    }

    fn field(&self, frame: &mut Frame<'_>, (area, row, masked): (Rect, Row, bool), cx: &Context) {
        let Some(field) = self.entries.field(row) else { return };
        let focused = row == self.focus;
        field.draw(frame, area, &Look { cx, focused, masked, style: cx.theme.text });
        if row == Row::Period {
            let at = u16::try_from(field.len()).unwrap_or(0) + u16::from(focused);
            put(frame, area, at, " s", cx.theme.text);
        }
    }

    /// A field that is empty while what it stands for stays as it is.
    fn masked(&self, frame: &mut Frame<'_>, (area, row, is_kept): (Rect, Row, bool), cx: &Context) {
        let shows = if row == Row::Secret { self.shows_secret() } else { self.shown_until.is_some() };
        self.field(frame, (area, row, !shows), cx);
        if is_kept && self.entries.field(row).is_some_and(Field::is_empty) {
            let at = u16::from(row == self.focus);
            let text = format!("{} stays as it is", cx.symbols.masked.repeat(4));
            put(frame, area, at, &text, cx.theme.dim);
        }
    }

    fn secret(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let typed = self.entries.secret.len() + 4; // the cursor, a blank before the words, two behind them
        let fits = |words: &String| typed + width(words) <= usize::from(area.width);
        let judged = self.entries.judged().and_then(|words| words.into_iter().find(fits));
        let own = judged.as_deref().map_or(0, |words| width(words) + 2);
        let own = u16::try_from(own).unwrap_or(0);
        let field = Rect { width: area.width.saturating_sub(own), ..area };
        self.masked(frame, (field, Row::Secret, self.entries.kept.is_some()), cx);
        if let Some(words) = judged {
            put(frame, area, area.width.saturating_sub(own), &words, cx.theme.ok);
        }
    }

    /// The code that it makes now, or why it makes none.
    fn now(&self, frame: &mut Frame<'_>, row: Rect, cx: &Context) {
        let columns = usize::from(row.width);
        if let Some(fault) = self.fault() {
            let text = format!("{} {}", cx.symbols.failed, fault.words);
            return put_safe(frame, row, 0, (&text, columns), cx, cx.theme.error);
        }
        put(frame, row, 0, "Now", cx.theme.dim);
        let say = |frame: &mut Frame<'_>, at: u16, text: &str| {
            let room = columns.saturating_sub(at.into());
            put(frame, row, at, &cut(text, room, cx.symbols), cx.theme.dim);
        };
        match self.entries.otp().map(|otp| otp.code(cx.unix_time())) {
            Ok(Ok(code)) => {
                let hides = self.base.is_some() && cx.view.show != Show::All && self.shown_until.is_none();
                let code = if hides { hidden(cx) } else { grouped(code.as_str(), cx.config.codes.group) };
                put(frame, row, VALUE, &code, cx.theme.code);
                let at = VALUE + u16::try_from(width(&code)).unwrap_or(0) + 4;
                let [long, short] = ["check it against the site before saving", "check it at the site"];
                let fits = usize::from(at) + long.len() <= columns;
                say(frame, at, if fits { long } else { short });
            }
            Ok(Err(OtpError::PinMissing)) => say(frame, VALUE, "comes with the PIN"),
            Ok(Err(_)) | Err(_) => say(frame, VALUE, "comes with the secret"),
        }
    }
}

/// A row of which one is chosen; the chosen one alone where they do not all fit.
fn radio(frame: &mut Frame<'_>, area: Rect, (names, focused): (&[(String, bool)], bool), cx: &Context) {
    let mark = |chosen: bool| if chosen { cx.symbols.radio } else { " " };
    let names_marked: Vec<String> =
        names.iter().map(|(name, chosen)| format!("({}) {name}", mark(*chosen))).collect();
    let chosen = names.iter().position(|(_, chosen)| *chosen).unwrap_or(0);
    choices(frame, area, (&names_marked, chosen, focused), cx);
}

fn choices(
    frame: &mut Frame<'_>,
    area: Rect,
    (names, marked, focused): (&[String], usize, bool),
    cx: &Context,
) {
    let style = |at: usize| if focused && at == marked { cx.theme.selected } else { cx.theme.text };
    let all: usize = names.iter().map(|name| width(name)).sum();
    let fits = |size: usize| all + size * names.len().saturating_sub(1) <= usize::from(area.width);
    let size = if names.iter().all(|name| width(name) < 6) { 2 } else { 3 };
    let Some(size) = [size, 1].into_iter().find(|size| fits(*size)) else {
        put(frame, area, 0, &names[marked], style(marked));
        let words = format!("{} {} of {}", cx.symbols.text("←→"), marked + 1, names.len());
        put(frame, area, columns(width(&names[marked]) + 2), &words, cx.theme.dim);
        if focused {
            point(frame, area, 0);
        }
        return;
    };
    let mut at = 0;
    for (one, name) in names.iter().enumerate() {
        put(frame, area, columns(at), name, style(one));
        if focused && one == marked {
            point(frame, area, columns(at));
        }
        at += width(name) + size;
    }
}

/// Puts the terminal's cursor there: that is where a reader of the screen looks.
fn point(frame: &mut Frame<'_>, area: Rect, at: u16) {
    if at < area.width && area.height > 0 {
        frame.set_cursor_position((area.x + at, area.y));
    }
}

fn columns(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The row from where values begin, where it is wide enough to spare that.
fn indented(row: Rect) -> Rect {
    if row.width < 60 {
        return row;
    }
    Rect { x: row.x + VALUE, width: row.width - VALUE, ..row }
}
