//! Taking the terminal over and giving it back: whatever way the program ends, it is as it was.

use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
};

use ratatui::crossterm::{
    Command,
    cursor::Show,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};

use crate::output;

/// What is asked of the terminal while it is ours.
#[derive(Clone, Copy, Debug)]
pub struct Modes {
    /// The title of the window is `sesam`, the old one comes back.
    pub title: bool,
}

/// The terminal while it is ours. It is given back when this goes.
pub struct Tty {
    modes: Modes,
}

/// Whether it is ours at the moment.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Puts the title of the window on the terminal's stack, and takes it from there.
const KEEP_TITLE: &str = "\x1b[22;0t\x1b]0;sesam\x07";
const OLD_TITLE: &str = "\x1b[23;0t";

impl Tty {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When there is none.
    pub fn take(modes: Modes) -> io::Result<Self> {
        let tty = Self { modes };
        tty.enter()?;
        Ok(tty)
    }

    /// Takes it over once more, after a suspension.
    ///
    /// # Errors
    /// When it is gone.
    pub fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let mut modes = String::new();
        if self.modes.title {
            modes.push_str(KEEP_TITLE);
        }
        push(&mut modes, EnterAlternateScreen);
        push(&mut modes, EnableBracketedPaste);
        push(&mut modes, EnableFocusChange);
        output::draw(modes.as_bytes())
    }

    /// Gives it back. A second time is no harm.
    pub fn leave(&self) {
        if !TAKEN.swap(false, Ordering::SeqCst) {
            return;
        }
        // The picture goes before the screen is left: some terminals keep the other screen to look at.
        let mut modes = "\x1b[0m\x1b[2J".to_owned();
        push(&mut modes, DisableFocusChange);
        push(&mut modes, DisableBracketedPaste);
        push(&mut modes, LeaveAlternateScreen);
        push(&mut modes, Show);
        if self.modes.title {
            modes.push_str(OLD_TITLE);
        }
        // A terminal that is gone needs no restoring.
        let _ = output::draw(modes.as_bytes());
        let _ = disable_raw_mode();
    }

    /// Stops this process as Ctrl-Z does, and takes the terminal over again once it is continued.
    ///
    /// # Errors
    /// When the terminal is gone by then.
    pub fn suspend(&self) -> io::Result<()> {
        self.leave();
        stop_myself();
        self.enter()
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.leave();
    }
}

fn push(text: &mut String, command: impl Command) {
    // Writing into a string cannot fail.
    let _ = command.write_ansi(text);
}

#[cfg(unix)]
fn stop_myself() {
    use rustix::process::{Signal, kill_current_process_group};
    // The whole group stops, as the terminal itself would do it: a shell waits for all of it.
    let _ = kill_current_process_group(Signal::TSTP);
}

#[cfg(not(unix))]
fn stop_myself() {}
