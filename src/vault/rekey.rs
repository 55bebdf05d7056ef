//! New keys for an old vault: another passphrase, or another identity.

use std::fs;

use super::{
    backups, disk,
    document::Document,
    error::VaultError,
    lock::VaultLock,
    opened::Opened,
    place::Place,
    store::{Outcome, Vault},
    tokens, unlock,
};
use crate::crypt::{Identity, mac::MacKey, passphrase::Passphrase};

/// Puts the identity under another passphrase. Afterwards the old one opens nothing in the directory.
///
/// # Errors
/// The old passphrase stays in force, unless the new identity file was written already and only its copy failed.
pub fn change_passphrase(vault: &Vault, passphrase: &Passphrase, work_factor: u8) -> Result<(), VaultError> {
    let sealed = unlock::seal(vault.identities(), passphrase, work_factor)?;
    let _lock = VaultLock::take(&vault.place.lock(), &*vault.world.clock)?;
    unlock::put_in_force(&vault.place, &sealed)
}

/// Gives the vault, its backups and its use counts to a new identity, and ends the old one.
///
/// Each step leaves something that opens: first the identity file holds both, then everything is rewritten, then
/// the identity file holds the new one alone.
pub fn rekey(vault: &Vault, passphrase: &Passphrase, work_factor: u8) -> Result<Vault, VaultError> {
    let fresh = Identity::generate();
    let both: Vec<Identity> = std::iter::once(&fresh).chain(vault.identities()).cloned().collect();
    let (both_sealed, one_sealed) = (
        unlock::seal(&both, passphrase, work_factor)?,
        unlock::seal(std::slice::from_ref(&fresh), passphrase, work_factor)?,
    );
    {
        let _lock = VaultLock::take(&vault.place.lock(), &*vault.world.clock)?;
        unlock::put_in_force(&vault.place, &both_sealed)?;
    }
    let between = Vault::new(vault.place.clone(), both.clone(), vault.world.clone());
    between.change_to(&fresh, |_, _| Ok(Outcome::Changed(())))?;
    let _lock = VaultLock::take(&vault.place.lock(), &*vault.world.clock)?;
    let unread = |source| VaultError::io("read", vault.place.backups(), source);
    for backup in backups::read_list(&vault.place).map_err(unread)? {
        reseal_backup(&backup.path, &both, &fresh)?;
    }
    reseal_usage(&vault.place, &both, &fresh)?;
    reseal_tokens(&vault.place, &both, &fresh)?;
    unlock::put_in_force(&vault.place, &one_sealed)?;
    Ok(Vault::new(vault.place.clone(), vec![fresh], vault.world.clone()))
}

/// Writes one backup anew for the new identity. One that opens with none of the old ones stays as it is: it was
/// damaged before.
fn reseal_backup(path: &std::path::Path, old: &[Identity], fresh: &Identity) -> Result<(), VaultError> {
    let bytes = disk::read(path, disk::MAX_VAULT)?;
    let opened = old.iter().find_map(|identity| {
        let plain = identity.decrypt_bytes(&bytes).ok()?;
        Opened::new(plain, |id| MacKey::of_vault(identity, id)).ok()
    });
    let Some(opened) = opened else { return Ok(()) };
    let document: Document<'_> = opened.document()?;
    let plain = document.seal(&MacKey::of_vault(fresh, &document.head.vault_id));
    replace_keeping_time(path, &fresh.recipient().encrypt(&plain))
}

fn reseal_usage(place: &Place, old: &[Identity], fresh: &Identity) -> Result<(), VaultError> {
    let Some(bytes) = disk::read_if_there(&place.usage(), disk::MAX_VAULT)? else { return Ok(()) };
    let Some(plain) = old.iter().find_map(|identity| identity.decrypt_bytes(&bytes).ok()) else {
        return Ok(());
    };
    replace_keeping_time(&place.usage(), &fresh.recipient().encrypt(&plain))
}

/// Tokens that open with none of the old ones stay as they are: they were damaged before.
fn reseal_tokens(place: &Place, old: &[Identity], fresh: &Identity) -> Result<(), VaultError> {
    let Some(bytes) = disk::read_if_there(&place.tokens(), disk::MAX_VAULT)? else { return Ok(()) };
    let Some(sealed) = tokens::reseal(old, fresh, &bytes) else { return Ok(()) };
    disk::replace(&place.tokens(), &place.tokens().with_extension("tmp"), &sealed)
}

/// The time of a backup decides how long it is kept, so it stays.
fn replace_keeping_time(path: &std::path::Path, bytes: &[u8]) -> Result<(), VaultError> {
    let time = fs::metadata(path).and_then(|facts| facts.modified());
    disk::replace(path, &path.with_extension("tmp"), bytes)?;
    if let Ok(time) = time {
        let _ = fs::File::options().write(true).open(path).and_then(|file| file.set_modified(time));
    }
    Ok(())
}
