//! The audit: what users and administrators did beside each other, the newest first. It is read in spans of time that grow
//! towards the past, and a page stands still while rows arrive.

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};
use serde_json::Value;

use super::{
    desk::{Desk, Right},
    flow::Rule,
    names::{Names, Row},
    people,
    place::{Last, Place, begin, deeper, print, read},
    stream::{A_DAY, Dates, Log, Narrowed, Span, Stream, one_user},
};
use crate::{
    admin::{
        count,
        error::AdminError,
        model::{AuditFilter, Event, Page, Statistics},
        narrow::Narrow,
    },
    clock::{Clock, SystemClock},
};

/// What following and paging share.
pub(super) struct Ledger<'a> {
    pub(super) desk: &'a Desk,
    pub(super) names: &'a Names,
    pub(super) dates: &'a Dates,
    pub(super) rule: Rule,
}

impl Ledger<'_> {
    /// A page of events.
    pub(super) fn page(&self, filter: &AuditFilter, cursor: Option<&str>) -> Result<Page<Event>, AdminError> {
        let now = self.now();
        let narrow = self.narrow(filter, now)?;
        let narrowed = self.narrowed(&filter.query)?;
        let floor = filter.since.map_or(now.as_millisecond() - DEEPEST, Timestamp::as_millisecond);
        let mut place = match cursor {
            Some(text) => read(text).ok_or_else(|| self.odd())?,
            None => begin(filter.until.unwrap_or(now), floor),
        };
        let wanted = usize::from(filter.limit.unwrap_or(100)).max(1);
        let mut items = vec![];
        for _ in 0..MOST_SPANS {
            let is_read = self.span(&mut place, (&narrow, &narrowed), (wanted, &mut items))?;
            if !is_read || items.len() >= wanted {
                return Ok(Page { items, next: Some(print(&place)) });
            }
            if place.span.from <= floor {
                if items.is_empty() && cursor.is_none() {
                    self.check_saving()?;
                }
                return Ok(Page { items, next: None });
            }
            place = deeper(&place, floor);
        }
        Ok(Page { items, next: Some(print(&place)) })
    }

    /// Reads on in one span until enough is found; whether the span is read to its end.
    fn span(
        &self,
        place: &mut Place,
        (narrow, narrowed): (&Narrow, &Narrowed),
        (wanted, items): (usize, &mut Vec<Event>),
    ) -> Result<bool, AdminError> {
        let way = (self.desk, self.dates);
        let mut users = Stream::new(way, (Log::User, narrowed), (place.span, place.users));
        let mut admins = Stream::new(way, (Log::Admin, narrowed), (place.span, place.admins));
        for _ in 0..MOST_BATCHES {
            let (rows, taken, is_over) = merged((&mut users, &mut admins), &place.last)?;
            let events = self.names.events(self.desk, &self.rule, &rows)?;
            for ((row, taken), event) in rows.iter().zip(taken).zip(events) {
                (place.users, place.admins) = taken;
                place.last.shows(row);
                items.extend(event.filter(|event| narrow.takes(&event.facts())));
                if items.len() >= wanted {
                    return Ok(false);
                }
            }
            if is_over {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Events counted here, the newest ones.
    pub(super) fn statistics(&self, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
        let hours = jiff::SignedDuration::from_hours(count::usual_hours(by));
        let since = filter.since.or_else(|| self.now().checked_sub(hours).ok());
        let (mut events, mut cursor) = (vec![], None);
        let filter = AuditFilter { limit: Some(1000), since, ..filter.clone() };
        while events.len() < MOST_COUNTED {
            let page = self.page(&filter, cursor.as_deref())?;
            events.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        count::count(events.iter().map(Event::facts), (by, filter.ahead_minutes))
            .map_err(|why| self.desk.refused(why))
    }

    /// Rows of both logs since a time, the oldest first. Never by counting pages: rows arrive meanwhile.
    pub(super) fn since(&self, from: i64, narrowed: &Narrowed) -> Result<Vec<Row>, AdminError> {
        let mut all = vec![];
        for log in [Log::User, Log::Admin] {
            let mut to = i64::MAX / 4;
            loop {
                let span = Span { from, to: to.min(FAR) };
                let mut stream = Stream::new((self.desk, self.dates), (log, narrowed), (span, 0));
                let (mut count, mut oldest) = (0, to);
                while count < MOST_HEARD && stream.peek(MOST_HEARD)?.is_some() {
                    let Some(row) = stream.take() else { break };
                    oldest = row.time();
                    all.push(row);
                    count += 1;
                }
                // A thousandth of a second with more rows than a page is read once.
                if count < MOST_HEARD || oldest >= to || oldest <= from {
                    break;
                }
                to = oldest;
            }
        }
        all.sort_by_key(Row::time);
        Ok(all)
    }

    pub(super) fn narrow(&self, filter: &AuditFilter, now: Timestamp) -> Result<Narrow, AdminError> {
        let zone = Offset::from_seconds(i32::from(filter.ahead_minutes) * 60).unwrap_or(Offset::UTC);
        let narrow = Narrow::read(&filter.query, now, &TimeZone::fixed(zone));
        Ok(narrow.map_err(|why| self.desk.refused(why))?.between(filter.since, filter.until))
    }

    /// What the server is asked to leave out. Events have the ids of users, not their names.
    pub(super) fn narrowed(&self, query: &str) -> Result<Narrowed, AdminError> {
        let user = match one_user(query).map(|name| people::find(self.desk, &name)).transpose() {
            Ok(user) => user,
            // Somebody typed a name that is none: it may stand in the events all the same.
            Err(AdminError::Missing { .. } | AdminError::NotAllowed { .. }) => None,
            Err(error) => return Err(error),
        };
        if let Some(user) = &user {
            self.names.remember(user);
        }
        Ok(Narrowed::read(query, user.map(|user| user.id)))
    }

    /// Says so where nothing can be there, for nothing is kept.
    pub(super) fn check_saving(&self) -> Result<(), AdminError> {
        let config: Option<Value> = self.desk.perhaps("/events/config", ("event settings", Right::Events))?;
        let Some(config) = config else { return Ok(()) };
        let is_off = |key: &str| config[key].as_bool() == Some(false);
        let what = match (is_off("eventsEnabled"), is_off("adminEventsEnabled")) {
            (false, _) => return Ok(()),
            (true, false) => "User events settings, Save events",
            (true, true) => "User events settings and Admin events settings, Save events",
        };
        Err(self.desk.never(&format!(
            "the realm {} saves no events, as Keycloak does unless told: switch it on in its console, Realm settings, Events, \
             {what}",
            self.desk.realm
        )))
    }

    /// The time of the server, else of this machine.
    pub(super) fn now(&self) -> Timestamp {
        self.desk.session.time().unwrap_or_else(|| SystemClock.now())
    }

    fn odd(&self) -> AdminError {
        self.desk.refused("the place to go on is none".to_owned())
    }
}

/// Rows, how much of each log was taken with each of them, and whether both logs are at their ends.
type Merged = (Vec<Row>, Vec<(usize, usize)>, bool);

/// Some rows of both logs, the newest first. What is newer than the last that was shown came since, and pushed others behind.
fn merged((users, admins): (&mut Stream<'_>, &mut Stream<'_>), last: &Last) -> Result<Merged, AdminError> {
    let (mut rows, mut taken) = (vec![], vec![]);
    while rows.len() < BATCH {
        let next = match (users.peek(BATCH)?, admins.peek(BATCH)?) {
            (None, None) => return Ok((rows, taken, true)),
            (Some(user), Some(admin)) if admin > user => admins.take(),
            (None, Some(_)) => admins.take(),
            (Some(_), _) => users.take(),
        };
        if let Some(row) = next.filter(|row| last.is_before(row)) {
            rows.push(row);
            taken.push((users.taken, admins.taken));
        }
    }
    Ok((rows, taken, false))
}

const BATCH: usize = 100;
/// So many rows of one span are read for one answer, and so many spans.
const MOST_BATCHES: usize = 20;
const MOST_SPANS: usize = 8;
const MOST_COUNTED: usize = 10_000;
const MOST_HEARD: usize = 200;
/// How far back is looked unless told.
const DEEPEST: i64 = 4 * 366 * A_DAY;
/// Later than every event, and a date all the same.
const FAR: i64 = 4_102_444_800_000;
