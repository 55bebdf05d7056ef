//! The bytes that a terminal sends, as keys, pasted texts and answers.

use memchr::memmem;

use crate::tui::key::{Key, Press};

/// What stands around a pasted text.
pub(super) const PASTE: [&[u8]; 2] = [b"\x1b[200~", b"\x1b[201~"];
/// The parameter of a terminal that takes OSC 52.
const TAKES_OSC52: &str = "52";
/// That of one that draws sixels.
const DRAWS_SIXELS: &str = "4";

/// What a terminal says that it can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) takes_osc52: bool,
    pub(super) draws_sixels: bool,
}

/// What a piece of input was.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// Who the terminal is.
    Attributes(Attributes),
    /// The column of the cursor, counted from 1.
    Column(u16),
    /// The terminal has the focus now, or lost it.
    Focus(bool),
    /// Nothing of all this: keys that no action can have, answers to questions of others.
    Other,
    /// A pasted text: so many bytes behind the first of [`PASTE`].
    Pasted(usize),
    /// A key.
    Typed(Key),
}

/// Reads the first piece of the input and its length; `None` where more has to come. Esc alone may be the beginning of
/// something.
pub(super) fn read(input: &[u8]) -> Option<(usize, Read)> {
    let typed = |press| Read::Typed(Key::plain(press));
    match input {
        [] | [0x1b] | [0x1b, b'O'] | [0x1b, b'[', b'['] => None,
        [0x1b, 0x1b, ..] => Some((1, typed(Press::Esc))),
        [0x1b, b'O', last, ..] => Some((3, sequence("", *last))),
        // The console of Linux: F1 to F5.
        [0x1b, b'[', b'[', last @ b'A'..=b'E', ..] => Some((4, typed(Press::Function(last - b'A' + 1)))),
        [0x1b, b'[', rest @ ..] if input.starts_with(PASTE[0]) => {
            let length = memmem::find(&rest[PASTE[0].len() - 2..], PASTE[1])?;
            Some((PASTE[0].len() + length + PASTE[1].len(), Read::Pasted(length)))
        }
        [0x1b, b'[', rest @ ..] => {
            let end = rest.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
            let parameters = std::str::from_utf8(&rest[..end]).unwrap_or_default();
            Some((end + 3, sequence(parameters, rest[end])))
        }
        [0x1b, b']' | b'P' | b'X' | b'^' | b'_', rest @ ..] => {
            let bell = memchr::memchr(0x07, rest).map(|at| at + 3);
            let end = memmem::find(rest, b"\x1b\\").map(|at| at + 4);
            Some((bell.into_iter().chain(end).min()?, Read::Other))
        }
        // Alt and a key: no action has that, and it is not Esc and the key.
        [0x1b, rest @ ..] => read(rest).map(|(length, _)| (length + 1, Read::Other)),
        [b'\r' | b'\n', ..] => Some((1, typed(Press::Enter))),
        [b'\t', ..] => Some((1, typed(Press::Tab))),
        [0x7f | 0x08, ..] => Some((1, typed(Press::Backspace))),
        [byte @ 1..=0x1a, ..] => Some((1, Read::Typed(Key::ctrl(char::from(byte + b'`'))))),
        [first, ..] => character(*first, input),
    }
}

fn character(first: u8, input: &[u8]) -> Option<(usize, Read)> {
    let length = match first {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    let Ok(text) = std::str::from_utf8(input.get(..length)?) else { return Some((1, Read::Other)) };
    let key = text.chars().next().filter(|char| !char.is_control()).map(Key::char);
    Some((length, key.map_or(Read::Other, Read::Typed)))
}

/// A sequence by its parameters and its last byte.
fn sequence(parameters: &str, last: u8) -> Read {
    let mut numbers = parameters.split(';');
    let (first, second) = (numbers.next().unwrap_or_default(), numbers.next());
    let press = match (last, first) {
        (b'c', _) => return Read::Attributes(Attributes::of(parameters.trim_start_matches('?'))),
        (b'R', _) if second.is_some() => {
            let column = second.and_then(|column| column.parse().ok());
            return column.map_or(Read::Other, Read::Column);
        }
        (b'I' | b'O', "") => return Read::Focus(last == b'I'),
        (b'A', _) => Press::Up,
        (b'B', _) => Press::Down,
        (b'C', _) => Press::Right,
        (b'D', _) => Press::Left,
        (b'F', _) | (b'~', "4" | "8") => Press::End,
        (b'H', _) | (b'~', "1" | "7") => Press::Home,
        (b'M', "") => Press::Enter,
        (b'P'..=b'S', _) => Press::Function(last - b'P' + 1),
        (b'Z', _) => Press::Tab,
        (b'~', number) => match number.parse() {
            Ok(2) => Press::Insert,
            Ok(3) => Press::Delete,
            Ok(5) => Press::PageUp,
            Ok(6) => Press::PageDown,
            Ok(number @ 11..=15) => Press::Function(number - 10),
            Ok(number @ 17..=21) => Press::Function(number - 11),
            Ok(number @ 23..=24) => Press::Function(number - 12),
            _ => return Read::Other,
        },
        _ => return Read::Other,
    };
    modified(press, second, last == b'Z')
}

impl Attributes {
    fn of(parameters: &str) -> Self {
        // The first is the class of the terminal.
        let has = |wanted: &str| parameters.split(';').skip(1).any(|parameter| parameter == wanted);
        Self { takes_osc52: has(TAKES_OSC52), draws_sixels: has(DRAWS_SIXELS) }
    }
}

/// A key with the modifiers that its second parameter names: one more than a sum of 1 Shift, 2 Alt, 4 Ctrl, 8 Super.
fn modified(press: Press, modifiers: Option<&str>, shift: bool) -> Read {
    let held = match modifiers.map(str::parse::<u8>) {
        None => 0,
        Some(Ok(number)) => number.saturating_sub(1),
        Some(Err(_)) => return Read::Other,
    };
    if held & !0b101 != 0 {
        return Read::Other;
    }
    Read::Typed(Key { press, ctrl: held & 0b100 != 0, shift: shift || held & 0b001 != 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn is(input: &str, length: usize, what: Read) {
        assert_eq!(read(input.as_bytes()), Some((length, what)), "{input:?}");
    }

    #[test]
    fn keys_have_the_names_of_the_settings() {
        for (input, name) in [
            ("x", "x"),
            ("é", "é"),
            ("\r", "enter"),
            ("\n", "enter"),
            ("\t", "tab"),
            ("\x7f", "backspace"),
            ("\x03", "ctrl-c"),
            ("\x1b[A", "up"),
            ("\x1bOB", "down"),
            ("\x1b[1;2C", "shift-right"),
            ("\x1b[1;5D", "ctrl-left"),
            ("\x1b[Z", "shift-tab"),
            ("\x1b[H", "home"),
            ("\x1b[4~", "end"),
            ("\x1b[2~", "insert"),
            ("\x1b[3~", "delete"),
            ("\x1b[5~", "pageup"),
            ("\x1b[6~", "pagedown"),
            ("\x1bOP", "f1"),
            ("\x1b[[B", "f2"),
            ("\x1b[13~", "f3"),
            ("\x1b[15~", "f5"),
            ("\x1b[17~", "f6"),
            ("\x1b[21~", "f10"),
            ("\x1b[24~", "f12"),
            ("\x1bOM", "enter"),
        ] {
            is(input, input.len(), Read::Typed(Key::read(name).expect(name)));
        }
        is("\x1b\x1b[A", 1, Read::Typed(Key::plain(Press::Esc)));
    }

    #[test]
    fn answers_and_texts_are_no_keys() {
        is("\x1b[1;2R", 6, Read::Column(2));
        is("\x1b[?62;4;52cx", 11, Read::Attributes(Attributes { takes_osc52: true, draws_sixels: true }));
        is("\x1b[?1;2c", 7, Read::Attributes(Attributes::default()));
        is("\x1b[I", 3, Read::Focus(true));
        is("\x1b[O", 3, Read::Focus(false));
        is("\x1b[200~q\x1b[B\x1b[201~j", 16, Read::Pasted(4));
        is("\x1b]11;rgb:c/c/c\x07j", 15, Read::Other);
        is("\x1bP>|xterm\x1b\\j", 11, Read::Other);
        is("\x1bd", 2, Read::Other);
        is("\x1b[1;3A", 6, Read::Other);
        is("\x1b[;;;;R", 7, Read::Other);
    }

    #[test]
    fn what_has_only_begun_waits_for_its_rest() {
        for input in
            ["", "\x1b", "\x1b[", "\x1b[?62", "\x1bO", "\x1b[[", "\x1b[200~q", "\x1b]11;rgb:c", "\x1bPx"]
        {
            assert_eq!(read(input.as_bytes()), None, "{input:?}");
        }
        assert_eq!(read(&[0xe6, 0xa0]), None);
        assert_eq!(read(&[0xe6, b'x', b'y']), Some((1, Read::Other)));
    }

    proptest! {
        #[test]
        fn no_input_is_too_strange(input: Vec<u8>) {
            let mut rest = input.as_slice();
            while let Some((length, _)) = read(rest) {
                prop_assert!(length > 0 && length <= rest.len());
                rest = &rest[length..];
            }
        }
    }
}
