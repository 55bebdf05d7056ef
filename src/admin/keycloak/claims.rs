//! What an access token says of who asks: a name, the rights, the server's clock. It is read, never judged: that is the
//! server's.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use serde_json::Value;

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    /// What the server calls them.
    pub(super) name: Option<String>,
    /// Their rights in the realm, where the token says so.
    pub(super) rights: Option<BTreeSet<String>>,
    /// When the token was made, by the clock of the server.
    pub(super) issued: Option<Timestamp>,
}

impl Claims {
    /// Reads a token. `client` is the one whose roles are the rights: `realm-management`.
    pub(super) fn read(token: &str, client: &str) -> Self {
        let body = token.split('.').nth(1).and_then(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
        let body: Value = body.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let text = |key: &str| body[key].as_str().map(str::to_owned);
        let roles = |value: &Value| -> Option<BTreeSet<String>> {
            let all = value.as_array()?.iter();
            Some(all.filter_map(|role| role.as_str()).map(str::to_owned).collect())
        };
        // A token may be made without its roles; one that has some has all of them.
        let rights = roles(&body["resource_access"][client]["roles"]);
        let is_admin = roles(&body["realm_access"]["roles"])
            .is_some_and(|roles| client != OWN && roles.contains("admin"));
        Self {
            name: text("preferred_username").or_else(|| text("azp")),
            rights: rights.filter(|_| !is_admin),
            issued: body["iat"].as_i64().and_then(|seconds| Timestamp::from_second(seconds).ok()),
        }
    }

    /// Whether the token says that a right is missing.
    pub(super) fn lacks(&self, right: &str) -> bool {
        let everything = "realm-admin";
        self.rights.as_ref().is_some_and(|rights| !rights.contains(right) && !rights.contains(everything))
    }

    /// The rights in a line.
    pub(super) fn role(&self) -> Option<String> {
        let rights = self.rights.as_ref()?;
        let known =
            ["realm-admin", "manage-users", "view-users", "view-events", "view-realm", "view-clients"];
        let told: Vec<&str> = known.into_iter().filter(|right| rights.contains(*right)).collect();
        Some(if told.is_empty() { "none".to_owned() } else { told.join(", ") })
    }
}

/// The client whose roles are the rights in a realm; those of the realm `master` over another one are of a client of its
/// own.
pub(super) fn rights_of(realm: &str, auth_realm: &str) -> String {
    if realm == auth_realm && realm != "master" { OWN.to_owned() } else { format!("{realm}-realm") }
}

const OWN: &str = "realm-management";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(body: &Value) -> String {
        format!("e30.{}.x", BASE64URL_NOPAD.encode(body.to_string().as_bytes()))
    }

    #[test]
    fn rights_are_read_and_what_is_missing_is_known_only_where_the_token_says_it() {
        let body = json!({"azp": "reader", "iat": 1_700_000_000,
            "resource_access": {"realm-management": {"roles": ["view-users", "query-users"]}}});
        let claims = Claims::read(&token(&body), &rights_of("corp", "corp"));
        assert_eq!((claims.name.as_deref(), claims.role().as_deref()), (Some("reader"), Some("view-users")));
        assert!(claims.lacks("manage-users") && !claims.lacks("view-users"));
        for silent in ["", "a.b.c", "no token", &token(&json!({"azp": "x"})), &token(&json!([1]))] {
            assert!(!Claims::read(silent, "realm-management").lacks("manage-users"), "{silent}");
        }
    }

    #[test]
    fn who_administers_everything_lacks_nothing() {
        let body =
            json!({"realm_access": {"roles": ["admin"]}, "resource_access": {"corp-realm": {"roles": []}}});
        assert!(!Claims::read(&token(&body), &rights_of("corp", "master")).lacks("manage-users"));
        let own = json!({"resource_access": {"realm-management": {"roles": ["realm-admin"]}}});
        assert!(!Claims::read(&token(&own), "realm-management").lacks("manage-users"));
        assert_eq!(rights_of("master", "master"), "master-realm");
    }
}
