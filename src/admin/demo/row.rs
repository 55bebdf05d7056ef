//! A row of the demo's audit, and the event that admin mode makes of it.

use jiff::Timestamp;
use serde_json::json;

use crate::admin::{
    model::{Event, Outcome},
    narrow::Facts,
};

/// Something that happened.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its number, without gaps.
    pub(super) seq: u64,
    pub(super) time: Timestamp,
    pub(super) user: Option<String>,
    pub(super) outcome: Outcome,
    pub(super) application: Option<String>,
    pub(super) what: String,
    /// Why it was refused, in the words of statistics.
    pub(super) reason: Option<&'static str>,
    pub(super) from: Option<String>,
    pub(super) by: Option<String>,
    /// What an administrator gave as the reason.
    pub(super) detail: Option<String>,
}

impl Row {
    /// A row without its number.
    pub(super) fn new(time: Timestamp, what: impl Into<String>) -> Self {
        Self {
            seq: 0,
            time,
            user: None,
            outcome: Outcome::Ok,
            application: None,
            what: what.into(),
            reason: None,
            from: None,
            by: None,
            detail: None,
        }
    }

    /// A refusal.
    pub(super) fn refused(time: Timestamp, reason: &'static str) -> Self {
        let what = reason.replace('_', " ");
        Self { outcome: Outcome::Fail, reason: Some(reason), ..Self::new(time, what) }
    }

    /// Of a user at an application, from an address.
    pub(super) fn of(self, user: &str, application: &str, from: &str) -> Self {
        let (user, application, from) = (user.to_owned(), application.to_owned(), from.to_owned());
        Self { user: Some(user), application: Some(application), from: Some(from), ..self }
    }

    /// `success` or `failure`, as statistics count.
    pub(super) fn result(&self) -> &'static str {
        if self.outcome == Outcome::Fail { "failure" } else { "success" }
    }

    /// What is compared of it.
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts {
            time: self.time,
            user: self.user.as_deref(),
            outcome: self.outcome,
            application: self.application.as_deref(),
            what: &self.what,
            from: self.from.as_deref(),
            by: self.by.as_deref(),
            reason: self.reason,
        }
    }

    /// As admin mode has it.
    pub(super) fn event(&self) -> Event {
        Event {
            id: self.seq.to_string(),
            time: self.time,
            user: self.user.clone(),
            outcome: self.outcome,
            application: self.application.clone(),
            what: self.what.clone(),
            from: self.from.clone(),
            by: self.by.clone(),
            raw: json!({
                "seq": self.seq,
                "at": self.time.to_string(),
                "user": self.user,
                "result": self.result(),
                "reason": self.reason,
                "application": self.application,
                "event": self.what,
                "address": self.from,
                "actor": self.by.as_deref().unwrap_or("user"),
                "detail": self.detail,
            }),
        }
    }
}
