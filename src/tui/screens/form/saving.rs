//! Saving what the form holds: one step that undo knows, on what the vault has at that moment.

use super::{Form, fault::Fault, rows::Row};
use crate::{
    otp::{Extras, Kind, Link, Otp},
    tui::{
        action::Do,
        context::Context,
        message::Message,
        screen::Step,
        screens::account::{save, spoken},
    },
    vault::{
        Account, Document, VaultError,
        intake::{Incoming, OnDuplicate, plan},
    },
};

/// The last row of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Button {
    Cancel,
    Replace,
    Save,
    SaveAsNew,
}

impl Button {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cancel => "Cancel",
            Self::Replace => "Replace it",
            Self::Save => "Save",
            Self::SaveAsNew => "Save as new",
        }
    }
}

impl Form {
    /// What can be done in the end; it depends on what is in the vault already.
    pub(super) fn buttons(&self) -> &'static [Button] {
        match &self.twin {
            Some(twin) if self.base.is_none() && twin.is_same => &[Button::Cancel],
            Some(_) if self.base.is_none() => &[Button::SaveAsNew, Button::Replace, Button::Cancel],
            _ => &[Button::Save, Button::Cancel],
        }
    }

    /// The marked button.
    pub(super) fn press(&mut self, cx: &mut Context) -> Step {
        match self.buttons()[self.button] {
            Button::Cancel => return self.cancel(),
            Button::Replace => self.checked_then(Self::replace, cx),
            Button::Save => return self.save(cx),
            Button::SaveAsNew => self.checked_then(Self::add_new, cx),
        }
        Step::Stay
    }

    /// Saves, or says why not and goes there.
    pub(super) fn save(&mut self, cx: &mut Context) -> Step {
        if self.base.is_some() && !self.touched {
            cx.say("Nothing was changed.");
            return Step::Pop;
        }
        match &self.twin {
            _ if self.base.is_some() => self.checked_then(Self::put, cx),
            None => self.checked_then(Self::add_new, cx),
            Some(twin) if twin.is_same => {
                cx.warn(format!(
                    "{} is in the vault already: there is nothing to save.",
                    spoken(&twin.account)
                ));
            }
            Some(_) => self.checked_then(Self::ask, cx),
        }
        Step::Stay
    }

    /// Takes in the answer of the job.
    pub(super) fn answered(&mut self, message: &Message, cx: &mut Context) -> Step {
        let number = self.saving.as_ref().map(|(number, _)| *number);
        match message {
            Message::Changed(done, _) if number == Some(*done) => {
                let words = self.saving.take().map(|(_, words)| words).unwrap_or_default();
                cx.done(words);
                return Step::Pop;
            }
            Message::NotChanged(done, error) if number == Some(*done) => self.not_saved(error, cx),
            Message::Chosen(paths) => self.scan(paths, cx),
            Message::Scanned(done, link) if self.scanning == Some(*done) => self.scanned(link, cx),
            Message::Reloaded if number.is_none() => self.find_twin(cx),
            _ => {}
        }
        Step::Stay
    }

    /// What was typed stays. Why it failed is said by the list, which hears the message too.
    fn not_saved(&mut self, error: &VaultError, cx: &mut Context) {
        (self.saving, cx.wanted) = (None, None);
        if matches!(error, VaultError::NoSuchAccount) {
            self.base = None;
            self.trouble = Some("It is not in the vault any more. Save adds it anew.");
        }
        if let Some(session) = &cx.session {
            cx.jobs.reload(&session.vault);
        }
    }

    fn checked_then(&mut self, then: fn(&mut Self, Otp, &mut Context), cx: &mut Context) {
        self.tried = true;
        match self.checked() {
            Ok(otp) => then(self, otp, cx),
            Err(Fault { row, words, .. }) => {
                self.focus = row;
                cx.warn(words);
            }
        }
    }

    /// Another account has these names: what is to become of it is not for a key to decide that saves.
    fn ask(&mut self, _otp: Otp, cx: &mut Context) {
        (self.focus, self.button) = (Row::Buttons, 0);
        cx.warn("An account of this name exists. Save this one as new, or replace it?");
    }

    fn add_new(&mut self, otp: Otp, cx: &mut Context) {
        let Some(session) = &cx.session else { return };
        let words = format!("Added {{}}.{}", pin_words(&otp));
        let mut account = Account::new("", "", otp, cx.now());
        self.entries.write_over(&mut account);
        let (what, wanted) = (format!("add {}", account.name()), account.id.clone());
        let words = words.replace("{}", &spoken(&account));
        let change = move |document: &mut Document<'_>, _| Ok(Some(document.add(&[account])));
        self.saving = Some((cx.jobs.change(&session.vault, what, change), words));
        cx.wanted = Some(wanted);
    }

    fn replace(&mut self, otp: Otp, cx: &mut Context) {
        let (Some(session), Some(twin)) = (&cx.session, &self.twin) else { return };
        let here = twin.account.clone();
        let mut typed = Account::new(&here.issuer, &here.account, otp, cx.now());
        self.entries.write_over(&mut typed);
        let what = format!("replace {}", here.name());
        let words = format!("Replaced {}. {} undoes.", spoken(&here), cx.keymap.shown(Do::Undo));
        cx.wanted = Some(here.id.clone());
        let change = move |document: &mut Document<'_>, now| {
            // As an import does it: a PIN that is not given stays, and no counter goes back.
            let existing = [here];
            let mut plan = plan(&existing, vec![incoming(typed)]);
            plan.choose(|_| OnDuplicate::Replace);
            Ok(Some(plan.apply(&existing, document, (&[], now))?.reverse))
        };
        self.saving = Some((cx.jobs.change(&session.vault, what, change), words));
    }

    fn put(&mut self, otp: Otp, cx: &mut Context) {
        let Some(old) = self.base.clone() else { return };
        let mut new = Account { otp, ..old.clone() };
        self.entries.write_over(&mut new);
        let words = format!("Saved {}. {} undoes.", spoken(&new), cx.keymap.shown(Do::Undo));
        let (what, wanted) = (format!("edit {}", new.name()), old.id.clone());
        if let Some(number) = save(old, new, what, cx) {
            (self.saving, cx.wanted) = (Some((number, words)), Some(wanted));
        }
    }
}

fn pin_words(otp: &Otp) -> &'static str {
    match otp.kind {
        Kind::Motp { pin: None } | Kind::Yandex { pin: None } => {
            " It gives no code before its PIN is typed in."
        }
        _ => "",
    }
}

fn incoming(account: Account) -> Incoming {
    let Account { issuer, account, otp, tags, note, favourite, icon, .. } = account;
    let extras = Extras { tags, note, favourite, icon, ..Extras::default() };
    Incoming { link: Link { issuer, account, otp, extras, notes: Vec::new() }, created: None }
}
