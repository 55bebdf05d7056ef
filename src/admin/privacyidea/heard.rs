//! A page of a log: which one is asked for, and what came.

use jiff::Timestamp;
use serde_json::Value;

use crate::admin::model::{AuditFilter, Event};

/// One page of a log, the newest rows first.
pub(super) struct Sheet<'a> {
    /// Whose users are meant: others have the same names in other realms.
    pub(super) realm: &'a str,
    pub(super) filter: &'a AuditFilter,
    /// From 1.
    pub(super) number: u64,
    /// How many rows.
    pub(super) size: usize,
}

/// Its rows as events, the newest first, with their numbers.
pub(super) struct Heard {
    pub(super) events: Vec<(u64, Event)>,
    /// The number of the newest row, wanted or not.
    pub(super) newest: Option<u64>,
    /// That of the oldest one.
    pub(super) oldest: Option<u64>,
    pub(super) full: bool,
    /// The clock of the server.
    pub(super) now: Timestamp,
}

impl Sheet<'_> {
    /// Whether a row is about this realm, or about none.
    pub(super) fn is_ours(&self, row: &Value) -> bool {
        row["realm"].as_str().is_none_or(|realm| realm.is_empty() || realm.eq_ignore_ascii_case(self.realm))
    }

    /// The one user whom a filter names: the server can find those rows itself.
    pub(super) fn user(&self) -> Option<&str> {
        let mut users = self.filter.query.split_whitespace().filter_map(|word| word.strip_prefix("user:"));
        let only = users.next().filter(|_| users.next().is_none())?;
        (!only.is_empty() && !only.contains([',', '"', '*', '!', '%'])).then_some(only)
    }
}
