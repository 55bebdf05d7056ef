//! Step 1: where the accounts come from. What is typed is looked at while somebody types; nothing is written.

use std::path::Path;

use ratatui::{Frame, layout::Rect};

use super::{
    detected,
    preview::Preview,
    supply::{self, supplies},
};
use crate::{
    clipboard::picture::{NoPicture, picture},
    formats::SourcePassphrase,
    import::{Look, Prepared, Supply, look, read},
    tui::{
        action::Do,
        context::Context,
        key::Key,
        message::{Handed, Message},
        notice::sentence,
        screen::{Extent, Hint, Screen, Step},
        screens::files::Files,
        widgets::{
            field::{Field, Took},
            path::{Completed, PathField},
        },
    },
};

/// The longest passphrase, in characters.
const LIMIT: usize = 4_096;
/// The box of the first step.
pub struct Source {
    pub(super) path: PathField,
    /// What was pasted or chosen, in place of a path.
    pub(super) given: Vec<Supply>,
    taking: Option<u64>,
    pub(super) passphrase: Field,
    pub(super) on_passphrase: bool,
    looking: Option<u64>,
    look: Vec<Look>,
    /// Enter came while the sources were looked at: go on as soon as it shows whether they need a password.
    going: bool,
    /// The number of the question, and what is read: the field may say something else by then.
    reading: Option<(u64, Vec<Supply>)>,
    pub(super) fault: Option<String>,
}

impl Source {
    /// An empty box.
    pub fn new() -> Self {
        Self {
            path: PathField::new(),
            given: Vec::new(),
            taking: None,
            passphrase: Field::new(LIMIT),
            on_passphrase: false,
            looking: None,
            look: Vec::new(),
            going: false,
            reading: None,
            fault: None,
        }
    }

    /// A box that holds a pasted link or list, on its way to the second step.
    pub fn with_content(text: &str, cx: &mut Context) -> Self {
        let mut source = Self::new();
        source.given = vec![supply::content(text.trim())];
        source.look_at_it(cx);
        source.go_on(cx);
        source
    }

    fn supplies(&self) -> Vec<Supply> {
        if self.given.is_empty() { supplies(&self.path.text()) } else { self.given.clone() }
    }

    /// What is there is looked at on a thread of its own; only the newest answer counts.
    fn look_at_it(&mut self, cx: &mut Context) {
        self.look.clear();
        (self.looking, self.fault, self.going) = (None, None, false);
        let supplies = self.supplies();
        let there = |supply: &Supply| !matches!(supply, Supply::File(path) if !path.exists());
        if supplies.is_empty() || !supplies.iter().all(there) {
            return;
        }
        self.looking = Some(cx.jobs.ask(move |number| Message::Looked(number, look(&supplies))));
    }

    fn go_on(&mut self, cx: &mut Context) {
        let supplies = self.supplies();
        let Some(session) = cx.session.as_ref().filter(|_| self.reading.is_none()) else { return };
        if supplies.is_empty() {
            self.fault = Some("Type, drop or paste what the accounts are in.".to_owned());
            return;
        }
        if self.looking.is_some() {
            self.going = true;
            return;
        }
        if detected::needs_passphrase(&self.look) && self.passphrase.is_empty() {
            self.on_passphrase = true;
            return;
        }
        let typed = self.passphrase.text();
        let passphrases = Some(SourcePassphrase::new(&typed)).filter(|_| !typed.is_empty());
        let vault = std::sync::Arc::clone(&session.vault);
        self.fault = None;
        let named = supplies.clone();
        let number = cx.jobs.ask(move |number| {
            let batch = read(&supplies, None, passphrases.as_slice());
            if let Some((name, error)) = batch.unread().next()
                && batch.sources.iter().all(|source| source.decoded.is_err())
            {
                let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                return Message::NotPrepared(number, format!("{name}: {error}{hint}."));
            }
            match Prepared::new(batch, &vault) {
                Ok(prepared) => Message::Prepared(number, Handed::new(prepared)),
                Err(error) => Message::NotPrepared(number, sentence(&error)),
            }
        });
        self.reading = Some((number, named));
    }

    fn reads(&self, number: u64) -> bool {
        self.reading.as_ref().is_some_and(|(own, _)| *own == number)
    }

    fn complete(&mut self, cx: &mut Context) {
        if self.on_passphrase || !self.given.is_empty() {
            return self.switch();
        }
        match self.path.complete() {
            Completed::Nothing if self.asks_passphrase() => return self.switch(),
            Completed::Nothing => cx.say("Nothing begins so."),
            Completed::Several(names) => cx.say(format!("{names} names begin so.")),
            Completed::Whole => {}
        }
        self.look_at_it(cx);
    }

    fn switch(&mut self) {
        self.on_passphrase = !self.on_passphrase && self.asks_passphrase();
    }

    pub(super) fn asks_passphrase(&self) -> bool {
        detected::needs_passphrase(&self.look) || !self.passphrase.is_empty()
    }

    pub(super) fn detected(&self) -> String {
        if self.reading.is_some() {
            "reading …".to_owned()
        } else if self.looking.is_some() {
            "looking …".to_owned()
        } else {
            detected::words(&self.look)
        }
    }
}

impl Default for Source {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Source {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![
            Do::Submit,
            Do::Complete,
            Do::NextField,
            Do::PreviousField,
            Do::ChooseFiles,
            Do::ClipboardPicture,
            Do::Cancel,
        ]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![
            Hint::says(Do::Submit, "next"),
            Do::ChooseFiles.into(),
            Do::ClipboardPicture.into(),
            Do::Cancel.into(),
            Do::Complete.into(),
        ]
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Cancel => return Step::Pop,
            _ if self.reading.is_some() => {}
            Do::Submit => self.go_on(cx),
            Do::Complete => self.complete(cx),
            Do::ChooseFiles => {
                let start = Some(self.path.path()).filter(|path| path.exists());
                let start = start.unwrap_or_else(|| Path::new(".").to_owned());
                return Step::Push(Box::new(Files::new("Files to import", &start, true)));
            }
            Do::ClipboardPicture => {
                cx.say("Reading the clipboard …");
                self.taking = Some(cx.jobs.ask(|number| {
                    let taken = picture();
                    let words = |error: NoPicture| format!("{error}; {}.", error.hint());
                    Message::Taken(number, Handed::new(taken.map_err(words)))
                }));
            }
            _ => self.switch(),
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, cx: &mut Context) -> Option<Step> {
        if self.reading.is_some() {
            return None;
        }
        if self.on_passphrase {
            self.fault = None;
            return self.passphrase.key(key).then_some(Step::Stay);
        }
        let held = !self.given.is_empty();
        if !self.path.key(key) {
            return None;
        }
        if held {
            self.given.clear();
            self.path.set("");
        }
        self.look_at_it(cx);
        Some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        if self.reading.is_some() {
            return Some(Step::Stay);
        }
        if self.on_passphrase {
            self.passphrase.insert(text.trim_end_matches(['\n', '\r']));
            return Some(Step::Stay);
        }
        if supply::is_content(text) {
            self.given = vec![supply::content(text.trim())];
            self.path.set("");
        } else if let Took::TooLong(limit) = self.path.insert(text) {
            cx.warn(format!("That is longer than {limit} characters; nothing was pasted."));
        }
        self.look_at_it(cx);
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Chosen(paths) => {
                self.given.clear();
                match paths.as_slice() {
                    [one] => self.path.set(&one.display().to_string()),
                    several => self.given = several.iter().cloned().map(Supply::File).collect(),
                }
                self.look_at_it(cx);
            }
            Message::Taken(number, taken) if self.taking == Some(*number) => {
                (self.taking, cx.notice) = (None, None);
                match taken.take() {
                    Some(Ok(bytes)) => {
                        self.given = vec![Supply::Bytes("picture from the clipboard".to_owned(), bytes)];
                        self.look_at_it(cx);
                    }
                    Some(Err(words)) => self.fault = Some(words),
                    None => {}
                }
            }
            Message::Looked(number, look) if self.looking == Some(*number) => {
                (self.looking, self.look) = (None, look.clone());
                if std::mem::take(&mut self.going) {
                    self.go_on(cx);
                }
            }
            Message::Prepared(number, prepared) if self.reads(*number) => {
                let Some((prepared, (_, supplies))) = prepared.take().zip(self.reading.take()) else {
                    return Step::Stay;
                };
                return Step::Push(Box::new(Preview::new(prepared, supplies, cx)));
            }
            Message::NotPrepared(number, words) if self.reads(*number) => {
                self.reading = None;
                self.fault = Some(words.clone());
                self.passphrase.clear();
                self.on_passphrase = self.asks_passphrase();
            }
            _ => {}
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn is_changed(&self) -> bool {
        !self.given.is_empty() || !self.path.text().is_empty()
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, _cx: &Context) -> String {
        "Import".to_owned()
    }

    fn state(&self, _cx: &Context) -> Option<String> {
        Some("step 1 of 3: source".to_owned())
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}
