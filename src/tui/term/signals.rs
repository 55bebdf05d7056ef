//! The signals that mean something to a screen.

use std::sync::{
    atomic::{AtomicBool, Ordering},
    mpsc::Sender,
};

use crate::tui::message::Event;

/// The next SIGTSTP is our own: it was sent to the whole group, and this program stops anyway.
static OWN_STOP: AtomicBool = AtomicBool::new(false);

/// Stops the whole group, as the terminal itself would do it: a shell waits for all of it.
#[cfg(unix)]
pub(super) fn stop_group() {
    use rustix::process::{Signal, kill_current_process_group};
    OWN_STOP.store(true, Ordering::SeqCst);
    let _ = kill_current_process_group(Signal::TSTP);
    stop_myself();
}

/// Stops this program alone, as somebody else asked for it.
#[cfg(unix)]
pub(super) fn stop_myself() {
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

#[cfg(not(unix))]
pub(super) fn stop_group() {}

#[cfg(not(unix))]
pub(super) fn stop_myself() {}

/// Tells of signals until the program ends.
#[cfg(unix)]
pub(super) fn listen(events: Sender<Event>) {
    use crate::tui::message::Signal;
    use signal_hook::{
        consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH},
        iterator::Signals,
    };
    let all = [SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH];
    let Ok(mut signals) = Signals::new(all) else { return };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP if OWN_STOP.swap(false, Ordering::SeqCst) => continue,
                SIGTSTP => Event::Signal(Signal::Stop),
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
