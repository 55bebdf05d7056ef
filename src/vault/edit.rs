//! Writing an edited account over what is there now: only what was edited is written, so that what somebody else
//! changed meanwhile stays.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    account::{Account, DECIDES, MAKES_CODES},
    change::{FieldsSet, Reverse, keep_counter, set_fields},
    document::Document,
    error::VaultError,
    lines::{Fields, quoted_list},
};
use crate::otp::Kind;

impl Document<'_> {
    /// Writes what was edited between `old`, as it was read, and `new`; those lines get the time of the change.
    ///
    /// What makes the codes belongs together: with another type or secret it is all written. A counter that was
    /// raised never lowers one that has moved on meanwhile; one that was lowered is written as it is. Tags that
    /// somebody else gave or took meanwhile stay so.
    ///
    /// # Errors
    /// [`VaultError::NoSuchAccount`] when it has gone meanwhile.
    pub fn put(&mut self, old: &Account, new: &Account, now: Timestamp) -> Result<Reverse, VaultError> {
        let position = self.position(&old.id)?;
        Ok(self.put_at(position, (old, new), now))
    }

    /// The same for many accounts, in one pass.
    ///
    /// # Errors
    /// [`VaultError::NoSuchAccount`] when one has gone meanwhile; then nothing is written.
    pub fn put_all(&mut self, edits: &[(&Account, Account)], now: Timestamp) -> Result<Reverse, VaultError> {
        let positions = self.positions();
        let position = |(old, _): &(&Account, Account)| positions.get(old.id.as_str()).copied();
        let places: Option<Vec<usize>> = edits.iter().map(position).collect();
        let mut reverse = Reverse::default();
        for ((old, new), position) in edits.iter().zip(places.ok_or(VaultError::NoSuchAccount)?) {
            reverse.absorb(self.put_at(position, (old, new), now));
        }
        Ok(reverse)
    }

    fn put_at(&mut self, position: usize, (old, new): (&Account, &Account), now: Timestamp) -> Reverse {
        let block = &mut self.accounts[position];
        let present = block.fields();
        let mut after = edited(old, new);
        if let Some(tags) = after.get_mut("tags") {
            *tags = tags_over(present, old, new);
        }
        if is_raised(old, new) {
            keep_counter(present, &mut after);
        }
        after.retain(|key, raw| present.raw(key) != raw.as_deref());
        if after.is_empty() {
            return Reverse::default();
        }
        let before = after.keys().map(|key| (key.clone(), present.raw(key).map(str::to_owned))).collect();
        set_fields(block, &after, now);
        Reverse { set: vec![(old.id.clone(), before)], ..Reverse::default() }
    }
}

/// The lines in which two states of an account differ, as the new one has them.
fn edited(old: &Account, new: &Account) -> FieldsSet {
    let (old, new): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (old.lines().into_iter().collect(), new.lines().into_iter().collect());
    let differs = |key: &str| old.get(key) != new.get(key);
    let together: &[&str] = if DECIDES.iter().any(|key| differs(key)) { &MAKES_CODES } else { &[] };
    let keys: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
    let keys = keys.into_iter().filter(|key| differs(key) && !together.contains(key));
    let line = |key: &str| (key.to_owned(), new.get(key).map(|raw| raw.to_string()));
    keys.chain(together.iter().copied()).map(line).collect()
}

/// The tags that are there now, with those that the edit gave and without those that it took.
fn tags_over(present: Fields<'_>, old: &Account, new: &Account) -> Option<String> {
    let mut tags = present.texts("tags").unwrap_or_default();
    if tags == old.tags {
        tags.clone_from(&new.tags);
    } else {
        tags.retain(|tag| new.tags.contains(tag) || !old.tags.contains(tag));
        let given: Vec<_> =
            new.tags.iter().filter(|tag| !old.tags.contains(tag) && !tags.contains(tag)).cloned().collect();
        tags.extend(given);
    }
    (!tags.is_empty()).then(|| quoted_list(&tags))
}

/// Whether the edit moves a counter on, under the same secret.
fn is_raised(old: &Account, new: &Account) -> bool {
    match (&old.otp.kind, &new.otp.kind) {
        (Kind::Hotp { counter: before }, Kind::Hotp { counter }) => {
            counter.value() > before.value() && old.otp.secret == new.otp.secret
        }
        _ => false,
    }
}
