//! Bringing back an earlier version, and taking in another one that was changed apart. Nothing is deleted.

use std::path::Path;

use super::{
    backups, disk,
    document::{Block, Document},
    error::VaultError,
    lock::VaultLock,
    merge::{Merged, merge},
    opened::Opened,
    save::Predecessor,
    store::Vault,
};
use crate::crypt::{CryptError, mac::MacKey, sha256_hex};

/// Which version was brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Its generation.
    pub generation: u64,
    /// When it was written.
    pub written: Option<jiff::Timestamp>,
    /// How many accounts it holds.
    pub accounts: usize,
}

impl Vault {
    /// Brings back the newest backup that opens.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when none does; [`VaultError::Io`] when the system refuses to give one of them: it may
    /// be good, and an older one in its place would lose changes without a word.
    pub fn restore_newest(&self) -> Result<Restored, VaultError> {
        for backup in backups::list(&self.place) {
            let bytes = match disk::read(&backup.path, disk::MAX_VAULT) {
                Ok(bytes) => bytes,
                Err(error) if error.is_refusal() => return Err(error),
                Err(_) => continue,
            };
            if let Ok(opened) = self.open_bytes(&bytes) {
                return self.put_back(&opened);
            }
        }
        let what = format!("no copy in {} opens", self.place.backups().display());
        Err(VaultError::Damaged { what, advice: "use a copy of your own: sesam vault restore FILE".into() })
    }

    /// Brings back a named version.
    pub fn restore_file(&self, path: &Path) -> Result<Restored, VaultError> {
        let bytes = disk::read(path, disk::MAX_VAULT)?;
        self.put_back(&self.open_bytes(&bytes)?)
    }

    /// Takes another version of this vault in. One that brings nothing new is no new version: two machines that take
    /// each other's copies in would go on for ever.
    pub fn merge_file(&self, path: &Path) -> Result<Merged, VaultError> {
        let bytes = disk::read(path, disk::MAX_VAULT)?;
        let theirs = self.open_bytes(&bytes)?;
        let _lock = VaultLock::take(&self.place.lock(), &*self.world.clock)?;
        let our_bytes = disk::read(&self.place.vault(), disk::MAX_VAULT)?;
        let ours = self.open_bytes(&our_bytes).map_err(|error| self.advised(error))?;
        let (our_hash, their_hash) = (sha256_hex(&our_bytes), sha256_hex(&bytes));
        let our_document = ours.document()?;
        let (mut document, merged) = merge(&our_document, &theirs.document()?)?;
        if document.says_the_same(&our_document) {
            return Ok(merged);
        }
        document.head.previous = vec![our_hash.clone(), their_hash];
        document.head.previous.sort();
        document.head.previous.dedup();
        let old = Predecessor { generation: ours.head.generation, sha256: &our_hash };
        self.write(document, Some(old), self.identity())?;
        Ok(merged)
    }

    /// Opens the bytes of a vault file with whichever identity fits.
    pub fn open_bytes(&self, bytes: &[u8]) -> Result<Opened, VaultError> {
        let mut last = CryptError::WrongIdentity;
        for identity in self.identities() {
            match identity.decrypt_bytes(bytes) {
                Ok(plain) => return Opened::new(plain, |id| MacKey::of_vault(identity, id)),
                Err(error) => last = error,
            }
        }
        Err(VaultError::of_vault_file(&last))
    }

    fn put_back(&self, version: &Opened) -> Result<Restored, VaultError> {
        let _lock = VaultLock::take(&self.place.lock(), &*self.world.clock)?;
        let current = disk::read_if_there(&self.place.vault(), disk::MAX_VAULT)?;
        let opened = current.as_deref().and_then(|bytes| self.open_bytes(bytes).ok());
        let mut document = version.document()?;
        if let Some(opened) = &opened {
            keep_counters(&mut document, &opened.document()?);
        }
        let restored = Restored {
            generation: document.head.generation,
            written: document.head.written,
            accounts: document.accounts.len(),
        };
        let on_disk = opened.as_ref().map_or(0, |opened| opened.head.generation);
        document.head.generation = self.highest_generation(on_disk.max(restored.generation));
        let hash = current.as_deref().map(sha256_hex);
        document.head.previous = hash.iter().cloned().collect();
        let old = match (&opened, &hash) {
            (Some(_), Some(hash)) => Some(Predecessor { generation: on_disk, sha256: hash }),
            (None, Some(hash)) => self.set_damaged_aside(hash)?,
            _ => None,
        };
        self.write(document, old, self.identity())?;
        Ok(restored)
    }

    /// Keeps a vault that does not open under a name that says so: somebody may yet read more out of it.
    fn set_damaged_aside(&self, hash: &str) -> Result<Option<Predecessor<'static>>, VaultError> {
        disk::private_dir(&self.place.backups())?;
        let aside = self.place.backups().join(format!("damaged-{}.age", &hash[..8]));
        disk::keep_as(&self.place.vault(), &aside)
            .map_err(|source| VaultError::io("set aside", &aside, source))?;
        Ok(None)
    }
}

/// A counter never goes back: the server would refuse the codes, and one that was shown would be shown again.
fn keep_counters(document: &mut Document<'_>, current: &Document<'_>) {
    let counters: std::collections::HashMap<&str, i64> = current
        .accounts
        .iter()
        .filter_map(|block| Some((block.id(), block.fields().integer("counter").ok()??)))
        .collect();
    let behind: Vec<(usize, i64)> = document
        .accounts
        .iter()
        .enumerate()
        .filter_map(|(at, block)| {
            let (own, now) = (block.fields().integer("counter").ok()??, *counters.get(block.id())?);
            (own < now).then_some((at, now))
        })
        .collect();
    for (at, counter) in behind {
        let text =
            super::change::replaced(document.accounts[at].text(), "counter", Some(&counter.to_string()));
        document.accounts[at] = Block::Written(text);
    }
}
