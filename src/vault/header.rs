//! What the first bytes of a vault tell, before anybody is asked for a passphrase.

use std::{fs, io::Read};

use super::{advice, backups, error::VaultError, place::Place};
use crate::crypt::check_header;

impl Place {
    /// # Errors
    /// [`VaultError::NoVault`] when there is none; [`VaultError::Damaged`] when its backups say that there was one.
    pub fn expect_vault(&self) -> Result<(), VaultError> {
        if self.has_vault() {
            return Ok(());
        }
        if backups::list(self).is_empty() {
            return Err(VaultError::NoVault(self.dir().to_owned()));
        }
        let advice = advice::for_vault(self, &[]);
        Err(VaultError::Damaged { what: format!("{} is missing", self.vault().display()), advice })
    }

    /// Looks at the first bytes of the vault before anybody is asked for a passphrase.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] or [`VaultError::Newer`], with advice on the backups.
    pub fn check_header(&self) -> Result<(), VaultError> {
        self.read_header().map_err(|error| error.advised(|| advice::for_vault(self, &[])))
    }

    /// The same without advice, for who can open the backups and say which of them is good.
    pub(super) fn read_header(&self) -> Result<(), VaultError> {
        let mut start = Vec::new();
        let read = fs::File::open(self.vault()).and_then(|file| file.take(64).read_to_end(&mut start));
        read.map_err(|source| VaultError::io("read", self.vault(), source))?;
        check_header(&start).map_err(|error| VaultError::of_vault_file(&error))
    }
}
