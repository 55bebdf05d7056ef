//! A document without a file: operations, blocks and their texts.

use jiff::Timestamp;
use sesam::{
    crypt::{Identity, Plain, mac::MacKey},
    vault::{Account, AccountId, Document, Opened, change::Reverse, document::Block},
};

pub(super) const VAULT_ID: &str = "0123456789abcdef0123456789abcdef";

/// A plain text that nothing can be written into: what was sealed, opened again.
pub(super) struct Page {
    identity: Identity,
    opened: Opened,
}

impl Page {
    /// The first page of a vault.
    pub(super) fn new(accounts: &[Account]) -> Self {
        let identity = Identity::generate();
        let mut document = Document::empty(VAULT_ID);
        document.add(accounts);
        let opened = open(&identity, document.seal(&MacKey::of_vault(&identity, VAULT_ID)));
        Self { identity, opened }
    }

    /// The page after a change and a restart.
    pub(super) fn then<T>(&self, act: impl FnOnce(&mut Document<'_>) -> T) -> (Self, T) {
        let mut document = self.document();
        let result = act(&mut document);
        document.head.generation += 1;
        (self.turned(&document), result)
    }

    /// The next page.
    pub(super) fn turned(&self, document: &Document<'_>) -> Self {
        let opened = open(&self.identity, document.seal(&MacKey::of_vault(&self.identity, VAULT_ID)));
        Self { identity: self.identity.clone(), opened }
    }

    pub(super) fn document(&self) -> Document<'_> {
        self.opened.document().unwrap()
    }

    pub(super) fn accounts(&self) -> Vec<Account> {
        self.document().read_accounts().unwrap()
    }

    pub(super) fn ids(&self) -> Vec<AccountId> {
        self.accounts().into_iter().map(|account| account.id).collect()
    }

    pub(super) fn trashed(&self) -> Vec<AccountId> {
        self.document().read_trash().unwrap().into_iter().map(|account| account.id).collect()
    }

    pub(super) fn issuers(&self) -> Vec<String> {
        self.accounts().into_iter().map(|account| account.issuer).collect()
    }

    /// The blocks of the accounts without the times of their changes.
    pub(super) fn texts(&self) -> Vec<String> {
        texts(&self.document().accounts)
    }
}

fn open(identity: &Identity, plain: Plain) -> Opened {
    Opened::new(plain, |id| MacKey::of_vault(identity, id)).unwrap()
}

/// The blocks without the times of their changes.
pub(super) fn texts(blocks: &[Block<'_>]) -> Vec<String> {
    let lines = |block: &Block<'_>| {
        let lines = block.text().lines().filter(|line| !line.starts_with("changed = "));
        lines.collect::<Vec<_>>().join("\n")
    };
    blocks.iter().map(lines).collect()
}

/// Changes one account.
pub(super) fn edit(
    document: &mut Document<'_>,
    id: &AccountId,
    now: Timestamp,
    act: impl FnOnce(&mut Account),
) {
    drop(edited(document, id, now, act));
}

/// Changes one account and says what takes it back.
pub(super) fn edited(
    document: &mut Document<'_>,
    id: &AccountId,
    now: Timestamp,
    act: impl FnOnce(&mut Account),
) -> Reverse {
    let old = document.account(id).unwrap();
    let mut new = old.clone();
    act(&mut new);
    document.put(&old, &new, now).unwrap()
}
