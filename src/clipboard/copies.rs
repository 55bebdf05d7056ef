//! The clipboard as screens and commands use it: copy a text, clear it again.

use std::{io::Write, path::PathBuf, time::Duration};

use super::{
    choose::{Method, NoClipboard, NoWay, Way, Wrap, choose, osc52_unasked},
    command,
    keeper::{Keeper, this_program},
    osc52,
    surroundings::Surroundings,
};

/// What the settings say of copying: `[copy]`, but for `near_expiry`, which is about codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The way that is wanted.
    pub method: Method,
    /// Program and arguments for [`Method::Command`].
    pub command: Vec<String>,
    /// How long a text stays; `None` is until somebody else copies.
    pub clear_after: Option<Duration>,
    /// Whether the terminal's clipboard is cleared too, whatever is in it by then.
    pub clear_osc52: bool,
}

/// What was done with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The way that it took.
    pub way: Way,
    /// The program that got it, for [`Way::Command`].
    pub program: Option<String>,
    /// The terminal said that it has a clipboard.
    pub confirmed_terminal: bool,
    /// How it goes away again.
    pub clears: Clears,
}

/// How a copied text goes away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clears {
    /// By itself after this time, also when this program has ended.
    Itself(Duration),
    /// When the caller calls [`Copies::clear`], which the settings want after this time.
    WhenCalled(Duration),
    /// Not at all.
    Never,
}

/// What copies. The programs use [`Clipboard`]; the test of a screen gives one of its own.
pub trait Copies: Send {
    /// Puts `text` on the clipboard. Escape sequences go to `terminal` in one write, and nothing else does.
    ///
    /// Takes some milliseconds, and two seconds where a display does not answer. What was copied before is let go.
    ///
    /// # Errors
    /// [`NoClipboard`] with every reason; then nothing was copied.
    fn copy(&mut self, text: &str, terminal: &mut dyn Write) -> Result<Copied, NoClipboard>;

    /// Takes the last copied text away: on locking, on quitting, and when [`Clears::WhenCalled`] is due. A native
    /// clipboard is cleared only if it still holds our text, the terminal's only if the settings say so (it cannot be
    /// read). Does nothing when there is nothing to clear.
    fn clear(&mut self, terminal: &mut dyn Write);
}

/// The clipboard of this session. Dropped, it leaves a native clipboard to its term.
#[derive(Debug)]
pub struct Clipboard {
    settings: Settings,
    surroundings: Surroundings,
    program: PathBuf,
    last: Last,
}

/// What of ours may still lie on a clipboard.
#[derive(Debug, Default)]
enum Last {
    #[default]
    Nothing,
    Kept(Keeper),
    Sent(Wrap),
}

impl Clipboard {
    /// The clipboard that these settings mean in these surroundings.
    pub fn new(settings: Settings, surroundings: Surroundings) -> Self {
        Self { settings, surroundings, program: this_program(), last: Last::Nothing }
    }

    /// With another sesam to hold the native clipboard: a test's own program is none.
    #[must_use]
    pub fn kept_by(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = program.into();
        self
    }

    /// The way that the next copy would take, nothing having been tried.
    ///
    /// # Errors
    /// Every reason why there is none.
    pub fn way(&self) -> Result<Way, NoClipboard> {
        choose(self.settings.method, &self.settings.command, &self.surroundings)
    }

    /// Other surroundings from now on: tmux was asked again, or the terminal has answered.
    pub fn set_surroundings(&mut self, surroundings: Surroundings) {
        self.surroundings = surroundings;
    }

    fn take(&mut self, way: Way, text: &str, terminal: &mut dyn Write) -> Result<Copied, NoWay> {
        let after = self.settings.clear_after;
        let (last, program, clears) = match way {
            Way::Native => {
                let keeper = Keeper::start(&self.program, text, after)?;
                (Last::Kept(keeper), None, after.map(Clears::Itself))
            }
            Way::Osc52 { wrap } => {
                send(text, wrap, terminal)?;
                let clears = after.filter(|_| self.settings.clear_osc52).map(Clears::WhenCalled);
                (Last::Sent(wrap), None, clears)
            }
            Way::Command => {
                command::run(&self.settings.command, text)?;
                (Last::Nothing, self.settings.command.first().cloned(), None)
            }
        };
        self.last = last;
        let confirmed_terminal =
            matches!(way, Way::Osc52 { .. }) && self.surroundings.takes_osc52 == Some(true);
        Ok(Copied { way, program, confirmed_terminal, clears: clears.unwrap_or(Clears::Never) })
    }
}

impl Copies for Clipboard {
    fn copy(&mut self, text: &str, terminal: &mut dyn Write) -> Result<Copied, NoClipboard> {
        let way = self.way()?;
        let refusal = match self.take(way, text, terminal) {
            Ok(copied) => return Ok(copied),
            Err(refusal) => refusal,
        };
        if way != Way::Native || self.settings.method != Method::Auto {
            return Err(NoClipboard(vec![refusal]));
        }
        let second = osc52_unasked(&self.surroundings).and_then(|way| self.take(way, text, terminal));
        second.map_err(|terminal| NoClipboard(vec![refusal, terminal]))
    }

    fn clear(&mut self, terminal: &mut dyn Write) {
        match std::mem::take(&mut self.last) {
            Last::Kept(keeper) => drop(keeper.clear()),
            Last::Sent(wrap) if self.settings.clear_osc52 => {
                let _ = write_whole(terminal, &osc52::clearing(wrap)); // a terminal that is gone shows nothing
            }
            Last::Sent(_) | Last::Nothing => {}
        }
    }
}

fn send(text: &str, wrap: Wrap, terminal: &mut dyn Write) -> Result<(), NoWay> {
    if text.len() > osc52::LONGEST {
        return Err(NoWay::TooLong(text.len()));
    }
    let sequence = osc52::sequence(text, wrap);
    write_whole(terminal, &sequence).map_err(|error| NoWay::Unwritten(error.to_string()))
}

fn write_whole(terminal: &mut dyn Write, bytes: &[u8]) -> std::io::Result<()> {
    terminal.write_all(bytes)?;
    terminal.flush()
}
