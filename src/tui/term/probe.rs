//! What the terminal is asked at the start, and its answers. Nothing waits for them: the first picture is drawn at once,
//! and a terminal that says nothing, or says it late, costs nobody a key.

use std::{io::Read as _, time::Duration};

use super::input::{self, Input};
use crate::{
    output,
    tui::{
        key::{Key, Press},
        message::{Answer, Event},
    },
};

/// A symbol of uncertain width in the first cell, the question where the cursor is then, and the cell made empty;
/// then who the terminal is, which every terminal answers last.
const QUESTIONS: &str = "\x1b[1;1H★\x1b[6n\r\x1b[K\x1b[c";
/// The parameter of a terminal that takes OSC 52.
const TAKES_OSC52: &str = "52";

/// The questions, once they are asked.
pub struct Probe {
    limit: Duration,
}

/// What a piece of input was.
#[derive(Debug, PartialEq, Eq)]
pub enum Read {
    /// The column of the cursor, counted from 1.
    Column(u16),
    /// Who the terminal is: its parameters. The last answer.
    Attributes(bool),
    /// A key that somebody pressed already.
    Typed(Key),
    /// An escape sequence that is none of them.
    Other,
}

impl Probe {
    /// Asks; `None` where nothing is to be asked.
    pub fn ask(limit: Duration) -> Option<Self> {
        if limit.is_zero() || output::draw(QUESTIONS.as_bytes()).is_err() {
            return None;
        }
        Some(Self { limit })
    }

    /// Waits for the answers as long as was allowed. What was typed meanwhile is handed on.
    pub(super) fn listen(self) -> Vec<Event> {
        let (mut answer, mut events, mut bytes) = (Answer::default(), Vec::new(), Vec::new());
        let mut ended = false;
        while !ended && input::wait(Some(self.limit)) == Input::There {
            let mut piece = [0; 256];
            let Ok(count @ 1..) = std::io::stdin().lock().read(&mut piece) else { break };
            bytes.extend_from_slice(&piece[..count]);
            while let Some((length, read)) = read_answer(&bytes) {
                bytes.drain(..length);
                match read {
                    Read::Column(column) => answer.wide_symbols = column > 2,
                    Read::Attributes(takes) => (answer.takes_osc52, ended) = (Some(takes), true),
                    Read::Typed(key) => events.push(Event::Key(key)),
                    Read::Other => {}
                }
            }
        }
        events.insert(0, Event::Terminal(answer));
        events
    }
}

/// Reads the first answer or key of the input and its length; `None` where more has to come.
pub fn read_answer(input: &[u8]) -> Option<(usize, Read)> {
    match input {
        [] | [0x1b] => None,
        [0x1b, b'[', rest @ ..] => {
            let end = rest.iter().position(|byte| (0x40..=0x7e).contains(byte))?;
            let parameters = std::str::from_utf8(&rest[..end]).unwrap_or_default();
            Some((end + 3, sequence(parameters, rest[end])))
        }
        [0x1b, ..] => Some((1, Read::Typed(Key::plain(Press::Esc)))),
        [b'\r' | b'\n', ..] => Some((1, Read::Typed(Key::plain(Press::Enter)))),
        [b'\t', ..] => Some((1, Read::Typed(Key::plain(Press::Tab)))),
        [0x7f | 0x08, ..] => Some((1, Read::Typed(Key::plain(Press::Backspace)))),
        [byte @ 1..=0x1a, ..] => Some((1, Read::Typed(Key::ctrl(char::from(byte + b'`'))))),
        [byte, ..] => {
            let length = match byte {
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => 1,
            };
            let char = std::str::from_utf8(input.get(..length)?).ok().and_then(|text| text.chars().next());
            let key = char.filter(|char| !char.is_control()).map(Key::char);
            Some((length, key.map_or(Read::Other, Read::Typed)))
        }
    }
}

fn sequence(parameters: &str, last: u8) -> Read {
    let arrow = |press| Read::Typed(Key::plain(press));
    match (last, parameters) {
        (b'R', place) => {
            let column = place.split(';').nth(1).and_then(|column| column.parse().ok());
            column.map_or(Read::Other, Read::Column)
        }
        (b'c', who) => Read::Attributes(who.trim_start_matches('?').split(';').any(|one| one == TAKES_OSC52)),
        (b'A', "") => arrow(Press::Up),
        (b'B', "") => arrow(Press::Down),
        (b'C', "") => arrow(Press::Right),
        (b'D', "") => arrow(Press::Left),
        _ => Read::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_keys_are_told_apart() {
        assert_eq!(read_answer(b"\x1b[1;2R"), Some((6, Read::Column(2))));
        assert_eq!(read_answer(b"\x1b[1;3Rx"), Some((6, Read::Column(3))));
        assert_eq!(read_answer(b"\x1b[?62;4;52c"), Some((11, Read::Attributes(true))));
        assert_eq!(read_answer(b"\x1b[?1;2c"), Some((7, Read::Attributes(false))));
        assert_eq!(read_answer(b"x\x1b["), Some((1, Read::Typed(Key::char('x')))));
        assert_eq!(read_answer("é".as_bytes()), Some((2, Read::Typed(Key::char('é')))));
        assert_eq!(read_answer(b"\r"), Some((1, Read::Typed(Key::plain(Press::Enter)))));
        assert_eq!(read_answer(b"\x03"), Some((1, Read::Typed(Key::ctrl('c')))));
        assert_eq!(read_answer(b"\x1b[?62"), None, "half an answer");
        assert_eq!(read_answer(b""), None);
    }
}
