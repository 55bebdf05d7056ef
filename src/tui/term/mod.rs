//! The terminal: taken over, drawn on, listened to, and given back as it was.
//!
//! What is on the screen is the business of [`app`](super::app).

mod backend;
#[cfg(unix)]
mod bytes;
#[cfg(unix)]
mod incoming;
mod ink;
#[cfg(unix)]
mod input;
mod probe;
mod reader;
mod session;
mod signals;

pub use backend::Screenful;
pub use probe::Probe;
pub use reader::{begins_like_a_link, coalesce};
pub use session::{Modes, Tty};

use std::sync::mpsc::Sender;

use super::message::Event;

/// Listens to keys, to the terminal's answers and to signals, each on a thread that waits and costs nothing.
pub fn listen(events: &Sender<Event>, probe: Option<Probe>) {
    signals::listen(events.clone());
    let events = events.clone();
    std::thread::spawn(move || reader::read(&events, probe));
}
