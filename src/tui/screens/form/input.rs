//! Keys and pasted texts of the form.

use ratatui::{Frame, layout::Rect};

use super::{
    Form, refusal,
    rows::{Row, Type},
};
use crate::{
    otp::{Algorithm, Digits, looks_like_link, parse_link},
    tui::{
        action::Do,
        context::Context,
        key::{Key, Press},
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        screens::confirm::Confirm,
        widgets::field::Took,
    },
};

impl Form {
    fn typed(&mut self, key: Key, cx: &mut Context) -> bool {
        let Some(field) = self.entries.field_mut(self.focus) else { return false };
        let is_number = matches!(self.focus, Row::Period | Row::Counter);
        if let Press::Char(char) = key.press
            && !key.ctrl
            && is_number
            && !char.is_ascii_digit()
        {
            return true;
        }
        let (before, length) = (field.text(), field.len());
        if !field.key(key) {
            return false;
        }
        if field.text() != before {
            self.changed(cx);
        } else if matches!(key.press, Press::Char(_)) && !key.ctrl {
            cx.warn(format!("No more than {length} characters fit here."));
        }
        true
    }

    /// On a row of choices letters are no keys, or one that was meant for a field would quit or lock.
    fn takes_letter(&mut self, key: Key, cx: &mut Context) -> bool {
        let Press::Char(char) = key.press else { return false };
        if key.ctrl || self.entries.field(self.focus).is_some() {
            return false;
        }
        if self.focus == Row::Digits
            && let Some(digit) = char.to_digit(10).and_then(|digit| u8::try_from(digit).ok())
            && let Ok(digits) = Digits::new(if digit == 0 { 10 } else { digit })
        {
            self.entries.digits = digits;
            self.changed(cx);
            return true;
        }
        let actions: Vec<Do> = self.actions(cx).into_iter().chain([Do::Help]).collect();
        cx.keymap.find(&actions, key).is_none()
    }

    fn changed(&mut self, cx: &Context) {
        (self.touched, self.told) = (true, None);
        self.find_twin(cx);
    }

    /// Another row, or another button: those are passed one by one.
    fn step(&mut self, back: bool) {
        let last = self.buttons().len() - 1;
        if self.focus == Row::Buttons && self.button != if back { 0 } else { last } {
            self.button = if back { self.button - 1 } else { self.button + 1 };
            return;
        }
        let rows = self.entries.kind.rows();
        let at = rows.iter().position(|row| *row == self.focus).unwrap_or(0);
        self.focus = rows[(at + if back { rows.len() - 1 } else { 1 }) % rows.len()];
        self.button = if back && self.focus == Row::Buttons { last } else { 0 };
    }

    fn choose(&mut self, back: bool, cx: &Context) {
        let turned = |at: usize, count: usize| (at + if back { count - 1 } else { 1 }) % count;
        match self.focus {
            Row::Type => {
                let at = Type::ALL.iter().position(|kind| *kind == self.entries.kind).unwrap_or(0);
                self.entries.kind = Type::ALL[turned(at, Type::ALL.len())];
            }
            Row::Digits => {
                let choices = self.digits();
                let at = choices.iter().position(|digits| *digits == self.entries.digits).unwrap_or(0);
                self.entries.digits = choices[turned(at, choices.len())];
            }
            Row::Algorithm => {
                let all = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
                let at = all.iter().position(|one| *one == self.entries.algorithm).unwrap_or(0);
                self.entries.algorithm = all[turned(at, all.len())];
            }
            Row::Buttons => {
                self.button = turned(self.button, self.buttons().len());
                return;
            }
            _ => return,
        }
        self.changed(cx);
    }

    /// The usual lengths of a code, and the one that is not usual.
    pub(super) fn digits(&self) -> Vec<Digits> {
        let own = (!(6..=8).contains(&self.entries.digits.count())).then_some(self.entries.digits);
        (6..=8).filter_map(|count| Digits::new(count).ok()).chain(own).collect()
    }

    /// Enter: the next row, and behind the last one it is saved.
    fn done(&mut self, cx: &mut Context) -> Step {
        let rows = self.entries.kind.rows();
        if self.focus == Row::Buttons {
            return self.press(cx);
        }
        if rows.iter().rev().nth(1) == Some(&self.focus) {
            return self.save(cx);
        }
        self.step(false);
        Step::Stay
    }

    pub(super) fn cancel(&self) -> Step {
        if !self.touched {
            return Step::Pop;
        }
        let text = "What you typed here is not saved. Is it to go?";
        Step::Push(Box::new(Confirm::new("Not saved", text, "Discard", |_| Step::PopBoth)))
    }

    fn pasted(&mut self, text: &str, cx: &mut Context) {
        if looks_like_link(text) || text.trim_start().starts_with("otpauth-migration:") {
            match parse_link(text) {
                Ok(link) => self.fill(&link, cx),
                Err(error) => cx.warn(refusal(&error)),
            }
            return;
        }
        let is_note = self.focus == Row::Note;
        let Some(field) = self.entries.field_mut(self.focus) else {
            return cx.say("Pasted text is only taken in a field; a link fills the form.");
        };
        let text = text.trim_end_matches(['\n', '\r']);
        let took = if is_note { field.insert(&super::text::note(text)) } else { field.insert(text) };
        match took {
            Took::All => self.changed(cx),
            Took::TooLong(limit) => {
                cx.warn(format!("That is longer than {limit} characters; nothing was pasted."));
            }
        }
    }
}

impl Screen for Form {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let mut actions =
            vec![Do::FieldDone, Do::NextField, Do::PreviousField, Do::Save, Do::Cancel, Do::Quit];
        if self.entries.field(self.focus).is_none() {
            actions.extend([Do::Switch, Do::ChoiceLeft, Do::ChoiceRight]);
        }
        if self.hides_something() {
            actions.push(Do::ShowSecret);
        }
        actions.extend(self.base.is_none().then_some(Do::ReadPicture));
        actions
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let mut hints = vec![Do::NextField.into()];
        if self.focus == Row::Buttons {
            let button = self.buttons()[self.button].name();
            hints.push(Hint::says(Do::FieldDone, button.to_lowercase()));
        } else if self.entries.field(self.focus).is_none() {
            hints.push(Do::Switch.into());
        }
        hints.push(Do::Save.into());
        if self.hides_something() {
            let words = match (self.shown_until, &self.entries.kept) {
                (Some(_), _) => "hide",
                (None, Some(_)) => "show secret 20 s",
                (None, None) => "show PIN 20 s",
            };
            hints.push(Hint::says(Do::ShowSecret, words));
        }
        hints.extend(self.base.is_none().then(|| Hint::from(Do::ReadPicture)));
        hints.push(Do::Cancel.into());
        hints
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::FieldDone => return self.done(cx),
            Do::NextField | Do::PreviousField => self.step(action == Do::PreviousField),
            Do::Switch | Do::ChoiceRight | Do::ChoiceLeft => self.choose(action == Do::ChoiceLeft, cx),
            Do::Save => return self.save(cx),
            Do::ReadPicture => return Self::choose_picture(),
            Do::Cancel | Do::Quit => return self.cancel(),
            Do::ShowSecret if self.shown_until.is_some() => self.hide(),
            Do::ShowSecret => self.show(cx),
            _ => {}
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, cx: &mut Context) -> Option<Step> {
        let taken = self.saving.is_some() || self.typed(key, cx) || self.takes_letter(key, cx);
        taken.then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        if self.saving.is_none() {
            self.pasted(text, cx);
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        self.answered(message, cx)
    }

    fn on_tick(&mut self, cx: &mut Context) -> Step {
        if self.shown_until.is_some_and(|until| until <= cx.now()) {
            self.hide();
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn is_changed(&self) -> bool {
        self.touched
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        let word = if self.base.is_some() { "Edit" } else { "Add" };
        format!("Codes {} {word}", cx.symbols.then)
    }

    fn status(&self, _cx: &Context) -> Option<String> {
        match (&self.saving, self.scanning) {
            (Some(_), _) => Some("saving …".to_owned()),
            (None, Some(_)) => Some("reading the picture …".to_owned()),
            _ => self.told.clone(),
        }
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        let now = cx.unix_time();
        let code = self.entries.otp().ok().and_then(|otp| otp.window(now));
        let code = code.map(|window| window.remaining(now).max(1));
        let shown = self.shown_until.map(|until| until.duration_since(cx.now()).as_secs());
        let shown = shown.map(|left| u64::try_from(left).unwrap_or(0).max(1));
        [code, shown].into_iter().flatten().min()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}
