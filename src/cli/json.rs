//! The objects that programs read. Keys are only ever added; `schema` names the shape.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::shown::Shown;
use crate::{
    clipboard::{Clears, Copied, Way, words::Validity},
    otp::{Code, Kind, Period},
    vault::{Account, account::name_of, usage::Usage},
};

/// `sesam.account/1`: an account without secrets and without codes.
pub fn account(account: &Account, usage: &Usage) -> Value {
    let used = usage.of(account.id.as_str());
    let mut object = json!({
        "schema": "sesam.account/1", "id": account.id.as_str(), "issuer": account.issuer, "account": account.account,
        "type": account.otp.type_name(), "digits": account.otp.digits.count(),
        "period": account.otp.period().map(Period::seconds), "algorithm": account.otp.algorithm.as_str(),
        "tags": account.tags, "favourite": account.favourite, "note": account.note, "icon": account.icon,
        "created": account.created.to_string(), "used": used.map_or(0, |used| used.count),
        "last_used": used.map(|used| used.last.to_string()),
    });
    if let Kind::Hotp { counter } = account.otp.kind {
        object["counter"] = json!(counter.value());
    }
    object
}

/// `sesam.code/1`: a code with its span.
pub fn code(account: &Account, shown: &Shown) -> Value {
    let window = shown.window;
    let time = |seconds: u64| {
        i64::try_from(seconds)
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .map(|time| time.to_string())
    };
    let mut object = json!({
        "schema": "sesam.code/1", "id": account.id.as_str(), "issuer": account.issuer, "account": account.account,
        "type": account.otp.type_name(), "code": shown.code.as_ref().map(Code::as_str),
        "digits": account.otp.digits.count(), "period": account.otp.period().map(Period::seconds),
        "remaining": window.map(|window| window.remaining(shown.at)),
        "valid_from": window.and_then(|window| time(window.from)),
        "valid_until": window.and_then(|window| time(window.until)),
        "next": shown.next.as_ref().map(Code::as_str),
    });
    if let Kind::Hotp { counter } = account.otp.kind {
        object["counter"] = json!(counter.value());
    }
    object
}

/// `sesam.copied/1`: that a code was copied and how, without the code.
pub fn copied(account: &Account, validity: Validity, copied: &Copied) -> Value {
    let (valid_in, remaining) = match validity {
        Validity::For(left) => (Some(0), Some(left)),
        Validity::In(seconds) => (Some(seconds), None),
        Validity::Untimed => (None, None),
    };
    let way = match copied.way {
        Way::Native => "native",
        Way::Osc52 { .. } => "osc52",
        Way::Command => "command",
    };
    let cleared_after = match copied.clears {
        Clears::Itself(after) => Some(after.as_secs()),
        Clears::WhenCalled(_) | Clears::Never => None,
    };
    json!({
        "schema": "sesam.copied/1", "id": account.id.as_str(), "issuer": account.issuer, "account": account.account,
        "type": account.otp.type_name(), "way": way, "verified": copied.way == Way::Native,
        "valid_in": valid_in, "remaining": remaining, "cleared_after": cleared_after,
    })
}

/// An account by its names alone, for lists of what was done.
pub fn name(account: &Account) -> Value {
    json!({"id": account.id.as_str(), "issuer": account.issuer, "account": account.account,
           "name": name_of(&account.issuer, &account.account)})
}
