//! What changes an account: saved at once, and undone by `u`.

use crate::{
    otp::{Counter, Kind},
    tui::{action::Do, context::Context, notice::Toast, screen::Step, screens::confirm::Confirm},
    vault::{Account, AccountId, Document},
};

/// Puts an account into the trash.
pub(super) fn delete(account: &Account, cx: &mut Context) {
    delete_all(std::slice::from_ref(account), cx);
}

/// Puts accounts into the trash, as one step.
pub fn delete_all(accounts: &[Account], cx: &mut Context) {
    let Some(session) = &cx.session else { return };
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id.clone()).collect();
    let (name, what) = match accounts {
        [one] => (spoken(one), format!("delete {}", one.name())),
        several => (format!("{} accounts", several.len()), format!("delete {} accounts", several.len())),
    };
    cx.jobs.change(&session.vault, what, move |document, now| Ok(Some(document.trash(&ids, now))));
    let days = cx.config.vault.trash_days;
    let undo = cx.keymap.shown(Do::Undo);
    let stays = if accounts.len() == 1 { "It stays" } else { "They stay" };
    cx.done(format!("Deleted {name}. {undo} undoes. {stays} in the trash for {days} days."));
    cx.toast =
        Some(Toast::new(&format!("Deleted {name}"), &format!("{undo} undo ({days} days)"), cx.clock.now()));
}

/// Makes accounts favourites, or none of them if all are, as one step.
pub fn favourite_all(accounts: &[Account], cx: &mut Context) {
    let Some(session) = &cx.session else { return };
    let favourite = !accounts.iter().all(|account| account.favourite);
    let old = accounts.to_vec();
    let change = move |document: &mut Document<'_>, now| {
        let edits: Vec<(&Account, Account)> =
            old.iter().map(|account| (account, Account { favourite, ..account.clone() })).collect();
        document.put_all(&edits, now).map(Some)
    };
    cx.jobs.change(&session.vault, format!("favourite {} accounts", accounts.len()), change);
    let words = if favourite { "are favourites now" } else { "are no favourites any more" };
    cx.done(format!("{} accounts {words}.", accounts.len()));
}

/// Makes an account a favourite, or no favourite any more.
pub(super) fn favourite(account: &Account, cx: &mut Context) {
    let (old, mut new) = (account.clone(), account.clone());
    new.favourite = !old.favourite;
    let words = if new.favourite { "is a favourite now" } else { "is no favourite any more" };
    let what = format!("favourite {}", account.name());
    save(old, new, what, cx);
    cx.done(format!("{} {words}.", spoken(account)));
}

/// Saves an edited account as one step.
pub fn save(old: Account, new: Account, what: String, cx: &mut Context) -> Option<u64> {
    let session = cx.session.as_ref()?;
    let change = move |document: &mut Document<'_>, now| document.put(&old, &new, now).map(Some);
    Some(cx.jobs.change(&session.vault, what, change))
}

/// Moves a counter on; the answer brings the code.
pub(super) fn count(account: &Account, cx: &mut Context) {
    if !matches!(account.otp.kind, Kind::Hotp { .. }) {
        return cx.say("Only a HOTP account has a counter; this one follows the clock.");
    }
    if let Some(session) = &cx.session {
        cx.jobs.count(&session.vault, account.id.clone());
    }
}

/// Asks whether a counter is to go back by one.
pub(super) fn count_back(account: &Account, cx: &mut Context) -> Step {
    let Kind::Hotp { counter } = account.otp.kind else {
        cx.say("Only a HOTP account has a counter; this one follows the clock.");
        return Step::Stay;
    };
    let Some(back) = counter.value().checked_sub(1).and_then(|value| Counter::new(value).ok()) else {
        cx.say("The counter stands at 0 already.");
        return Step::Stay;
    };
    let text = format!(
        "Set the counter of {} back from {} to {}? The site may refuse codes that it has seen.",
        spoken(account),
        counter.value(),
        back.value()
    );
    let account = account.clone();
    Step::Push(Box::new(Confirm::new("Counter back", &text, "Set back", move |cx| {
        let mut new = account.clone();
        new.otp.kind = Kind::Hotp { counter: back };
        let what = format!("counter of {} back to {}", account.name(), back.value());
        save(account, new, what, cx);
        cx.done(format!("The counter is {} again.", back.value()));
        Step::Pop
    })))
}

/// Lets two accounts change places in the order of the vault. No step of the journal: the other key takes it back.
pub fn swap(one: usize, other: usize, cx: &mut Context) {
    let Some(session) = &cx.session else { return };
    let ids = (session.catalog.id(one), session.catalog.id(other));
    cx.jobs.change(&session.vault, "move".to_owned(), move |document, _| {
        document.swap(&ids.0, &ids.1)?;
        Ok(None)
    });
}

/// Undoes the last step, or does it again.
pub fn turn(back: bool, cx: &mut Context) {
    if !cx.may_change() {
        return;
    }
    if let Some(session) = &cx.session {
        cx.jobs.turn(&session.vault, back);
    }
}

/// An account as one says it: `GitHub hugo`.
pub fn spoken(account: &Account) -> String {
    format!("{} {}", account.issuer, account.account).trim().to_owned()
}
