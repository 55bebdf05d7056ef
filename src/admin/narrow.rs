//! What events are narrowed by: words, and `user: app: result: from: what: by: reason: since: until:`. Pure: for events
//! that are here already, and for servers that cannot do it.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{
    model::{Event, Outcome},
    words::{Word, span, words},
};
use crate::text::fold;

/// What is compared of an event.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// When.
    pub time: Timestamp,
    /// Whose account.
    pub user: Option<&'a str>,
    /// How it went.
    pub outcome: Outcome,
    /// Where.
    pub application: Option<&'a str>,
    /// What happened.
    pub what: &'a str,
    /// From which address.
    pub from: Option<&'a str>,
    /// Who did it.
    pub by: Option<&'a str>,
    /// Why it was refused, in the words of the server.
    pub reason: Option<&'a str>,
}

/// Which events are wanted. Different keys are joined by *and*, the values of one by *or*.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    words: Vec<String>,
    keys: Vec<(Key, Vec<String>)>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    App,
    By,
    From,
    Reason,
    Result,
    User,
    What,
}

impl Event {
    /// What is compared of it.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            time: self.time,
            user: self.user.as_deref(),
            outcome: self.outcome,
            application: self.application.as_deref(),
            what: &self.what,
            from: self.from.as_deref(),
            by: self.by.as_deref(),
            reason: self.raw["reason"].as_str(),
        }
    }
}

impl Narrow {
    /// Reads a filter; a sentence where it is none. `zone` is that of the clock on the wall: `since:09:00`.
    pub fn read(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, String> {
        let mut own = Self::default();
        for word in words(text) {
            match word {
                Word::Free(word) => own.words.push(fold(&word).into_owned()),
                Word::Key(key, value) => own.add((&key, &value), now, zone)?,
            }
        }
        Ok(own)
    }

    /// From this time on and before that one, besides what the text says.
    #[must_use]
    pub fn between(mut self, since: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        self.since = self.since.max(since);
        self.until = [self.until, until].into_iter().flatten().min();
        self
    }

    /// From this time on, unless another one was said.
    #[must_use]
    pub fn not_before(mut self, time: Timestamp) -> Self {
        self.since.get_or_insert(time);
        self
    }

    /// Whether an event is wanted.
    pub fn takes(&self, facts: &Facts<'_>) -> bool {
        self.since.is_none_or(|since| facts.time >= since)
            && self.until.is_none_or(|until| facts.time < until)
            && self.keys.iter().all(|(key, wanted)| wanted.iter().any(|value| key.holds(facts, value)))
            && (self.words.is_empty() || self.has_words(facts))
    }

    fn has_words(&self, facts: &Facts<'_>) -> bool {
        let parts = [Some(facts.what), facts.user, facts.application, facts.from, facts.by];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let text = fold(&text);
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    fn add(&mut self, (key, value): (&str, &str), now: Timestamp, zone: &TimeZone) -> Result<(), String> {
        let known = match key {
            "since" => {
                self.since = self.since.max(Some(when(value, now, zone)?));
                return Ok(());
            }
            "until" => {
                let until = when(value, now, zone)?;
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
    fn holds(self, facts: &Facts<'_>, value: &str) -> bool {
        let is = |own: Option<&str>| own.is_some_and(|own| fold(own) == value);
        match self {
            Self::App => is(facts.application),
            Self::By => is(facts.by),
            Self::From => facts.from.is_some_and(|own| own.starts_with(value)),
            Self::Reason => facts.reason == Some(value),
            Self::Result => is_result(facts.outcome, value),
            Self::User => is(facts.user),
            Self::What => fold(facts.what).contains(value),
        }
    }
}

fn is_result(outcome: Outcome, value: &str) -> bool {
    let wide = if outcome == Outcome::Fail { "failure" } else { "success" };
    outcome.word() == value || wide == value
}

/// A point in time: `2h` ago, `today`, `yesterday`, `09:00` today, `2026-11-20`, RFC 3339.
pub fn when(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, String> {
    let ago = || Timestamp::from_second(now.as_second() - span(text)?).ok();
    let there =
        |date: Date, time: Time| Some(date.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp());
    let today = || there(now.to_zoned(zone.clone()).date(), text.parse().ok()?);
    let day = || there(text.parse().ok()?, Time::midnight());
    let named = || {
        let today = now.to_zoned(zone.clone()).date();
        let date = match text.to_ascii_lowercase().as_str() {
            "today" => today,
            "yesterday" => today.yesterday().ok()?,
            _ => return None,
        };
        there(date, Time::midnight())
    };
    let found = ago().or_else(|| text.parse().ok()).or_else(today).or_else(day).or_else(named);
    found.ok_or_else(|| {
        format!("\"{text}\" is no time: write 2h, 7d, today, 09:00, 2026-11-20 or 2026-11-20T10:00Z")
    })
}

const KEYS: &str = "user, app, result, from, what, by, reason, since and until";
const RESULTS: [&str; 5] = ["ok", "warn", "fail", "success", "failure"];

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(text: &str) -> Result<bool, String> {
        let now = Timestamp::from_second(1_700_000_022).unwrap();
        let facts = Facts {
            time: Timestamp::from_second(1_700_000_000).unwrap(),
            user: Some("Alan"),
            outcome: Outcome::Fail,
            application: Some("vpn"),
            what: "wrong code",
            from: Some("10.8.0.14"),
            by: None,
            reason: Some("wrong_code"),
        };
        Narrow::read(text, now, &TimeZone::UTC).map(|narrow| narrow.takes(&facts))
    }

    #[test]
    fn every_key_narrows_and_words_are_found_anywhere() {
        for text in [
            "",
            "alan WRONG",
            "user:alan,ada app:vpn",
            "result:fail,warn",
            "result:failure",
            "from:10.8.",
            "what:code",
            "reason:wrong_code",
            "since:1m",
            "since:22:00 until:23:00",
            "since:2023-11-14",
            "since:today",
            "since:yesterday",
            "user:\"alan\"",
        ] {
            assert_eq!(takes(text), Ok(true), "{text}");
        }
        for text in [
            "ada",
            "user:al",
            "result:ok",
            "from:11.",
            "by:alan",
            "since:10s",
            "until:2023-11-14",
            "until:today",
        ] {
            assert_eq!(takes(text), Ok(false), "{text}");
        }
    }

    #[test]
    fn what_is_none_is_named() {
        for (text, words) in [
            ("bad:key", "\"bad\" is no filter: there are user, app"),
            ("result:odd", "there are ok, warn and fail"),
            ("since:soon", "\"soon\" is no time"),
            ("user:a,,b", "user: has no value"),
        ] {
            let error = takes(text).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
