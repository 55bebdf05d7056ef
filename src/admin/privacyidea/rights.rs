//! What an administrator may do: the names that the sign-in gave, so that a change whose right is missing is refused
//! before it is sent; and which right a refusal was about, where the server said nothing of it.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;

use crate::{
    admin::{error::AdminError, http::Method},
    text::safe_cut,
};

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub(super) name: String,
    pub(super) rights: Rights,
}

/// The rights of a session. Empty until the sign-in, and where the server does not tell them.
#[derive(Clone, Debug, Default)]
pub struct Rights(Arc<Mutex<Option<BTreeSet<String>>>>);

impl Rights {
    /// Takes what a sign-in said of them.
    pub fn learn(&self, said: &Value) {
        let names = |all: &Vec<Value>| all.iter().filter_map(|one| one.as_str()).map(str::to_owned).collect();
        let known: Option<BTreeSet<String>> = said.as_array().map(names);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = known.filter(|known| !known.is_empty());
    }

    /// Takes what a token says of itself.
    pub fn learn_from(&self, token: &str) {
        self.learn(&payload(token)["rights"]);
    }

    /// Whether a right is there; also where nothing is known.
    pub(super) fn has(&self, right: &str) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_none_or(|known| known.contains(right))
    }
}

/// What a token says of itself. It is the server that proves it; here nothing hangs on it but words.
pub(super) fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap_or_default();
    let bytes = data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// The right that a request needs.
pub(super) fn of(method: Option<Method>, path: &str) -> &'static str {
    let starts = |start: &str| path.starts_with(start);
    match method {
        None if starts("/user/") => "userlist",
        None if starts("/token/") => "tokenlist",
        None if starts("/audit/") => "auditlog",
        None if starts("/authenticationlog/") => "authentication_log_read",
        None if starts("/policy/") => "policyread",
        None if starts("/conditionalaccess/lock/") => "user_lock_read",
        Some(Method::Delete) if starts("/token/") => "delete",
        Some(Method::Delete) if starts("/conditionalaccess/lock/") => "user_lock_reset",
        Some(Method::Post) if starts("/token/reset/") => "reset",
        _ => "",
    }
}

/// A refusal with the right that it is about: the server names it, or it is that of the request.
pub(super) fn explained(error: AdminError, right: &str) -> AdminError {
    let AdminError::Refused { server, why, right: None } = error else { return error };
    let named = why.split("the action ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let wordless = why == "status 403";
    match named.filter(|_| why.contains("not allowed")) {
        Some(named) => {
            let right = safe_cut(named, 40);
            let who = format!("its policies do not allow this administrator \"{right}\" here");
            AdminError::NotAllowed { server, who, right }
        }
        None if wordless && !right.is_empty() => {
            let who = format!("it gave no reason; this needs the right \"{right}\"");
            AdminError::NotAllowed { server, who, right: right.to_owned() }
        }
        None => AdminError::Refused { server, why, right: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(why: &str) -> AdminError {
        AdminError::Refused { server: "pi".into(), why: why.into(), right: None }
    }

    #[test]
    fn a_refusal_names_its_right() {
        for why in [
            "Admin actions are defined, but the action delete is not allowed!",
            "Admin actions are defined, but the action delete is not allowed for any serial!",
            "status 403",
        ] {
            let said = explained(refused(why), "delete");
            assert!(matches!(&said, AdminError::NotAllowed { right, .. } if right == "delete"), "{said}");
            assert!(said.to_string().contains("\"delete\""), "{said}");
        }
        let other = refused("Tokentype not allowed for authentication!");
        assert_eq!(explained(other.clone(), "delete"), other);
        assert_eq!(explained(refused("status 403"), ""), refused("status 403"));
    }

    #[test]
    fn what_was_said_is_known_and_what_was_not_is_no_refusal() {
        let rights = Rights::default();
        assert!(rights.has("delete"), "nobody said anything");
        rights.learn(&serde_json::json!(["reset", "userlist"]));
        assert!(rights.has("reset") && !rights.has("delete"));
        for odd in [serde_json::json!("TODO"), serde_json::json!([]), Value::Null] {
            rights.learn(&odd);
            assert!(rights.has("delete"), "{odd}");
        }
        let part = data_encoding::BASE64URL_NOPAD.encode(br#"{"rights": ["reset"]}"#);
        rights.learn_from(&format!("x.{part}.y"));
        assert!(rights.has("reset") && !rights.has("delete"));
        rights.learn_from("no token at all");
        assert!(rights.has("delete"));
    }
}
