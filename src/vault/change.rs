//! What can be done to the accounts of a document, each with what takes it back.
//!
//! Changes name accounts by id, so they apply to whatever the vault holds at the moment of saving.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
};

use jiff::{Timestamp, ToSpan};
use zeroize::Zeroizing;

use super::{
    account::{Account, AccountId, KEYS, push_line},
    document::{Block, Document},
    error::VaultError,
    lines::{Fields, quoted, table_of_times},
};
use crate::{clock::milliseconds, otp::Kind};

/// What an undo does: the opposite of a change.
#[derive(Default, Clone, PartialEq)]
pub struct Reverse {
    /// Accounts to put into the trash.
    pub trash: Vec<AccountId>,
    /// Accounts to take out of the trash.
    pub restore: Vec<AccountId>,
    /// Raw lines to set, by account; `None` takes the line away.
    pub set: Vec<(AccountId, FieldsSet)>,
}

/// The keys that say how an account lies in the trash: since when, and behind which account it stood.
const PLACE: [&str; 2] = ["deleted", BEHIND];
const BEHIND: &str = "after";

/// Raw values by key; `None` takes the line away.
pub type FieldsSet = BTreeMap<String, Option<String>>;

impl Reverse {
    /// Whether there is nothing to take back.
    pub fn is_empty(&self) -> bool {
        self.trash.is_empty() && self.restore.is_empty() && self.set.is_empty()
    }

    /// Takes in what a later change of the same step needs. It stands last and is taken back first.
    pub fn absorb(&mut self, later: Self) {
        self.trash.extend(later.trash);
        self.restore.extend(later.restore);
        self.set.extend(later.set);
    }
}

impl Document<'_> {
    /// Adds accounts at the end.
    pub fn add(&mut self, accounts: &[Account]) -> Reverse {
        self.accounts.extend(accounts.iter().map(|account| Block::Written(account.block())));
        Reverse { trash: accounts.iter().map(|account| account.id.clone()).collect(), ..Reverse::default() }
    }

    /// Puts accounts into the trash. Ids that are not there are left out.
    pub fn trash(&mut self, ids: &[AccountId], now: Timestamp) -> Reverse {
        let places = places(&self.accounts, ids);
        let moved = take_blocks(&mut self.accounts, ids);
        let gone = moved.iter().map(|block| AccountId::from_text(block.id())).collect();
        self.trash.extend(moved.into_iter().map(|block| {
            let mut text = without(block.text(), &PLACE);
            push_line(&mut text, "deleted", &milliseconds(now).to_string());
            push_line(&mut text, BEHIND, &quoted(places.get(block.id()).map_or("", String::as_str)));
            Block::Written(text)
        }));
        Reverse { restore: gone, ..Reverse::default() }
    }

    /// Takes accounts out of the trash. Ids that are not there are left out.
    pub fn restore(&mut self, ids: &[AccountId], now: Timestamp) -> Reverse {
        let moved = take_blocks(&mut self.trash, ids);
        let back: Vec<AccountId> = moved.iter().map(|block| AccountId::from_text(block.id())).collect();
        let place = |block: &Block<'_>| {
            let raw = block.fields().raw(BEHIND).map(str::to_owned);
            (AccountId::from_text(block.id()), FieldsSet::from([(BEHIND.to_owned(), raw)]))
        };
        let set = moved.iter().map(place).collect();
        let with_place = |block: Block<'_>| {
            let after = block.fields().text_or_empty(BEHIND).map(Cow::into_owned).unwrap_or_default();
            (after, Block::Written(stamped(&without(block.text(), &PLACE), ["deleted"].into_iter(), now)))
        };
        self.put_back(moved.into_iter().map(with_place).collect());
        Reverse { trash: back, set, ..Reverse::default() }
    }

    /// Removes accounts from the trash for good, leaving a tombstone each. Returns how many.
    pub fn purge(&mut self, ids: &[AccountId], now: Timestamp) -> usize {
        self.bury(ids, |_| now)
    }

    /// Removes for good what has lain in the trash for `days`. Nobody decided that today: the tombstone bears the
    /// day of the deletion, so that a change made elsewhere after that day still counts as later.
    pub fn purge_expired(&mut self, days: u32, now: Timestamp) -> usize {
        let limit = now.checked_sub((i64::from(days) * 24).hours()).unwrap_or(Timestamp::MIN);
        let expired =
            |block: &&Block<'_>| matches!(block.fields().time("deleted"), Ok(Some(at)) if at < limit);
        let ids: Vec<_> =
            self.trash.iter().filter(expired).map(|block| AccountId::from_text(block.id())).collect();
        self.bury(&ids, |block| block.fields().time("deleted").ok().flatten().unwrap_or(now))
    }

    fn bury(&mut self, ids: &[AccountId], time: impl Fn(&Block<'_>) -> Timestamp) -> usize {
        let gone = if ids.is_empty() { vec![] } else { take_blocks(&mut self.trash, ids) };
        for block in &gone {
            let mut tombstone = Zeroizing::new(String::new());
            push_line(&mut tombstone, "id", &quoted(block.id()));
            push_line(&mut tombstone, "at", &milliseconds(time(block)).to_string());
            self.deleted.push(Block::Written(tombstone));
        }
        gone.len()
    }

    /// Moves the counter of a HOTP account on and returns the account as it was: its code is the one to show.
    /// No step of the journal: taking it back would repeat a code.
    ///
    /// # Errors
    /// [`VaultError::NoSuchAccount`]; [`VaultError::Damaged`] when the counter cannot go on.
    pub fn count(&mut self, id: &AccountId) -> Result<Account, VaultError> {
        let account = self.account(id)?;
        let Kind::Hotp { counter } = account.otp.kind else { return Ok(account) };
        let next = counter
            .next()
            .map_err(|error| VaultError::Damaged { what: error.to_string(), advice: String::new() })?;
        let position = self.position(id)?;
        let text = replaced(self.accounts[position].text(), "counter", Some(&next.value().to_string()));
        self.accounts[position] = Block::Written(text);
        Ok(account)
    }

    /// Does what takes a change back, on what is there now, and returns what would do it again.
    pub fn apply(&mut self, reverse: &Reverse, now: Timestamp) -> Reverse {
        let mut again = Reverse::default();
        if !reverse.trash.is_empty() {
            again.absorb(self.trash(&reverse.trash, now));
        }
        if !reverse.restore.is_empty() {
            again.absorb(self.restore(&reverse.restore, now));
        }
        again.absorb(Reverse { set: self.set(&reverse.set, now), ..Reverse::default() });
        again
    }

    /// Sets lines of accounts, also of those in the trash, the last first; returns what sets them back.
    fn set(&mut self, set: &[(AccountId, FieldsSet)], now: Timestamp) -> Vec<(AccountId, FieldsSet)> {
        let wanted: HashSet<&str> = set.iter().map(|(id, _)| id.as_str()).collect();
        let live = self.accounts.iter_mut().map(|block| (block, false));
        let all = live.chain(self.trash.iter_mut().map(|block| (block, true)));
        let mut blocks: HashMap<String, (&mut Block<'_>, bool)> = all
            .filter(|(block, _)| wanted.contains(block.id()))
            .map(|(block, in_trash)| (block.id().to_owned(), (block, in_trash)))
            .collect();
        let mut before = Vec::new();
        for (id, fields) in set.iter().rev() {
            let Some((block, in_trash)) = blocks.get_mut(id.as_str()) else { continue };
            let mut fields = fields.clone();
            fields.retain(|key, _| *in_trash || key != BEHIND);
            keep_counter(block.fields(), &mut fields);
            let old = block.fields();
            let old: FieldsSet =
                fields.keys().map(|key| (key.clone(), old.raw(key).map(str::to_owned))).collect();
            set_fields(block, &fields, now);
            if !fields.is_empty() {
                before.push((id.clone(), old));
            }
        }
        before
    }

    /// Lets two accounts change places.
    ///
    /// # Errors
    /// [`VaultError::NoSuchAccount`] when one has gone meanwhile.
    pub fn swap(&mut self, one: &AccountId, other: &AccountId) -> Result<(), VaultError> {
        let (one, other) = (self.position(one)?, self.position(other)?);
        self.accounts.swap(one, other);
        Ok(())
    }

    pub(super) fn position(&self, id: &AccountId) -> Result<usize, VaultError> {
        self.accounts.iter().position(|block| block.id() == id.as_str()).ok_or(VaultError::NoSuchAccount)
    }

    /// Where each account stands, by its id.
    pub(super) fn positions(&self) -> HashMap<String, usize> {
        self.accounts.iter().enumerate().map(|(at, block)| (block.id().to_owned(), at)).collect()
    }

    /// Puts each block behind the account that stood before it; at the end when that one is not there.
    fn put_back(&mut self, moved: Vec<(String, Block<'static>)>) {
        let mut waiting: HashMap<String, Vec<Block<'static>>> = HashMap::new();
        for (after, block) in moved.into_iter().rev() {
            waiting.entry(after).or_default().push(block);
        }
        let old = std::mem::take(&mut self.accounts);
        let mut next: Vec<Block<'_>> = waiting.remove("").unwrap_or_default();
        let mut old = old.into_iter();
        loop {
            let Some(block) = next.pop().or_else(|| old.next()) else { break };
            next.extend(waiting.remove(block.id()).unwrap_or_default());
            self.accounts.push(block);
        }
        let mut orphans: Vec<_> = waiting.into_values().flatten().collect();
        orphans.sort_by(|one, other| one.id().cmp(other.id()));
        self.accounts.extend(orphans);
    }
}

/// Leaves a counter that has moved on where it is: under the same secret a code that was shown would be shown again.
pub(super) fn keep_counter(present: Fields<'_>, fields: &mut FieldsSet) {
    let stays = |key: &str| fields.get(key).is_none_or(|raw| raw.as_deref() == present.raw(key));
    let number = |raw: Option<&str>| raw.and_then(|raw| raw.parse::<u64>().ok()).unwrap_or(0);
    let Some(wanted) = fields.get("counter") else { return };
    let behind = number(wanted.as_deref()) < number(present.raw("counter"));
    if behind && stays("secret") && stays("type") {
        fields.remove("counter");
    }
}

/// Sets lines of a block and the times of their change.
pub(super) fn set_fields(block: &mut Block<'_>, fields: &FieldsSet, now: Timestamp) {
    let mut text = Zeroizing::new(block.text().to_owned());
    for (key, raw) in fields {
        text = replaced(&text, key, raw.as_deref());
    }
    let keys = fields.keys().map(String::as_str).filter(|key| *key != BEHIND);
    *block = Block::Written(stamped(&text, keys, now));
}

/// The block with the times at which fields were changed, for a merge with another machine's version.
fn stamped<'k>(text: &str, keys: impl Iterator<Item = &'k str>, now: Timestamp) -> Zeroizing<String> {
    let mut times = Fields::new(text).times("changed").unwrap_or_default();
    times.extend(keys.map(|key| (key.to_owned(), milliseconds(now))));
    let raw = (!times.is_empty()).then(|| table_of_times(&times));
    replaced(text, "changed", raw.as_deref())
}

/// The id of the account before each of `ids`, empty for the first.
fn places(blocks: &[Block<'_>], ids: &[AccountId]) -> HashMap<String, String> {
    let wanted: HashSet<&str> = ids.iter().map(AccountId::as_str).collect();
    let before = std::iter::once("").chain(blocks.iter().map(Block::id));
    let pairs = blocks.iter().map(Block::id).zip(before).filter(|(id, _)| wanted.contains(id));
    pairs.map(|(id, before)| (id.to_owned(), before.to_owned())).collect()
}

fn take_blocks<'a>(blocks: &mut Vec<Block<'a>>, ids: &[AccountId]) -> Vec<Block<'a>> {
    let wanted: HashSet<&str> = ids.iter().map(AccountId::as_str).collect();
    let (taken, kept) = std::mem::take(blocks).into_iter().partition(|block| wanted.contains(block.id()));
    *blocks = kept;
    taken
}

fn without(text: &str, keys: &[&str]) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len() + 48));
    for (key, raw) in Fields::new(text).lines().filter(|(key, _)| !keys.contains(key)) {
        push_line(&mut out, key, raw);
    }
    out
}

/// The block with one line set, taken away, or put where its key belongs.
pub(super) fn replaced(text: &str, key: &str, raw: Option<&str>) -> Zeroizing<String> {
    let rank = |name: &str| KEYS.iter().position(|known| *known == name).unwrap_or(KEYS.len());
    let mut out = Zeroizing::new(String::with_capacity(text.len() + key.len() + raw.map_or(0, str::len) + 8));
    let mut waiting = raw;
    for (name, old) in Fields::new(text).lines() {
        if name == key {
            if let Some(raw) = waiting.take() {
                push_line(&mut out, key, raw);
            }
            continue;
        }
        if rank(name) > rank(key)
            && let Some(raw) = waiting.take()
        {
            push_line(&mut out, key, raw);
        }
        push_line(&mut out, name, old);
    }
    if let Some(raw) = waiting {
        push_line(&mut out, key, raw);
    }
    out
}
