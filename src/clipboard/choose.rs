//! Which way to a clipboard is taken: decided from facts, without touching the world.

use super::surroundings::{Multiplexer, Surroundings, Terminal};

/// What the user wants: the setting `copy.method`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// OSC 52 over SSH, else native, else OSC 52.
    #[default]
    Auto,
    /// The clipboard of this machine.
    Native,
    /// The terminal's escape sequence.
    Osc52,
    /// The program in `copy.command`.
    Command,
    /// Never.
    None,
}

/// A way to a clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The clipboard of this machine, held by a process of ours and read back.
    Native,
    /// The terminal's clipboard. Nothing tells whether it arrived.
    Osc52 {
        /// How the sequence gets through to the terminal.
        wrap: Wrap,
    },
    /// The program in `copy.command`.
    Command,
}

/// How an OSC 52 sequence gets through to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrap {
    /// As it is.
    Plain,
    /// In pieces of DCS strings, for GNU screen.
    Screen,
    /// In tmux's passthrough string: tmux hands it on unread.
    TmuxPasses,
    /// As it is; tmux takes it (`set-clipboard on`), keeps a buffer of it and tells the terminal.
    TmuxTakes,
}

/// Why a way cannot be taken. `Display` is a part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    /// The program of `copy.command` failed.
    #[error("{program} {how}")]
    CommandFailed {
        /// The program, without its arguments.
        program: String,
        /// `ended with exit code 1`, `did not end within 5 s`.
        how: String,
    },
    /// The display is named, and does not let us.
    #[error("the display does not take it: {0}")]
    DisplayRefuses(String),
    /// `copy.method` is `command`, and there is none.
    #[error("copy.command is empty")]
    NoCommand,
    /// This session has no display.
    #[error("neither WAYLAND_DISPLAY nor DISPLAY is set")]
    NoDisplay,
    /// Nothing that an escape sequence could be written to.
    #[error("there is no terminal to send it to")]
    NoTerminal,
    /// `copy.method` is `none`.
    #[error("copying is switched off: copy.method is none")]
    Off,
    /// The terminal is one without a clipboard.
    #[error("the terminal {0} has no clipboard")]
    TerminalHasNone(String),
    /// tmux neither takes the sequence nor hands it on.
    #[error("tmux passes nothing on: set-clipboard is {set_clipboard}, allow-passthrough is off")]
    TmuxRefuses {
        /// What tmux says: `external` or `off`.
        set_clipboard: String,
    },
    /// More than terminals take in one sequence.
    #[error("{0} bytes are more than a terminal takes")]
    TooLong(usize),
    /// The terminal is gone.
    #[error("the terminal cannot be written to: {0}")]
    Unwritten(String),
}

/// There is no clipboard, with every reason why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no clipboard here ({})", join(.0))]
pub struct NoClipboard(pub Vec<NoWay>);

impl Method {
    /// The words of the settings.
    pub const WORDS: [&str; 5] = ["auto", "native", "osc52", "command", "none"];

    /// The method of a word of the settings.
    pub fn named(word: &str) -> Option<Self> {
        let all = [Self::Auto, Self::Native, Self::Osc52, Self::Command, Self::None];
        Self::WORDS.iter().position(|known| *known == word).map(|at| all[at])
    }
}

impl NoWay {
    /// What helps, as a command where there is one.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoCommand => Some(r#"sesam config set copy.command '["xsel", "-ib"]'"#),
            Self::Off => Some("sesam config set copy.method auto"),
            Self::TmuxRefuses { .. } => Some("tmux set -s set-clipboard on"),
            _ => None,
        }
    }
}

/// The way that is taken.
///
/// # Errors
/// Every reason why there is none.
pub fn choose(method: Method, command: &[String], around: &Surroundings) -> Result<Way, NoClipboard> {
    let chosen = match method {
        Method::Auto => return automatic(around),
        Method::Native => native(around),
        Method::Osc52 => osc52(around),
        Method::Command if command.is_empty() => Err(NoWay::NoCommand),
        Method::Command => Ok(Way::Command),
        Method::None => Err(NoWay::Off),
    };
    chosen.map_err(|reason| NoClipboard(vec![reason]))
}

/// Over SSH the display of the far machine is nobody's: only the terminal is where the person is.
fn automatic(around: &Surroundings) -> Result<Way, NoClipboard> {
    let nearby = if around.ssh { None } else { Some(native(around)) };
    match nearby {
        Some(Ok(way)) => Ok(way),
        Some(Err(display)) => osc52_unasked(around).map_err(|terminal| NoClipboard(vec![display, terminal])),
        None => osc52_unasked(around).map_err(|terminal| NoClipboard(vec![terminal])),
    }
}

fn native(around: &Surroundings) -> Result<Way, NoWay> {
    around.native.map(|_| Way::Native).ok_or(NoWay::NoDisplay)
}

/// Not to a terminal that would only show the sequence as text; who asks for `osc52` by name knows better.
pub(super) fn osc52_unasked(around: &Surroundings) -> Result<Way, NoWay> {
    match &around.terminal {
        Terminal::Deaf(name) if around.takes_osc52 != Some(true) => Err(NoWay::TerminalHasNone(name.clone())),
        _ => osc52(around),
    }
}

fn osc52(around: &Surroundings) -> Result<Way, NoWay> {
    if around.terminal == Terminal::None {
        return Err(NoWay::NoTerminal);
    }
    let wrap = match &around.multiplexer {
        Multiplexer::None => Wrap::Plain,
        Multiplexer::Screen => Wrap::Screen,
        Multiplexer::Tmux(None) => Wrap::TmuxTakes,
        Multiplexer::Tmux(Some(says)) if says.set_clipboard == "on" => Wrap::TmuxTakes,
        Multiplexer::Tmux(Some(says)) if says.passes => Wrap::TmuxPasses,
        Multiplexer::Tmux(Some(says)) => {
            return Err(NoWay::TmuxRefuses { set_clipboard: says.set_clipboard.clone() });
        }
    };
    Ok(Way::Osc52 { wrap })
}

fn join(reasons: &[NoWay]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clipboard::{surroundings::Native, tmux::TmuxSays};

    fn here(ssh: bool, display: bool, multiplexer: Multiplexer) -> Surroundings {
        let native = display.then_some(Native::X11);
        Surroundings { ssh, native, multiplexer, terminal: Terminal::Hears, takes_osc52: None }
    }

    fn tmux(set_clipboard: &str, passes: bool) -> Multiplexer {
        Multiplexer::Tmux(Some(TmuxSays { set_clipboard: set_clipboard.into(), passes }))
    }

    fn chosen(method: Method, around: &Surroundings) -> String {
        match choose(method, &["xsel".to_owned()], around) {
            Ok(Way::Osc52 { wrap }) => format!("{wrap:?}"),
            Ok(way) => format!("{way:?}"),
            Err(none) => none.to_string(),
        }
    }

    #[test]
    fn the_way_follows_from_where_the_person_sits() {
        use Multiplexer as M;
        for (ssh, display, multiplexer, way) in [
            (false, true, M::None, "Native"),
            (false, true, tmux("off", false), "Native"),
            (false, false, M::None, "Plain"),
            (true, true, M::None, "Plain"),
            (true, true, M::Screen, "Screen"),
            (true, false, M::Tmux(None), "TmuxTakes"),
            (true, false, tmux("on", false), "TmuxTakes"),
            (true, false, tmux("on", true), "TmuxTakes"),
            (true, false, tmux("external", true), "TmuxPasses"),
            (true, false, tmux("off", true), "TmuxPasses"),
            (
                true,
                true,
                tmux("external", false),
                "no clipboard here (tmux passes nothing on: set-clipboard is external, allow-passthrough is off)",
            ),
            (
                false,
                false,
                tmux("off", false),
                "no clipboard here (neither WAYLAND_DISPLAY nor DISPLAY is set; tmux passes nothing on: set-clipboard \
                 is off, allow-passthrough is off)",
            ),
        ] {
            let around = here(ssh, display, multiplexer);
            assert_eq!(chosen(Method::Auto, &around), way, "{around:?}");
        }
    }

    #[test]
    fn a_method_that_is_named_is_taken_or_refused_but_never_replaced() {
        let local = here(false, true, Multiplexer::None);
        let remote = here(true, false, Multiplexer::None);
        for (method, around, way) in [
            (Method::Native, &remote, "no clipboard here (neither WAYLAND_DISPLAY nor DISPLAY is set)"),
            (Method::Native, &local, "Native"),
            (Method::Osc52, &local, "Plain"),
            (Method::Command, &remote, "Command"),
            (Method::None, &local, "no clipboard here (copying is switched off: copy.method is none)"),
        ] {
            assert_eq!(chosen(method, around), way);
        }
        assert_eq!(choose(Method::Command, &[], &local), Err(NoClipboard(vec![NoWay::NoCommand])));
    }

    #[test]
    fn a_terminal_without_a_clipboard_is_left_alone_unless_it_says_otherwise() {
        let mut around = here(true, false, Multiplexer::None);
        around.terminal = Terminal::Deaf("linux".into());
        assert_eq!(chosen(Method::Auto, &around), "no clipboard here (the terminal linux has no clipboard)");
        assert_eq!(chosen(Method::Osc52, &around), "Plain");
        around.takes_osc52 = Some(true);
        assert_eq!(chosen(Method::Auto, &around), "Plain");
        around.terminal = Terminal::None;
        assert_eq!(chosen(Method::Osc52, &around), "no clipboard here (there is no terminal to send it to)");
    }

    #[test]
    fn each_word_of_the_settings_is_a_method() {
        assert!(Method::WORDS.iter().all(|word| Method::named(word).is_some()));
        assert_eq!((Method::named("osc52"), Method::named("")), (Some(Method::Osc52), None));
    }
}
