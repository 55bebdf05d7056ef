//! How often and when each account was used, in a file of its own: so a copied code never saves the vault.
//!
//! It only serves to sort, so it is written without ceremony and may be lost.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{account::AccountId, disk, store::Vault};

/// After so many seconds an old use counts half.
const HALF_LIFE: f64 = 14.0 * 86_400.0;
const MAX_SIZE: u64 = 16 << 20;

/// The use counts of all accounts.
#[derive(Default, Serialize, Deserialize)]
pub struct Usage {
    #[serde(default)]
    used: HashMap<String, Use>,
}

/// The use of one account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Use {
    /// How often it was used.
    pub count: u64,
    /// When last.
    pub last: Timestamp,
    score: f64,
}

impl Usage {
    /// Reads the use counts; none where the file is missing or not ours.
    pub fn read(vault: &Vault) -> Self {
        if vault.is_in_memory() {
            return Self::default();
        }
        let bytes = disk::read_if_there(&vault.place.usage(), MAX_SIZE).ok().flatten().unwrap_or_default();
        let plain = vault.identities().iter().find_map(|identity| identity.decrypt_bytes(&bytes).ok());
        let text = plain.as_deref().and_then(|plain| std::str::from_utf8(plain).ok());
        text.and_then(|text| toml::from_str(text).ok()).unwrap_or_default()
    }

    /// Whether nothing was ever used.
    pub fn is_empty(&self) -> bool {
        self.used.is_empty()
    }

    /// The use of one account, if it was ever used.
    pub fn of(&self, id: &str) -> Option<&Use> {
        self.used.get(id)
    }

    /// How much an account is in use at `now`: each use counts 1, half of it after 14 days.
    pub fn score(&self, id: &str, now: Timestamp) -> f64 {
        self.of(id).map_or(0.0, |usage| usage.score * decay(usage.last, now))
    }

    /// Counts one use and writes the file. A failure costs one count and is not worth a word.
    pub fn count(vault: &Vault, id: &AccountId, now: Timestamp) {
        if vault.is_in_memory() {
            return;
        }
        let mut usage = Self::read(vault);
        usage.add(id.as_str(), now);
        let Ok(text) = toml::to_string(&usage) else { return };
        let sealed = vault.identity().recipient().encrypt(text.as_bytes());
        let temporary = vault.place.dir().join(format!(".usage.{}.tmp", std::process::id()));
        if disk::replace_lightly(&vault.place.usage(), &temporary, &sealed).is_err() {
            let _ = disk::remove_if_there(&temporary);
        }
    }

    fn add(&mut self, id: &str, now: Timestamp) {
        let entry = self.used.entry(id.to_owned()).or_insert(Use { count: 0, last: now, score: 0.0 });
        entry.score = entry.score * decay(entry.last, now) + 1.0;
        entry.count += 1;
        entry.last = now;
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a lifetime fit a float")]
fn decay(from: Timestamp, to: Timestamp) -> f64 {
    let seconds = (to.as_second() - from.as_second()).max(0);
    0.5_f64.powf(seconds as f64 / HALF_LIFE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    #[test]
    fn old_habits_fade() {
        let now = Timestamp::UNIX_EPOCH;
        let mut usage = Usage::default();
        (0..4).for_each(|_| usage.add("old", now));
        let later = now + (28 * 24).hours();
        usage.add("new", later);
        assert!((usage.score("old", now) - 4.0).abs() < 1e-9);
        assert!((usage.score("old", later) - 1.0).abs() < 1e-9, "four uses, two half-lives ago");
        assert_eq!(usage.of("old").unwrap().count, 4);
        assert!((usage.score("never", later)).abs() < 1e-9);
    }
}
