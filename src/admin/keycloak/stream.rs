//! The two logs of a Keycloak, each read backwards within bounds of time: without bounds a large one is read from end to end.

use std::{collections::VecDeque, fmt::Write, sync::OnceLock};

use jiff::{Timestamp, tz::Offset};

use super::{
    deed::AdminRow,
    desk::{Desk, Right},
    names::Row,
    row::UserRow,
};
use crate::admin::{
    address::encoded,
    error::AdminError,
    words::{Word, words},
};

/// From when until when, both in milliseconds and both counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// How this server takes dates: milliseconds, or days alone (before 26).
pub(super) type Dates = OnceLock<bool>;

/// The half of a filter that the server does.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrowed {
    /// The id of the one user who is meant.
    pub(super) user: Option<String>,
    client: Option<String>,
    /// Who did something is written only where administrators did it; at which application, only of users.
    by: bool,
}

/// The users that a filter names, where it is one: whose id is looked up.
pub(super) fn one_user(query: &str) -> Option<String> {
    let named = words(query).into_iter().filter_map(|word| match word {
        Word::Key(key, value) if key == "user" => Some(value),
        _ => None,
    });
    let named: Vec<String> = named.collect();
    match named.as_slice() {
        [one] if !one.contains(',') && !one.trim().is_empty() => Some(one.clone()),
        _ => None,
    }
}

impl Narrowed {
    pub(super) fn read(query: &str, user: Option<String>) -> Self {
        let mut own = Self { user, ..Self::default() };
        for word in words(query) {
            match word {
                Word::Key(key, value) if key == "app" && !value.contains(',') => own.client = Some(value),
                Word::Key(key, _) if key == "by" || key == "actor" => own.by = true,
                _ => {}
            }
        }
        own
    }
}

/// Which of the two logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    User,
    Admin,
}

/// One log, read page by page, the newest first.
pub(super) struct Stream<'a> {
    desk: &'a Desk,
    dates: &'a Dates,
    log: Log,
    narrowed: &'a Narrowed,
    span: Span,
    /// How many rows of the span were handed out, or passed over.
    pub(super) taken: usize,
    rows: VecDeque<Row>,
    is_over: bool,
}

impl<'a> Stream<'a> {
    pub(super) fn new(
        (desk, dates): (&'a Desk, &'a Dates),
        (log, narrowed): (Log, &'a Narrowed),
        (span, taken): (Span, usize),
    ) -> Self {
        let is_over = match log {
            Log::User => narrowed.by,
            Log::Admin => narrowed.client.is_some(),
        };
        Self { desk, dates, log, narrowed, span, taken, rows: VecDeque::new(), is_over }
    }

    /// The time of the next row.
    pub(super) fn peek(&mut self, most: usize) -> Result<Option<i64>, AdminError> {
        while self.rows.is_empty() && !self.is_over {
            let mut rows = self.read(self.taken, most)?;
            self.is_over = rows.len() < most;
            // Days are wider than the span: what lies outside is passed over.
            while rows.first().is_some_and(|row| row.time() > self.span.to) {
                rows.remove(0);
                self.taken += 1;
            }
            if let Some(at) = rows.iter().position(|row| row.time() < self.span.from) {
                rows.truncate(at);
                self.is_over = true;
            }
            self.rows.extend(rows);
        }
        Ok(self.rows.front().map(Row::time))
    }

    /// The next row, which was looked at.
    pub(super) fn take(&mut self) -> Option<Row> {
        let row = self.rows.pop_front()?;
        self.taken += 1;
        Some(row)
    }

    fn read(&self, first: usize, most: usize) -> Result<Vec<Row>, AdminError> {
        if *self.dates.get().unwrap_or(&true) {
            match self.ask(&milliseconds(self.span), (first, most)) {
                Err(AdminError::Refused { .. }) if self.dates.get().is_none() => {}
                other => {
                    if other.is_ok() {
                        let _ = self.dates.set(true);
                    }
                    return other;
                }
            }
        }
        let read = self.ask(&days(self.span), (first, most))?;
        let _ = self.dates.set(false);
        Ok(read)
    }

    fn ask(&self, dates: &str, (first, most): (usize, usize)) -> Result<Vec<Row>, AdminError> {
        let mut tail = format!("?first={first}&max={most}{dates}");
        match self.log {
            Log::User => {
                for (key, value) in [("user", &self.narrowed.user), ("client", &self.narrowed.client)] {
                    if let Some(value) = value {
                        let _ = write!(tail, "&{key}={}", encoded(value));
                    }
                }
                let rows: Vec<UserRow> =
                    self.desk.get(&format!("/events{tail}"), ("events", Right::Events))?;
                Ok(rows.into_iter().map(Row::User).collect())
            }
            Log::Admin => {
                if let Some(user) = &self.narrowed.user {
                    let _ = write!(tail, "&resourcePath=*users/{}*", encoded(user));
                }
                let path = format!("/admin-events{tail}");
                let rows: Vec<AdminRow> = self.desk.get(&path, ("admin events", Right::Events))?;
                Ok(rows.into_iter().map(Row::Admin).collect())
            }
        }
    }
}

fn milliseconds(span: Span) -> String {
    format!("&dateFrom={}&dateTo={}", span.from.max(0), span.to)
}

/// A day more at both ends: nobody knows in which zone the server counts days.
fn days(span: Span) -> String {
    let day = |time: i64| {
        let time = Timestamp::from_millisecond(time.max(A_DAY)).unwrap_or(Timestamp::UNIX_EPOCH);
        Offset::UTC.to_datetime(time).date().to_string()
    };
    format!("&dateFrom={}&dateTo={}", day(span.from - A_DAY), day(span.to + A_DAY))
}

/// In milliseconds.
pub(super) const A_DAY: i64 = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_bounded_in_both_forms() {
        let span = Span { from: 1_763_733_600_000, to: 1_763_820_000_000 };
        assert_eq!(milliseconds(span), "&dateFrom=1763733600000&dateTo=1763820000000");
        assert_eq!(days(span), "&dateFrom=2025-11-20&dateTo=2025-11-23");
    }

    #[test]
    fn a_filter_for_one_user_is_the_servers_to_do() {
        for (query, user) in [
            ("user:alice result:fail", Some("alice")),
            ("user:\"al ice\"", Some("al ice")),
            ("user:a,b", None),
            ("user:a user:b", None),
            ("alice", None),
        ] {
            assert_eq!(one_user(query).as_deref(), user, "{query}");
        }
        let narrowed = Narrowed::read("app:shop by:helga", None);
        assert_eq!((narrowed.client.as_deref(), narrowed.by), (Some("shop"), true));
    }
}
