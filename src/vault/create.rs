//! A new vault: identity first, then the vault that needs it, so that a crash in between leaves no vault.

use std::fs;

use super::{
    disk,
    document::Document,
    error::VaultError,
    lock::VaultLock,
    place::Place,
    store::{Vault, World},
    unlock,
};
use crate::crypt::{Identity, hex, passphrase::Passphrase, random, sha256_hex};

/// Creates a vault without accounts.
///
/// # Errors
/// [`VaultError::AlreadyThere`] when there is a vault, or backups of one.
pub fn create(
    place: Place,
    passphrase: &Passphrase,
    work_factor: u8,
    world: World,
) -> Result<Vault, VaultError> {
    refuse_existing(&place)?;
    let identity = Identity::generate();
    let sealed = unlock::seal(std::slice::from_ref(&identity), passphrase, work_factor)?;
    disk::private_dir(place.dir())?;
    let lock = VaultLock::take(&place.lock(), &*world.clock)?;
    refuse_existing(&place)?;
    set_aside_unfinished(&place)?;
    unlock::put_in_force(&place, &sealed)?;
    let vault = Vault::new(place, vec![identity], world);
    vault.write(Document::empty(&hex(&random::<16>())), None, vault.identity())?;
    drop(lock);
    Ok(vault)
}

/// # Errors
/// [`VaultError::AlreadyThere`] when there is a vault, or backups of one.
pub fn refuse_existing(place: &Place) -> Result<(), VaultError> {
    let occupied = place.has_vault() || !super::backups::list(place).is_empty();
    if occupied { Err(VaultError::AlreadyThere(place.dir().to_owned())) } else { Ok(()) }
}

/// An identity without a vault is what a crash during an earlier creation leaves. It is kept, under another name:
/// it may be all that opens a vault that lies elsewhere.
fn set_aside_unfinished(place: &Place) -> Result<(), VaultError> {
    let Some(bytes) = disk::read_if_there(&place.identity(), disk::MAX_IDENTITY)? else { return Ok(()) };
    disk::private_dir(&place.backups())?;
    let aside = place.backups().join(format!("identity-unused-{}.age", &sha256_hex(&bytes)[..8]));
    fs::rename(place.identity(), &aside)
        .map_err(|source| VaultError::io("set aside", place.identity(), source))
}
