//! The audit of a privacyIDEA: what administrators did and, before 3.14, who signed in.
//!
//! Each question is a row of that audit itself, and each row's date has no zone: rows of questions are left out, the
//! zone is learned from the newest row and the clock of the same answer.

use std::fmt::Write;

use jiff::tz::Offset;
use serde::Deserialize;
use serde_json::Value;

use super::{
    dates::{local, offset, time, zoned},
    envelope::{Envelope, whole},
    heard::{Heard, Sheet},
};
use crate::admin::{
    address::encoded,
    error::AdminError,
    http::Http,
    model::{Event, Outcome},
};

#[derive(Deserialize)]
struct Rows {
    auditdata: Vec<Value>,
}

/// How a server writes its audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hand {
    /// The zone of the dates.
    zone: Offset,
    /// Whether rows can be asked for that do not begin with something: known of 3.14 and later.
    negates: bool,
}

/// One page of rows; those of questions are left out there where it can do that, or here.
pub(super) fn rows(http: &Http, sheet: &Sheet<'_>, hand: Hand) -> Result<Heard, AdminError> {
    let Sheet { number, size, .. } = sheet;
    let mut path = format!("/audit/?page={number}&page_size={size}&sortorder=desc");
    if hand.negates {
        path.push_str("&action=!GET*");
    }
    if let Some(user) = sheet.user() {
        let _ = write!(path, "&user={}", encoded(&format!("*{user}*")));
    }
    let seen: Envelope<Rows> = whole(http, &path, "audit")?;
    let now = time(seen.time).ok_or_else(|| odd(http, "no time of its clock"))?;
    let data = &seen.result.value.auditdata;
    let numbers = || data.iter().filter_map(|row| row["number"].as_u64());
    let ours = data.iter().filter(|row| sheet.is_ours(row));
    let events = ours.filter_map(|row| Some((row["number"].as_u64()?, event(row, hand.zone)?))).collect();
    let (newest, oldest) = (numbers().max(), numbers().min());
    Ok(Heard { events, newest, oldest, full: data.len() == *size, now })
}

/// The zone of the wall clock there: the newest row of all is that of a question a moment ago, the first time or the
/// second.
pub(super) fn hand(http: &Http) -> Result<Hand, AdminError> {
    let mut hand = Hand { zone: Offset::UTC, negates: false };
    for _ in 0..3 {
        let seen: Envelope<Rows> = whole(http, "/audit/?page=1&page_size=1&sortorder=desc", "audit")?;
        hand.negates = is_newer(&seen.version);
        let Some(newest) = seen.result.value.auditdata.first() else { continue };
        let date = newest["date"].as_str().unwrap_or_default();
        if zoned(date).is_some() {
            hand.zone = Offset::UTC;
            break;
        }
        hand.zone = local(date).and_then(|date| offset(date, seen.time)).unwrap_or(hand.zone);
        if newest["action"].as_str().is_some_and(|action| action.starts_with("GET /audit")) {
            break;
        }
    }
    Ok(hand)
}

/// Whether it is 3.14 or later: `privacyIDEA 3.14`.
fn is_newer(version: &str) -> bool {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = digits.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) >= (3, 14)
}

/// Whether somebody signed in, or tried: from 3.14 the other log says more of it.
pub(super) fn is_sign_in(event: &Event) -> bool {
    let action = event.raw["action"].as_str().unwrap_or_default();
    let path = action.split_once(' ').map_or("", |(_, path)| path);
    path == "/auth" || path.starts_with("/validate/") || path.starts_with("/ttype/")
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
        "POST /auth" if good => "signed in: portal".to_owned(),
        "POST /auth" => "refused: portal".to_owned(),
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

fn odd(http: &Http, what: &str) -> AdminError {
    AdminError::NotUnderstood { server: http.name().to_owned(), what: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_compared_by_its_numbers() {
        for version in ["privacyIDEA 3.14", "privacyIDEA 3.14.1dev2", "privacyIDEA 4.0"] {
            assert!(is_newer(version), "{version}");
        }
        for version in ["privacyIDEA 3.9.2", "privacyIDEA 3.2", "privacyIDEA 2.23", "privacyIDEA", ""] {
            assert!(!is_newer(version), "{version}");
        }
    }
}
