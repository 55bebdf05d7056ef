//! The signals that mean something to a screen.

use std::sync::mpsc::Sender;

use crate::tui::message::Event;

/// Tells of signals until the program ends.
#[cfg(unix)]
pub(super) fn listen(events: Sender<Event>) {
    use crate::tui::message::Signal;
    use signal_hook::{
        consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH},
        iterator::Signals,
    };
    let Ok(mut signals) = Signals::new([SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH]) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGCONT => Event::Signal(Signal::Continue),
                SIGWINCH => Event::Resize,
                SIGHUP if is_gone() => Event::Gone,
                SIGHUP => Event::Signal(Signal::HangUp),
                _ => Event::Signal(Signal::Terminate),
            };
            if events.send(event).is_err() {
                break;
            }
        }
    });
}

/// Whether nobody is behind the terminal any more.
#[cfg(unix)]
fn is_gone() -> bool {
    rustix::termios::tcgetattr(std::io::stdout()).is_err()
}

#[cfg(not(unix))]
pub(super) fn listen(_events: Sender<Event>) {}
