//! A secret typed at the terminal: nothing of it is shown, from before the question is, and whatever ends or stops the
//! program meanwhile leaves the terminal as it was.

#[cfg(not(unix))]
mod console;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod terminal;

#[cfg(not(unix))]
pub use console::{leave_signals, secret};
#[cfg(unix)]
pub use signals::leave_signals;
#[cfg(unix)]
pub use terminal::secret;

/// The longest secret that is typed or pasted, in bytes.
const LONGEST: usize = 64 * 1024;
