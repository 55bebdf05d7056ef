//! What a catalog is, and what it tells of each account.

use super::index::Index;
use crate::vault::{
    account::{Account, AccountId, BadAccount},
    document::Head,
    lines::Fields,
    opened::Opened,
    query::Named as _,
};

/// The accounts of a vault as it was at one moment.
pub struct Catalog {
    pub(super) opened: Opened,
    pub(super) rows: Vec<Row>,
    pub(super) tags: Vec<Tag>,
    pub(super) tags_of: Vec<u16>,
    pub(super) index: Index,
}

/// A tag and how many accounts bear it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As it is written.
    pub name: String,
    /// How many accounts bear it.
    pub count: usize,
}

/// What every account needs in memory, shown or not.
#[derive(Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) begin: u32,
    pub(super) end: u32,
    pub(super) first_tag: u32,
    pub(super) tags: u16,
    pub(super) kind: RowKind,
    pub(super) favourite: bool,
}

/// The kind of code as far as a list needs it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowKind {
    /// Counter based.
    Hotp,
    /// Time based, of any kind.
    #[default]
    Timed,
    /// Written by a later version.
    Unknown,
}

impl Catalog {
    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What the vault says of itself.
    pub fn head(&self) -> &Head {
        &self.opened.head
    }

    /// The tags, most used first.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// How many accounts are favourites.
    pub fn favourites(&self) -> usize {
        self.rows.iter().filter(|row| row.favourite).count()
    }

    /// The lines of an account, by its place in the vault.
    pub fn fields(&self, at: usize) -> Fields<'_> {
        let row = self.rows[at];
        Fields::new(self.opened.text_between(row.begin as usize, row.end as usize))
    }

    /// The whole account.
    ///
    /// # Errors
    /// What a later version wrote may be no account to this one.
    pub fn account(&self, at: usize) -> Result<Account, BadAccount> {
        Account::read(self.fields(at))
    }

    /// The lasting name of an account.
    pub fn id(&self, at: usize) -> AccountId {
        AccountId::from_text(self.fields(at).id())
    }

    /// Where the account of this name stands.
    pub fn position(&self, id: &AccountId) -> Option<usize> {
        (0..self.len()).find(|at| self.fields(*at).id() == id.as_str())
    }

    /// The kind of an account's codes.
    pub fn kind(&self, at: usize) -> RowKind {
        self.rows[at].kind
    }

    /// Whether an account is a favourite.
    pub fn is_favourite(&self, at: usize) -> bool {
        self.rows[at].favourite
    }

    /// Whether an account bears the tag at this place of [`Catalog::tags`].
    pub fn has_tag(&self, at: usize, tag: usize) -> bool {
        let row = self.rows[at];
        let first = row.first_tag as usize;
        self.tags_of[first..first + usize::from(row.tags)].iter().any(|own| usize::from(*own) == tag)
    }
}
