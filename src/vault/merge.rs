//! Two versions of one vault, changed apart, become one: account by account, the same result whichever of the two
//! is named first. What was deleted stays deleted unless it was changed afterwards.
//!
//! How two states of one account become one is `join`'s business.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    account::push_line,
    document::{Block, Document},
    error::VaultError,
    join::{Joined, join},
    lines::{Fields, quoted},
};

/// What a merge did to the first of the two versions.
#[derive(Default, Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Accounts that only the other version had.
    pub added: usize,
    /// Accounts of both of which fields were taken over.
    pub changed: usize,
    /// Accounts that the other version had deleted.
    pub removed: usize,
    /// Accounts that stand there twice now because it cannot be told which is right.
    pub kept_both: usize,
}

/// One account in one of the versions.
#[derive(Clone, Copy)]
enum State<'a> {
    Live(Fields<'a>),
    Trash(Fields<'a>),
    Gone(Timestamp),
}

/// One account after the merge.
enum After {
    Live(Zeroizing<String>),
    Trash(Zeroizing<String>),
    Gone(Timestamp),
}

/// Merges `theirs` into `ours`.
///
/// # Errors
/// [`VaultError::WrongVault`] when they are not versions of one vault.
pub fn merge<'a>(ours: &Document<'a>, theirs: &Document<'a>) -> Result<(Document<'a>, Merged), VaultError> {
    if ours.head.vault_id != theirs.head.vault_id {
        let advice = "only versions of the same vault can be merged; bring the accounts of another one in with: \
                      sesam export and sesam import";
        return Err(VaultError::WrongVault { advice: advice.into() });
    }
    let (our_states, their_states) = (states(ours), states(theirs));
    let ids: BTreeSet<&str> = our_states.keys().chain(their_states.keys()).copied().collect();
    let mut merged = Merged::default();
    let mut results: BTreeMap<String, After> = BTreeMap::new();
    let mut twins: Vec<(String, After)> = Vec::new();
    for id in ids {
        let result = match (our_states.get(id), their_states.get(id)) {
            (Some(one), Some(other)) => meet(*one, *other, &mut twins),
            (Some(one), None) | (None, Some(one)) => alone(*one),
            (None, None) => continue,
        };
        results.insert(id.to_owned(), result);
    }
    // A twin of an earlier merge may have been changed or deleted since: then it meets itself.
    while let Some((id, twin)) = twins.pop() {
        let known = results.get(&id);
        let result = known.map(|known| meet(known.state(), twin.state(), &mut twins));
        results.insert(id, result.unwrap_or(twin));
    }
    count(&mut merged, &our_states, &their_states, &results);
    let order = order(ours, theirs, &results);
    let document = assemble(ours, theirs, results, &order);
    Ok((document, merged))
}

fn states<'d>(document: &'d Document<'_>) -> HashMap<&'d str, State<'d>> {
    let mut states = HashMap::new();
    for block in &document.deleted {
        let at = block.fields().time("at").ok().flatten().unwrap_or(Timestamp::UNIX_EPOCH);
        states.insert(block.id(), State::Gone(at));
    }
    states.extend(document.trash.iter().map(|block| (block.id(), State::Trash(block.fields()))));
    states.extend(document.accounts.iter().map(|block| (block.id(), State::Live(block.fields()))));
    states
}

fn alone(state: State<'_>) -> After {
    let copy = |fields: Fields<'_>| {
        let mut text = Zeroizing::new(String::new());
        fields.lines().for_each(|(key, raw)| push_line(&mut text, key, raw));
        text
    };
    match state {
        State::Live(fields) => After::Live(copy(fields)),
        State::Trash(fields) => After::Trash(copy(fields)),
        State::Gone(at) => After::Gone(at),
    }
}

impl After {
    fn state(&self) -> State<'_> {
        match self {
            Self::Live(text) => State::Live(Fields::new(text)),
            Self::Trash(text) => State::Trash(Fields::new(text)),
            Self::Gone(at) => State::Gone(*at),
        }
    }
}

/// What becomes of an account that both versions know. What cannot be told apart goes among the twins.
fn meet(one: State<'_>, other: State<'_>, twins: &mut Vec<(String, After)>) -> After {
    match (one, other) {
        (State::Gone(at), State::Gone(also)) => After::Gone(at.max(also)),
        (State::Gone(at), State::Live(fields)) | (State::Live(fields), State::Gone(at)) => {
            if last_touch(fields) > Some(at) { alone(State::Live(fields)) } else { After::Gone(at) }
        }
        (State::Gone(at), State::Trash(fields)) | (State::Trash(fields), State::Gone(at)) => {
            if deletion(fields) > at { alone(State::Trash(fields)) } else { After::Gone(at) }
        }
        (State::Live(one), State::Live(other)) => together(one, other, twins, After::Live),
        (State::Trash(one), State::Trash(other)) => {
            let latest = deletion(one).max(deletion(other));
            together(one, other, twins, |block| After::Trash(in_trash(block, latest, (one, other))))
        }
        (State::Live(live), State::Trash(gone)) | (State::Trash(gone), State::Live(live)) => {
            let deleted = deletion(gone);
            if last_touch(live) > Some(deleted) {
                together(live, gone, twins, After::Live)
            } else {
                together(live, gone, twins, |block| After::Trash(in_trash(block, deleted, (gone, gone))))
            }
        }
    }
}

fn deletion(fields: Fields<'_>) -> Timestamp {
    fields.time("deleted").ok().flatten().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn last_touch(fields: Fields<'_>) -> Option<Timestamp> {
    fields.times("changed").ok().and_then(|times| times.into_values().max())
}

fn in_trash(
    mut block: Zeroizing<String>,
    at: Timestamp,
    (one, other): (Fields<'_>, Fields<'_>),
) -> Zeroizing<String> {
    push_line(&mut block, "deleted", &at.to_string());
    if let Some(after) = one.raw("after").max(other.raw("after")) {
        push_line(&mut block, "after", after);
    }
    block
}

/// Joins two states of an account and puts the result, and its twin if there is one, where they belong.
fn together(
    one: Fields<'_>,
    other: Fields<'_>,
    twins: &mut Vec<(String, After)>,
    place: impl Fn(Zeroizing<String>) -> After,
) -> After {
    let Joined { block, twin } = join(one, other);
    twins.extend(twin.map(|(id, block)| (id, place(block))));
    place(block)
}

/// The order of the version with the higher generation, then what only the other one has, by age.
fn order(ours: &Document<'_>, theirs: &Document<'_>, results: &BTreeMap<String, After>) -> Vec<String> {
    let ids = |document: &Document<'_>| -> Vec<String> {
        document.accounts.iter().map(|block| block.id().to_owned()).collect()
    };
    let rank = |document: &Document<'_>| {
        (document.head.generation, document.head.written, document.head.previous.clone(), ids(document))
    };
    let first = if rank(ours) >= rank(theirs) { ours } else { theirs };
    let mut order = ids(first);
    let known: HashSet<String> = order.iter().cloned().collect();
    order.extend(results.keys().filter(|id| !known.contains(*id)).cloned());
    order
}

fn count(
    merged: &mut Merged,
    ours: &HashMap<&str, State<'_>>,
    theirs: &HashMap<&str, State<'_>>,
    results: &BTreeMap<String, After>,
) {
    for (id, result) in results {
        match (ours.get(id.as_str()), result) {
            (None, After::Live(_)) if !theirs.contains_key(id.as_str()) => merged.kept_both += 1,
            (None | Some(State::Trash(_) | State::Gone(_)), After::Live(_)) => merged.added += 1,
            (Some(State::Live(_)), After::Trash(_) | After::Gone(_)) => merged.removed += 1,
            (Some(State::Live(old)), After::Live(new)) if !same_lines(*old, Fields::new(new)) => {
                merged.changed += 1;
            }
            _ => {}
        }
    }
}

fn same_lines(one: Fields<'_>, other: Fields<'_>) -> bool {
    let lines = |fields: Fields<'_>| -> BTreeSet<(String, String)> {
        fields.lines().map(|(key, raw)| (key.to_owned(), raw.to_owned())).collect()
    };
    lines(one) == lines(other)
}

fn assemble<'a>(
    ours: &Document<'a>,
    theirs: &Document<'a>,
    mut results: BTreeMap<String, After>,
    order: &[String],
) -> Document<'a> {
    let mut document = Document::empty(&ours.head.vault_id);
    document.head = ours.head.clone();
    document.head.generation = ours.head.generation.max(theirs.head.generation);
    for id in order {
        match results.remove(id) {
            Some(After::Live(text)) => document.accounts.push(Block::Written(text)),
            Some(other) => drop(results.insert(id.clone(), other)),
            None => {}
        }
    }
    for (id, result) in results {
        match result {
            After::Live(text) => document.accounts.push(Block::Written(text)),
            After::Trash(text) => document.trash.push(Block::Written(text)),
            After::Gone(at) => document.deleted.push(Block::Written(tombstone(&id, at))),
        }
    }
    document.journal = journal(ours, theirs);
    document.adopt_unknown(ours, theirs);
    document
}

fn tombstone(id: &str, at: Timestamp) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::new());
    push_line(&mut text, "id", &quoted(id));
    push_line(&mut text, "at", &at.to_string());
    text
}

/// The steps of both by age; of a step that stands there in two states, the later one.
fn journal(ours: &Document<'_>, theirs: &Document<'_>) -> Vec<Block<'static>> {
    let mut steps: BTreeMap<&str, &str> = BTreeMap::new();
    let rank = |text: &str| (Fields::new(text).time("at").ok().flatten(), text.to_owned());
    for block in ours.journal.iter().chain(&theirs.journal) {
        let step = steps.entry(block.id()).or_insert(block.text());
        if rank(block.text()) > rank(step) {
            *step = block.text();
        }
    }
    steps.into_values().map(|text| Block::Written(Zeroizing::new(text.to_owned()))).collect()
}
