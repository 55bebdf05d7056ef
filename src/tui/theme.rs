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
    /// The built-in themes; each is told apart in sixteen colours.
    pub const NAMES: [&str; 5] = ["default", "mono", "high-contrast", "deuteranopia", "prod-red"];

    /// A built-in theme.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "default" => Self::palette(),
            "mono" => Self::mono(),
            "high-contrast" => Self::high_contrast(),
            "deuteranopia" => Self::deuteranopia(),
            "prod-red" => Self::prod_red(),
            _ => return None,
        })
    }

    /// Nothing is grey.
    fn high_contrast() -> Self {
        let plain = Style::new();
        let bright = |color| plain.add_modifier(Modifier::BOLD).fg(color);
        Self {
            dim: plain,
            rule: plain,
            code_next: plain,
            time_warn: bright(Color::LightYellow),
            time_alert: bright(Color::LightRed).add_modifier(Modifier::REVERSED),
            ok: bright(Color::LightGreen),
            warn: bright(Color::LightYellow),
            error: bright(Color::LightRed).add_modifier(Modifier::REVERSED),
            marker: bright(Color::LightCyan),
            ..Self::palette()
        }
    }

    /// Blue and yellow in place of green and red.
    fn deuteranopia() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            marker: plain.fg(Color::Blue),
            time_alert: bold.fg(Color::Yellow).add_modifier(Modifier::REVERSED),
            ok: plain.fg(Color::Blue),
            error: bold.fg(Color::Yellow).add_modifier(Modifier::REVERSED),
            ..Self::palette()
        }
    }

    /// For a server on which people depend: heads and lines are red, so that nobody is there unawares.
    fn prod_red() -> Self {
        let plain = Style::new();
        let red = plain.fg(Color::White).bg(Color::Red).add_modifier(Modifier::BOLD);
        Self { head: red, rule: plain.fg(Color::Red), marker: plain.fg(Color::Red), ..Self::palette() }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_theme_is_one_of_its_own() {
        let all: Vec<Theme> = Theme::NAMES.iter().map(|name| Theme::named(name).unwrap()).collect();
        for (at, theme) in all.iter().enumerate() {
            assert!(!all[..at].contains(theme), "{}", Theme::NAMES[at]);
            assert!(theme.error != theme.text && theme.warn != theme.text, "{}", Theme::NAMES[at]);
        }
        assert_eq!(Theme::named("odd"), None);
    }
}
