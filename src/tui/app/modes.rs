//! Codes and admin mode: two stacks of screens that change places, and the answers of a server for both.

use std::time::Duration;

use super::{App, Shown, Turn};
use crate::{
    clock::running,
    tui::{
        admin::{
            answer::{Answer, Reply},
            link::PATIENCE,
        },
        message::Message,
        screen::{Extent, Screen, Step},
        screens::{
            admin::{lost::Lost, servers::Servers},
            codes::Codes,
        },
    },
};

impl App {
    /// Codes and admin mode change places. Each is found again as it was left.
    pub(super) fn switch(&mut self) {
        std::mem::swap(&mut self.stack, &mut self.other);
        self.shown = if self.shown == Shown::Admin { Shown::Codes } else { Shown::Admin };
        if self.stack.is_empty() {
            let first: Box<dyn Screen> = match self.shown {
                Shown::Admin => Box::new(Servers::new(&mut self.cx)),
                Shown::Codes => Box::new(Codes::new(&self.cx)),
            };
            self.stack.push(first);
        }
    }

    /// Hands a message to the screens, from the top; then to those of the other mode.
    pub(super) fn deliver(&mut self, message: &Message) -> Turn {
        if let Some(turn) = self.hand(message) {
            return turn;
        }
        std::mem::swap(&mut self.stack, &mut self.other);
        let turn = self.hand(message);
        std::mem::swap(&mut self.stack, &mut self.other);
        turn.unwrap_or(Turn::Go)
    }

    fn hand(&mut self, message: &Message) -> Option<Turn> {
        let mut first = None;
        for at in (0..self.stack.len()).rev() {
            let Some(screen) = self.stack.get_mut(at) else { continue };
            let step = screen.on_message(message, &mut self.cx);
            if !matches!(step, Step::Stay) && first.is_none() {
                first = Some((at, step));
            }
            // What a server said is news to the screens below too: the list behind the box that closes.
            if first.is_some() && !matches!(message, Message::Admin(_)) {
                break;
            }
        }
        let (at, step) = first?;
        self.stack.truncate(at + 1);
        Some(self.take(step))
    }

    /// A connection that was lost is told of once, unless a box is being filled in.
    pub(super) fn tell_of_trouble(&mut self) {
        let is_page = self.stack.last().is_some_and(|top| top.extent() != Extent::Box);
        if !is_page || self.shown != Shown::Admin || self.stack.len() < 2 {
            return;
        }
        let trouble =
            self.cx.admin.as_mut().filter(|link| link.is_open()).and_then(|link| link.trouble.as_mut());
        if let Some(trouble) = trouble.filter(|trouble| !trouble.told) {
            trouble.told = true;
            self.stack.push(Box::new(Lost::new(&self.cx)));
        }
    }

    /// Takes in what an answer says of the connection. Whether anybody waits for the answer.
    pub(super) fn hears(&mut self, reply: &Reply) -> bool {
        let now = self.cx.now();
        match &mut self.cx.admin {
            Some(link) => link.hears((reply.number, reply.took), &reply.answer, now),
            None => true,
        }
    }

    /// Stops waiting for a server; nothing where nobody waits.
    pub(super) fn stop_waiting(&mut self) -> Option<Turn> {
        let link = self.cx.admin.as_mut().filter(|link| link.is_waiting())?;
        let (numbers, name) = (link.cancel(), link.profile.name.clone());
        self.cx.warn(format!("No longer waiting for {name}. Ctrl-C again quits."));
        for number in numbers {
            let reply = Reply { number, took: Duration::ZERO, answer: Answer::Cancelled };
            self.deliver(&Message::Admin(reply));
        }
        Some(Turn::Go)
    }

    /// Without a vault there is nothing to unlock with: the connection goes, the servers stay.
    pub(super) fn drop_link(&mut self, why: &str) -> Turn {
        self.cx.clip.clear();
        self.cx.admin = None;
        let screens = if self.shown == Shown::Admin { &mut self.stack } else { &mut self.other };
        screens.truncate(1);
        self.cx.toast = None;
        self.cx.say(format!("{why} The connection is closed."));
        Turn::Go
    }

    /// The time until somebody has to be told that they wait, or for how long.
    pub fn wakes_in(&self) -> Option<Duration> {
        let waited = self.cx.admin.as_ref()?.waits(running())?;
        let second = Duration::from_secs(1);
        Some(PATIENCE.checked_sub(waited).unwrap_or(second))
    }
}
