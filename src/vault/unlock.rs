//! `identity.age`: the identity under the passphrase, and its copy in `backups/`.
//!
//! Where a passphrase comes from is `cli`'s business; copies of the identity that need none are `kept`'s.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{advice, disk, error::VaultError, lock::VaultLock, place::Place};
use crate::{
    clock::Clock,
    crypt::{
        CryptError, Identity,
        passphrase::{self, MAX_WORK_FACTOR, Passphrase, WEAK_WORK_FACTOR},
        sha256_hex,
    },
};

/// The bytes of an identity file together with what tells it apart.
pub struct IdentityFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

/// What an identity file gave.
pub struct Unlocked {
    /// The identity in force first; a second one while a `rekey` is unfinished.
    pub identities: Vec<Identity>,
    /// Whether its work factor is so low that guessing is cheap.
    pub weak: bool,
}

impl IdentityFile {
    /// Reads `identity.age`.
    ///
    /// # Errors
    /// [`VaultError::NoVault`] when neither it nor a vault is there; [`VaultError::IdentityDamaged`] when it is
    /// missing beside a vault or is no age file under a passphrase.
    pub fn read(place: &Place) -> Result<Self, VaultError> {
        let damaged = |what: &str| damaged(what, place);
        match disk::read_if_there(&place.identity(), disk::MAX_IDENTITY)? {
            Some(bytes) => Self { path: place.identity(), bytes }.checked().map_err(|what| damaged(&what)),
            None if place.has_vault() => Err(damaged("it is missing")),
            None => Err(VaultError::NoVault(place.dir().to_owned())),
        }
    }

    /// Reads any file that may hold an identity under a passphrase.
    pub fn from_bytes(path: PathBuf, bytes: Vec<u8>) -> Result<Self, String> {
        Self { path, bytes }.checked()
    }

    /// The name under which keyrings keep what this file protects. It changes with each new passphrase.
    pub fn keyring_name(&self) -> String {
        format!("sesam:{}", &sha256_hex(&self.bytes)[..32])
    }

    /// The file as it stands on the disk.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Decrypts it: scrypt runs once, about 0.7 s and 256 MiB.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`]; [`VaultError::IdentityDamaged`] where that can be told apart.
    pub fn open(&self, passphrase: &Passphrase, place: &Place) -> Result<Unlocked, VaultError> {
        let plain = passphrase::unwrap(passphrase, &self.bytes).map_err(|error| match error {
            CryptError::WrongPassphrase => VaultError::WrongPassphrase,
            other => damaged(&other.to_string(), place),
        })?;
        let text = std::str::from_utf8(&plain).map_err(|_| damaged("it holds no identity", place))?;
        let identities = Identity::parse_file(text).map_err(|_| damaged("it holds no identity", place))?;
        let weak = passphrase::work_factor(&self.bytes).is_ok_and(|factor| factor < WEAK_WORK_FACTOR);
        Ok(Unlocked { identities, weak })
    }

    /// Makes the copy in `backups/` equal to this file, which `identities` came out of. A copy that is another one
    /// gives way only to identities that open the vault: with an `identity.age` that is out of date, as a synced
    /// folder may bring it back, the copy is all that does. Says nothing when it fails.
    pub fn refresh_copy(&self, place: &Place, identities: &[Identity], clock: &dyn Clock) {
        let same = |path: &Path| disk::read(path, disk::MAX_IDENTITY).is_ok_and(|bytes| bytes == self.bytes);
        if self.path != place.identity() || same(&place.identity_copy()) {
            return;
        }
        let Ok(_lock) = VaultLock::take(&place.lock(), clock) else { return };
        if same(&place.identity()) && (!place.identity_copy().exists() || open_the_vault(identities, place)) {
            let _ = write_copy(place, &self.bytes);
        }
    }

    fn checked(self) -> Result<Self, String> {
        let factor = passphrase::work_factor(&self.bytes).map_err(|error| error.to_string())?;
        if factor > MAX_WORK_FACTOR {
            return Err(CryptError::TooMuchWork { required: factor, limit: MAX_WORK_FACTOR }.to_string());
        }
        Ok(self)
    }
}

fn open_the_vault(identities: &[Identity], place: &Place) -> bool {
    disk::read(&place.vault(), disk::MAX_VAULT)
        .is_ok_and(|bytes| identities.iter().any(|identity| identity.decrypt_bytes(&bytes).is_ok()))
}

/// Identities under a passphrase, as they are written: bytes that are proven to open again.
pub fn seal(
    identities: &[Identity],
    passphrase: &Passphrase,
    work_factor: u8,
) -> Result<Vec<u8>, VaultError> {
    let text = identity_lines(identities);
    let bytes = passphrase::wrap(passphrase, work_factor, text.as_bytes());
    let opens = passphrase::unwrap(passphrase, &bytes).is_ok_and(|again| again.as_slice() == text.as_bytes());
    if opens { Ok(bytes) } else { Err(VaultError::WrongPassphrase) }
}

/// Identities as an identity file and a keyring hold them: one a line.
pub(super) fn identity_lines(identities: &[Identity]) -> Zeroizing<String> {
    let room = identities.iter().map(|identity| identity.expose().len() + 1).sum();
    let mut text = Zeroizing::new(String::with_capacity(room)); // it never grows, so no copy stays behind
    for identity in identities {
        text.push_str(identity.expose());
        text.push('\n');
    }
    text
}

/// Puts a sealed identity file in force, then its copy. The caller holds the lock.
pub fn put_in_force(place: &Place, sealed: &[u8]) -> Result<(), VaultError> {
    disk::replace(&place.identity(), &place.dir().join(".identity.age.tmp"), sealed)?;
    write_copy(place, sealed)
}

/// Keeps an `identity.age` that does not open under a name that says so. The caller holds the lock.
pub fn set_damaged_aside(place: &Place) -> Result<(), VaultError> {
    let Some(bytes) = disk::read_if_there(&place.identity(), disk::MAX_IDENTITY)? else { return Ok(()) };
    disk::private_dir(&place.backups())?;
    let aside = place.backups().join(format!("damaged-identity-{}.age", &sha256_hex(&bytes)[..8]));
    disk::keep_as(&place.identity(), &aside).map_err(|source| VaultError::io("set aside", aside, source))
}

/// Writes the copy of the identity into `backups/`.
pub fn write_copy(place: &Place, sealed: &[u8]) -> Result<(), VaultError> {
    disk::private_dir(&place.backups())?;
    disk::replace(&place.identity_copy(), &place.backups().join(".identity.age.tmp"), sealed)
}

fn damaged(what: &str, place: &Place) -> VaultError {
    VaultError::IdentityDamaged { what: what.to_owned(), advice: advice::for_identity(place) }
}
