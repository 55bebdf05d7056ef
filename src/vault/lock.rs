//! The lock that a writer holds: one sesam at a time changes a vault.
//!
//! It lies on a file of its own, since a rename gives the vault itself a new inode with every save.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    path::Path,
    time::Duration,
};

use super::{disk, error::VaultError};
use crate::clock::Clock;

/// How long one and the same other process may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(4);

/// Held until dropped.
#[derive(Debug)]
pub struct VaultLock(#[expect(dead_code, reason = "the lock ends when the file is closed")] File);

impl VaultLock {
    /// Waits for the lock. The wait begins anew when another process holds it: a queue is not a hang.
    ///
    /// # Errors
    /// [`VaultError::LockHeld`] with the process that holds it; [`VaultError::Io`].
    pub fn take(path: &Path, clock: &dyn Clock) -> Result<Self, VaultError> {
        let failed = |source| VaultError::io("lock", path, source);
        let options = &mut OpenOptions::new();
        let mut file =
            disk::create_private(path, options.create(true).read(true).truncate(false)).map_err(failed)?;
        let (mut waited, mut holder) = (Duration::ZERO, String::new());
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let now_held_by = name_in(&mut file);
            waited = if now_held_by == holder { waited + PAUSE } else { Duration::ZERO };
            holder = now_held_by;
            if waited >= PATIENCE {
                return Err(held(&holder));
            }
            clock.pause(PAUSE);
        }
        sign(&mut file).map_err(failed)?;
        Ok(Self(file))
    }
}

fn name_in(file: &mut File) -> String {
    let mut name = String::new();
    let _ = file.rewind().and_then(|()| file.take(64).read_to_string(&mut name));
    name
}

/// Process and a counter-like random word, so that two turns of one process are told apart.
fn sign(file: &mut File) -> std::io::Result<()> {
    let turn = crate::crypt::hex(&crate::crypt::random::<4>());
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(format!("{} {turn}\n", std::process::id()).as_bytes())
}

fn held(holder: &str) -> VaultError {
    let process = holder.split(' ').next().filter(|pid| pid.parse::<u32>().is_ok());
    let holder = process.map(|pid| format!(" (process {pid})")).unwrap_or_default();
    VaultError::LockHeld { holder, seconds: PATIENCE.as_secs() }
}
