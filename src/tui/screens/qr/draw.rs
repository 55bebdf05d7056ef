//! The picture on the screen: whole, or not at all.

use ratatui::{Frame, layout::Rect, style::Style};
use zeroize::Zeroizing;

use super::Phone;
use crate::{
    qr::Qr,
    tui::{
        action::Do,
        context::Context,
        frame::tone,
        graphics::{Graphic, Graphics},
        widgets::wrapped,
        widgets::{boxed, centered, cut, put},
    },
};

/// Columns between the picture and the words.
const GAP: u16 = 3;
/// The words need so many columns.
const WORDS: u16 = 24;
/// They take no more.
const WIDE: u16 = 34;

/// A real picture is no taller, in rows.
const TALLEST: u16 = 30;
/// The pixels of a row where the terminal does not say them.
const CELL_HEIGHT: u16 = 16;

/// A line of words and its look.
type Line = (String, Style);

impl Phone {
    pub(super) fn picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let real = self.real_size(area, cx);
        let blocks = self.qr.as_ref().ok().filter(|_| real.is_none());
        let blocks = blocks.and_then(|qr| drawn(qr, self.inverted, area, cx));
        let Some((columns, height)) = real.or(blocks.as_ref().map(|(_, size)| *size)) else {
            return self.no_picture(frame, area, cx);
        };
        let (place, words) = laid_out((columns, height), area);
        for (row, line) in place.rows().zip(blocks.iter().flat_map(|(text, _)| text.lines())) {
            put(frame, row, 0, line, cx.theme.qr);
        }
        if words > 0 {
            let side = Rect { x: place.x + columns + GAP, width: words - GAP, ..place };
            let side = Rect { y: side.y + 1, height: side.height.saturating_sub(1), ..side };
            write(frame, side, &self.words(usize::from(side.width), cx));
        } else if let Some(said) = &cx.notice {
            let lines = wrapped(&said.text, usize::from(place.width.saturating_sub(4)));
            let rows = u16::try_from(lines.len()).unwrap_or(0) + 2;
            let inner = boxed(frame, centered(place, place.width, rows), "", "", cx);
            write(frame, inner, &styled(lines, tone(said.tone, cx).1));
        }
    }

    /// How many columns and rows a real picture takes, where one is wanted and possible.
    fn real_size(&self, area: Rect, cx: &Context) -> Option<(u16, u16)> {
        cx.graphics().filter(|_| self.real && self.qr.is_ok())?;
        let rows = area.height.min(area.width / 2).min(TALLEST);
        (rows > 0).then_some((2 * rows, rows))
    }

    /// The real picture, and where it stands.
    pub(super) fn real_picture(&self, area: Rect, cx: &Context) -> Option<Graphic> {
        let (size, qr) = (self.real_size(area, cx)?, self.qr.as_ref().ok()?);
        let (place, _) = laid_out(size, area);
        let place = Rect { width: size.0, height: size.1, ..place };
        let bytes = match cx.graphics()? {
            Graphics::Kitty => qr.kitty(size.0, size.1),
            Graphics::Sixels => {
                let pixels =
                    usize::from(size.1) * usize::from(crate::output::cell_height().unwrap_or(CELL_HEIGHT));
                qr.sixels((pixels / qr.columns()).max(1))
            }
        };
        Some(Graphic { place, bytes })
    }

    /// Never a cut picture.
    fn no_picture(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let size = match &self.qr {
            Ok(qr) if cx.symbols.is_ascii() => format!(" ({}x{})", 2 * qr.columns(), qr.columns()),
            Ok(qr) => format!(" ({}x{})", qr.columns(), qr.rows()),
            Err(_) => String::new(),
        };
        let columns = usize::from(area.width.saturating_sub(2).min(60));
        let save = cx.keymap.shown(Do::QrSave);
        let way_out = format!("{save} saves it as PNG; a larger window shows it.");
        let before = if columns < 24 { "" } else { "The picture " };
        let first = format!("{before}does not fit{size}. {way_out}");
        let mut lines = styled(wrapped(&first, columns), cx.theme.warn);
        if usize::from(area.height) > lines.len() + 4 {
            lines.insert(0, (String::new(), cx.theme.text));
            lines.splice(0..0, self.names(columns, cx));
            lines.push((String::new(), cx.theme.text));
            lines.extend(styled(wrapped(&self.closes_words(cx), columns), cx.theme.text));
            lines.extend(said(columns, cx));
        } else if cx.notice.is_some() {
            lines = said(columns, cx);
        }
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        write(frame, centered(area, u16::try_from(columns).unwrap_or(0), rows), &lines);
    }

    /// What stands beside the picture.
    fn words(&self, columns: usize, cx: &Context) -> Vec<Line> {
        let text = cx.theme.text;
        let mut lines = self.names(columns, cx);
        lines.push((String::new(), text));
        let scan = format!(
            "Scan with the other device. Anyone who sees this can make your codes. {}",
            self.closes_words(cx)
        );
        lines.extend(styled(wrapped(&scan, columns), text));
        if let Some(advice) = self.advice {
            lines.extend(styled(wrapped(advice, columns), cx.theme.warn));
        }
        lines.push((String::new(), text));
        for (action, words) in [
            (Do::QrInvert, "invert colours"),
            (Do::QrSave, "save as PNG (0600)"),
            (Do::QrCopy, "copy otpauth link (asks)"),
            (Do::QrPicture, if self.real { "blocks instead" } else { "real picture" }),
            (Do::Close, "close"),
        ] {
            if action == Do::QrPicture && cx.graphics().is_none() || action == Do::QrInvert && self.real {
                continue;
            }
            let key = cx.keymap.shown(action);
            lines.push((cut(&format!("  {key:<3} {words}"), columns, cx.symbols), text));
        }
        lines.push((String::new(), text));
        if let Ok(qr) = &self.qr {
            let facts = format!(
                "{}x{} cells: version {}-{}, quiet zone 4.",
                qr.columns(),
                qr.rows(),
                qr.version(),
                qr.level()
            );
            lines.extend(styled(wrapped(&facts, columns), cx.theme.dim));
        }
        lines.extend(said(columns, cx));
        lines
    }

    fn names(&self, columns: usize, cx: &Context) -> Vec<Line> {
        let names = [(&self.issuer, cx.theme.head), (&self.account, cx.theme.text)];
        let names = names.into_iter().filter(|(name, _)| !name.is_empty());
        names.map(|(name, style)| (cut(name, columns, cx.symbols), style)).collect()
    }

    fn closes_words(&self, cx: &Context) -> String {
        if cx.is_calm() {
            return if self.left(cx) > 60 { "Closes in minutes." } else { "Closes in a minute." }.to_owned();
        }
        format!("Closes in {} s.", self.left(cx))
    }
}

/// Where the picture and the words beside it stand, and how many columns the words have.
fn laid_out((columns, height): (u16, u16), area: Rect) -> (Rect, u16) {
    let beside = area.width.saturating_sub(columns + GAP);
    let words = if beside >= WORDS { GAP + beside.min(WIDE) } else { 0 };
    (centered(area, columns + words, height), words)
}

/// The picture as lines, its columns and rows, where it fits as a whole.
pub fn drawn(qr: &Qr, inverted: bool, area: Rect, cx: &Context) -> Option<(Zeroizing<String>, (u16, u16))> {
    let (text, columns, rows) = if cx.symbols.is_ascii() {
        (qr.ascii(inverted), 2 * qr.columns(), qr.columns())
    } else {
        (qr.terminal(inverted), qr.columns(), qr.rows())
    };
    let text = Zeroizing::new(text);
    let fits = columns <= usize::from(area.width) && rows <= usize::from(area.height);
    let cells = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
    fits.then(|| (text, (cells(columns), cells(rows))))
}

/// What was last said: this screen has no row of status.
fn said(columns: usize, cx: &Context) -> Vec<Line> {
    let Some(notice) = &cx.notice else { return Vec::new() };
    let (symbol, style) = tone(notice.tone, cx);
    let text = format!("{symbol} {}", notice.text);
    let lines = wrapped(&text, columns);
    std::iter::once((String::new(), style)).chain(styled(lines, style)).collect()
}

fn styled(lines: Vec<String>, style: Style) -> Vec<Line> {
    lines.into_iter().map(|line| (line, style)).collect()
}

fn write(frame: &mut Frame<'_>, area: Rect, lines: &[Line]) {
    for (row, (line, style)) in area.rows().zip(lines) {
        put(frame, row, 0, line, *style);
    }
}
