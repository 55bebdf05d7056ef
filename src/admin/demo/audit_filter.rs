//! What the demo's audit is narrowed by: words, and `user: app: result: from: what: by: reason: since: until:`.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{
    row::Row,
    words::{Word, span, words},
};
use crate::{admin::model::AuditFilter, text::fold};

/// Which rows are wanted. Different keys are joined by *and*, the values of one by *or*.
#[derive(Default)]
pub(super) struct RowFilter {
    words: Vec<String>,
    keys: Vec<(Key, Vec<String>)>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    App,
    By,
    From,
    Reason,
    Result,
    User,
    What,
}

impl RowFilter {
    /// Reads a filter; a sentence where it is none.
    pub(super) fn read(filter: &AuditFilter, now: Timestamp) -> Result<Self, String> {
        let mut own = Self { since: filter.since, until: filter.until, ..Self::default() };
        for word in words(&filter.query) {
            match word {
                Word::Free(word) => own.words.push(fold(&word).into_owned()),
                Word::Key(key, value) => own.add(&key, &value, now)?,
            }
        }
        Ok(own)
    }

    /// From this time on, at the earliest.
    pub(super) fn not_before(mut self, time: Timestamp) -> Self {
        self.since.get_or_insert(time);
        self
    }

    /// Whether a row is wanted.
    pub(super) fn takes(&self, row: &Row) -> bool {
        self.since.is_none_or(|since| row.time >= since)
            && self.until.is_none_or(|until| row.time < until)
            && self.keys.iter().all(|(key, wanted)| wanted.iter().any(|value| key.holds(row, value)))
            && (self.words.is_empty() || self.has_words(row))
    }

    fn has_words(&self, row: &Row) -> bool {
        let parts = [
            Some(&row.what),
            row.user.as_ref(),
            row.application.as_ref(),
            row.from.as_ref(),
            row.by.as_ref(),
        ];
        let text = parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        let text = fold(&text);
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    fn add(&mut self, key: &str, value: &str, now: Timestamp) -> Result<(), String> {
        let known = match key {
            "since" => {
                self.since = self.since.max(Some(when(value, now)?));
                return Ok(());
            }
            "until" => {
                let until = when(value, now)?;
                self.until = Some(self.until.map_or(until, |own| own.min(until)));
                return Ok(());
            }
            "app" => Key::App,
            "by" | "actor" => Key::By,
            "from" => Key::From,
            "reason" => Key::Reason,
            "result" => Key::Result,
            "user" => Key::User,
            "what" | "event" => Key::What,
            _ => return Err(format!("\"{key}\" is no filter: there are {KEYS}")),
        };
        let values: Vec<String> = value.split(',').map(|value| fold(value.trim()).into_owned()).collect();
        if values.iter().any(String::is_empty) {
            return Err(format!("{key}: has no value"));
        }
        let is_result = |value: &String| RESULTS.contains(&value.as_str());
        if known == Key::Result && !values.iter().all(is_result) {
            return Err(format!("\"{value}\" is no value of result: there are ok, warn and fail"));
        }
        self.keys.push((known, values));
        Ok(())
    }
}

impl Key {
    fn holds(self, row: &Row, value: &str) -> bool {
        let is = |own: Option<&String>| own.is_some_and(|own| fold(own) == value);
        match self {
            Self::App => is(row.application.as_ref()),
            Self::By => is(row.by.as_ref()),
            Self::From => row.from.as_ref().is_some_and(|own| own.starts_with(value)),
            Self::Reason => row.reason == Some(value),
            Self::Result => row.outcome.word() == value || row.result() == value,
            Self::User => is(row.user.as_ref()),
            Self::What => fold(&row.what).contains(value),
        }
    }
}

/// A point in time: `2h` ago, `09:00` today, `2026-11-20`, RFC 3339. The demo's clock on the wall is UTC.
fn when(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let ago = || Timestamp::from_second(now.as_second() - span(text)?).ok();
    let utc = |date: Date, time: Time| Some(date.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp());
    let today = || utc(now.to_zoned(TimeZone::UTC).date(), text.parse().ok()?);
    let day = || utc(text.parse().ok()?, Time::midnight());
    let found = ago().or_else(|| text.parse().ok()).or_else(today).or_else(day);
    found
        .ok_or_else(|| format!("\"{text}\" is no time: write 2h, 7d, 09:00, 2026-11-20 or 2026-11-20T10:00Z"))
}

const KEYS: &str = "user, app, result, from, what, by, reason, since and until";
const RESULTS: [&str; 5] = ["ok", "warn", "fail", "success", "failure"];
