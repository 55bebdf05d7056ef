//! The authentication log of privacyIDEA 3.14 and later: who signed in, and at which step it failed and why.

use std::fmt::Write;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    dates::{time, zoned},
    envelope::{Envelope, whole},
    heard::{Heard, Sheet},
};
use crate::{
    admin::{
        address::encoded,
        error::AdminError,
        http::Http,
        model::{Event, Outcome},
    },
    text::safe_cut,
};

#[derive(Deserialize)]
struct Rows {
    auth_logs: Vec<Value>,
}

/// One page of it; nothing where an older version has none, or this administrator may not read it.
pub(super) fn logins(http: &Http, sheet: &Sheet<'_>) -> Result<Option<Heard>, AdminError> {
    let Sheet { number, size, filter, .. } = sheet;
    let mut path =
        format!("/authenticationlog/?page={number}&page_size={size}&sort_column=id&sort_order=desc");
    if let Some(user) = sheet.user() {
        let _ = write!(path, "&usernames={}&case_insensitive=1", encoded(user));
    }
    if let Some(since) = filter.since {
        let _ = write!(path, "&start_time={}", encoded(&since.to_string()));
    }
    let seen: Envelope<Rows> = match whole(http, &path, "authentication log") {
        Ok(seen) => seen,
        Err(
            AdminError::Missing { .. }
            | AdminError::NotAllowed { .. }
            | AdminError::NotUnderstood { .. }
            | AdminError::Refused { .. },
        ) => return Ok(None),
        Err(error) => return Err(error),
    };
    let data = &seen.result.value.auth_logs;
    let numbers = || data.iter().filter_map(|row| row["id"].as_u64());
    let ours = data.iter().filter(|row| sheet.is_ours(row));
    let events: Vec<(u64, Event)> = ours.filter_map(|row| Some((row["id"].as_u64()?, event(row)?))).collect();
    let newest = events.first().map(|(_, event)| event.time);
    let Some(now) = time(seen.time).or(newest) else { return Ok(None) };
    let full = data.len() == *size;
    Ok(Some(Heard { newest: numbers().max(), oldest: numbers().min(), events, full, now }))
}

fn event(row: &Value) -> Option<Event> {
    let text = |key: &str| row[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let kind = row["event_type"].as_str()?;
    let (outcome, what, reason) = said(row, kind);
    let mut raw = row.clone();
    if let Some(reason) = reason {
        raw["reason"] = json!(reason);
    }
    Some(Event {
        id: format!("login-{}", row["id"]),
        time: zoned(row["timestamp"].as_str()?)?,
        user: text("username"),
        outcome,
        application: text("client_label").map(|label| program(row, label)),
        what,
        from: text("source_ip"),
        by: None,
        raw,
    })
}

/// A program without its version, as the audit has it; a name that an application gave itself stays as it is.
fn program(row: &Value, label: String) -> String {
    match label.split_once('/') {
        Some((name, _)) if row["client_label_source"] == "user_agent" && !name.is_empty() => name.to_owned(),
        _ => label,
    }
}

/// How it went, in few words, and the reason in the words of every server.
fn said(row: &Value, kind: &str) -> (Outcome, String, Option<&'static str>) {
    let reasons: Vec<&str> =
        row["reasons"].as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
    let failed = |words: &str, reason| {
        let more = reasons.iter().filter_map(|one| reason_words(one)).collect::<Vec<_>>().join(", ");
        let what = if more.is_empty() { words.to_owned() } else { format!("{words}: {more}") };
        (Outcome::Fail, what, Some(reason))
    };
    let has = |reason: &str| reasons.contains(&reason);
    match kind {
        "LOGIN_SUCCESS" => success(row),
        "CHALLENGE_TRIGGERED" | "CHALLENGE_CONTINUED" => (Outcome::Ok, "asked for a code".to_owned(), None),
        "CHALLENGE_ANSWERED_OUT_OF_BAND" => (Outcome::Ok, "confirmed on the device".to_owned(), None),
        "ENROLLMENT_TRIGGERED" => (Outcome::Warn, "led to binding".to_owned(), None),
        "PASSWORD_FAIL" | "PIN_FAIL" => failed("wrong password or PIN", "wrong_password"),
        "CHALLENGE_ANSWERED_FAIL" if has("CHALLENGE_EXPIRED") => failed("code too late", "expired_code"),
        "MFA_FAIL" | "TOKEN_ONLY_FAIL" | "CHALLENGE_ANSWERED_FAIL" => failed("wrong code", "wrong_code"),
        "ENROLLMENT_FAIL" => failed("wrong code while binding", "wrong_code"),
        "USER_UNKNOWN" => failed("no such user", "unknown_user"),
        "NO_TOKEN" => failed("no authenticator", "no_binding"),
        "NO_USABLE_TOKEN" if has("TOKEN_FAILCOUNT_EXCEEDED") => failed("locked", "locked"),
        "NO_USABLE_TOKEN" => failed("no usable authenticator", "no_binding"),
        "USER_LOCKED" => failed("locked", "locked"),
        "IP_BLOCKED" => failed("address blocked", "address_blocked"),
        "NOT_AUTHORIZED" | "ACCESS_DENIED" => failed("not allowed by a policy", "not_allowed"),
        other => failed(&safe_cut(&other.to_lowercase().replace('_', " "), 60), "other"),
    }
}

/// Signed in, and with what: the kind of a token is the beginning of its number.
fn success(row: &Value) -> (Outcome, String, Option<&'static str>) {
    let serial = row["serial"].as_str().unwrap_or_default();
    let kind = KINDS.iter().find(|(start, _)| serial.starts_with(start)).map(|(_, kind)| *kind);
    let (outcome, what) = match kind {
        Some("SPASS") => (Outcome::Warn, "bypass used".to_owned()),
        Some("REGISTRATION") => (Outcome::Ok, "passcode used".to_owned()),
        Some(kind) => (Outcome::Ok, format!("signed in {kind}")),
        None if row["endpoint"] == "/auth" => {
            let is_admin = row["user_role"].as_str().is_some_and(|role| role.starts_with("admin"));
            (Outcome::Ok, if is_admin { "signed in as admin" } else { "signed in: portal" }.to_owned())
        }
        None if serial.is_empty() => (Outcome::Warn, "signed in without an authenticator".to_owned()),
        None => (Outcome::Ok, format!("signed in {}", safe_cut(serial, 40))),
    };
    (outcome, what, None)
}

/// What a reason adds to what is said already.
fn reason_words(reason: &str) -> Option<String> {
    let words = match reason {
        "WRONG_OTP" | "CHALLENGE_WRONG_RESPONSE" | "CHALLENGE_EXPIRED" => return None,
        "TOKEN_FAILCOUNT_EXCEEDED" => "too many wrong codes",
        "TOKEN_OUTSIDE_VALIDITY_PERIOD" => "its time is over",
        "TOKEN_NOT_YET_ENROLLED" => "not confirmed yet",
        "CHALLENGE_UNKNOWN_TRANSACTION" => "for a question that was not asked",
        other => return Some(safe_cut(&other.to_lowercase().replace('_', " "), 60)),
    };
    Some(words.to_owned())
}

const KINDS: [(&str, &str); 9] = [
    ("PISP", "SPASS"),
    ("REG", "REGISTRATION"),
    ("TOTP", "TOTP"),
    ("OATH", "HOTP"),
    ("PIEM", "EMAIL"),
    ("PISM", "SMS"),
    ("PIPU", "PUSH"),
    ("WAN", "WEBAUTHN"),
    ("PIPK", "PASSKEY"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: &str, more: &Value) -> Value {
        let mut row = json!({"id": 7, "event_type": kind, "timestamp": "2026-11-20T14:49:49.537153+00:00",
            "username": "carol", "serial": null, "reasons": [], "source_ip": "10.0.0.1", "client_label": "vpn"});
        for (key, value) in more.as_object().unwrap() {
            row[key] = value.clone();
        }
        row
    }

    #[test]
    fn each_step_is_said_with_its_reason() {
        for (kind, more, expected) in [
            ("LOGIN_SUCCESS", json!({"serial": "TOTP00001808"}), (Outcome::Ok, "signed in TOTP", None)),
            ("LOGIN_SUCCESS", json!({"serial": "PISP0001"}), (Outcome::Warn, "bypass used", None)),
            ("LOGIN_SUCCESS", json!({"serial": "REG0001"}), (Outcome::Ok, "passcode used", None)),
            (
                "LOGIN_SUCCESS",
                json!({"endpoint": "/auth", "user_role": "admin-internal"}),
                (Outcome::Ok, "signed in as admin", None),
            ),
            ("LOGIN_SUCCESS", json!({}), (Outcome::Warn, "signed in without an authenticator", None)),
            ("PIN_FAIL", json!({}), (Outcome::Fail, "wrong password or PIN", Some("wrong_password"))),
            (
                "MFA_FAIL",
                json!({"reasons": ["WRONG_OTP"]}),
                (Outcome::Fail, "wrong code", Some("wrong_code")),
            ),
            ("USER_LOCKED", json!({}), (Outcome::Fail, "locked", Some("locked"))),
            ("NO_TOKEN", json!({}), (Outcome::Fail, "no authenticator", Some("no_binding"))),
            (
                "NO_USABLE_TOKEN",
                json!({"reasons": ["TOKEN_DISABLED", "TOKEN_FAILCOUNT_EXCEEDED"]}),
                (Outcome::Fail, "locked: token disabled, too many wrong codes", Some("locked")),
            ),
            ("SOMETHING_NEW", json!({}), (Outcome::Fail, "something new", Some("other"))),
        ] {
            let event = event(&row(kind, &more)).unwrap();
            let reason = event.raw["reason"].as_str();
            assert_eq!((event.outcome, event.what.as_str(), reason), expected, "{kind}");
        }
    }

    #[test]
    fn a_program_is_named_without_its_version_and_a_client_as_it_calls_itself() {
        let app = |source: &str| {
            let more = json!({"client_label": "vpn/2", "client_label_source": source});
            event(&row("LOGIN_SUCCESS", &more)).unwrap().application.unwrap()
        };
        assert_eq!((app("user_agent"), app("client_id")), ("vpn".to_owned(), "vpn/2".to_owned()));
    }
}
