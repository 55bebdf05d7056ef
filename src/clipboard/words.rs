//! The sentences about copying, the same on the screen and on the command line. They say what was done, never what is
//! unknown: a sequence that was sent has not been seen to arrive.

use std::{fmt::Write as _, fs::File, path::Path};

use super::{
    choose::{NoClipboard, Way},
    copies::{Clears, Copied},
};

/// Under so many seconds a code may run out before it is typed.
pub const SOON: u64 = 5;

/// The symbols before a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Done.
    pub done: &'static str,
    /// Done, with something to know.
    pub warning: &'static str,
    /// Not done.
    pub failed: &'static str,
}

/// Who reads it: that decides how the next step is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Of the command line.
    CommandLine,
    /// Of the full screen.
    Screen,
}

/// How long a code holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// For so many seconds from now.
    For(u64),
    /// It begins to hold in so many seconds.
    In(u64),
    /// Time does not end it.
    Untimed,
}

/// What a sentence is about.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// What was copied, after `text::safe`: `GitHub code`.
    pub what: &'a str,
    /// How long it holds.
    pub validity: Validity,
    /// The symbols.
    pub marks: Marks,
    /// Who reads it.
    pub reader: Reader,
}

impl Marks {
    /// For terminals that show them.
    pub const UNICODE: Self = Self { done: "✓", warning: "▲", failed: "×" };
    /// For all others.
    pub const ASCII: Self = Self { done: "+", warning: "!", failed: "x" };
}

impl Words<'_> {
    /// `✓ Copied GitHub code, valid 18 s, clipboard is cleared in 30 s`. `first_time` adds where to look when nothing
    /// can be pasted; see [`first_time_here`].
    pub fn copied(&self, copied: &Copied, first_time: bool) -> String {
        let mut sentence = match self.validity {
            Validity::For(left) if left < SOON => self.ends_soon(copied, left),
            _ => self.done(copied),
        };
        if first_time && matches!(copied.way, Way::Osc52 { .. }) {
            sentence.push_str(". Nothing to paste? sesam doctor clipboard");
        }
        sentence
    }

    /// `× No clipboard here (neither WAYLAND_DISPLAY nor DISPLAY is set). The code: 492 039`. `code` is given where
    /// the person may see it, grouped as on the screen.
    pub fn refused(&self, none: &NoClipboard, code: Option<&str>) -> String {
        format!("{} {}", self.marks.failed, no_clipboard(none, code))
    }

    fn done(&self, copied: &Copied) -> String {
        let mut sentence = format!("{} {}", self.marks.done, self.head(copied));
        let _ = match self.validity {
            Validity::For(left) => write!(sentence, ", valid {left} s"),
            Validity::In(seconds) => write!(sentence, ", valid in {seconds} s"),
            Validity::Untimed => Ok(()),
        };
        let _ = match (copied.clears, self.reader) {
            (Clears::Itself(after), _) => {
                write!(sentence, ", clipboard is cleared in {} s", after.as_secs())
            }
            (Clears::WhenCalled(after), Reader::Screen) => {
                write!(sentence, ", cleared in {} s", after.as_secs())
            }
            (Clears::WhenCalled(_), Reader::CommandLine) | (Clears::Never, _) => Ok(()),
        };
        sentence
    }

    fn ends_soon(&self, copied: &Copied, left: u64) -> String {
        let next = match self.reader {
            Reader::CommandLine => "--next",
            Reader::Screen => "Y",
        };
        // Short, so that the advice fits into a row of 80 columns.
        let head = match copied.way {
            Way::Osc52 { .. } => format!("Copied {} (OSC 52)", self.what),
            Way::Native | Way::Command => self.head(copied),
        };
        format!("{} {head}, only {left} s left. {next} copies the next one", self.marks.warning)
    }

    /// What was done, and no more than is known.
    fn head(&self, copied: &Copied) -> String {
        let what = self.what;
        match copied.way {
            Way::Native => format!("Copied {what}"),
            Way::Osc52 { .. } if copied.confirmed_terminal => {
                format!("Copied {what} to your terminal's clipboard")
            }
            Way::Osc52 { .. } => format!("Copied {what} to your terminal (OSC 52)"),
            Way::Command => {
                format!("Gave {what} to {}", copied.program.as_deref().unwrap_or("copy.command"))
            }
        }
    }
}

/// The same without a mark, for a line that begins with the program's name.
pub fn no_clipboard(none: &NoClipboard, code: Option<&str>) -> String {
    let mut sentence = none.to_string();
    sentence.replace_range(..1, "N");
    if let Some(code) = code {
        let _ = write!(sentence, ". The code: {code}");
    }
    sentence
}

/// Whether this is the first copy through a terminal that this machine remembers; it remembers it from now on. A
/// directory that cannot be written to is told the hint again, which does no harm.
pub fn first_time_here(state_dir: &Path) -> bool {
    let note = state_dir.join("copied-by-terminal");
    if note.exists() {
        return false;
    }
    let _ = std::fs::create_dir_all(state_dir).and_then(|()| File::create_new(&note));
    true
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clipboard::choose::{NoWay, Wrap};

    const TERMINAL: Way = Way::Osc52 { wrap: Wrap::Plain };

    fn words(validity: Validity, reader: Reader) -> Words<'static> {
        Words { what: "GitHub code", validity, marks: Marks::UNICODE, reader }
    }

    fn copied(way: Way, clears: Clears) -> Copied {
        Copied { way, program: None, confirmed_terminal: false, clears }
    }

    #[test]
    fn what_was_done_is_said_and_no_more() {
        let here = words(Validity::For(18), Reader::Screen);
        let native = copied(Way::Native, Clears::Itself(Duration::from_secs(30)));
        let sent = copied(TERMINAL, Clears::Never);
        let confirmed = Copied { confirmed_terminal: true, ..sent.clone() };
        let given = Copied { program: Some("xsel".into()), ..copied(Way::Command, Clears::Never) };
        for (copied, sentence) in [
            (&native, "✓ Copied GitHub code, valid 18 s, clipboard is cleared in 30 s"),
            (&copied(Way::Native, Clears::Never), "✓ Copied GitHub code, valid 18 s"),
            (&sent, "✓ Copied GitHub code to your terminal (OSC 52), valid 18 s"),
            (&confirmed, "✓ Copied GitHub code to your terminal's clipboard, valid 18 s"),
            (&given, "✓ Gave GitHub code to xsel, valid 18 s"),
        ] {
            assert_eq!(here.copied(copied, false), sentence);
        }
        let late = words(Validity::For(3), Reader::Screen);
        assert_eq!(late.copied(&native, false), "▲ Copied GitHub code, only 3 s left. Y copies the next one");
        let counted = words(Validity::Untimed, Reader::Screen);
        assert_eq!(counted.copied(&native, true), "✓ Copied GitHub code, clipboard is cleared in 30 s");
        let next = words(Validity::In(4), Reader::CommandLine);
        assert_eq!(next.copied(&sent, false), "✓ Copied GitHub code to your terminal (OSC 52), valid in 4 s");
    }

    #[test]
    fn the_next_step_is_named_as_the_reader_takes_it() {
        let sent = copied(TERMINAL, Clears::WhenCalled(Duration::from_secs(30)));
        for (reader, late, first) in [
            (
                Reader::Screen,
                "▲ Copied GitHub code (OSC 52), only 3 s left. Y copies the next one",
                "✓ Copied GitHub code to your terminal (OSC 52), valid 18 s, cleared in 30 s. Nothing to paste? \
                 sesam doctor clipboard",
            ),
            (
                Reader::CommandLine,
                "▲ Copied GitHub code (OSC 52), only 3 s left. --next copies the next one",
                "✓ Copied GitHub code to your terminal (OSC 52), valid 18 s. Nothing to paste? sesam doctor clipboard",
            ),
        ] {
            assert_eq!(words(Validity::For(3), reader).copied(&sent, false), late);
            assert_eq!(words(Validity::For(18), reader).copied(&sent, true), first);
        }
    }

    #[test]
    fn a_refusal_gives_every_reason_and_the_code_where_it_may_be_seen() {
        let none = NoClipboard(vec![NoWay::NoDisplay, NoWay::NoTerminal]);
        let here = Words { marks: Marks::ASCII, ..words(Validity::For(18), Reader::Screen) };
        assert_eq!(
            here.refused(&none, Some("492 039")),
            "x No clipboard here (neither WAYLAND_DISPLAY nor DISPLAY is set; there is no terminal to send it to). \
             The code: 492 039"
        );
        assert!(no_clipboard(&none, None).ends_with("send it to)"));
    }

    #[test]
    fn the_first_time_is_once() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state/sesam");
        assert!(first_time_here(&state));
        assert!(!first_time_here(&state));
    }
}
