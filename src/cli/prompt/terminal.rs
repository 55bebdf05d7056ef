//! The question at the controlling terminal.

use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr},
};
use signal_hook::{consts::SIGINT, low_level::emulate_default_handler};
use zeroize::Zeroizing;

use super::{LONGEST, signals::Signals};

const CTRL_D: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const DELETE: u8 = 0x7f;

/// Asks at the terminal of this process, whatever its stdin is.
///
/// # Errors
/// [`ErrorKind::Interrupted`] after Ctrl-C, [`ErrorKind::UnexpectedEof`] after Ctrl-D or when the terminal is gone,
/// and whatever the system says where there is no terminal.
pub fn secret(question: &str) -> io::Result<Zeroizing<String>> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let signals = Signals::watch()?;
    let mut terminal = Silent::new(terminal)?;
    let typed = line(&mut terminal, &signals, question);
    let _ = writeln!(terminal.file);
    drop((terminal, signals));
    std::str::from_utf8(&typed?)
        .map(|text| Zeroizing::new(text.to_owned()))
        .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

fn line(terminal: &mut Silent, signals: &Signals, question: &str) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut typed = Zeroizing::new(Vec::with_capacity(LONGEST)); // it never grows, so no copy stays behind
    write!(terminal.file, "{question} ")?;
    loop {
        match next(terminal, signals)? {
            Event::Key(b'\r' | b'\n') => return Ok(typed),
            Event::Key(CTRL_D) if typed.is_empty() => return Err(ErrorKind::UnexpectedEof.into()),
            Event::Key(CTRL_D) => return Ok(typed),
            Event::Key(CTRL_U) => typed.clear(),
            Event::Key(BACKSPACE | DELETE) => remove_last(&mut typed),
            Event::Key(byte) if typed.len() < LONGEST => typed.push(byte),
            Event::Key(_) => {}
            Event::Signal(SIGINT) => return Err(ErrorKind::Interrupted.into()),
            Event::Signal(signal) => {
                terminal.aside(signal)?;
                write!(terminal.file, "{question} ")?;
            }
        }
    }
}

/// Removes the last character, of however many bytes.
fn remove_last(typed: &mut Vec<u8>) {
    while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
}

enum Event {
    Key(u8),
    Signal(i32),
}

/// The next key or signal. Signals are looked at first: a key may never come.
fn next(terminal: &mut Silent, signals: &Signals) -> io::Result<Event> {
    loop {
        let mut waiting =
            [PollFd::new(&signals.wake, PollFlags::IN), PollFd::new(&terminal.file, PollFlags::IN)];
        match poll(&mut waiting, None) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let readable = !waiting[1].revents().is_empty();
        if let Some(signal) = signals.take() {
            return Ok(Event::Signal(signal));
        }
        if readable {
            let mut byte = Zeroizing::new([0]);
            terminal.file.read_exact(&mut *byte)?;
            return Ok(Event::Key(byte[0]));
        }
    }
}

/// A terminal that shows nothing of what is typed, and gives each key at once, until it is dropped.
struct Silent {
    file: File,
    before: Termios,
}

impl Silent {
    fn new(file: File) -> io::Result<Self> {
        let before = tcgetattr(&file)?;
        let silent = Self { file, before };
        silent.hush()?;
        Ok(silent)
    }

    fn hush(&self) -> io::Result<()> {
        let mut modes = self.before.clone();
        modes.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::IEXTEN;
        modes.special_codes[SpecialCodeIndex::VMIN] = 1;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        Ok(tcsetattr(&self.file, OptionalActions::Now, &modes)?)
    }

    fn speak(&self) -> io::Result<()> {
        Ok(tcsetattr(&self.file, OptionalActions::Now, &self.before)?)
    }

    /// Does what the signal does to a program, with the terminal as it was; silent again if the program goes on.
    fn aside(&mut self, signal: i32) -> io::Result<()> {
        let _ = writeln!(self.file);
        self.speak()?;
        emulate_default_handler(signal)?;
        self.hush()
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = self.speak();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backspace_takes_a_whole_character() {
        let mut typed = "aé株".as_bytes().to_vec();
        for left in ["aé", "a", "", ""] {
            remove_last(&mut typed);
            assert_eq!(typed, left.as_bytes());
        }
    }
}
