//! What happens to a user without a token: policies lead to binding, let in without one, or nothing is there and the
//! user is locked out.
//!
//! Three of them play together: `enroll_via_multichallenge` binds after a sign-in that went well, and without a token
//! only `passthru` (which asks the directory for the password) or `passOnNoToken` (which asks for nothing) lets one go
//! well. Either alone leads nowhere.

use serde_json::Value;

use super::envelope::{Told, told};
use crate::admin::{error::AdminError, http::Http};

/// What happens at the next sign-in of a user without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Without {
    /// Binding is asked for; whether the password is asked for before.
    Binding { proven: bool },
    /// Nobody gets in: `enroll_via_multichallenge` is there, what lets a sign-in go well is not.
    Half,
    /// Nobody gets in.
    LockedOut,
    /// This administrator may not read policies.
    NotKnown,
    /// Whoever knows the name gets in.
    Open,
    /// The password is enough.
    Password,
    /// It hangs on the address, the time or the program that asks.
    Perhaps,
}

/// Whether a policy is about somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fits {
    No,
    Perhaps,
    Yes,
}

/// Reads the policies that are switched on.
pub(super) fn without(http: &Http, (realm, user): (&str, &str)) -> Result<Without, AdminError> {
    Ok(match told::<Value>(http, "/policy/")? {
        Told::Value(policies) => judged(&policies, (realm, user)),
        Told::Unknown | Told::Hidden => Without::NotKnown,
    })
}

fn judged(policies: &Value, whose: (&str, &str)) -> Without {
    let all = policies.as_array().map(Vec::as_slice).unwrap_or_default();
    let says = |action: &str| {
        let set = |policy: &&Value| !matches!(policy["action"][action], Value::Null | Value::Bool(false));
        all.iter().filter(set).map(|policy| fits(policy, whose)).max().unwrap_or(Fits::No)
    };
    let (binds, asks, asks_nothing) =
        (says("enroll_via_multichallenge"), says("passthru"), says("passOnNoToken"));
    match (binds, asks.max(asks_nothing)) {
        (Fits::Yes, Fits::Yes) => Without::Binding { proven: asks_nothing == Fits::No },
        (Fits::No, Fits::Yes) if asks_nothing == Fits::No => Without::Password,
        (Fits::No, Fits::Yes) => Without::Open,
        (Fits::No, Fits::No) => Without::LockedOut,
        (_, Fits::No) => Without::Half,
        _ => Without::Perhaps,
    }
}

fn fits(policy: &Value, (realm, user): (&str, &str)) -> Fits {
    if policy["scope"] != "authentication" || policy["active"].as_bool() != Some(true) {
        return Fits::No;
    }
    let filled = |key: &str| match &policy[key] {
        Value::Array(all) => !all.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => false,
    };
    let hangs = ["resolver", "client", "user_agents", "time", "pinode", "conditions"].into_iter().any(filled);
    let about = named(&policy["realm"], realm).min(named(&policy["user"], user));
    if hangs { about.min(Fits::Perhaps) } else { about }
}

/// Whether a name is meant by a list of names: none means everybody, `!name` and `-name` mean others.
fn named(list: &Value, name: &str) -> Fits {
    let names: Vec<&str> = list.as_array().into_iter().flatten().filter_map(|one| one.as_str()).collect();
    let without = |one: &str| one.strip_prefix(['!', '-']).map(str::to_owned);
    if names.iter().filter_map(|one| without(one)).any(|one| one.eq_ignore_ascii_case(name)) {
        return Fits::No;
    }
    let meant: Vec<&&str> = names.iter().filter(|one| without(one).is_none()).collect();
    let plain = |one: &str| one.chars().all(|c| c.is_alphanumeric() || " _-.@".contains(c));
    match () {
        () if meant.is_empty() => Fits::Yes,
        () if meant.iter().any(|one| **one == "*" || one.eq_ignore_ascii_case(name)) => Fits::Yes,
        () if meant.iter().all(|one| plain(one)) => Fits::No,
        () => Fits::Perhaps,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(action: &Value, more: &Value) -> Value {
        let mut policy =
            json!({"scope": "authentication", "active": true, "action": action, "realm": ["corp"]});
        for (key, value) in more.as_object().unwrap() {
            policy[key] = value.clone();
        }
        policy
    }

    #[test]
    fn three_policies_play_together() {
        let none = json!({});
        let enrol = json!({"enroll_via_multichallenge": "TOTP"});
        let (through, open) = (json!({"passthru": "userstore"}), json!({"passOnNoToken": true}));
        let (enrol, through) = (policy(&enrol, &none), policy(&through, &none));
        let open = policy(&open, &none);
        let cases = [
            (vec![], Without::LockedOut),
            (vec![&enrol], Without::Half),
            (vec![&through], Without::Password),
            (vec![&open], Without::Open),
            (vec![&open, &through], Without::Open),
            (vec![&enrol, &through], Without::Binding { proven: true }),
            (vec![&enrol, &open], Without::Binding { proven: false }),
        ];
        for (policies, expected) in cases {
            assert_eq!(judged(&json!(policies), ("corp", "alan")), expected, "{policies:?}");
        }
    }

    #[test]
    fn a_policy_is_about_those_whom_it_names() {
        let action = json!({"enroll_via_multichallenge": "TOTP", "passthru": true});
        let bound = Without::Binding { proven: true };
        for (more, expected) in [
            (json!({}), bound),
            (json!({"active": false}), Without::LockedOut),
            (json!({"scope": "admin"}), Without::LockedOut),
            (json!({"realm": []}), bound),
            (json!({"realm": ["other"]}), Without::LockedOut),
            (json!({"user": ["ALAN"]}), bound),
            (json!({"user": ["ada"]}), Without::LockedOut),
            (json!({"user": ["*", "!alan"]}), Without::LockedOut),
            (json!({"user": ["-ada"]}), bound),
            (json!({"user": ["a.*n|b"]}), Without::Perhaps),
            (json!({"client": ["10.0.0.0/8"]}), Without::Perhaps),
            (json!({"time": "Mon-Fri: 9-18"}), Without::Perhaps),
        ] {
            let policies = json!([policy(&action, &more)]);
            assert_eq!(judged(&policies, ("corp", "alan")), expected, "{more}");
        }
    }
}
