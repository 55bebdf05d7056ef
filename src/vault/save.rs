//! How a new version of the vault reaches the disk, step by step, so that a crash, a full disk or a power cut leaves
//! the old version or the new one and never anything else.

use std::{fs::File, time::SystemTime};

use super::{
    backups::{self, Keep},
    disk,
    error::VaultError,
    place::Place,
};
use crate::crypt::{Identity, Plain};

/// The version that a new one takes the place of.
#[derive(Clone, Copy)]
pub struct Predecessor<'a> {
    /// Its generation.
    pub generation: u64,
    /// SHA-256 of its file.
    pub sha256: &'a str,
}

/// Encrypts and writes a new version. The caller holds the lock and has read what it replaces.
///
/// # Errors
/// The old version is in force, unless it is [`VaultError::Unconfirmed`].
pub fn save(
    place: &Place,
    identity: &Identity,
    plain: &Plain,
    predecessor: Option<Predecessor<'_>>,
) -> Result<String, VaultError> {
    let temporary = place.dir().join(".vault.age.tmp");
    let failed = |source| VaultError::io("save", place.vault(), source);
    let sha256 =
        disk::write_new_by(&temporary, |file| identity.recipient().seal_into(plain, file)).map_err(failed)?;
    let kept = read_back(&temporary, identity, plain).and_then(|()| match predecessor {
        Some(old) => keep_old(place, old),
        None => Ok(()),
    });
    if let Err(error) = kept {
        let _ = std::fs::remove_file(&temporary);
        return Err(error);
    }
    disk::put_in_place(&temporary, &place.vault())?;
    Ok(sha256)
}

/// Removes the versions that need not be kept any longer, and what crashes have left. Nothing depends on it, so
/// nothing is said when it fails.
pub fn tidy(place: &Place, keep: Keep, now: SystemTime) {
    backups::rotate(place, keep, now);
    let is_unfinished = |name: &str| {
        [".identity.", ".usage.", ".vault."].iter().any(|start| name.starts_with(start))
            || name == "usage.tmp"
    };
    disk::sweep(place.dir(), is_unfinished, now);
    disk::sweep(&place.backups(), |_| true, now);
}

/// What the disk holds must decrypt to what was meant, before it takes the place of something good.
fn read_back(path: &std::path::Path, identity: &Identity, plain: &Plain) -> Result<(), VaultError> {
    let file = File::open(path).map_err(|source| VaultError::io("read back", path, source))?;
    let same = identity.reads_back(file, plain);
    let changed = || std::io::Error::other("the disk gave back something else than was written");
    if same { Ok(()) } else { Err(VaultError::io("save", path, changed())) }
}

fn keep_old(place: &Place, old: Predecessor<'_>) -> Result<(), VaultError> {
    disk::private_dir(&place.backups())?;
    let backup = place.backups().join(backups::name(old.generation, old.sha256));
    let kept = disk::keep_as(&place.vault(), &backup).and_then(|()| disk::sync_dir(&place.backups()));
    kept.map_err(|source| VaultError::io("keep the old vault as", backup, source))
}
