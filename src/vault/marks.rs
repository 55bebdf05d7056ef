//! Which vaults the system keyring opens: names and dates, no secret, in the state directory.
//!
//! A vault is known by its identity file, so it may move. Where it lay is kept only to notice that the identity there
//! is another one by now.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{disk, error::VaultError, place::Place};

const MAX_SIZE: u64 = 1 << 20;
/// After so many days the passphrase is asked for again, so that it is not forgotten; then at the last distance.
const DAYS: [i64; 3] = [7, 30, 90];

/// The file of marks, as read at one moment.
#[derive(Default, Serialize, Deserialize, Clone)]
pub struct Marks {
    #[serde(default)]
    vault: Vec<Mark>,
}

/// What is noted of one vault.
#[derive(Serialize, Deserialize, Clone)]
struct Mark {
    name: String,
    path: PathBuf,
    /// When the passphrase is asked for again.
    ask_after: Timestamp,
    /// How often it was.
    #[serde(default)]
    asked: usize,
}

/// Where the marks lie.
pub fn file(state_dir: &Path) -> PathBuf {
    state_dir.join("remembered.toml")
}

impl Marks {
    /// Reads the marks; an unreadable file counts as none, since the passphrase opens every vault without it.
    pub fn read(state_dir: &Path) -> Self {
        let bytes = disk::read_if_there(&file(state_dir), MAX_SIZE).ok().flatten();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        text.and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
    }

    /// Writes the marks, whole or not at all.
    pub fn write(&self, state_dir: &Path) -> Result<(), VaultError> {
        let failed = |source| VaultError::io("save", file(state_dir), source);
        let text = toml::to_string(self).map_err(|error| failed(std::io::Error::other(error)))?;
        disk::private_dir(state_dir)?;
        let temporary = state_dir.join(format!(".remembered.{}.tmp", std::process::id()));
        disk::replace_lightly(&file(state_dir), &temporary, text.as_bytes()).map_err(failed)
    }

    /// The name itself where it is marked.
    pub fn of(&self, name: &str) -> Option<String> {
        self.find(name).map(|mark| mark.name.clone())
    }

    /// The marks of what lay at this place under other names.
    pub fn earlier(&self, name: &str, place: &Place) -> Vec<String> {
        let here = place.identity();
        let others = self.vault.iter().filter(|mark| mark.path == here && mark.name != name);
        others.map(|mark| mark.name.clone()).collect()
    }

    /// Marks a vault, whose passphrase was used just now.
    pub fn set(&mut self, name: &str, place: &Place, now: Timestamp) {
        self.remove(name);
        let ask_after = later(now, DAYS[0]);
        self.vault.push(Mark { name: name.to_owned(), path: place.identity(), ask_after, asked: 0 });
    }

    /// Takes a mark away.
    pub fn remove(&mut self, name: &str) {
        self.vault.retain(|mark| mark.name != name);
    }

    /// Notes a new place when there is nothing any more at the old one. True when there was something to note.
    pub fn moved_to(&mut self, name: &str, place: &Place) -> bool {
        let here = place.identity();
        let moved = |mark: &&mut Mark| mark.name == name && mark.path != here && !mark.path.exists();
        let found = self.vault.iter_mut().find(moved);
        found.map(|mark| mark.path = here).is_some()
    }

    /// Whether it is time to ask for the passphrase, so that it is not forgotten.
    pub fn is_due(&self, name: &str, now: Timestamp) -> bool {
        self.find(name).is_some_and(|mark| mark.ask_after <= now)
    }

    /// Notes how that went: the next time is further away when the passphrase was known, else tomorrow.
    pub fn asked(&mut self, name: &str, was_known: bool, now: Timestamp) {
        let Some(mark) = self.vault.iter_mut().find(|mark| mark.name == name) else { return };
        mark.asked += usize::from(was_known);
        mark.ask_after = later(now, if was_known { DAYS[mark.asked.min(DAYS.len() - 1)] } else { 1 });
    }

    fn find(&self, name: &str) -> Option<&Mark> {
        self.vault.iter().find(|mark| mark.name == name)
    }
}

fn later(now: Timestamp, days: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Timestamp {
        later(Timestamp::UNIX_EPOCH, number)
    }

    #[test]
    fn the_passphrase_is_asked_for_after_7_30_and_90_days() {
        let mut marks = Marks::default();
        marks.set("a", &Place::new(Path::new("/v")), day(0));
        let mut due = Vec::new();
        for today in 0..400 {
            if marks.is_due("a", day(today)) {
                due.push(today);
                marks.asked("a", today != 37, day(today));
            }
        }
        assert_eq!(due, [7, 37, 38, 128, 218, 308, 398], "and the day after it was not known");
        assert!(!marks.is_due("b", day(400)));
    }

    #[test]
    fn a_vault_that_moved_is_the_same_and_another_one_in_its_place_is_not() {
        let (old, new) = (Place::new(Path::new("/nowhere/old")), Place::new(Path::new("/nowhere/new")));
        let mut marks = Marks::default();
        marks.set("a", &old, day(0));
        assert_eq!(marks.earlier("b", &old), ["a"]);
        assert!(marks.earlier("a", &old).is_empty() && marks.earlier("b", &new).is_empty());
        assert!(marks.moved_to("a", &new) && !marks.moved_to("a", &new));
        assert_eq!((marks.earlier("b", &old), marks.earlier("b", &new)), (vec![], vec!["a".to_owned()]));
    }

    #[test]
    fn marks_come_back_from_the_disk_and_a_spoilt_file_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let mut marks = Marks::default();
        marks.set("a", &Place::new(dir.path()), day(0));
        marks.write(dir.path()).unwrap();
        assert_eq!(Marks::read(dir.path()).of("a").as_deref(), Some("a"));
        disk::replace_lightly(&file(dir.path()), &dir.path().join("t"), b"vault = 7").unwrap();
        assert!(Marks::read(dir.path()).vault.is_empty());
    }
}
