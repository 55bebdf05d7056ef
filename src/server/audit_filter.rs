//! What somebody types to filter the audit: `user:alan app:vpn result:fail event:"Binding reset" since:2h`. Pure.

use std::{collections::BTreeSet, net::IpAddr};

use super::domain::{
    audit::{EventKind, Outcome, Reason},
    factor::Factor,
    name::fold,
    time::Time,
};
use crate::api::audit::Record;

/// Which rows are wanted. Words are joined by *and*, the values of one word by *or*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Names of users as they were typed.
    pub users: Vec<String>,
    /// Applications by their ids.
    pub applications: Vec<String>,
    /// Results.
    pub results: Vec<Outcome>,
    /// Reasons.
    pub reasons: Vec<Reason>,
    /// Events.
    pub events: Vec<EventKind>,
    /// Factors.
    pub factors: Vec<Factor>,
    /// Addresses.
    pub addresses: Vec<String>,
    /// Who acted.
    pub actors: Vec<String>,
    /// From this time on.
    pub since: Option<Time>,
    /// Before this time.
    pub until: Option<Time>,
}

/// Why a text is no filter, for the one who typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoFilter(String);

impl Filter {
    /// Reads a filter; `now` is what `since:2h` counts from.
    pub fn parse(text: &str, now: Time) -> Result<Self, NoFilter> {
        if text.len() > LONGEST {
            return Err(NoFilter(format!("a filter has at most {LONGEST} bytes")));
        }
        let mut filter = Self::default();
        for (word, values) in words(text)? {
            for value in values {
                filter.add((&word, &value), now)?;
            }
        }
        Ok(filter)
    }

    /// Narrows the time, besides what the text says.
    pub fn narrow(&mut self, since: Option<Time>, until: Option<Time>) {
        self.since = self.since.max(since);
        self.until = [self.until, until].into_iter().flatten().min();
    }

    /// Whether a row is wanted; `ids` are those of the users who have the names.
    pub fn takes(&self, row: &Record, ids: &BTreeSet<String>) -> bool {
        let at = Time::from(row.at);
        let event = || self.events.iter().any(|event| event.name() == row.event);
        let result = || self.results.iter().any(|result| result.word() == row.result);
        let is = |wanted: &[String], value: Option<&String>| {
            wanted.is_empty() || value.is_some_and(|value| wanted.contains(value))
        };
        self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at < until)
            && (self.events.is_empty() || event())
            && (self.results.is_empty() || result())
            && (self.reasons.is_empty() || self.reasons.iter().any(|one| is_reason(*one, row)))
            && (self.factors.is_empty()
                || self.factors.iter().any(|one| row.factor.as_deref() == Some(one.word())))
            && is(&self.applications, row.application.as_ref())
            && is(&self.addresses, row.address.as_ref())
            && is(&self.actors, Some(&row.actor))
            && (self.users.is_empty() || self.is_user(row, ids))
    }

    fn is_user(&self, row: &Record, ids: &BTreeSet<String>) -> bool {
        match (&row.user_id, &row.user) {
            (Some(id), _) => ids.contains(id),
            (None, Some(name)) => {
                let key = fold(name.trim());
                self.users.iter().any(|user| fold(user.trim()) == key)
            }
            (None, None) => false,
        }
    }

    fn add(&mut self, (word, value): (&str, &str), now: Time) -> Result<(), NoFilter> {
        match word {
            "user" => more(&mut self.users, vec![value.to_owned()]),
            "app" => more(&mut self.applications, vec![value.to_owned()]),
            "actor" => more(&mut self.actors, vec![value.to_owned()]),
            "from" => more(&mut self.addresses, vec![address(value)?]),
            "result" => more(&mut self.results, vec![result(value)?]),
            "reason" => more(&mut self.reasons, vec![known(value, (&Reason::ALL, Reason::word), word)?]),
            "factor" => more(&mut self.factors, vec![known(value, (&Factor::ALL, Factor::word), word)?]),
            "event" => more(&mut self.events, events(value)?),
            "since" => {
                self.since = Some(when(value, now)?);
                Ok(())
            }
            "until" => {
                self.until = Some(when(value, now)?);
                Ok(())
            }
            _ => {
                let word = crate::text::safe(word);
                Err(NoFilter(format!("\"{word}\" is no filter: there are {WORDS}")))
            }
        }
    }
}

/// A point in time: `2h` ago, `2026-11-20`, `2026-11-20T10:00Z`.
pub fn when(text: &str, now: Time) -> Result<Time, NoFilter> {
    let bad = || {
        let text = crate::text::safe(text);
        NoFilter(format!(
            "\"{text}\" is no time: write 90s, 30m, 2h, 7d, 2w, 2026-11-20 or 2026-11-20T10:00Z"
        ))
    };
    if let Some(span) = ago(text) {
        return Ok(Time::from_millis(now.millis().saturating_sub(span)));
    }
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Ok(time.into());
    }
    let date: jiff::civil::Date = text.parse().map_err(|_| bad())?;
    let start = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| bad())?;
    Ok(start.timestamp().into())
}

/// Milliseconds of `2h`.
fn ago(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let (_, seconds) = UNITS.into_iter().find(|(one, _)| *one == unit)?;
    let count = &text[..text.len() - 1];
    let fits = !count.is_empty() && count.len() <= 9 && count.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| count.parse::<i64>().ok()).flatten().map(|count| count * seconds * 1000)
}

/// Words with their values: blanks part words, commas part values, quotes hold both together.
fn words(text: &str) -> Result<Vec<(String, Vec<String>)>, NoFilter> {
    let (mut words, mut word, mut values) = (vec![], None, vec![String::new()]);
    let mut quoted = false;
    for c in text.chars().chain([' ']) {
        let value = values.last_mut().expect("there is always one");
        match c {
            '"' => quoted = !quoted,
            _ if quoted => value.push(c),
            ',' if word.is_some() => values.push(String::new()),
            ':' if word.is_none() => word = Some(std::mem::take(value)),
            _ if c.is_whitespace() => {
                let values = std::mem::replace(&mut values, vec![String::new()]);
                match word.take() {
                    Some(word) => words.push((word, whole(values)?)),
                    None if values[0].is_empty() => {}
                    None => {
                        let text = crate::text::safe(&values[0]).into_owned();
                        return Err(NoFilter(format!(
                            "\"{text}\" is no filter: write WORD:VALUE with {WORDS}"
                        )));
                    }
                }
            }
            _ => value.push(c),
        }
    }
    if quoted { Err(NoFilter("a quotation mark is not closed".into())) } else { Ok(words) }
}

fn whole(values: Vec<String>) -> Result<Vec<String>, NoFilter> {
    let empty = values.iter().any(String::is_empty);
    if empty { Err(NoFilter("a word of the filter has no value".into())) } else { Ok(values) }
}

fn more<T: PartialEq>(all: &mut Vec<T>, new: Vec<T>) -> Result<(), NoFilter> {
    for one in new {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    if all.len() > MOST { Err(NoFilter(format!("a word takes at most {MOST} values"))) } else { Ok(()) }
}

fn result(value: &str) -> Result<Outcome, NoFilter> {
    match value {
        "success" | "ok" => Ok(Outcome::Success),
        "failure" | "fail" => Ok(Outcome::Failure),
        _ => Err(unknown(value, "result", "success (ok) and failure (fail)")),
    }
}

fn known<T: Copy>(
    value: &str,
    (all, word): (&[T], fn(T) -> &'static str),
    what: &str,
) -> Result<T, NoFilter> {
    let found = all.iter().copied().find(|one| word(*one) == value);
    found.ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        unknown(value, what, &words.join(", "))
    })
}

/// An event by its name, or every event whose name begins so.
fn events(value: &str) -> Result<Vec<EventKind>, NoFilter> {
    let wanted = value.to_lowercase();
    let named = |kind: &EventKind| {
        let name = kind.name().to_lowercase();
        name == wanted || name.strip_prefix(&wanted).is_some_and(|rest| rest.starts_with(' '))
    };
    let found: Vec<_> = EventKind::all().filter(named).collect();
    if found.is_empty() {
        return Err(unknown(
            value,
            "event",
            "names as the audit shows them, or how they begin: event:Binding",
        ));
    }
    Ok(found)
}

fn address(value: &str) -> Result<String, NoFilter> {
    let parsed: Result<IpAddr, _> = value.parse();
    let whole = parsed.map(|address| address.to_canonical().to_string());
    whole.map_err(|_| unknown(value, "from", "addresses like 10.8.0.14 and 2001:db8::1"))
}

fn unknown(value: &str, word: &str, known: &str) -> NoFilter {
    NoFilter(format!("\"{}\" is no value of {word}: there are {known}", crate::text::safe(value)))
}

fn is_reason(reason: Reason, row: &Record) -> bool {
    row.reason == Some(reason.into())
}

const LONGEST: usize = 2000;
/// An event that is given by its beginning may be all of them.
const MOST: usize = 64;
const UNITS: [(char, i64); 5] = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400), ('w', 604_800)];
const WORDS: &str = "user, app, result, reason, event, factor, from, actor, since and until";

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_seconds(1_800_000_000);

    fn parse(text: &str) -> Result<Filter, String> {
        Filter::parse(text, NOW).map_err(|error| error.to_string())
    }

    #[test]
    fn it_reads_what_people_type() {
        let filter = parse(
            "user:alan,\"Ada, L\"  app:vpn result:fail reason:wrong_code,locked event:\"Binding reset\" \
            factor:otp from:10.8.0.14 actor:admin:ida since:2h until:2026-11-20T10:00Z",
        )
        .unwrap();
        assert_eq!(filter.users, ["alan", "Ada, L"]);
        assert_eq!((filter.results, filter.reasons.len()), (vec![Outcome::Failure], 2));
        assert_eq!(filter.events, [EventKind::BindingReset]);
        assert_eq!((filter.actors[0].as_str(), filter.addresses[0].as_str()), ("admin:ida", "10.8.0.14"));
        assert_eq!(filter.since, Some(Time::from_seconds(1_800_000_000 - 7200)));
        assert_eq!(filter.until, Some(Time::from_seconds(1_795_168_800)));
        assert_eq!(parse("result:ok,success").unwrap().results, [Outcome::Success]);
        assert_eq!(parse("event:binding").unwrap().events.len(), 3);
        assert_eq!(parse(" \t ").unwrap(), Filter::default());
        assert_eq!(parse("since:2026-11-20").unwrap().since, Some(Time::from_seconds(1_795_132_800)));
    }

    #[test]
    fn what_is_none_is_refused_with_the_words_that_there_are() {
        for (text, sentence) in [
            ("colour:red", "\"colour\" is no filter: there are user, app"),
            ("alan", "write WORD:VALUE"),
            ("user:", "has no value"),
            ("user:a,,b", "has no value"),
            ("user:\"alan", "not closed"),
            ("result:perhaps", "there are success (ok) and failure (fail)"),
            ("reason:tired", "there are disabled, expired_code"),
            ("event:Bind", "no value of event"),
            ("from:10.8.0", "no value of from"),
            ("since:yesterday", "is no time"),
            ("since:h", "is no time"),
            ("since:é", "is no time"),
            ("since:9999999999h", "is no time"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(sentence), "{text}: {error}");
        }
        assert!(parse(&"x".repeat(2001)).is_err());
        let many: Vec<String> = (0..65).map(|nth| format!("user:u{nth}")).collect();
        assert!(parse(&many.join(" ")).unwrap_err().contains("at most 64"));
        assert!(parse("since:999999999w").unwrap().since.unwrap() < Time::from_millis(0));
    }

    #[test]
    fn the_time_is_narrowed_and_never_widened() {
        let mut filter = parse("since:2h until:1h").unwrap();
        let at = |seconds: i64| Some(Time::from_seconds(1_800_000_000 - seconds));
        filter.narrow(at(9000), at(0));
        assert_eq!((filter.since, filter.until), (at(7200), at(3600)));
        filter.narrow(at(6000), at(5000));
        assert_eq!((filter.since, filter.until), (at(6000), at(5000)));
    }
}
