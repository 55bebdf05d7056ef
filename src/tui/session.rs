//! The open vault as the screens see it: its accounts as they were last read, and what there is to sort by.
//!
//! Nothing here waits: reading and changing happen in [`jobs`](super::jobs).

use std::sync::Arc;

use crate::vault::{Account, AccountId, Vault, VaultError, catalog::Catalog, usage::Usage};

/// An open vault.
pub struct Session {
    /// The vault.
    pub vault: Arc<Vault>,
    /// Its accounts as they were last read.
    pub catalog: Catalog,
    /// The use counts as they were when the vault was opened: the order does not move while somebody looks.
    pub usage: Usage,
}

impl Session {
    /// Reads the vault.
    ///
    /// # Errors
    /// As [`Vault::read`].
    pub fn open(vault: &Arc<Vault>) -> Result<Self, VaultError> {
        let catalog = Catalog::new(vault.read()?);
        let usage = Usage::read(vault);
        Ok(Self { vault: Arc::clone(vault), catalog, usage })
    }

    /// The account of this name, if it is still there and of a kind that this version knows.
    pub fn account(&self, id: &AccountId) -> Option<Account> {
        self.catalog.account(self.catalog.position(id)?).ok()
    }
}
