//! What Keycloak says, as far as it matters here. What it says besides is left out while it is read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::admin::model::Binding;

/// A user.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct User {
    pub(super) id: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) username: String,
    pub(super) email: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) enabled: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) totp: bool,
    #[serde(deserialize_with = "or_default")]
    pub(super) required_actions: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) attributes: BTreeMap<String, Vec<String>>,
    pub(super) federation_link: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) access: BTreeMap<String, bool>,
    pub(super) brute_force_status: Option<Lock>,
}

/// What wrong tries led to.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Lock {
    #[serde(deserialize_with = "number")]
    pub(super) num_failures: i64,
    #[serde(deserialize_with = "or_default")]
    pub(super) disabled: bool,
    #[serde(deserialize_with = "number")]
    pub(super) failed_login_not_before: i64,
}

/// Something to sign in with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Credential {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(rename = "userLabel")]
    pub(super) label: Option<String>,
    #[serde(deserialize_with = "or_default")]
    pub(super) created_date: i64,
    #[serde(rename = "credentialData")]
    pub(super) data: Option<String>,
}

impl User {
    /// What people call them.
    pub(super) fn display(&self) -> Option<String> {
        let parts = [&self.first_name, &self.last_name].into_iter().flatten();
        let text = parts.map(String::as_str).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }

    /// The first value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.first().map(String::as_str)
    }

    /// Whether the next sign-in leads to binding.
    pub(super) fn must_bind(&self) -> bool {
        self.required_actions.iter().any(|action| action == BIND)
    }

    /// Whether wrong tries closed the account for good.
    pub(super) fn is_locked_for_good(&self) -> bool {
        !self.enabled && self.attribute("disabledReason").is_some_and(|why| why.contains("permanentLockout"))
    }

    /// Whether the server says that who asks may do this: `manage`, `mapRoles`. Silence is no refusal.
    pub(super) fn allows(&self, what: &str) -> bool {
        self.access.get(what).copied().unwrap_or(true)
    }

    /// What a change of something else must leave as it is.
    pub(super) fn profile(&self) -> (&Option<String>, &Option<String>, &Option<String>) {
        (&self.first_name, &self.last_name, &self.email)
    }
}

impl Lock {
    /// Until when: the server says seconds here and milliseconds there.
    pub(super) fn until(&self) -> Option<Timestamp> {
        moment(self.failed_login_not_before).filter(|_| self.disabled)
    }
}

impl Credential {
    /// Whether it is an authenticator.
    pub(super) fn is_otp(&self) -> bool {
        matches!(self.kind.as_str(), "otp" | "totp" | "hotp")
    }

    /// Whether it is a list of codes for a user without their authenticator.
    pub(super) fn is_recovery(&self) -> bool {
        self.kind == "recovery-authn-codes"
    }

    /// Whether it is a key that stays in the user's hands.
    pub(super) fn is_key(&self) -> bool {
        self.kind.starts_with("webauthn")
    }

    /// `TOTP "phone"`.
    pub(super) fn outline(&self) -> String {
        let own = self.binding();
        let label = if own.label.is_empty() { String::new() } else { format!(" \"{}\"", own.label) };
        format!("{}{label}", own.kind.to_uppercase())
    }

    /// In the words of the house.
    pub(super) fn binding(&self) -> Binding {
        let data = self.data.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let data = data.unwrap_or_default();
        let kind = data["subType"].as_str().unwrap_or("otp").to_owned();
        let pace = match kind.as_str() {
            "hotp" => data["counter"].as_u64().map(|counter| format!("counter {counter}")),
            _ => data["period"].as_u64().map(|period| period.to_string()),
        };
        let hash = data["algorithm"].as_str().unwrap_or_default().trim_start_matches("Hmac");
        let parameters = match (data["digits"].as_u64(), pace) {
            (Some(digits), Some(pace)) => format!("{digits}/{pace} {hash}").trim_end().to_owned(),
            _ => String::new(),
        };
        Binding {
            id: self.id.clone(),
            kind,
            label: self.label.clone().unwrap_or_default(),
            state: "active".to_owned(),
            parameters,
            bound: moment(self.created_date),
            used: None,
        }
    }
}

/// A time since 1970, in seconds or milliseconds, by how large it is.
pub(super) fn moment(number: i64) -> Option<Timestamp> {
    match number {
        ..=0 => None,
        1..100_000_000_000 => Timestamp::from_second(number).ok(),
        _ => Timestamp::from_millisecond(number).ok(),
    }
}

fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A number; `n/a` where there is none.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    Ok(Value::deserialize(from)?.as_i64().unwrap_or_default())
}

/// The required action that leads to binding.
pub(super) const BIND: &str = "CONFIGURE_TOTP";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authenticator_is_read_out_of_a_text_in_a_text() {
        let credential: Credential = serde_json::from_str(
            r#"{"id":"c1","type":"otp","userLabel":"tablet","createdDate":1763733600123,
            "credentialData":"{\"subType\":\"totp\",\"digits\":8,\"counter\":0,\"period\":60,\"algorithm\":\"HmacSHA256\"}"}"#,
        )
        .unwrap();
        let binding = credential.binding();
        assert_eq!((binding.kind.as_str(), binding.parameters.as_str()), ("totp", "8/60 SHA256"));
        assert_eq!(credential.outline(), "TOTP \"tablet\"");
        assert_eq!(binding.bound.unwrap().as_millisecond(), 1_763_733_600_123);
        let odd: Credential =
            serde_json::from_str(r#"{"id":"c2","type":"otp","credentialData":"no JSON"}"#).unwrap();
        assert_eq!((odd.binding().kind.as_str(), odd.outline().as_str()), ("otp", "OTP"));
    }

    #[test]
    fn a_user_is_read_with_nothing_and_with_null() {
        let user: User = serde_json::from_str(
            r#"{"id":"u","username":"al","attributes":null,"requiredActions":null,"enabled":true}"#,
        )
        .unwrap();
        assert!(user.enabled && !user.must_bind() && user.allows("manage") && user.display().is_none());
        let closed: User = serde_json::from_str(
            r#"{"id":"u","username":"al","enabled":false,"access":{"manage":false},
            "attributes":{"disabledReason":["permanentLockout"]}}"#,
        )
        .unwrap();
        assert!(closed.is_locked_for_good() && !closed.allows("manage"));
    }

    #[test]
    fn a_lock_ends_at_seconds_or_milliseconds_and_may_say_nothing() {
        let lock = |text: &str| serde_json::from_str::<Lock>(text).unwrap();
        let seconds =
            lock(r#"{"numFailures":6,"disabled":true,"failedLoginNotBefore":1795186140,"lastFailure":1}"#);
        let more = lock(r#"{"numFailures":6,"disabled":true,"failedLoginNotBefore":1795186140000}"#);
        assert_eq!((seconds.until(), seconds.num_failures), (more.until(), 6));
        let off =
            lock(r#"{"numFailures":0,"disabled":false,"lastIPFailure":"n/a","failedLoginNotBefore":"n/a"}"#);
        assert_eq!((off.until(), off), (None, Lock::default()));
    }
}
