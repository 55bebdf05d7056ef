//! What each part of the screen looks like. State is never told by colour alone: colour repeats a word or a symbol.

use ratatui::style::{Color, Modifier, Style};

/// The parts of the screen that have a look of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// All that is nothing else.
    pub text: Style,
    /// What can be overlooked.
    pub dim: Style,
    /// Heads of columns and boxes.
    pub head: Style,
    /// Lines.
    pub rule: Style,
    /// The selected row.
    pub selected: Style,
    /// The mark of the selected row.
    pub marker: Style,
    /// What the search found.
    pub matched: Style,
    /// A code.
    pub code: Style,
    /// The code after it.
    pub code_next: Style,
    /// Time left: plenty.
    pub time_ok: Style,
    /// Time left: ten seconds or less.
    pub time_warn: Style,
    /// Time left: less than five seconds.
    pub time_alert: Style,
    /// Done.
    pub ok: Style,
    /// Worth a look.
    pub warn: Style,
    /// Failed.
    pub error: Style,
    /// A QR code: black on white on any background.
    pub qr: Style,
}

impl Theme {
    /// The sixteen colours of the terminal's own palette on its own background: readable on dark and light.
    pub fn palette() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            text: plain,
            dim: plain.fg(Color::DarkGray),
            head: bold,
            rule: plain.fg(Color::DarkGray),
            selected: plain.add_modifier(Modifier::REVERSED),
            marker: plain.fg(Color::Cyan),
            matched: plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            code: bold,
            code_next: plain.fg(Color::DarkGray),
            time_ok: plain,
            time_warn: plain.fg(Color::Yellow),
            time_alert: bold.fg(Color::Red),
            ok: plain.fg(Color::Green),
            warn: plain.fg(Color::Yellow),
            error: bold.fg(Color::Red),
            qr: plain.fg(Color::White).bg(Color::Black),
        }
    }

    /// Without any colour: bold, reverse, underline.
    pub fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            text: plain,
            dim: plain,
            head: bold,
            rule: plain,
            selected: plain.add_modifier(Modifier::REVERSED),
            marker: bold,
            matched: plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            code: bold,
            code_next: plain,
            time_ok: plain,
            time_warn: plain.add_modifier(Modifier::UNDERLINED),
            time_alert: plain.add_modifier(Modifier::BOLD | Modifier::REVERSED),
            ok: plain,
            warn: bold,
            error: bold,
            qr: plain,
        }
    }
}
