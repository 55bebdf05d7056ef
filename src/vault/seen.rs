//! What this machine remembers of each vault: the highest generation it has seen, to notice a rollback.
//!
//! It lies in the state directory, apart from the vault: whoever can put an old vault back should not reach it too.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::{Deserialize, Serialize};

use super::{disk, place::Place};
use crate::crypt::{Identity, mac::MacKey};

/// Vaults that are remembered at most; the ones not seen for longest go first.
const REMEMBERED: usize = 64;
const MAX_SIZE: u64 = 1 << 20;

/// The memory file, as read at one moment. Read it before the vault: the other way round a writer in between looks
/// like a rollback.
#[derive(Default, Serialize, Deserialize, Clone)]
pub struct Memory {
    #[serde(default)]
    vault: Vec<Seen>,
}

/// What is remembered of one vault.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    path: PathBuf,
    /// Its vault id.
    pub id: String,
    /// The highest generation seen.
    pub generation: u64,
    /// SHA-256 of that vault file where this machine wrote it, else empty.
    pub sha256: String,
    mac: String,
}

/// Where the memory lies.
pub fn file(state_dir: &Path) -> PathBuf {
    state_dir.join("seen.toml")
}

impl Memory {
    /// Reads the memory; an unreadable one counts as empty, since it only serves to warn.
    pub fn read(state_dir: &Path) -> Self {
        let bytes = disk::read_if_there(&file(state_dir), MAX_SIZE).ok().flatten();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
    }

    /// What is remembered of the vault at this place, if the seal of the memory holds.
    pub fn of(&self, place: &Place, identity: &Identity) -> Option<&Seen> {
        let seen = self.vault.iter().find(|seen| seen.path == place.vault())?;
        MacKey::of_memory(identity, &seen.id).verify(seen.sealed().as_bytes(), &seen.mac).then_some(seen)
    }

    /// Remembers a version (vault id, generation, SHA-256) unless a later one is remembered. Fails silently, and
    /// waits for no disk: it only serves to warn.
    pub fn remember(state_dir: &Path, place: &Place, identity: &Identity, version: (&str, u64, &str)) {
        let mut memory = Self::read(state_dir);
        let (id, generation, sha256) = version;
        let known = memory.of(place, identity);
        if known.is_some_and(|seen| seen.id == id && seen.generation > generation) {
            return;
        }
        let mut seen = Seen {
            path: place.vault(),
            id: id.into(),
            generation,
            sha256: sha256.into(),
            mac: String::new(),
        };
        seen.mac = MacKey::of_memory(identity, id).tag(seen.sealed().as_bytes());
        memory.vault.retain(|other| other.path != seen.path);
        memory.vault.push(seen);
        let surplus = memory.vault.len().saturating_sub(REMEMBERED);
        memory.vault.drain(..surplus);
        let _ = memory.write(state_dir);
    }

    /// Removes what crashes have left beside the memory and the marks.
    pub fn tidy(state_dir: &Path, now: SystemTime) {
        let ours = |name: &str| name.starts_with(".seen.") || name.starts_with(".remembered.");
        disk::sweep(state_dir, ours, now);
    }

    fn write(&self, state_dir: &Path) -> Option<()> {
        let text = toml::to_string(self).ok()?;
        disk::private_dir(state_dir).ok()?;
        let temporary = state_dir.join(format!(".seen.{}.tmp", std::process::id()));
        disk::replace_lightly(&file(state_dir), &temporary, text.as_bytes())
            .inspect_err(|_| drop(disk::remove_if_there(&temporary)))
            .ok()
    }
}

impl Seen {
    fn sealed(&self) -> String {
        format!("{}\n{}\n{}\n{}", self.path.display(), self.id, self.generation, self.sha256)
    }
}
