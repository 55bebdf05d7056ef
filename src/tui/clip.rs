//! The clipboard as the screens see it. How a text gets there is the room [`clipboard`](crate::clipboard)'s business.

use std::{path::PathBuf, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::{
    clipboard::{
        Clears, Clipboard, Copied, Copies, Settings, Surroundings, Way,
        words::{Marks, Reader, Validity, Words, first_time_here, no_clipboard},
    },
    clock::Clock,
};

/// What is copied.
pub struct Copy<'a> {
    /// The text.
    pub text: &'a str,
    /// Whose code it is, safe to show: `GitHub`.
    pub name: &'a str,
    /// The seconds that it is valid for; `None` for one that time does not end.
    pub left: Option<u64>,
    /// Whether it is the code after the present one.
    pub is_next: bool,
    /// Whether it is a secret or a link rather than a code: then it is taken away again, whatever the settings say.
    pub is_secret: bool,
}

/// Puts codes where they can be pasted from, and takes them away again.
pub trait Clip {
    /// Copies, and says in one sentence what was really done.
    ///
    /// # Errors
    /// The sentence says why there is no clipboard and gives the code, for that is what the person needs.
    fn copy(&mut self, copy: &Copy<'_>) -> Result<String, String>;

    /// Takes away what was copied from here, where that can be done and it is still there. Whether it was done.
    fn clear(&mut self) -> bool;

    /// The terminal said whether it takes OSC 52.
    fn heard(&mut self, _takes_osc52: Option<bool>) {}

    /// Bytes for the terminal, to be written between two pictures.
    fn take_output(&mut self) -> Vec<u8> {
        Vec::new()
    }

    /// How long until [`Clip::clear`] is due by itself, where nobody else does it.
    fn clears_in(&self) -> Option<Duration> {
        None
    }
}

/// The clipboard of this session.
pub struct Board {
    settings: Settings,
    clock: Arc<dyn Clock>,
    /// Where this machine remembers that the way was told of once; nothing in the demo.
    state_dir: Option<PathBuf>,
    takes_osc52: Option<bool>,
    /// Made for the first copy: tmux has to be asked for it.
    clipboard: Option<Clipboard>,
    output: Vec<u8>,
    /// What was copied and may still be there: until when, and whether it has to be taken away from here.
    last: Option<(Timestamp, bool)>,
}

impl Board {
    /// The clipboard that these settings mean.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, state_dir: Option<PathBuf>) -> Self {
        Self {
            settings,
            clock,
            state_dir,
            takes_osc52: None,
            clipboard: None,
            output: Vec::new(),
            last: None,
        }
    }

    fn note(&mut self, copied: &Copied) {
        let until =
            |span: Duration| self.clock.now() + SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        self.last = match copied.clears {
            Clears::Itself(span) => Some((until(span), false)),
            Clears::WhenCalled(span) => Some((until(span), true)),
            Clears::Never => None,
        };
    }
}

impl Clip for Board {
    fn copy(&mut self, copy: &Copy<'_>) -> Result<String, String> {
        let clipboard = self.clipboard.get_or_insert_with(|| {
            let surroundings = Surroundings { takes_osc52: self.takes_osc52, ..Surroundings::read(true) };
            Clipboard::new(self.settings.clone(), surroundings)
        });
        let copied = clipboard.copy(copy.text, &mut self.output);
        let copied = copied.map_err(|none| format!("{}.", no_clipboard(&none, None)))?;
        self.note(&copied);
        let what =
            if copy.is_next { format!("{} next code", copy.name) } else { format!("{} code", copy.name) };
        let validity = match copy.left {
            Some(left) if copy.is_next => Validity::In(left),
            Some(left) => Validity::For(left),
            None => Validity::Untimed,
        };
        let words = Words { what: &what, validity, marks: Marks::UNICODE, reader: Reader::Screen };
        let by_terminal = matches!(copied.way, Way::Osc52 { .. });
        let first = by_terminal && self.state_dir.as_deref().is_some_and(first_time_here);
        // The row of status has a symbol of its own.
        let sentence = words.copied(&copied, first);
        Ok(sentence.split_once(' ').map_or(sentence.clone(), |(_, rest)| rest.to_owned()))
    }

    fn clear(&mut self) -> bool {
        let was_there = self.last.take().is_some_and(|(until, _)| until > self.clock.now());
        if let Some(clipboard) = &mut self.clipboard {
            clipboard.clear(&mut self.output);
        }
        was_there
    }

    fn heard(&mut self, takes_osc52: Option<bool>) {
        self.takes_osc52 = takes_osc52;
        self.clipboard = None;
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn clears_in(&self) -> Option<Duration> {
        let (until, is_mine) = self.last?;
        let left = until.duration_since(self.clock.now());
        is_mine.then(|| Duration::try_from(left).unwrap_or(Duration::ZERO))
    }
}
