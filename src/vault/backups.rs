//! The earlier versions of a vault: their names, which of them are kept, which of them are good.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;

use super::{disk, document::Head, entries::entries, opened::Opened, place::Place};
use crate::crypt::{Identity, mac::MacKey};

/// How many earlier versions are kept at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The newest ones, whatever their age.
    pub newest: usize,
    /// One a day for so many days.
    pub days: u64,
}

impl Default for Keep {
    fn default() -> Self {
        Self { newest: 10, days: 30 }
    }
}

/// A version in `backups/` as its name and file tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Where it lies.
    pub path: PathBuf,
    /// The generation in its name.
    pub generation: u64,
    /// When it was written.
    pub written: SystemTime,
}

/// What an opened backup holds.
pub struct Contents {
    /// Its head.
    pub head: Head,
    /// How many accounts it holds.
    pub accounts: usize,
}

impl Backup {
    /// Decrypts it and checks its seal.
    pub fn open(&self, identities: &[Identity]) -> Result<Contents, String> {
        let bytes = disk::read(&self.path, disk::MAX_VAULT).map_err(|error| error.to_string())?;
        open_bytes(&bytes, identities)
    }

    /// The time of its file.
    pub fn time(&self) -> Timestamp {
        Timestamp::try_from(self.written).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Decrypts a vault file and checks its seal with whichever identity opens it.
pub fn open_bytes(bytes: &[u8], identities: &[Identity]) -> Result<Contents, String> {
    let mut last = String::from("there is no identity to open it");
    for identity in identities {
        match identity.decrypt_bytes(bytes) {
            Err(error) => last = error.to_string(),
            Ok(plain) => {
                let opened = Opened::new(plain, |id| MacKey::of_vault(identity, id));
                let opened = opened.map_err(|error| error.to_string())?;
                return Ok(Contents { accounts: opened.accounts().count(), head: opened.head });
            }
        }
    }
    Err(last)
}

/// The file name for a version: generation and the first digits of its hash, since two machines may both have
/// written one of that generation.
pub fn name(generation: u64, hash: &str) -> String {
    format!("{generation:010}-{}.age", hash.get(..8).unwrap_or(hash))
}

/// All versions, newest first; none where the directory cannot be read.
pub fn list(place: &Place) -> Vec<Backup> {
    read_list(place).unwrap_or_default()
}

/// All versions, newest first.
///
/// # Errors
/// When the directory is there and cannot be read: whoever must not miss one has to know.
pub fn read_list(place: &Place) -> io::Result<Vec<Backup>> {
    let paths = match entries(&place.backups()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        paths => paths?,
    };
    let mut all: Vec<Backup> = paths.iter().filter_map(|path| recognise(path)).collect();
    all.sort_by_key(|backup| std::cmp::Reverse((backup.generation, backup.written)));
    Ok(all)
}

/// Removes what need not be kept. A file that cannot be removed stays.
pub fn rotate(place: &Place, keep: Keep, now: SystemTime) {
    let mut all = list(place);
    all.retain(|backup| backup.written > SystemTime::UNIX_EPOCH); // what could not be looked at stays
    for backup in surplus(&all, keep, now) {
        let _ = fs::remove_file(&backup.path);
    }
}

fn surplus(newest_first: &[Backup], keep: Keep, now: SystemTime) -> Vec<&Backup> {
    let day = |backup: &Backup| {
        backup.written.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_secs() / 86_400)
    };
    let oldest = now.checked_sub(Duration::from_secs(keep.days * 86_400)).unwrap_or(SystemTime::UNIX_EPOCH);
    let mut last_day = None;
    let mut surplus = Vec::new();
    for (at, backup) in newest_first.iter().enumerate() {
        let first_of_day = last_day != Some(day(backup));
        last_day = Some(day(backup));
        if at >= keep.newest && !(first_of_day && backup.written >= oldest) {
            surplus.push(backup);
        }
    }
    surplus
}

fn recognise(path: &Path) -> Option<Backup> {
    let stem = path.file_name()?.to_str()?.strip_suffix(".age")?;
    let (generation, _) = stem.split_once('-')?;
    // One whose time is unknown is listed all the same.
    let written = fs::metadata(path).and_then(|facts| facts.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    Some(Backup { path: path.to_owned(), generation: generation.parse().ok()?, written })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(generation: u64, hours_ago: u64) -> Backup {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(400 * 24 + 12);
        Backup { path: PathBuf::new(), generation, written: now - Duration::from_secs(hours_ago * 3600) }
    }

    #[test]
    fn the_newest_stay_and_one_a_day() {
        let now = version(0, 0).written;
        let all: Vec<Backup> = (0..60).map(|at| version(100 - at, at * 6)).collect();
        let gone = surplus(&all, Keep { newest: 10, days: 5 }, now);
        let kept: Vec<u64> = all.iter().filter(|one| !gone.contains(one)).map(|one| one.generation).collect();
        assert_eq!(&kept[..10], &[100, 99, 98, 97, 96, 95, 94, 93, 92, 91]);
        assert_eq!(&kept[10..], &[89, 85, 81], "the last of each day, up to five days back");
    }

    #[test]
    fn a_name_tells_the_generation() {
        assert_eq!(name(12, "abcdef0123456789"), "0000000012-abcdef01.age");
        assert!(recognise(Path::new("backups/identity.age")).is_none());
    }
}
