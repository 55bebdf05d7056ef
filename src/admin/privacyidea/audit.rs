//! Two logs of a privacyIDEA as one: the authentication log, which knows the step that failed (from 3.14), and the audit,
//! which knows what administrators did. Pages that stand still while both grow, numbers, and following by asking again.

use std::{collections::VecDeque, time::Duration};

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};

use super::{
    heard::{Heard, Sheet},
    logins::logins,
    rows::{Hand, hand, is_sign_in, rows},
};
use crate::{
    admin::{
        count,
        error::AdminError,
        http::Http,
        model::{AuditFilter, Event, Page, Statistics},
        narrow::Narrow,
    },
    clock::{Clock, SystemClock},
};

/// Which log.
#[derive(Clone, Copy)]
enum Kind {
    /// As the server writes it.
    Actions(Hand),
    SignIns,
}

/// A log as far as it was read.
struct Log {
    kind: Kind,
    /// The page that is read, from 1. Rows that came since push others onto later pages.
    number: u64,
    /// Only what is older than this was not shown yet.
    below: u64,
    /// Whether the server may have more.
    more: bool,
    /// When what was taken last happened, in seconds.
    last: i64,
    waiting: VecDeque<(u64, Event)>,
    /// The oldest row of the page.
    oldest: u64,
}

/// The logs of one realm.
#[derive(Clone, Copy)]
pub(super) struct Books<'a> {
    pub(super) http: &'a Http,
    pub(super) realm: &'a str,
}

/// What is asked for, and how many pages may be read for it.
struct Asked<'a> {
    books: Books<'a>,
    filter: &'a AuditFilter,
    left: u64,
}

impl Kind {
    fn read(self, http: &Http, sheet: &Sheet<'_>) -> Result<Option<Heard>, AdminError> {
        match self {
            Self::Actions(hand) => rows(http, sheet, hand).map(Some),
            Self::SignIns => logins(http, sheet),
        }
    }
}

impl Log {
    fn new(kind: Kind) -> Self {
        let (below, waiting) = (u64::MAX, VecDeque::new());
        Self { kind, number: 1, below, more: true, last: i64::MAX, waiting, oldest: 0 }
    }

    /// Where a page before ended: `number:below:more:last`.
    fn at(kind: Kind, text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let number = parts.next()?.parse().ok().filter(|number| *number > 0)?;
        let below = parts.next()?.parse().ok()?;
        let more = parts.next()? == "1";
        Some(Self { number, below, more, last: parts.next()?.parse().ok()?, ..Self::new(kind) })
    }

    fn place(&self) -> String {
        format!("{}:{}:{}:{}", self.number, self.below, u8::from(!self.is_over()), self.last)
    }

    /// Reads on until something waits.
    fn fill(&mut self, asked: &mut Asked<'_>) -> Result<Option<Timestamp>, AdminError> {
        let mut now = None;
        while self.waiting.is_empty() && self.more && asked.left > 0 {
            asked.left -= 1;
            let Books { http, realm } = asked.books;
            let sheet = Sheet { realm, filter: asked.filter, number: self.number, size: PAGE };
            let Some(heard) = self.kind.read(http, &sheet)? else {
                self.more = false;
                break;
            };
            (now, self.more) = (Some(heard.now), heard.full);
            self.oldest = heard.oldest.unwrap_or_default();
            self.waiting.extend(heard.events.into_iter().filter(|(at, _)| *at < self.below));
            if self.waiting.is_empty() {
                self.turn();
            }
        }
        Ok(now)
    }

    /// Past the last row of a page.
    fn turn(&mut self) {
        self.below = self.below.min(self.oldest);
        self.number += u64::from(self.more);
    }

    fn take(&mut self) -> Option<Event> {
        let (at, event) = self.waiting.pop_front()?;
        (self.below, self.last) = (at, event.time.as_second());
        if self.waiting.is_empty() {
            self.turn();
        }
        Some(event)
    }

    fn time(&self) -> Option<Timestamp> {
        self.waiting.front().map(|(_, event)| event.time)
    }

    fn is_over(&self) -> bool {
        self.waiting.is_empty() && !self.more
    }

    /// Whether this log reaches back to a time: it was begun with a version of the server, and may be cleared.
    fn reaches(&self, time: Timestamp) -> bool {
        !self.is_over() || self.last != i64::MAX && time.as_second() >= self.last - CLOSE
    }
}

/// A page of events.
pub(super) fn page(
    books: Books<'_>,
    filter: &AuditFilter,
    cursor: Option<&str>,
) -> Result<Page<Event>, AdminError> {
    let http = books.http;
    let mut asked = Asked { books, filter, left: MOST_PAGES };
    let (mut logs, mut narrow) = (begin(http, cursor)?, None);
    let wanted = usize::from(filter.limit.unwrap_or(100));
    let (mut items, mut past) = (vec![], false);
    while items.len() < wanted && !past {
        for log in &mut logs {
            if let (Some(now), None) = (log.fill(&mut asked)?, &narrow) {
                narrow = Some(narrowed(http, filter, now)?);
            }
        }
        let unread = logs.iter().any(|log| log.waiting.is_empty() && log.more);
        let newest = logs.iter_mut().filter(|log| !log.waiting.is_empty()).max_by_key(|log| log.time());
        let Some(log) = newest.filter(|_| !unread) else { break };
        let (action, event) = (matches!(log.kind, Kind::Actions(_)), log.take());
        let Some(event) = event else { break };
        past = filter.since.is_some_and(|since| event.time < since);
        let twice = action && is_sign_in(&event) && reaches(&logs, event.time);
        if !twice && narrow.as_ref().is_some_and(|narrow| narrow.takes(&event.facts())) {
            items.push(event);
        }
    }
    let over = past || logs.iter().all(Log::is_over);
    let next = (!over).then(|| logs.iter().map(Log::place).collect::<Vec<_>>().join("/"));
    Ok(Page { items, next })
}

/// Whether a sign-in at that time is in the authentication log.
fn reaches(logs: &[Log], time: Timestamp) -> bool {
    logs.iter().any(|log| matches!(log.kind, Kind::SignIns) && log.reaches(time))
}

fn begin(http: &Http, cursor: Option<&str>) -> Result<[Log; 2], AdminError> {
    let kinds = [Kind::SignIns, Kind::Actions(hand(http)?)];
    let Some(cursor) = cursor else { return Ok(kinds.map(Log::new)) };
    let read = |text: &str| {
        let (one, other) = text.split_once('/')?;
        Some([Log::at(kinds[0], one)?, Log::at(kinds[1], other)?])
    };
    read(cursor).ok_or_else(|| {
        let what = "a cursor that is none".to_owned();
        AdminError::NotUnderstood { server: http.name().to_owned(), what }
    })
}

/// Events counted here, the newest ones.
pub(super) fn statistics(books: Books<'_>, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
    let (mut events, mut cursor) = (vec![], None);
    let filter = AuditFilter { limit: Some(1000), ..filter.clone() };
    while events.len() < MOST_COUNTED {
        let page = page(books, &filter, cursor.as_deref())?;
        events.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let counted = count::count(events.iter().map(Event::facts), (by, filter.ahead_minutes));
    counted.map_err(|why| AdminError::Refused { server: books.http.name().to_owned(), why, right: None })
}

/// Asks both logs again and again for what is newer than the newest that was seen. `each` hears `None` after each
/// question, so that it can end. The position is the newest numbers of both: `44/107`.
pub(super) fn follow(
    books: Books<'_>,
    (filter, after): (&AuditFilter, Option<&str>),
    each: &mut dyn FnMut(Option<Event>) -> bool,
) -> Result<Option<String>, AdminError> {
    let http = books.http;
    let narrow = narrowed(http, filter, SystemClock.now())?;
    let kinds = [Kind::SignIns, Kind::Actions(hand(http)?)];
    let mut marks = match after.and_then(marks) {
        Some(marks) => marks,
        None => [newest(books, kinds[0])?, newest(books, kinds[1])?],
    };
    loop {
        let mut new = vec![];
        for (kind, mark) in kinds.into_iter().zip(&mut marks) {
            new.extend(newer(books, kind, mark)?);
        }
        let known = marks[0] > 0;
        new.retain(|event: &Event| !(known && is_sign_in(event)));
        new.sort_by_key(|event| event.time);
        for event in new {
            if narrow.takes(&event.facts()) && !each(Some(event)) {
                return Ok(Some(format!("{}/{}", marks[0], marks[1])));
            }
        }
        if !each(None) {
            return Ok(Some(format!("{}/{}", marks[0], marks[1])));
        }
        SystemClock.pause(EACH);
    }
}

/// `-` is before everything.
fn marks(text: &str) -> Option<[u64; 2]> {
    let (one, other) = if text == "-" { ("0", "0") } else { text.split_once('/')? };
    Some([one.parse().ok()?, other.parse().ok()?])
}

fn newest(Books { http, realm }: Books<'_>, kind: Kind) -> Result<u64, AdminError> {
    let filter = AuditFilter::default();
    let heard = kind.read(http, &Sheet { realm, filter: &filter, number: 1, size: 1 })?;
    Ok(heard.and_then(|heard| heard.newest).unwrap_or_default())
}

/// What came since, and the mark behind it. The mark is that of every row, wanted or not, or each answer would be
/// longer than the one before.
fn newer(Books { http, realm }: Books<'_>, kind: Kind, mark: &mut u64) -> Result<Vec<Event>, AdminError> {
    let (mut new, mut newest, filter) = (vec![], *mark, AuditFilter::default());
    for number in 1..=MOST_PAGES {
        let sheet = Sheet { realm, filter: &filter, number, size: PAGE / 4 };
        let Some(heard) = kind.read(http, &sheet)? else { break };
        newest = newest.max(heard.newest.unwrap_or_default());
        let reached = !heard.full || heard.oldest.is_some_and(|oldest| oldest <= *mark);
        new.extend(heard.events.into_iter().filter_map(|(at, event)| (at > *mark).then_some(event)));
        if reached {
            break;
        }
    }
    *mark = newest;
    Ok(new)
}

fn narrowed(http: &Http, filter: &AuditFilter, now: Timestamp) -> Result<Narrow, AdminError> {
    let zone = Offset::from_seconds(i32::from(filter.ahead_minutes) * 60).unwrap_or(Offset::UTC);
    let narrow = Narrow::read(&filter.query, now, &TimeZone::fixed(zone));
    let refused = |why| AdminError::Refused { server: http.name().to_owned(), why, right: None };
    Ok(narrow.map_err(refused)?.between(filter.since, filter.until))
}

const PAGE: usize = 200;
/// So many pages are read for one answer.
const MOST_PAGES: u64 = 50;
const MOST_COUNTED: usize = 10_000;
const EACH: Duration = Duration::from_secs(2);
/// So many seconds the two logs may write the same sign-in apart.
const CLOSE: i64 = 2;
