//! The plan of an import: which accounts are new, which are there already, which differ; and its carrying out.
//!
//! Pure: no file, no clock, no question. What was read, and what could not be read, is `formats`' business. Names
//! are compared byte for byte, so that a name with an invisible or a foreign letter is never taken for the plain one.

use std::collections::HashSet;

use jiff::Timestamp;

use super::{
    account::Account,
    change::Reverse,
    document::Document,
    error::VaultError,
    known::{Identical, Known, differing},
};
use crate::{
    clock::milliseconds,
    otp::{Kind, Link, LinkNote, Otp},
};

/// An account as it came out of a file.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Its names, codes and extras.
    pub link: Link,
    /// When it was created, where the file says so.
    pub created: Option<Timestamp>,
}

/// What an incoming account is to the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The names of an account here with another secret or parameters, or its secret under other names.
    Differs {
        /// Which account: its place among the existing ones.
        from: usize,
        /// In which fields, by their keys in the vault.
        fields: Vec<&'static str>,
    },
    /// Not here yet.
    New,
    /// Not here yet, and something of it was read in another way than written.
    Repaired,
    /// The same codes under the same names are here, or came earlier in the import.
    Same(Twin),
    /// In the trash of the app that it comes from. Left out.
    Trashed,
}

/// Where the other one of two equal accounts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// The place among the existing accounts.
    Account(usize),
    /// The place among the incoming ones.
    Incoming(usize),
}

/// What is done with an incoming account that differs from one here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicate {
    /// It is added beside the other.
    #[default]
    KeepBoth,
    /// The account here takes its names and codes, and keeps its id.
    Replace,
    /// It is left out.
    Skip,
}

/// What is to become of one account, as far as somebody can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// It is left out, although it could come in.
    pub left_out: bool,
    /// What is done if it differs.
    pub on_duplicate: OnDuplicate,
}

/// What an account does to the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is added.
    Added,
    /// It takes the place of this one of the existing accounts.
    Replaces(usize),
    /// Nothing changes.
    Stays,
}

/// One incoming account, and what is to become of it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The account.
    pub incoming: Incoming,
    /// What it is to the vault.
    pub state: State,
    /// What somebody chose.
    pub choice: Choice,
}

impl Planned {
    /// Whether it comes in when nobody chooses otherwise.
    pub fn can_come_in(&self) -> bool {
        !matches!(self.state, State::Same(_) | State::Trashed)
    }

    fn wanted(&self) -> Effect {
        match (&self.state, self.choice.on_duplicate) {
            _ if self.choice.left_out || !self.can_come_in() => Effect::Stays,
            (State::Differs { .. }, OnDuplicate::Skip) => Effect::Stays,
            (State::Differs { from, .. }, OnDuplicate::Replace) => Effect::Replaces(*from),
            _ => Effect::Added,
        }
    }
}

/// What an import would do, in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// One for every incoming account.
    pub entries: Vec<Planned>,
}

/// How many of each kind a plan has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// [`State::New`].
    pub new: usize,
    /// [`State::Repaired`].
    pub repaired: usize,
    /// [`State::Same`].
    pub same: usize,
    /// [`State::Differs`].
    pub differs: usize,
    /// [`State::Trashed`].
    pub trashed: usize,
}

/// What an import did.
#[derive(Clone, Default, PartialEq)]
pub struct Applied {
    /// Accounts that were added.
    pub added: usize,
    /// Accounts that were here and were replaced.
    pub replaced: usize,
    /// What takes all of it back: one step of the journal.
    pub reverse: Reverse,
}

/// Compares incoming accounts with those of the vault. Time grows with their number, not with its square.
pub fn plan(existing: &[Account], incoming: Vec<Incoming>) -> Plan {
    let here = Known::of(existing.iter().map(|account| (&*account.issuer, &*account.account, &account.otp)));
    let mut came = Identical::default();
    let mut states = Vec::with_capacity(incoming.len());
    for (at, Incoming { link, .. }) in incoming.iter().enumerate() {
        let names = (link.issuer.as_str(), link.account.as_str());
        let state = if link.extras.trashed {
            State::Trashed
        } else if let Some(account) = here.same(names, &link.otp) {
            State::Same(Twin::Account(account))
        } else if let Some(twin) = came.learn(at, names, &link.otp) {
            State::Same(Twin::Incoming(twin))
        } else {
            compared(existing, &here, link)
        };
        states.push(state);
    }
    let planned = |(incoming, state)| Planned { incoming, state, choice: Choice::default() };
    Plan { entries: incoming.into_iter().zip(states).map(planned).collect() }
}

fn compared(existing: &[Account], here: &Known<'_>, link: &Link) -> State {
    if let Some(from) = here.like((&link.issuer, &link.account), &link.otp) {
        let account = &existing[from];
        let fields = differing((&account.issuer, &account.account, &account.otp), link);
        return State::Differs { from, fields };
    }
    if link.notes.iter().any(LinkNote::is_repair) { State::Repaired } else { State::New }
}

impl Plan {
    /// The accounts that it was made of, to make it anew.
    pub fn into_incoming(self) -> Vec<Incoming> {
        self.entries.into_iter().map(|planned| planned.incoming).collect()
    }

    /// Decides what is done with each account that differs; `choose` may ask a person.
    pub fn choose(&mut self, mut choose: impl FnMut(&Planned) -> OnDuplicate) {
        for planned in &mut self.entries {
            if matches!(planned.state, State::Differs { .. }) {
                planned.choice.on_duplicate = choose(planned);
            }
        }
    }

    /// How many of each kind there are.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for planned in &self.entries {
            *match planned.state {
                State::Differs { .. } => &mut counts.differs,
                State::New => &mut counts.new,
                State::Repaired => &mut counts.repaired,
                State::Same(_) => &mut counts.same,
                State::Trashed => &mut counts.trashed,
            } += 1;
        }
        counts
    }

    /// What each entry does. An account is replaced once: a second one that would replace it is added beside it, or
    /// its secret would be lost.
    pub fn effects(&self) -> Vec<Effect> {
        let mut taken = HashSet::new();
        let once = |effect| match effect {
            Effect::Replaces(from) if !taken.insert(from) => Effect::Added,
            other => other,
        };
        self.entries.iter().map(Planned::wanted).map(once).collect()
    }

    /// Carries the plan out on the document that `existing` was read from; every account gets `tags` too.
    ///
    /// # Errors
    /// [`VaultError::NoSuchAccount`] when an account to be replaced has gone meanwhile; then nothing is changed.
    pub fn apply(
        &self,
        existing: &[Account],
        document: &mut Document<'_>,
        (tags, now): (&[String], Timestamp),
    ) -> Result<Applied, VaultError> {
        let (mut added, mut replaced) = (Vec::new(), Vec::new());
        for (planned, effect) in self.entries.iter().zip(self.effects()) {
            match effect {
                Effect::Stays => {}
                Effect::Replaces(from) => {
                    let here = &existing[from];
                    replaced.push((here, planned.incoming.over(here, tags)));
                }
                Effect::Added => added.push(planned.incoming.account(tags, now)),
            }
        }
        let mut reverse = document.put_all(&replaced, now)?;
        reverse.absorb(document.add(&added));
        Ok(Applied { added: added.len(), replaced: replaced.len(), reverse })
    }
}

impl Incoming {
    fn account(&self, tags: &[String], now: Timestamp) -> Account {
        let Link { issuer, account, otp, extras, .. } = &self.link;
        let mut new = Account::new(issuer, account, otp.clone(), now);
        add_tags(&mut new.tags, extras.tags.iter().chain(tags));
        new.note = extras.note.clone();
        new.favourite = extras.favourite;
        new.icon = extras.icon.clone();
        new.created = self.created.map_or(new.created, milliseconds);
        new
    }

    /// The account here with the names and codes of this one. What a person wrote here stays unless this one has it.
    fn over(&self, here: &Account, tags: &[String]) -> Account {
        let Link { issuer, account, otp, extras, .. } = &self.link;
        let mut new = here.clone();
        new.issuer = issuer.clone();
        new.account = account.clone();
        new.otp = codes_over(&here.otp, otp.clone());
        add_tags(&mut new.tags, extras.tags.iter().chain(tags));
        new.favourite |= extras.favourite;
        for (own, other) in [(&mut new.note, &extras.note), (&mut new.icon, &extras.icon)] {
            if !other.is_empty() {
                own.clone_from(other);
            }
        }
        new
    }
}

/// A PIN that the file lacks stays, and a counter under the same secret never goes back: it would repeat codes.
fn codes_over(here: &Otp, mut new: Otp) -> Otp {
    match (&here.kind, &mut new.kind) {
        (Kind::Motp { pin: own }, Kind::Motp { pin }) | (Kind::Yandex { pin: own }, Kind::Yandex { pin }) => {
            *pin = pin.take().or_else(|| own.clone());
        }
        (Kind::Hotp { counter: own }, Kind::Hotp { counter }) if here.secret == new.secret => {
            *counter = (*counter).max(*own);
        }
        _ => {}
    }
    new
}

fn add_tags<'t>(own: &mut Vec<String>, tags: impl Iterator<Item = &'t String>) {
    for tag in tags {
        if !own.contains(tag) {
            own.push(tag.clone());
        }
    }
}

#[cfg(test)]
mod tests;
