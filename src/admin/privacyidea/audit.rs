//! The audit of a privacyIDEA: pages that stand still while it grows, numbers, and following by asking again.
//!
//! Each question is a row of that audit itself, and each row's date has no zone: rows of questions are left out, the
//! zone is learned from the newest row and the clock of the same answer.

use std::{fmt::Write, time::Duration};

use jiff::{
    Timestamp,
    tz::{Offset, TimeZone},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    dates::{local, offset, time, zoned},
    envelope::Envelope,
};
use crate::{
    admin::{
        address::encoded,
        count,
        error::AdminError,
        http::Http,
        model::{AuditFilter, Event, Outcome, Page, Statistics},
        narrow::Narrow,
    },
    clock::{Clock, SystemClock},
};

#[derive(Deserialize)]
struct Rows {
    auditdata: Vec<Value>,
}

/// Some rows as events, the newest first, with their numbers.
struct Heard {
    events: Vec<(u64, Event)>,
    /// The number of the oldest row, wanted or not.
    oldest: Option<u64>,
    full: bool,
    now: Timestamp,
}

/// A page of events. The cursor is the page that was read last and the number of its oldest row: rows that came since
/// push others onto the next pages, and those were shown already.
pub(super) fn page(
    http: &Http,
    filter: &AuditFilter,
    cursor: Option<&str>,
) -> Result<Page<Event>, AdminError> {
    let (mut number, mut below) = match cursor {
        None => (1, u64::MAX),
        Some(text) => read(text).ok_or_else(|| odd(http, "a cursor that is none"))?,
    };
    let wanted = usize::from(filter.limit.unwrap_or(100));
    let (mut items, mut narrow) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let heard = rows(http, filter, (number, PAGE))?;
        let narrow = match &narrow {
            Some(narrow) => narrow,
            None => narrow.insert(narrowed(http, filter, heard.now)?),
        };
        for (at, event) in heard.events {
            if at < below && narrow.takes(&event.facts()) {
                items.push((at, event));
            }
        }
        below = heard.oldest.map_or(below, |oldest| oldest.min(below));
        let past = filter.since.is_some_and(|since| items.last().is_some_and(|(_, last)| last.time < since));
        if items.len() >= wanted || !heard.full || past {
            let more = items.len() > wanted || heard.full && !past;
            items.truncate(wanted);
            let last = items.last().map_or(below, |(at, _)| *at);
            let next = more.then(|| format!("{number}:{}", if items.len() == wanted { last } else { below }));
            return Ok(Page { items: items.into_iter().map(|(_, event)| event).collect(), next });
        }
        number += 1;
    }
    Ok(Page {
        items: items.into_iter().map(|(_, event)| event).collect(),
        next: Some(format!("{number}:{below}")),
    })
}

/// Events counted here, the newest ones.
pub(super) fn statistics(http: &Http, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
    let (mut events, mut cursor) = (vec![], None);
    let filter = AuditFilter { limit: Some(1000), ..filter.clone() };
    while events.len() < MOST_COUNTED {
        let page = page(http, &filter, cursor.as_deref())?;
        events.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let counted = count::count(events.iter().map(Event::facts), (by, filter.ahead_minutes));
    counted.map_err(|why| AdminError::Refused { server: http.name().to_owned(), why, right: None })
}

/// Asks again and again for what is newer than the newest that was seen. `each` hears `None` after each question, so
/// that it can end.
pub(super) fn follow(
    http: &Http,
    (filter, after): (&AuditFilter, Option<&str>),
    each: &mut dyn FnMut(Option<Event>) -> bool,
) -> Result<Option<String>, AdminError> {
    let mut mark = match after.and_then(|text| text.parse::<u64>().ok()) {
        Some(mark) => mark,
        None => rows(http, &AuditFilter::default(), (1, 1))?.oldest.unwrap_or_default(),
    };
    loop {
        let (mut new, mut newest) = (vec![], mark);
        for number in 1..=MOST_PAGES {
            let heard = rows(http, &AuditFilter::default(), (number, PAGE))?;
            let narrow = narrowed(http, filter, heard.now)?;
            newest = newest.max(heard.events.iter().map(|(at, _)| *at).max().unwrap_or_default());
            let reached = !heard.full || heard.oldest.is_some_and(|oldest| oldest <= mark);
            new.extend(
                heard.events.into_iter().filter(|(at, event)| *at > mark && narrow.takes(&event.facts())),
            );
            if reached {
                break;
            }
        }
        mark = newest;
        for (_, event) in new.into_iter().rev() {
            if !each(Some(event)) {
                return Ok(Some(mark.to_string()));
            }
        }
        if !each(None) {
            return Ok(Some(mark.to_string()));
        }
        SystemClock.pause(EACH);
    }
}

fn narrowed(http: &Http, filter: &AuditFilter, now: Timestamp) -> Result<Narrow, AdminError> {
    let zone = Offset::from_seconds(i32::from(filter.ahead_minutes) * 60).unwrap_or(Offset::UTC);
    let narrow = Narrow::read(&filter.query, now, &TimeZone::fixed(zone));
    let refused = |why| AdminError::Refused { server: http.name().to_owned(), why, right: None };
    Ok(narrow.map_err(refused)?.between(filter.since, filter.until))
}

/// One page of rows. A filter that names one user is the server's to find.
fn rows(http: &Http, filter: &AuditFilter, (number, size): (u64, usize)) -> Result<Heard, AdminError> {
    let mut path = format!("/audit/?page={number}&page_size={size}&sortorder=desc");
    let mut users = filter.query.split_whitespace().filter_map(|word| word.strip_prefix("user:"));
    if let (Some(user), None) = (users.next(), users.next())
        && !user.contains([',', '"', '*'])
        && !user.is_empty()
    {
        let _ = write!(path, "&user={}", encoded(user));
    }
    let seen: Envelope<Rows> = http.get(&path, "audit")?;
    let now = time(seen.time).ok_or_else(|| odd(http, "no time of its clock"))?;
    let data = &seen.result.value.auditdata;
    let newest = data.first().and_then(|row| local(row["date"].as_str()?));
    let zone = newest.and_then(|newest| offset(newest, seen.time)).filter(|_| filter.query.is_empty());
    let zone = match zone {
        Some(zone) => zone,
        None if data.is_empty() || number == 1 && size == 1 => Offset::UTC,
        None => zone_of(http)?,
    };
    let at = |row: &Value| row["number"].as_u64();
    let oldest = data.iter().filter_map(at).min();
    let events = data.iter().filter_map(|row| Some((at(row)?, event(row, zone)?))).collect();
    Ok(Heard { events, oldest, full: data.len() == size, now })
}

/// The zone, where the page in hand begins with an old row: the newest of all is a moment old.
fn zone_of(http: &Http) -> Result<Offset, AdminError> {
    let seen: Envelope<Rows> = http.get("/audit/?page=1&page_size=1&sortorder=desc", "audit")?;
    let newest = seen.result.value.auditdata.first().and_then(|row| local(row["date"].as_str()?));
    Ok(newest.and_then(|newest| offset(newest, seen.time)).unwrap_or(Offset::UTC))
}

/// A row that somebody looks for; those of questions are none.
fn event(row: &Value, zone: Offset) -> Option<Event> {
    let text =
        |key: &str| row[key].as_str().filter(|text| !text.is_empty() && *text != "None").map(str::to_owned);
    let action = text("action").unwrap_or_default();
    if action.starts_with("GET ") {
        return None;
    }
    let date = row["date"].as_str()?;
    let time = zoned(date).or_else(|| zone.to_timestamp(local(date)?).ok())?;
    let good = row["success"].as_u64() == Some(1) && row["authentication"] != "REJECT";
    let challenge = row["authentication"] == "CHALLENGE";
    let by = text("administrator");
    let outcome = match (good, challenge || text("token_type").as_deref() == Some("spass")) {
        (true, false) => Outcome::Ok,
        (_, true) if good || challenge => Outcome::Warn,
        _ => Outcome::Fail,
    };
    Some(Event {
        id: row["number"].to_string(),
        time,
        user: text("user"),
        outcome,
        application: text("user_agent"),
        what: what(&action, (&text("token_type"), &text("info")), good),
        from: text("client"),
        by,
        raw: row.clone(),
    })
}

/// In few words.
fn what(action: &str, (kind, info): (&Option<String>, &Option<String>), good: bool) -> String {
    let kind = kind.as_deref().unwrap_or_default().to_uppercase();
    let words = match action {
        "POST /validate/check" | "GET /validate/check" if good && kind == "SPASS" => "bypass used".to_owned(),
        "POST /validate/check" if good => format!("signed in {kind}").trim_end().to_owned(),
        "POST /validate/check" => info.clone().unwrap_or_else(|| "refused".to_owned()),
        "POST /auth" if good => "signed in to privacyIDEA".to_owned(),
        "POST /auth" => "refused at privacyIDEA".to_owned(),
        "POST /token/init" if kind == "SPASS" => "Bypass on".to_owned(),
        "POST /token/init" if kind == "REGISTRATION" => "Passcode issued".to_owned(),
        "POST /token/init" => format!("Binding created {kind}").trim_end().to_owned(),
        delete if delete.starts_with("DELETE /token") => {
            format!("Binding removed {kind}").trim_end().to_owned()
        }
        reset if reset.starts_with("POST /token/reset") => "wrong codes forgotten".to_owned(),
        lifted if lifted.starts_with("DELETE /conditionalaccess/lock") => "Lock lifted".to_owned(),
        other => other.to_owned(),
    };
    if good || words != action { words } else { format!("{words}: {}", info.as_deref().unwrap_or("refused")) }
}

fn read(text: &str) -> Option<(u64, u64)> {
    let (page, below) = text.split_once(':')?;
    Some((page.parse().ok().filter(|page| *page > 0)?, below.parse().ok()?))
}

fn odd(http: &Http, what: &str) -> AdminError {
    AdminError::NotUnderstood { server: http.name().to_owned(), what: what.to_owned() }
}

const PAGE: usize = 200;
/// So many pages are read for one answer.
const MOST_PAGES: u64 = 50;
const MOST_COUNTED: usize = 10_000;
const EACH: Duration = Duration::from_secs(2);
