//! The open vault as the screens see it: its accounts as they were last read, and what there is to sort by.
//!
//! Nothing here waits: reading and changing happen in [`jobs`](super::jobs).

use std::{path::Path, sync::Arc, time::SystemTime};

use crate::vault::{Account, AccountId, Vault, VaultError, catalog::Catalog, usage::Usage};

/// An open vault.
pub struct Session {
    /// The vault.
    pub vault: Arc<Vault>,
    /// Its accounts as they were last read.
    pub catalog: Catalog,
    /// The use counts as they were when the vault was opened: the order does not move while somebody looks.
    pub usage: Usage,
    /// What was known of the file before it was read: a change that came while it was read makes it another one.
    pub stamp: Option<Stamp>,
}

/// What tells one version of a file from the next without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    changed: Option<SystemTime>,
    size: u64,
    file: u64,
}

impl Stamp {
    /// That of a file as it is now; none where it is not there.
    pub fn of(file: &Path) -> Option<Self> {
        let facts = std::fs::metadata(file).ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&facts);
        #[cfg(not(unix))]
        let number = 0;
        Some(Self { changed: facts.modified().ok(), size: facts.len(), file: number })
    }
}

impl Session {
    /// Reads the vault.
    ///
    /// # Errors
    /// As [`Vault::read`].
    pub fn open(vault: &Arc<Vault>) -> Result<Self, VaultError> {
        let stamp = Stamp::of(&vault.place.vault());
        let catalog = Catalog::new(vault.read()?);
        let usage = Usage::read(vault);
        Ok(Self { vault: Arc::clone(vault), catalog, usage, stamp })
    }

    /// The account of this name, if it is still there and of a kind that this version knows.
    pub fn account(&self, id: &AccountId) -> Option<Account> {
        self.catalog.account(self.catalog.position(id)?).ok()
    }
}
