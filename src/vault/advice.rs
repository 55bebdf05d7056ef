//! Words for somebody whose vault does not open: which copy is good and how to take it.

use jiff::{Timestamp, tz::TimeZone};

use super::{backups, place::Place};
use crate::crypt::Identity;

/// How many backups are tried before the words are given.
const TRIED: usize = 12;

/// Which backup of the vault is good. Without an identity, which one is the newest.
pub fn for_vault(place: &Place, identities: &[Identity]) -> String {
    let all = backups::list(place);
    let Some(newest) = all.first() else {
        return format!("there is no copy in {}", place.backups().display());
    };
    if identities.is_empty() {
        let time = local_time(newest.time());
        return format!("the newest copy is of {time}; check and take it with: sesam vault restore");
    }
    for backup in all.iter().take(TRIED) {
        if let Ok(contents) = backup.open(identities) {
            let (time, accounts) = (local_time(backup.time()), contents.accounts);
            let generation = contents.head.generation;
            return format!(
                "the copy of {time} is good (generation {generation}, accounts: {accounts}); \
                 take it with: sesam vault restore"
            );
        }
    }
    format!("none of the copies in {} opens either", place.backups().display())
}

/// What to do about a damaged `identity.age`.
pub fn for_identity(place: &Place) -> String {
    if place.identity_copy().exists() {
        return "there is a copy in backups/; check and take it with: sesam vault restore".into();
    }
    "there is no copy in backups/; use the recovery sheet with: sesam vault recover".into()
}

/// A time as the person's clock shows it.
pub fn local_time(time: Timestamp) -> String {
    time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}
