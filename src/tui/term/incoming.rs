//! What the terminal sends, read by ourselves: the library reads it only when the system tells it anew that there is
//! something, and forgets that when the window changes its size at the same time. A key would wait for the next one.

use std::{io::Read as _, time::Duration};

use zeroize::{Zeroize as _, Zeroizing};

use super::{
    bytes::{self, PASTE, Read},
    input::{self, Input},
};
use crate::tui::{
    key::{Key, Press},
    message::{Answer, Event},
};

/// More than the standard input keeps for itself, so that nothing is kept where nobody waits for it.
const AT_ONCE: usize = 16_384;
/// How long the rest of what has begun is waited for: it would be taken for keys.
const REST: Duration = Duration::from_secs(1);
/// The same for Esc, which may be the key.
const REST_OF_ESC: Duration = Duration::from_millis(50);
const ESC: &[u8] = b"\x1b";

/// The bytes that have come and are no whole piece yet.
#[derive(Default)]
pub(super) struct Incoming {
    bytes: Zeroizing<Vec<u8>>,
    /// What the terminal said of itself.
    pub(super) answer: Answer,
    /// Whether it has said all of it.
    pub(super) is_answered: bool,
}

/// What came.
pub(super) enum Next {
    /// These events; none where it was an answer, or only the beginning of something.
    Events(Vec<Event>),
    /// Nothing, for as long as was allowed.
    Late,
    /// Nobody is behind the terminal any more.
    Gone,
}

impl Incoming {
    /// Waits for what comes next, without a limit where there is none.
    pub(super) fn next(&mut self, limit: Option<Duration>) -> Next {
        let limit = match self.bytes.as_slice() {
            [] => limit,
            ESC => Some(limit.unwrap_or_default().max(REST_OF_ESC)),
            begun if begun.starts_with(PASTE[0]) => None,
            _ => Some(REST),
        };
        match input::wait(limit) {
            Input::Gone => Next::Gone,
            Input::Late if self.bytes.is_empty() => Next::Late,
            Input::Late => Next::Events(self.give_up()),
            Input::There => self.take(),
        }
    }

    /// Whether nothing has begun.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The rest does not come.
    fn give_up(&mut self) -> Vec<Event> {
        let is_esc = self.bytes.as_slice() == ESC;
        self.bytes.zeroize();
        if is_esc { vec![Event::Key(Key::plain(Press::Esc))] } else { Vec::new() }
    }

    fn take(&mut self) -> Next {
        let mut piece = Zeroizing::new([0; AT_ONCE]);
        let Ok(count @ 1..) = std::io::stdin().lock().read(&mut *piece) else { return Next::Gone };
        self.bytes.extend_from_slice(&piece[..count]);
        let (mut events, mut at) = (Vec::new(), 0);
        while let Some((length, read)) = bytes::read(&self.bytes[at..]) {
            match read {
                Read::Attributes(has) => {
                    (self.answer.takes_osc52, self.is_answered) = (Some(has.takes_osc52), true);
                    self.answer.draws_sixels = has.draws_sixels;
                }
                Read::Column(column) => self.answer.wide_symbols = column > 2,
                Read::Focus(has_focus) => events.push(Event::Focus(has_focus)),
                Read::Other => {}
                Read::Pasted(text) => events.push(pasted(&self.bytes[at + PASTE[0].len()..][..text])),
                Read::Typed(key) => events.push(Event::Key(key)),
            }
            at += length;
        }
        self.bytes.drain(..at);
        Next::Events(events)
    }
}

fn pasted(text: &[u8]) -> Event {
    Event::Paste(Zeroizing::new(String::from_utf8_lossy(text).into_owned()))
}
