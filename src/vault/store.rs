//! An unlocked vault on the disk: reading it, and changing what is there now.
//!
//! How it is unlocked is `unlock`'s business, how a version is written `save`'s.

use std::{
    fs::File,
    io::Read,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::{
    advice,
    backups::Keep,
    disk,
    document::{Document, Head},
    error::VaultError,
    lock::VaultLock,
    notice::{Notice, Notices},
    opened::Opened,
    place::Place,
    query::{Query, Tier},
    save::{self, Predecessor},
    scan::Found,
    seen::Memory,
};
use crate::{
    clock::{Clock, milliseconds},
    crypt::{CryptError, Identity, Plain, check_header, mac::MacKey, sha256_hex},
};

/// What a vault needs to know of the world around it.
#[derive(Clone)]
pub struct World {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where this machine remembers what it has seen.
    pub state_dir: PathBuf,
    /// Which earlier versions are kept.
    pub keep: Keep,
    /// How long deleted accounts lie in the trash.
    pub trash_days: u32,
}

/// A vault with the key to it.
pub struct Vault {
    /// Where it lies.
    pub place: Place,
    /// What surrounds it.
    pub world: World,
    identities: Vec<Identity>,
    /// The whole vault where it lies in memory alone (`--demo`).
    memory: Option<Arc<Mutex<Plain>>>,
    notices: Notices,
}

/// Whether a change needs to be saved.
pub enum Outcome<T> {
    /// The document was changed.
    Changed(T),
    /// The document is as it was.
    Same(T),
}

/// Why an identity did not read a file.
enum Unread {
    /// It does not decrypt.
    Crypt(CryptError),
    /// It decrypts, and is not the vault that it should be.
    Vault(VaultError),
}

/// A vault file as it was read: its hash, its plain text and the identity that opened it.
struct Version {
    sha256: String,
    opened: Opened,
    identity: usize,
}

impl Vault {
    /// Takes a place and the identities that may open it, the newest first.
    pub fn new(place: Place, identities: Vec<Identity>, world: World) -> Self {
        Self { place, world, identities, memory: None, notices: Notices::default() }
    }

    /// A vault that no file holds.
    pub fn in_memory(place: Place, identity: Identity, world: World, document: &Document<'_>) -> Self {
        let plain = document.seal(&MacKey::of_vault(&identity, &document.head.vault_id));
        let (identities, notices) = (vec![identity], Notices::default());
        Self { place, world, identities, memory: Some(Arc::new(Mutex::new(plain))), notices }
    }

    /// The same vault once more: for who goes on while another one is done with it.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            place: self.place.clone(),
            world: self.world.clone(),
            identities: self.identities.clone(),
            memory: self.memory.clone(),
            notices: Notices::default(),
        }
    }

    /// Whether no file holds this vault.
    pub fn is_in_memory(&self) -> bool {
        self.memory.is_some()
    }

    /// The identity in force.
    pub fn identity(&self) -> &Identity {
        &self.identities[0]
    }

    /// Every identity at hand, the one in force first.
    pub fn identities(&self) -> &[Identity] {
        &self.identities
    }

    /// What there is to say of the vault that makes nothing fail.
    pub fn notices(&self) -> &Notices {
        &self.notices
    }

    /// The time by this vault's clock, in the precision of the vault.
    pub fn now(&self) -> Timestamp {
        milliseconds(self.world.clock.now())
    }

    /// Decrypts the vault, checks its seal and that it is no older than what was seen.
    ///
    /// # Errors
    /// With advice on which backup is good where the vault is not.
    pub fn read(&self) -> Result<Opened, VaultError> {
        if let Some(plain) = &self.memory {
            return self.open_plain(plain.lock().unwrap_or_else(PoisonError::into_inner).clone());
        }
        let memory = Memory::read(&self.world.state_dir);
        let opened = self.with_file(|identity, file, size| {
            let plain = identity.decrypt(file, size).map_err(Unread::Crypt)?;
            Opened::new(plain, |id| MacKey::of_vault(identity, id)).map_err(Unread::Vault)
        });
        let (opened, identity) = opened.map_err(|error| self.advised(error))?;
        self.note_generation(&memory, identity, &opened.head)?;
        Ok(opened)
    }

    /// Finds the accounts that a query means where one is asked for, without keeping the rest in memory.
    ///
    /// # Errors
    /// As [`Vault::read`].
    pub fn find(&self, query: &Query) -> Result<Found, VaultError> {
        if self.memory.is_some() {
            return Ok(Found::in_opened(&self.read()?, query));
        }
        let mut found = Found::default();
        for tiers in [&[Tier::Exact, Tier::Folded][..], &[Tier::Words]] {
            let memory = Memory::read(&self.world.state_dir);
            let streamed = self.with_file(|identity, file, size| {
                let stream = identity.stream(file, size).map_err(Unread::Crypt)?;
                let key = |id: &str| MacKey::of_vault(identity, id);
                Found::in_stream(stream, key, (query, tiers)).map_err(Unread::Vault)
            });
            let ((now_found, head), identity) = streamed.map_err(|error| self.advised(error))?;
            self.note_generation(&memory, identity, &head)?;
            found = now_found;
            if !found.blocks.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// Refuses a vault that is older than what was seen, and remembers one that is newer.
    fn note_generation(&self, memory: &Memory, identity: &Identity, head: &Head) -> Result<(), VaultError> {
        self.compare(memory, identity, head)?;
        if memory.of(&self.place, identity).is_none_or(|seen| seen.generation < head.generation) {
            let version = (head.vault_id.as_str(), head.generation, "");
            Memory::remember(&self.world.state_dir, &self.place, identity, version);
        }
        Ok(())
    }

    /// Applies a change to what the vault holds now and saves it. Nothing is saved when `change` fails.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut Document<'_>, Timestamp) -> Result<Outcome<T>, VaultError>,
    ) -> Result<T, VaultError> {
        if let Some(plain) = &self.memory {
            let mut plain = plain.lock().unwrap_or_else(PoisonError::into_inner);
            let opened = self.open_plain(plain.clone())?;
            let mut document = opened.document()?;
            return Ok(match change(&mut document, self.now())? {
                Outcome::Same(result) => result,
                Outcome::Changed(result) => {
                    *plain = document.seal(&MacKey::of_vault(self.identity(), &document.head.vault_id));
                    result
                }
            });
        }
        self.change_to(self.identity(), change)
    }

    fn open_plain(&self, plain: Plain) -> Result<Opened, VaultError> {
        Opened::new(plain, |id| MacKey::of_vault(self.identity(), id))
    }

    /// The same, sealing the new version for another identity.
    pub(super) fn change_to<T>(
        &self,
        identity: &Identity,
        change: impl FnOnce(&mut Document<'_>, Timestamp) -> Result<Outcome<T>, VaultError>,
    ) -> Result<T, VaultError> {
        let _lock = VaultLock::take(&self.place.lock(), &*self.world.clock)?;
        let memory = Memory::read(&self.world.state_dir);
        let version = self.read_version()?;
        self.compare(&memory, &self.identities[version.identity], &version.opened.head)?;
        self.notice_fork(&memory, &version);
        let mut document = version.opened.document()?;
        match change(&mut document, self.now())? {
            Outcome::Same(result) => Ok(result),
            Outcome::Changed(result) => {
                let old = Predecessor { generation: version.opened.head.generation, sha256: &version.sha256 };
                document.head.previous = vec![version.sha256.clone()];
                self.write(document, Some(old), identity)?;
                Ok(result)
            }
        }
    }

    /// Writes a document as the next version. The caller holds the lock and has set `previous`.
    pub fn write(
        &self,
        mut document: Document<'_>,
        old: Option<Predecessor<'_>>,
        identity: &Identity,
    ) -> Result<(), VaultError> {
        let now = self.now();
        document.purge_expired(self.world.trash_days, now);
        document.trim_journal(now);
        document.head.generation += 1;
        document.head.written = Some(now);
        document.head.writer = concat!("sesam ", env!("CARGO_PKG_VERSION")).to_owned();
        let plain = document.seal(&MacKey::of_vault(identity, &document.head.vault_id));
        if plain.len() as u64 > disk::MAX_VAULT {
            let full =
                std::io::Error::other(format!("it would be larger than {} MiB", disk::MAX_VAULT >> 20));
            return Err(VaultError::io("save", self.place.vault(), full));
        }
        let sha256 = save::save(&self.place, identity, &plain, old)?;
        let version = (document.head.vault_id.as_str(), document.head.generation, sha256.as_str());
        Memory::remember(&self.world.state_dir, &self.place, identity, version);
        save::tidy(&self.place, self.world.keep, now.into());
        Memory::tidy(&self.world.state_dir, now.into());
        Ok(())
    }

    /// The highest generation that is known of: on the disk, in the backups, or remembered.
    pub fn highest_generation(&self, on_disk: u64) -> u64 {
        let memory = Memory::read(&self.world.state_dir);
        let seen = self.identities.iter().filter_map(|identity| memory.of(&self.place, identity));
        let kept = super::backups::list(&self.place).first().map_or(0, |backup| backup.generation);
        seen.map(|seen| seen.generation).chain([on_disk, kept]).max().unwrap_or(0)
    }

    /// The error with the advice on which backup is good.
    pub fn advised(&self, error: VaultError) -> VaultError {
        error.advised(|| advice::for_vault(&self.place, &self.identities))
    }

    fn read_version(&self) -> Result<Version, VaultError> {
        let bytes = disk::read(&self.place.vault(), disk::MAX_VAULT).map_err(|error| self.missing(error))?;
        let opened = check_header(&bytes).and_then(|()| self.decrypt(|| Ok(bytes.as_slice()), bytes.len()));
        let (plain, identity) = opened.map_err(|error| self.advised(VaultError::of_vault_file(&error)))?;
        let opened = Opened::new(plain, |id| MacKey::of_vault(&self.identities[identity], id));
        Ok(Version { sha256: sha256_hex(&bytes), opened: opened.map_err(|e| self.advised(e))?, identity })
    }

    /// Reads the file with whichever identity opens it, in a stream: the cipher text of 10,000 accounts never lies in
    /// memory as a whole.
    fn with_file<T>(
        &self,
        read: impl Fn(&Identity, File, usize) -> Result<T, Unread>,
    ) -> Result<(T, &Identity), VaultError> {
        let path = self.place.vault();
        let failed = |source| VaultError::io("read", &path, source);
        let mut last = CryptError::WrongIdentity;
        for identity in &self.identities {
            let file = File::open(&path).map_err(|source| self.missing(failed(source)))?;
            let size = file.metadata().map_err(failed)?.len();
            if size > disk::MAX_VAULT {
                return Err(failed(std::io::Error::other(format!(
                    "larger than {} MiB",
                    disk::MAX_VAULT >> 20
                ))));
            }
            match read(identity, file, usize::try_from(size).unwrap_or(0)) {
                Ok(value) => return Ok((value, identity)),
                Err(Unread::Crypt(CryptError::WrongIdentity)) => {}
                Err(Unread::Crypt(error)) => last = error,
                Err(Unread::Vault(error)) => return Err(error),
            }
        }
        Err(self.place.read_header().err().unwrap_or(VaultError::of_vault_file(&last)))
    }

    fn decrypt<R: Read>(
        &self,
        open: impl Fn() -> std::io::Result<R>,
        size: usize,
    ) -> Result<(Plain, usize), CryptError> {
        let mut last = CryptError::WrongIdentity;
        for (at, identity) in self.identities.iter().enumerate() {
            let file = open().map_err(|_| CryptError::Damaged("it cannot be read"))?;
            match identity.decrypt(file, size) {
                Ok(plain) => return Ok((plain, at)),
                Err(CryptError::WrongIdentity) => {}
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn compare(&self, memory: &Memory, identity: &Identity, head: &Head) -> Result<(), VaultError> {
        let Some(seen) = memory.of(&self.place, identity) else { return Ok(()) };
        if seen.id != head.vault_id {
            return Err(self.advised(VaultError::WrongVault { advice: String::new() }));
        }
        if seen.generation > head.generation {
            let (found, seen) = (head.generation, seen.generation);
            return Err(self.advised(VaultError::RolledBack { found, seen, advice: String::new() }));
        }
        Ok(())
    }

    /// Two machines can write the same generation while they do not see each other; a folder that is synced then
    /// keeps one of the two under this name. Reading does not notice it: that would cost a hash of the whole file.
    fn notice_fork(&self, memory: &Memory, version: &Version) {
        let Some(seen) = memory.of(&self.place, &self.identities[version.identity]) else { return };
        let same_generation = seen.generation == version.opened.head.generation;
        if same_generation && !seen.sha256.is_empty() && seen.sha256 != version.sha256 {
            self.notices.note(Notice::Forked);
        }
    }

    fn missing(&self, error: VaultError) -> VaultError {
        match error {
            VaultError::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                VaultError::NoVault(self.place.dir().to_owned())
            }
            other => other,
        }
    }
}
