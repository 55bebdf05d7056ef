//! What Keycloak writes down of administrators, in the words of the house.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    bypass::UNTIL,
    row::{Known, plain},
    shape::{BIND, moment},
};
use crate::admin::model::{Event, Outcome};

/// What an administrator did.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AdminRow {
    pub(super) id: Option<String>,
    pub(super) time: i64,
    pub(super) auth_details: Who,
    pub(super) operation_type: String,
    pub(super) resource_type: Option<String>,
    pub(super) resource_path: Option<String>,
    pub(super) representation: Option<String>,
    pub(super) error: Option<String>,
}

/// Who did it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Who {
    pub(super) realm_id: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) ip_address: Option<String>,
}

impl AdminRow {
    /// Whom it was about.
    pub(super) fn target(&self) -> Option<&str> {
        let path = self.resource_path.as_deref()?;
        let rest = path
            .strip_prefix("users/")
            .or_else(|| path.strip_prefix("attack-detection/brute-force/users/"))?;
        rest.split('/').next().filter(|id| !id.is_empty())
    }

    /// What tells it from others.
    pub(super) fn key(&self) -> String {
        let path = self.resource_path.as_deref().unwrap_or_default();
        self.id.clone().unwrap_or_else(|| format!("a{}-{}-{path}", self.time, self.operation_type))
    }

    pub(super) fn event(&self, (known, role): (&Known, Option<&str>)) -> Option<Event> {
        let (mut outcome, mut what) = self.meaning(role);
        if let Some(error) = &self.error {
            (outcome, what) = (Outcome::Fail, format!("{what}: {}", plain(error)));
        }
        let raw = json!({
            "type": format!("ADMIN_{}", self.operation_type), "operationType": self.operation_type,
            "resourceType": self.resource_type, "resourcePath": self.resource_path, "error": self.error,
            "reason": self.error, "representation": self.representation,
        });
        Some(Event {
            id: self.key(),
            time: moment(self.time)?,
            user: known.user.clone(),
            outcome,
            application: None,
            what,
            from: self.auth_details.ip_address.clone(),
            by: known.by.clone(),
            raw,
        })
    }

    /// What was changed of a user, as far as it was kept.
    fn change(&self) -> (Outcome, String) {
        let kept = self.representation.as_deref().map(serde_json::from_str::<Map<String, Value>>);
        let Some(Ok(kept)) = kept else { return (Outcome::Ok, "account changed".to_owned()) };
        let mut keys = kept.keys();
        let (outcome, words) = match (keys.next().map(String::as_str), keys.next()) {
            // Credentials are kept from the log.
            (None, _) => (Outcome::Warn, "credential added"),
            (Some("requiredActions"), None) if kept["requiredActions"].to_string().contains(BIND) => {
                (Outcome::Warn, "binding demanded")
            }
            (Some("requiredActions"), None) => (Outcome::Ok, "required actions changed"),
            (Some("enabled"), None) if kept["enabled"] == false => (Outcome::Warn, "account disabled"),
            (Some("enabled"), None) => (Outcome::Ok, "account enabled"),
            _ if kept.get("attributes").is_some_and(|own| own[UNTIL].is_array()) => {
                (Outcome::Warn, "end of a bypass set")
            }
            _ => (Outcome::Ok, "account changed"),
        };
        (outcome, words.to_owned())
    }

    fn meaning(&self, role: Option<&str>) -> (Outcome, String) {
        let path = self.resource_path.as_deref().unwrap_or_default();
        let below = self.target().and_then(|id| path.split_once(id)).map(|(_, below)| below);
        let says = |text: &str| self.representation.as_deref().is_some_and(|own| own.contains(text));
        let ok = |what: &str| (Outcome::Ok, what.to_owned());
        let warn = |what: &str| (Outcome::Warn, what.to_owned());
        match (self.operation_type.as_str(), below) {
            ("DELETE", Some("")) if path.starts_with("attack-detection") => ok("unlocked"),
            ("DELETE", Some("")) => warn("account deleted"),
            ("CREATE", Some("")) => ok("account made"),
            ("UPDATE", Some("")) => self.change(),
            (_, Some("/logout")) => ok("sessions ended"),
            (_, Some(below)) if below.starts_with("/credentials/") => warn("credential removed"),
            (kind, Some(below)) if below.starts_with("/role-mappings") => {
                let (given, is_bypass) =
                    (kind == "CREATE", role.is_some_and(|role| says(&format!("\"{role}\""))));
                match (given, is_bypass) {
                    (true, true) => warn("bypass on"),
                    (false, true) => ok("bypass off"),
                    (true, false) => ok("role given"),
                    (false, false) => ok("role taken away"),
                }
            }
            (_, Some("/reset-password")) => warn("password set"),
            (_, Some("/execute-actions-email")) => ok("mail with required actions sent"),
            (kind, _) if path.is_empty() => {
                let what = self.resource_type.as_deref().unwrap_or_default();
                (Outcome::Ok, format!("{} {}", plain(kind), plain(what)))
            }
            (kind, _) => (Outcome::Ok, format!("{} {path}", plain(kind))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_administrator_did_names_whom() {
        let row = |kind: &str, path: &str, body: &str| AdminRow {
            time: 1,
            operation_type: kind.into(),
            resource_path: Some(path.into()),
            representation: Some(body.into()),
            ..AdminRow::default()
        };
        for (row, target, what) in [
            (row("ACTION", "users/u1/credentials/c1", ""), Some("u1"), "credential removed"),
            (
                row("CREATE", "users/u1/role-mappings/realm", r#"[{"name":"mfa-bypass"}]"#),
                Some("u1"),
                "bypass on",
            ),
            (
                row("DELETE", "users/u1/role-mappings/realm", r#"[{"name":"mfa-bypass"}]"#),
                Some("u1"),
                "bypass off",
            ),
            (
                row("UPDATE", "users/u1", r#"{"requiredActions":["CONFIGURE_TOTP"]}"#),
                Some("u1"),
                "binding demanded",
            ),
            (row("DELETE", "attack-detection/brute-force/users/u1", ""), Some("u1"), "unlocked"),
            (row("UPDATE", "users/u1", "{}"), Some("u1"), "credential added"),
            (row("UPDATE", "users/u1", r#"{"enabled":false}"#), Some("u1"), "account disabled"),
            (row("UPDATE", "users/u1", "cut of"), Some("u1"), "account changed"),
            (row("UPDATE", "authentication/flows/f1", ""), None, "update authentication/flows/f1"),
        ] {
            assert_eq!((row.target(), row.meaning(Some("mfa-bypass")).1.as_str()), (target, what), "{row:?}");
        }
    }
}
