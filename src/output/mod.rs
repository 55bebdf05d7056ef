//! The one place that prints. Data goes to stdout, all else to stderr; a closed pipe is an answer, not a crash.
//!
//! What is printed is decided by `cli`; names from outside have been through `text` before they come here, and
//! whatever slipped through is made visible here.

mod json;

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};

pub use json::ascii_safe;

/// Why data did not reach stdout.
#[derive(Debug)]
pub enum Unprinted {
    /// Nobody reads our output any more.
    Closed,
    /// The file or device behind it refused.
    Refused(io::Error),
}

/// Writes data to stdout at once and whole.
///
/// # Errors
/// [`Unprinted`]
pub fn data(text: &str) -> Result<(), Unprinted> {
    bytes(text.as_bytes())
}

/// Writes bytes of a file to stdout.
///
/// # Errors
/// [`Unprinted`]
pub fn bytes(bytes: &[u8]) -> Result<(), Unprinted> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Unprinted::Closed,
        _ => Unprinted::Refused(error),
    })
}

/// Writes what drives a terminal to stdout, in one piece: stdout's own buffer would cut it at each end of a line.
///
/// # Errors
/// When nobody is behind it any more.
#[cfg(unix)]
pub fn draw(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = io::stdout().lock();
    while !bytes.is_empty() {
        match rustix::io::write(&stdout, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Writes what drives a terminal to stdout.
///
/// # Errors
/// When nobody is behind it any more.
#[cfg(not(unix))]
pub fn draw(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

/// Writes a line for the person to stderr. Nothing depends on its arrival.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes a question to stderr and leaves the cursor behind it.
pub fn ask(question: &str) {
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "{question} ").and_then(|()| stderr.flush());
}

/// A terminal that can be written to without becoming data: stderr's, stdout's, or the one that this session belongs
/// to, though neither leads there.
pub fn terminal() -> Option<Box<dyn Write>> {
    if stderr_is_terminal() {
        return Some(Box::new(io::stderr()));
    }
    if stdout_is_terminal() {
        return Some(Box::new(io::stdout()));
    }
    let session = OpenOptions::new().write(true).open("/dev/tty").ok()?;
    Some(Box::new(session))
}

/// Columns and rows of the terminal behind stdout or stderr.
#[cfg(unix)]
pub fn terminal_size() -> Option<(u16, u16)> {
    let size =
        rustix::termios::tcgetwinsize(io::stdout()).or_else(|_| rustix::termios::tcgetwinsize(io::stderr()));
    size.ok().filter(|size| size.ws_col > 0).map(|size| (size.ws_col, size.ws_row))
}

/// Pixels of one row of the terminal behind stdout, where it says them.
#[cfg(unix)]
pub fn cell_height() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    size.ws_ypixel.checked_div(size.ws_row).filter(|height| *height > 0)
}

/// Pixels of one row of the terminal: not known on this system.
#[cfg(not(unix))]
pub fn cell_height() -> Option<u16> {
    None
}

/// Columns and rows of the terminal: not known on this system.
#[cfg(not(unix))]
pub fn terminal_size() -> Option<(u16, u16)> {
    None
}

/// Whether stdout is a terminal.
pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether stderr is a terminal.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether stdin is a terminal.
pub fn stdin_is_terminal() -> bool {
    io::stdin().is_terminal()
}
