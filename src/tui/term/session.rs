//! Taking the terminal over and giving it back: whatever way the program ends, it is as it was.

use std::{
    io, panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use ratatui::crossterm::{
    Command,
    cursor::Show,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};

use super::signals;
use crate::{output, tui::message::Stop};

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

/// The exit code of a program that panicked.
const PANICKED: i32 = 101;
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
        tell_panics_outside(modes);
        tty.enter()?;
        Ok(tty)
    }

    /// Takes it over once more, after a suspension. A second time is no harm: whoever was stopped by another way than
    /// ours finds the modes as the shell left them.
    ///
    /// # Errors
    /// When it is gone.
    pub fn enter(&self) -> io::Result<()> {
        let again = TAKEN.load(Ordering::SeqCst);
        if again {
            disable_raw_mode()?;
        }
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let mut modes = String::new();
        if self.modes.title && !again {
            modes.push_str(KEEP_TITLE);
        }
        push(&mut modes, EnterAlternateScreen);
        push(&mut modes, EnableBracketedPaste);
        push(&mut modes, EnableFocusChange);
        output::draw(modes.as_bytes())
    }

    /// Gives it back. A second time is no harm.
    pub fn leave(&self) {
        give_back(self.modes);
    }

    /// Gives it back, stops, and takes the terminal over again once it is continued.
    ///
    /// # Errors
    /// When the terminal is gone by then.
    pub fn suspend(&self, whose: Stop) -> io::Result<()> {
        self.leave();
        match whose {
            Stop::Group => signals::stop_group(),
            Stop::Program => signals::stop_myself(),
        }
        self.enter()
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        self.leave();
    }
}

fn give_back(modes: Modes) {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // The picture goes before the screen is left: some terminals keep the other screen to look at.
    let mut text = "\x1b[0m\x1b[2J".to_owned();
    push(&mut text, DisableFocusChange);
    push(&mut text, DisableBracketedPaste);
    push(&mut text, LeaveAlternateScreen);
    push(&mut text, Show);
    if modes.title {
        text.push_str(OLD_TITLE);
    }
    // A terminal that is gone needs no restoring.
    let _ = output::draw(text.as_bytes());
    let _ = disable_raw_mode();
}

/// A panic is told once the screen is left, or nobody could read it. One on another thread ends the program too: the
/// screens would wait for its answer for ever.
fn tell_panics_outside(modes: Modes) {
    let (tell, own) = (panic::take_hook(), thread::current().id());
    panic::set_hook(Box::new(move |what| {
        if thread::current().name() == Some(crate::qr::READER_THREAD) {
            return; // over a foreign picture: caught, and told as a damaged one
        }
        let is_own = thread::current().id() == own;
        // Nothing is drawn any more.
        let stdout = io::stdout().lock();
        give_back(modes);
        tell(what);
        if !is_own {
            std::process::exit(PANICKED);
        }
        drop(stdout);
    }));
}

fn push(text: &mut String, command: impl Command) {
    // Writing into a string cannot fail.
    let _ = command.write_ansi(text);
}
