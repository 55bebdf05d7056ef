//! Keys and pastes from the terminal.

use std::sync::mpsc::Sender;

use zeroize::Zeroizing;

use super::probe::Probe;
use crate::tui::{
    key::{Key, Press},
    message::Event,
};

/// What a burst of keys begins with that is a paste of a terminal without bracketed paste.
const LINK: &str = "otpauth";

/// Reads until the terminal is gone or nobody listens.
#[cfg(unix)]
pub(super) fn read(events: &Sender<Event>, probe: Option<Probe>) {
    use super::incoming::{Incoming, Next};
    let mut incoming = Incoming::default();
    if let Some(probe) = probe {
        let mut early = Vec::new();
        while !(incoming.is_answered && incoming.is_empty())
            && let Next::Events(more) = incoming.next(Some(probe.limit))
        {
            early.extend(more);
        }
        early.insert(0, Event::Terminal(incoming.answer));
        for event in early {
            if events.send(event).is_err() {
                return;
            }
        }
    }
    loop {
        match incoming.next(None) {
            Next::Late => {}
            Next::Gone => break,
            Next::Events(more) => {
                for event in more {
                    if events.send(event).is_err() {
                        return;
                    }
                }
            }
        }
    }
    // Nobody listens any more when the program is about to end.
    let _ = events.send(Event::Gone);
}

/// Reads until the terminal is gone or nobody listens: here the library does.
#[cfg(not(unix))]
pub(super) fn read(events: &Sender<Event>, _probe: Option<Probe>) {
    while let Ok(raw) = ratatui::crossterm::event::read() {
        if let Some(event) = as_event(raw)
            && events.send(event).is_err()
        {
            return;
        }
    }
    let _ = events.send(Event::Gone);
}

#[cfg(not(unix))]
fn as_event(raw: ratatui::crossterm::event::Event) -> Option<Event> {
    use ratatui::crossterm::event::{Event as Raw, KeyEventKind};
    match raw {
        Raw::Key(key) if key.kind != KeyEventKind::Release => Key::from_event(key).map(Event::Key),
        Raw::Paste(text) => Some(Event::Paste(Zeroizing::new(text))),
        Raw::Resize(..) => Some(Event::Resize),
        Raw::FocusGained => Some(Event::Focus(true)),
        Raw::FocusLost => Some(Event::Focus(false)),
        Raw::Key(_) | Raw::Mouse(_) => None,
    }
}

/// What came at once: a burst of characters that begins like a link is a paste.
pub fn coalesce(events: Vec<Event>) -> Vec<Event> {
    let typed: Zeroizing<String> = Zeroizing::new(events.iter().map_while(character).collect());
    if !typed.starts_with(LINK) {
        return events;
    }
    let rest = events.into_iter().skip(typed.chars().count());
    let mut rest = rest.skip_while(|event| matches!(event, Event::Key(key) if key.press == Press::Enter));
    let mut all = vec![Event::Paste(typed)];
    all.extend(&mut rest);
    all
}

/// Whether what has come so far may be the beginning of a burst that is a paste: the rest is worth a short wait. No
/// letter of its own begins like that.
pub fn begins_like_a_link(events: &[Event]) -> bool {
    let typed: Zeroizing<String> =
        Zeroizing::new(events.iter().map_while(character).take(LINK.len()).collect());
    typed.chars().count() == events.len().min(LINK.len()) && LINK.starts_with(typed.as_str())
}

fn character(event: &Event) -> Option<char> {
    match event {
        Event::Key(Key { press: Press::Char(char), ctrl: false, .. }) => Some(*char),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Event> {
        text.chars().map(|char| Event::Key(Key::char(char))).collect()
    }

    #[test]
    fn a_burst_that_begins_like_a_link_is_a_paste() {
        let mut burst = keys("otpauth://totp/a?secret=AA");
        burst.push(Event::Key(Key::plain(Press::Enter)));
        burst.push(Event::Resize);
        let all = coalesce(burst);
        assert_eq!(all.len(), 2, "the line end of the paste is no key");
        assert!(matches!(&all[0], Event::Paste(text) if text.as_str() == "otpauth://totp/a?secret=AA"));
        assert!(matches!(all[1], Event::Resize));
    }

    #[test]
    fn fast_fingers_are_no_paste() {
        assert_eq!(coalesce(keys("jjjo")).len(), 4);
        assert_eq!(coalesce(keys("otp")).len(), 3);
        assert!(coalesce(Vec::new()).is_empty());
        assert!(begins_like_a_link(&keys("o")) && begins_like_a_link(&keys("otpauth://")));
        assert!(!begins_like_a_link(&keys("j")) && !begins_like_a_link(&keys("otq")));
        assert!(!begins_like_a_link(&[Event::Resize]));
    }
}
