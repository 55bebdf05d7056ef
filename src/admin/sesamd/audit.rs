//! Events of sesamd: pages, numbers, following.

use std::fmt::Write;

use super::{find::encoded, query::divided, shape};
use crate::{
    admin::{
        error::AdminError,
        http::Http,
        model::{AuditFilter, Counted, Event, Page, Statistics},
    },
    api::{self, audit::Record},
};

/// A page of events.
pub(super) fn page(
    http: &Http,
    filter: &AuditFilter,
    cursor: Option<&str>,
) -> Result<Page<Event>, AdminError> {
    let own = divided(http, &filter.query)?;
    let mut path = format!("/v1/admin/audit?limit={}", filter.limit.unwrap_or(100));
    narrow(&mut path, (filter, &own.sent));
    if let Some(cursor) = cursor {
        let _ = write!(path, "&cursor={}", encoded(cursor));
    }
    let page: api::page::Page<Record> = http.get(&path, "audit")?;
    let wanted = |event: &Event| own.kept.as_ref().is_none_or(|kept| kept.takes(&event.facts()));
    Ok(Page { items: page.items.iter().map(shape::event).filter(wanted).collect(), next: page.next })
}

/// Events counted.
pub(super) fn statistics(http: &Http, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
    let own = divided(http, &filter.query)?;
    if own.kept.is_some() {
        let (server, what) =
            (http.name().to_owned(), "for numbers of bare words, what: and warnings".to_owned());
        return Err(AdminError::Unsupported { server, what });
    }
    let mut path =
        format!("/v1/admin/audit/statistics?by={}&offset_minutes={}", encoded(by), filter.ahead_minutes);
    narrow(&mut path, (filter, &own.sent));
    let counted: api::audit::Statistics = http.get(&path, "audit")?;
    let row = |row: api::audit::Counted| Counted { key: row.key, total: row.total, results: row.results };
    Ok(Statistics { total: counted.total, rows: counted.rows.into_iter().map(row).collect() })
}

/// Events as they happen. The answer is behind which one to go on.
pub(super) fn follow(
    http: &Http,
    (filter, after): (&AuditFilter, Option<&str>),
    each: &mut dyn FnMut(Option<Event>) -> bool,
) -> Result<Option<String>, AdminError> {
    let own = divided(http, &filter.query)?;
    let mut path = "/v1/admin/audit/stream?".to_owned();
    narrow(&mut path, (filter, &own.sent));
    let mut last = after.map(str::to_owned);
    let mut seen = None;
    let ended = http.lines(&path, after, &mut |line| {
        if let Some(id) = line.strip_prefix("id:") {
            seen = Some(id.trim().to_owned());
        } else if let Some(data) = line.strip_prefix("data:") {
            if let Ok(record) = serde_json::from_str::<Record>(data.trim()) {
                let event = shape::event(&record);
                let is_wanted = own.kept.as_ref().is_none_or(|kept| kept.takes(&event.facts()));
                return each(Some(event).filter(|_| is_wanted));
            }
        } else if line.is_empty()
            && let Some(id) = seen.take()
        {
            last = Some(id);
        } else if line.starts_with(':') {
            return each(None);
        }
        true
    });
    match ended {
        // A connection that ended is no failure: the caller goes on behind the last event.
        Err(AdminError::Unreachable { .. }) if last.is_some() => Ok(last),
        Err(error) => Err(error),
        Ok(()) => Ok(last),
    }
}

fn narrow(path: &mut String, (filter, sent): (&AuditFilter, &str)) {
    let _ = write!(path, "&q={}", encoded(sent));
    if let Some(since) = filter.since {
        let _ = write!(path, "&since={}", encoded(&since.to_string()));
    }
    if let Some(until) = filter.until {
        let _ = write!(path, "&until={}", encoded(&until.to_string()));
    }
}
