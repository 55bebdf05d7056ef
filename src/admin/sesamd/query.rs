//! A filter of events, divided: what sesamd narrows by itself, and what is left to narrow here (bare words, `what:`, parts
//! of addresses, `result:warn`, which sesamd does not tell from a success).

use std::net::IpAddr;

use jiff::{Timestamp, tz::TimeZone};

use crate::admin::{
    error::AdminError,
    http::Http,
    narrow::Narrow,
    words::{Word, parts},
};

/// The two halves of a filter.
pub(super) struct Divided {
    /// For the server.
    pub(super) sent: String,
    /// For the events that it gives; none where it does all of it.
    pub(super) kept: Option<Narrow>,
}

/// Divides what somebody typed. What nobody knows goes to the server, which names it.
pub(super) fn divided(http: &Http, query: &str) -> Result<Divided, AdminError> {
    let (kept, sent): (Vec<&str>, Vec<&str>) = parts(query).into_iter().partition(is_kept);
    let sent: Vec<String> = sent.into_iter().map(as_sent).collect();
    let sent = sent.join(" ");
    if kept.is_empty() {
        return Ok(Divided { sent, kept: None });
    }
    // None of these parts is about time.
    let read = Narrow::read(&kept.join(" "), Timestamp::UNIX_EPOCH, &TimeZone::UTC);
    let refused = |why| AdminError::Refused { server: http.name().to_owned(), why, right: None };
    Ok(Divided { sent, kept: Some(read.map_err(refused)?) })
}

fn is_kept(part: &&str) -> bool {
    match Word::of(part) {
        Word::Free(_) => true,
        Word::Key(key, value) => match key.as_str() {
            "what" => true,
            "result" => value.split(',').any(|value| value == "warn"),
            "from" => value.split(',').any(|value| value.parse::<IpAddr>().is_err()),
            _ => false,
        },
    }
}

fn as_sent(part: &str) -> String {
    match part.strip_prefix("by:") {
        Some(actor) => format!("actor:{actor}"),
        None => part.to_owned(),
    }
}
