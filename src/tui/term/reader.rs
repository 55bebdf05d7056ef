//! Keys and pastes from the terminal.

use std::{io, sync::mpsc::Sender, time::Duration};

use ratatui::crossterm::event::{self, Event as Raw, KeyEventKind};
use zeroize::Zeroizing;

use super::{
    input::{self, Input},
    probe::Probe,
};
use crate::tui::{
    key::{Key, Press},
    message::Event,
};

/// What a burst of keys begins with that is a paste of a terminal without bracketed paste.
const LINK: &str = "otpauth";

/// Reads until the terminal is gone or nobody listens.
pub(super) fn read(events: &Sender<Event>, probe: Option<Probe>) {
    if let Some(probe) = probe {
        for event in probe.listen() {
            if events.send(event).is_err() {
                return;
            }
        }
    }
    // The library's own waiting would spin on a terminal that has gone.
    while input::wait(None) == Input::There {
        match pass_on(events) {
            Ok(true) => {}
            Ok(false) => return,
            Err(_) => break,
        }
    }
    // Nobody listens any more when the program is about to end.
    let _ = events.send(Event::Gone);
}

/// Passes on what has come; false when nobody listens any more.
fn pass_on(events: &Sender<Event>) -> io::Result<bool> {
    while event::poll(Duration::ZERO)? {
        if let Some(event) = as_event(event::read()?)
            && events.send(event).is_err()
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What an event of the terminal is to us.
pub fn as_event(raw: Raw) -> Option<Event> {
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
    }
}
