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

/// What came at once: a burst of characters that begins like a link is a paste. Word of the terminal or of a job may
/// come between them.
pub fn coalesce(events: Vec<Event>) -> Vec<Event> {
    let typed: Zeroizing<String> = Zeroizing::new(keys(&events).map_while(character).collect());
    if !typed.starts_with(LINK) {
        return events;
    }
    let (mut left, mut all, mut rest) = (typed.chars().count(), Vec::new(), Vec::new());
    for event in events {
        match event {
            Event::Key(_) if left > 0 => left -= 1,
            Event::Key(key) if rest.is_empty() && key.press == Press::Enter => {}
            other if left > 0 => all.push(other),
            other => rest.push(other),
        }
    }
    all.push(Event::Paste(typed));
    all.append(&mut rest);
    all
}

/// Whether what has come so far may be the beginning of a burst that is a paste: the rest is worth a short wait. No
/// letter of its own begins like that.
pub fn begins_like_a_link(events: &[Event]) -> bool {
    let typed: Zeroizing<String> =
        Zeroizing::new(keys(events).map_while(character).take(LINK.len()).collect());
    let pressed = keys(events).take(LINK.len()).count();
    !typed.is_empty() && typed.chars().count() == pressed && LINK.starts_with(typed.as_str())
}

fn keys(events: &[Event]) -> impl Iterator<Item = &Event> {
    events.iter().filter(|event| matches!(event, Event::Key(_)))
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

    fn typed(text: &str) -> Vec<Event> {
        text.chars().map(|char| Event::Key(Key::char(char))).collect()
    }

    #[test]
    fn a_burst_that_begins_like_a_link_is_a_paste() {
        let mut burst = typed("otpauth://totp/a?secret=AA");
        burst.push(Event::Key(Key::plain(Press::Enter)));
        burst.push(Event::Resize);
        let all = coalesce(burst);
        assert_eq!(all.len(), 2, "the line end of the paste is no key");
        assert!(matches!(&all[0], Event::Paste(text) if text.as_str() == "otpauth://totp/a?secret=AA"));
        assert!(matches!(all[1], Event::Resize));
    }

    #[test]
    fn word_of_the_terminal_between_them_changes_nothing() {
        let mut burst = vec![Event::Focus(true)];
        burst.extend(typed("otp"));
        assert!(begins_like_a_link(&burst));
        burst.push(Event::Resize);
        burst.extend(typed("auth://totp/a?secret=AA"));
        assert!(begins_like_a_link(&burst));
        burst.push(Event::Key(Key::plain(Press::Enter)));
        burst.push(Event::Focus(false));
        let all = coalesce(burst);
        assert!(matches!(&all[..2], [Event::Focus(true), Event::Resize]));
        assert!(matches!(&all[2], Event::Paste(text) if text.as_str() == "otpauth://totp/a?secret=AA"));
        assert!(matches!(&all[3..], [Event::Focus(false)]));
    }

    #[test]
    fn fast_fingers_are_no_paste() {
        assert_eq!(coalesce(typed("jjjo")).len(), 4);
        assert_eq!(coalesce(typed("otp")).len(), 3);
        assert!(coalesce(Vec::new()).is_empty());
        assert!(begins_like_a_link(&typed("o")) && begins_like_a_link(&typed("otpauth://")));
        assert!(!begins_like_a_link(&typed("j")) && !begins_like_a_link(&typed("otq")));
        assert!(!begins_like_a_link(&[Event::Resize]));
    }
}
