//! What Keycloak writes down of users, in the words of the house. Which step of a sign-in failed is read off the details.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::shape::moment;
use crate::admin::model::{Event, Outcome};

/// An event of a user.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UserRow {
    pub(super) id: Option<String>,
    pub(super) time: i64,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) client_id: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) ip_address: Option<String>,
    pub(super) error: Option<String>,
    pub(super) details: Option<Map<String, Value>>,
}

/// What is known of the people in an event.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The name of the user.
    pub(super) user: Option<String>,
    /// What the authenticator is called that was used.
    pub(super) device: Option<String>,
    /// The name of the administrator.
    pub(super) by: Option<String>,
    /// Whether the user has the bypass.
    pub(super) bypassed: bool,
}

impl UserRow {
    pub(super) fn detail(&self, key: &str) -> Option<&str> {
        self.details.as_ref()?.get(key)?.as_str().filter(|text| !text.is_empty())
    }

    /// The credential of the second step.
    pub(super) fn credential(&self) -> Option<&str> {
        self.detail("selected_credential_id")
    }

    /// What tells it from others: servers before 26 give no id.
    pub(super) fn key(&self) -> String {
        let made = || format!("u{}-{}-{}", self.time, self.kind, self.user_id.as_deref().unwrap_or_default());
        self.id.clone().unwrap_or_else(made)
    }

    pub(super) fn event(&self, known: &Known) -> Option<Event> {
        let (outcome, what, reason) = self.meaning(known);
        let details = self.details.clone().unwrap_or_default();
        let raw = json!({
            "type": self.kind, "error": self.error, "reason": reason, "userId": self.user_id, "details": details,
        });
        Some(Event {
            id: self.key(),
            time: moment(self.time)?,
            user: known.user.clone().or_else(|| self.detail("username").map(str::to_owned)),
            outcome,
            application: self.client_id.clone(),
            what,
            from: self.ip_address.clone(),
            by: None,
            raw,
        })
    }

    fn meaning(&self, known: &Known) -> (Outcome, String, Option<String>) {
        let device = known.device.as_deref().map_or("OTP".to_owned(), |name| format!("OTP \"{name}\""));
        let is_grant = self.detail("grant_type") == Some("password");
        let good = |what: String| (Outcome::Ok, what, None);
        match self.kind.as_str() {
            "LOGIN" if self.credential().is_some() => good(format!("signed in, {device}")),
            "LOGIN" if is_grant => good("signed in by password grant".to_owned()),
            "LOGIN" if known.bypassed => (Outcome::Warn, "signed in, bypass used".to_owned(), None),
            "LOGIN" => good("signed in, no second step".to_owned()),
            "LOGOUT" => good("signed out".to_owned()),
            "CLIENT_LOGIN" => good("signed in as a client".to_owned()),
            "UPDATE_TOTP" => good("authenticator bound".to_owned()),
            "REMOVE_TOTP" => (Outcome::Warn, "authenticator removed".to_owned(), None),
            "UPDATE_CREDENTIAL" | "REMOVE_CREDENTIAL" => {
                let gone = self.kind.starts_with("REMOVE");
                let what = self.detail("credential_type").unwrap_or("credential");
                let outcome = if gone { Outcome::Warn } else { Outcome::Ok };
                (outcome, format!("{what} {}", if gone { "removed" } else { "set" }), None)
            }
            "USER_DISABLED_BY_TEMPORARY_LOCKOUT" | "USER_DISABLED_BY_TEMPORARY_LOCKOUT_ERROR" => {
                (Outcome::Fail, "locked for a while".to_owned(), Some("locked".to_owned()))
            }
            "USER_DISABLED_BY_PERMANENT_LOCKOUT" | "USER_DISABLED_BY_PERMANENT_LOCKOUT_ERROR" => {
                (Outcome::Fail, "locked for good".to_owned(), Some("locked".to_owned()))
            }
            kind => match &self.error {
                Some(error) => {
                    let (what, reason) = self.fault(error, (known.device.as_deref(), is_grant));
                    let what = if kind == "LOGIN_ERROR" { what } else { format!("{}: {what}", plain(kind)) };
                    (Outcome::Fail, what, Some(reason))
                }
                None => good(plain(kind)),
            },
        }
    }

    /// Which step failed, and why in one word.
    fn fault(&self, error: &str, (device, is_grant): (Option<&str>, bool)) -> (String, String) {
        let (what, reason) = match error {
            "invalid_user_credentials" if self.credential().is_some() => {
                // Named where it has a name; else it is a wrong code as anywhere.
                let what =
                    device.map_or("wrong code".to_owned(), |name| format!("wrong code, OTP \"{name}\""));
                return (what, "wrong_code".to_owned());
            }
            "invalid_user_credentials" if is_grant => {
                ("wrong password or passcode", "wrong_password_or_code")
            }
            "invalid_user_credentials" => ("wrong password", "wrong_password"),
            "user_not_found" => ("no such user", "user_not_found"),
            "user_disabled" => ("account disabled", "disabled"),
            "user_temporarily_disabled" => ("refused, locked", "locked"),
            "expired_code" => ("the page had expired", "expired_code"),
            "resolve_required_actions" => ("has to bind or set something first", "required_action"),
            other => return (plain(other), other.to_owned()),
        };
        (what.to_owned(), reason.to_owned())
    }
}

/// `CODE_TO_TOKEN` as words.
pub(super) fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> UserRow {
        serde_json::from_str(text).unwrap()
    }

    /// What a row means: how it went, in words, and why.
    fn means(text: &str, known: &Known, expected: (Outcome, &str, Option<&str>)) {
        let (own, said, why) = user(text).meaning(known);
        assert_eq!((own, said.as_str(), why.as_deref()), expected, "{text}");
    }

    #[test]
    fn the_step_that_failed_is_told() {
        let phone = Known { device: Some("phone".into()), ..Known::default() };
        let wrong = |details: &str| {
            format!(r#"{{"type":"LOGIN_ERROR","error":"invalid_user_credentials","details":{{{details}}}}}"#)
        };
        for (details, what, reason) in [
            (r#""username":"al""#, "wrong password", "wrong_password"),
            (r#""selected_credential_id":"c""#, "wrong code, OTP \"phone\"", "wrong_code"),
            (r#""grant_type":"password""#, "wrong password or passcode", "wrong_password_or_code"),
        ] {
            means(&wrong(details), &phone, (Outcome::Fail, what, Some(reason)));
        }
        let nameless = wrong(r#""selected_credential_id":"c""#);
        means(&nameless, &Known::default(), (Outcome::Fail, "wrong code", Some("wrong_code")));
        let locked = r#"{"type":"LOGIN_ERROR","error":"user_temporarily_disabled"}"#;
        means(locked, &phone, (Outcome::Fail, "refused, locked", Some("locked")));
        let other = r#"{"type":"CODE_TO_TOKEN_ERROR","error":"invalid_code"}"#;
        means(other, &phone, (Outcome::Fail, "code to token error: invalid code", Some("invalid_code")));
    }

    #[test]
    fn what_went_well_says_with_which_second_step() {
        let phone = Known { device: Some("phone".into()), ..Known::default() };
        let bypassed = Known { bypassed: true, ..Known::default() };
        let used = r#"{"type":"LOGIN","details":{"selected_credential_id":"c"}}"#;
        means(used, &phone, (Outcome::Ok, "signed in, OTP \"phone\"", None));
        means(r#"{"type":"LOGIN"}"#, &bypassed, (Outcome::Warn, "signed in, bypass used", None));
        means(r#"{"type":"LOGIN"}"#, &phone, (Outcome::Ok, "signed in, no second step", None));
        let removed = r#"{"type":"REMOVE_CREDENTIAL","details":{"credential_type":"otp"}}"#;
        means(removed, &phone, (Outcome::Warn, "otp removed", None));
        means(r#"{"type":"NEW_THING"}"#, &phone, (Outcome::Ok, "new thing", None));
    }

    #[test]
    fn a_row_without_an_id_has_a_key_of_its_own() {
        let one = user(r#"{"type":"LOGIN","time":1763733600000,"userId":"u"}"#);
        assert_eq!(one.key(), "u1763733600000-LOGIN-u");
        assert_eq!(one.event(&Known::default()).unwrap().time.as_second(), 1_763_733_600);
        assert!(user(r#"{"type":"LOGIN"}"#).event(&Known::default()).is_none(), "no time, no event");
    }
}
