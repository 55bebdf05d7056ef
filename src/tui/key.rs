//! Keys as the action table names them: read from the settings, shown in hints, made from the terminal's events.
//!
//! What a key does is `action`'s business.

use std::fmt;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One press of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which key.
    pub press: Press,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Shift was held, for keys that are no character.
    pub shift: bool,
}

/// A key without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Press {
    /// Backspace.
    Backspace,
    /// A character, as the layout gives it.
    Char(char),
    /// Delete.
    Delete,
    /// Arrow down.
    Down,
    /// End.
    End,
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// F1 to F12.
    Function(u8),
    /// Home.
    Home,
    /// Insert.
    Insert,
    /// Arrow left.
    Left,
    /// Page down.
    PageDown,
    /// Page up.
    PageUp,
    /// Arrow right.
    Right,
    /// Tab, with Shift the one back.
    Tab,
    /// Arrow up.
    Up,
}

/// The names in the settings, and the words on the screen.
const NAMES: [(Press, &str, &str); 14] = [
    (Press::Backspace, "backspace", "Backspace"),
    (Press::Delete, "delete", "Del"),
    (Press::Down, "down", "↓"),
    (Press::End, "end", "End"),
    (Press::Enter, "enter", "Enter"),
    (Press::Esc, "esc", "Esc"),
    (Press::Home, "home", "Home"),
    (Press::Insert, "insert", "Ins"),
    (Press::Left, "left", "←"),
    (Press::PageDown, "pagedown", "PgDn"),
    (Press::PageUp, "pageup", "PgUp"),
    (Press::Right, "right", "→"),
    (Press::Tab, "tab", "Tab"),
    (Press::Up, "up", "↑"),
];

impl Key {
    /// A key without modifiers.
    pub const fn plain(press: Press) -> Self {
        Self { press, ctrl: false, shift: false }
    }

    /// A character.
    pub const fn char(char: char) -> Self {
        Self::plain(Press::Char(char))
    }

    /// Ctrl and a letter.
    pub const fn ctrl(char: char) -> Self {
        Self { press: Press::Char(char), ctrl: true, shift: false }
    }

    /// Reads a name: `j`, `G`, `ctrl-k`, `shift-tab`, `enter`, `f5`, `space`.
    ///
    /// ```
    /// use sesam::tui::key::Key;
    /// assert_eq!(Key::read("ctrl-k"), Some(Key::ctrl('k')));
    /// assert_eq!(Key::read("hyper-x"), None);
    /// ```
    pub fn read(name: &str) -> Option<Self> {
        let (mut rest, mut ctrl, mut shift) = (name, false, false);
        loop {
            if let Some(behind) = rest.strip_prefix("ctrl-").filter(|behind| !behind.is_empty()) {
                (rest, ctrl) = (behind, true);
            } else if let Some(behind) = rest.strip_prefix("shift-").filter(|behind| !behind.is_empty()) {
                (rest, shift) = (behind, true);
            } else {
                break;
            }
        }
        let press = read_press(rest)?;
        let folded = match press {
            Press::Char(char) if ctrl => Press::Char(char.to_ascii_lowercase()),
            Press::Char(char) if shift => Press::Char(char.to_ascii_uppercase()),
            other => other,
        };
        let shift = shift && !matches!(folded, Press::Char(_));
        Some(Self { press: folded, ctrl, shift })
    }

    /// The name in the settings.
    pub fn name(self) -> String {
        let press = match self.press {
            Press::Char(' ') => "space".to_owned(),
            Press::Char(char) => char.to_string(),
            Press::Function(number) => format!("f{number}"),
            other => table(other).0.to_owned(),
        };
        format!("{}{}{press}", if self.ctrl { "ctrl-" } else { "" }, if self.shift { "shift-" } else { "" })
    }

    /// What the terminal reports; `None` for keys that no action can have.
    pub fn from_event(event: KeyEvent) -> Option<Self> {
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let mut shift = event.modifiers.contains(KeyModifiers::SHIFT);
        if event.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META) {
            return None;
        }
        let press = match event.code {
            KeyCode::Char(char) => {
                shift = false;
                // Some terminals report Ctrl and a capital, some a small letter: Shift makes no difference there.
                Press::Char(if ctrl { char.to_ascii_lowercase() } else { char })
            }
            KeyCode::BackTab => {
                shift = true;
                Press::Tab
            }
            KeyCode::F(number) => Press::Function(number),
            other => plain_press(other)?,
        };
        Some(Self { press, ctrl, shift })
    }

    /// The same key where it lies on a US keyboard, for letters of another script.
    pub fn on_us_layout(self) -> Option<Self> {
        let Press::Char(char) = self.press else { return None };
        let us = super::layouts::us_position(char)?;
        Some(Self { press: Press::Char(us), ..self })
    }
}

/// As the hint line shows it: `Ctrl-K`, `Enter`, `j`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.shift {
            f.write_str("Shift-")?;
        }
        match self.press {
            Press::Char(' ') => f.write_str("Space"),
            Press::Char(char) if self.ctrl => write!(f, "{}", char.to_ascii_uppercase()),
            Press::Char(char) => write!(f, "{char}"),
            Press::Function(number) => write!(f, "F{number}"),
            other => f.write_str(table(other).1),
        }
    }
}

fn read_press(name: &str) -> Option<Press> {
    if name == "space" {
        return Some(Press::Char(' '));
    }
    if let Some((press, ..)) = NAMES.iter().find(|(_, known, _)| *known == name) {
        return Some(*press);
    }
    let number = name.strip_prefix('f').and_then(|number| number.parse().ok());
    if let Some(number) = number.filter(|number| (1..=12).contains(number)) {
        return Some(Press::Function(number));
    }
    let mut chars = name.chars();
    let char = chars.next().filter(|char| !char.is_control())?;
    chars.next().is_none().then_some(Press::Char(char))
}

fn plain_press(code: KeyCode) -> Option<Press> {
    Some(match code {
        KeyCode::Backspace => Press::Backspace,
        KeyCode::Delete => Press::Delete,
        KeyCode::Down => Press::Down,
        KeyCode::End => Press::End,
        KeyCode::Enter => Press::Enter,
        KeyCode::Esc => Press::Esc,
        KeyCode::Home => Press::Home,
        KeyCode::Insert => Press::Insert,
        KeyCode::Left => Press::Left,
        KeyCode::PageDown => Press::PageDown,
        KeyCode::PageUp => Press::PageUp,
        KeyCode::Right => Press::Right,
        KeyCode::Tab => Press::Tab,
        KeyCode::Up => Press::Up,
        _ => return None,
    })
}

fn table(press: Press) -> (&'static str, &'static str) {
    NAMES.iter().find(|(known, ..)| *known == press).map_or(("", ""), |(_, name, word)| (name, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_key() -> impl Strategy<Value = Key> {
        let press = prop_oneof![
            (1_u8..=12).prop_map(Press::Function),
            any::<char>()
                .prop_filter("a control character is no key", |char| !char.is_control())
                .prop_map(Press::Char),
            (0..NAMES.len()).prop_map(|at| NAMES[at].0),
        ];
        (press, any::<bool>(), any::<bool>()).prop_map(|(press, ctrl, shift)| match press {
            Press::Char(char) => {
                let char = if ctrl { char.to_ascii_lowercase() } else { char };
                Key { press: Press::Char(char), ctrl, shift: false }
            }
            press => Key { press, ctrl, shift },
        })
    }

    proptest! {
        #[test]
        fn a_name_reads_back(key in any_key()) {
            prop_assert_eq!(Key::read(&key.name()), Some(key));
        }
    }

    #[test]
    fn names_of_nothing_are_refused() {
        for name in ["", "ctrl-", "xx", "f13", "f0", "alt-x", "ctrl-enterx"] {
            assert_eq!(Key::read(name), None, "{name}");
        }
    }

    #[test]
    fn shift_belongs_to_the_character() {
        let event = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(Key::from_event(event), Some(Key::char('G')));
        assert_eq!(Key::read("shift-g"), Some(Key::char('G')));
        let back = KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);
        assert_eq!(Key::from_event(back), Key::read("shift-tab"));
    }
}
