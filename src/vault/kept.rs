//! Copies of an identity that open a vault without its passphrase: in the kernel's keyring for a time, in the
//! system's until it is forgotten. `identity.age` stays what they are copies of: losing one loses nothing.

use std::{fs::File, path::Path};

use jiff::Timestamp;

use super::{
    error::VaultError,
    marks::Marks,
    place::Place,
    unlock::{IdentityFile, identity_lines},
};
use crate::{
    crypt::{CryptError, Identity},
    keyring::{KernelKeyring, KeyringError, SecretStore},
};

/// Why the system keyring does not open a vault, or does not keep its key.
#[derive(Debug, thiserror::Error)]
pub enum Unkept {
    /// The item was removed there, by hand perhaps.
    #[error("the system keyring has no key of this vault any more")]
    Gone,
    /// The keyring itself.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The state directory refused the mark without which nobody would look into the keyring.
    #[error(transparent)]
    State(VaultError),
    /// The item is not what was put there, or the vault is another one.
    #[error("what the system keyring has does not open this vault")]
    Unfit,
}

/// The identities that the kernel keeps for this file, if their time is not over.
pub fn kept_identities(file: &IdentityFile) -> Option<Vec<Identity>> {
    let secret = KernelKeyring.secret(&file.keyring_name()).ok()??;
    Identity::parse_file(std::str::from_utf8(&secret).ok()?).ok()
}

/// Lets the kernel keep identities for `seconds`.
pub fn keep_identities(
    file: &IdentityFile,
    identities: &[Identity],
    seconds: u32,
) -> Result<(), KeyringError> {
    KernelKeyring.put(&file.keyring_name(), identity_lines(identities).as_bytes(), Some(seconds))
}

/// The copy of one vault's identity in the system keyring. Whether there is one stands in the state directory, so
/// that nobody waits for a keyring who never chose it.
#[derive(Clone, Copy)]
pub struct Remembered<'a> {
    /// Where the vault lies.
    pub place: &'a Place,
    /// Its identity file, by which a copy is named.
    pub file: &'a IdentityFile,
    /// Where this machine remembers what it has seen.
    pub state_dir: &'a Path,
}

impl Remembered<'_> {
    /// Whether the person chose the system keyring for this vault. Asks no keyring.
    pub fn is_chosen(&self) -> bool {
        Marks::read(self.state_dir).of(&self.file.keyring_name()).is_some()
    }

    /// The identities that the system keyring has, `Ok(None)` when it was not chosen.
    ///
    /// # Errors
    /// [`Unkept`]; the passphrase still opens the vault.
    pub fn identities(&self, store: &dyn SecretStore) -> Result<Option<Vec<Identity>>, Unkept> {
        let (name, mut marks) = (self.file.keyring_name(), Marks::read(self.state_dir));
        if marks.of(&name).is_none() {
            return Ok(None);
        }
        let secret = store.secret(&name)?.ok_or(Unkept::Gone)?;
        let text = std::str::from_utf8(&secret).map_err(|_| Unkept::Unfit)?;
        let identities = Identity::parse_file(text).map_err(|_| Unkept::Unfit)?;
        if none_fits(&identities, self.place) {
            return Err(Unkept::Unfit);
        }
        if marks.moved_to(&name, self.place) {
            let _ = marks.write(self.state_dir);
        }
        Ok(Some(identities))
    }

    /// Puts the identities into the system keyring, reads them back, and marks the vault. The mark comes first: an
    /// item that nobody knows of would never be forgotten.
    ///
    /// # Errors
    /// [`Unkept`]; the vault is marked only if it was before.
    pub fn remember(
        &self,
        identities: &[Identity],
        store: &dyn SecretStore,
        now: Timestamp,
    ) -> Result<(), Unkept> {
        let (name, before) = (self.file.keyring_name(), Marks::read(self.state_dir));
        let mut marks = before.clone();
        marks.set(&name, self.place, now);
        marks.write(self.state_dir).map_err(Unkept::State)?;
        put_and_read_back(&name, identities, store).inspect_err(|_| {
            let _ = before.write(self.state_dir);
        })
    }

    /// Takes the copy out of the system keyring, and then the mark away. `Ok(false)` when there was neither.
    ///
    /// # Errors
    /// [`Unkept`]; the mark stays, so that it can be tried again. Without a mark no keyring is an error.
    pub fn forget(&self, store: &dyn SecretStore) -> Result<bool, Unkept> {
        let (own, mut marks) = (self.file.keyring_name(), Marks::read(self.state_dir));
        let mut any = false;
        for name in marks.earlier(&own, self.place).into_iter().chain([own]) {
            let forgotten = store.forget(&name);
            if marks.of(&name).is_none() {
                any |= forgotten.unwrap_or(false);
                continue;
            }
            forgotten?;
            marks.remove(&name);
            marks.write(self.state_dir).map_err(Unkept::State)?;
            any = true;
        }
        Ok(any)
    }

    /// After a new passphrase or a new identity: what was remembered of the identity file `old` is remembered of this
    /// one, and the old copy goes. `Ok(false)` when nothing was remembered.
    ///
    /// # Errors
    /// [`Unkept`]; as far as the keyring lets itself be used the old copy is gone all the same.
    pub fn renew(
        &self,
        old: &IdentityFile,
        (identities, store): (&[Identity], &dyn SecretStore),
        now: Timestamp,
    ) -> Result<bool, Unkept> {
        let before = Remembered { file: old, ..*self };
        if !before.is_chosen() {
            return Ok(false);
        }
        let kept = self.remember(identities, store, now);
        store.forget(&old.keyring_name())?;
        let mut marks = Marks::read(self.state_dir);
        marks.remove(&old.keyring_name());
        marks.write(self.state_dir).map_err(Unkept::State)?;
        kept.map(|()| true)
    }

    /// Removes the copies of what this place's identity was before somebody else changed it: another machine, a
    /// restored file. `None` when there is none; the marks are gone whatever the keyring says.
    pub fn forget_earlier(&self, store: &dyn SecretStore) -> Option<Result<(), KeyringError>> {
        let mut marks = Marks::read(self.state_dir);
        let earlier = marks.earlier(&self.file.keyring_name(), self.place);
        if earlier.is_empty() {
            return None;
        }
        let mut done = Ok(());
        for name in &earlier {
            done = done.and(store.forget(name).map(|_| ()));
            marks.remove(name);
        }
        let _ = marks.write(self.state_dir);
        Some(done)
    }
}

fn put_and_read_back(name: &str, identities: &[Identity], store: &dyn SecretStore) -> Result<(), Unkept> {
    let text = identity_lines(identities);
    store.put(name, text.as_bytes(), None)?;
    let again = store.secret(name)?.ok_or(Unkept::Gone)?;
    if *again == *text.as_bytes() { Ok(()) } else { Err(Unkept::Unfit) }
}

/// Looks at the head of the vault file alone. A vault that cannot be read is not the keyring's fault.
fn none_fits(identities: &[Identity], place: &Place) -> bool {
    let wrong = |identity: &Identity| {
        let file = File::open(place.vault()).ok()?;
        let opened = identity.stream(file, 4096).map(|_| ());
        Some(opened == Err(CryptError::WrongIdentity))
    };
    identities.iter().all(|identity| wrong(identity) == Some(true))
}
