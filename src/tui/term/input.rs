//! Waiting for the terminal to say something, or to go.

use std::time::Duration;

/// What came of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// There is something to read.
    There,
    /// The time is over.
    Late,
    /// Nobody is behind the terminal any more.
    Gone,
}

/// Waits until there is input, for as long as the limit allows.
pub(super) fn wait(limit: Option<Duration>) -> Input {
    use rustix::{
        event::{PollFd, PollFlags, Timespec, poll},
        io::Errno,
    };
    let stdin = std::io::stdin();
    let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
    loop {
        let mut wanted = [PollFd::new(&stdin, PollFlags::IN)];
        return match poll(&mut wanted, limit.as_ref()) {
            Err(Errno::INTR) => continue,
            Ok(0) => Input::Late,
            Ok(_) if wanted[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => {
                Input::Gone
            }
            Ok(_) => Input::There,
            Err(_) => Input::Gone,
        };
    }
}
