//! What happens to a user without a token: a policy leads to binding, lets in without one, or nothing is there and the
//! user is locked out.

use serde_json::Value;

use super::envelope::get;
use crate::admin::{error::AdminError, http::Http};

/// What happens at the next sign-in of a user without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Without {
    /// Binding is asked for (`enroll_via_multichallenge`).
    Binding,
    /// The password is enough (`passOnNoToken` without the former).
    Open,
    /// Nobody gets in.
    LockedOut,
    /// This administrator may not read policies.
    NotKnown,
}

/// Reads the policies that are switched on.
pub(super) fn without(http: &Http, (realm, user): (&str, &str)) -> Result<Without, AdminError> {
    let policies: Value = match get(http, "/policy/", "policies") {
        Ok(policies) => policies,
        Err(AdminError::Refused { .. } | AdminError::NotAllowed { .. }) => return Ok(Without::NotKnown),
        Err(error) => return Err(error),
    };
    let meant = |policy: &&Value| {
        let named = |key: &str, name: &str| {
            let names = policy[key].as_array().map(Vec::as_slice).unwrap_or_default();
            let is =
                |one: &Value| one.as_str().is_some_and(|one| one == "*" || one.eq_ignore_ascii_case(name));
            names.is_empty() || names.iter().any(is)
        };
        policy["scope"] == "authentication"
            && policy["active"].as_bool() == Some(true)
            && named("realm", realm)
            && named("user", user)
    };
    let own: Vec<&Value> = policies.as_array().into_iter().flatten().filter(meant).collect();
    let says = |action: &str| own.iter().any(|policy| !policy["action"][action].is_null());
    Ok(match (says("enroll_via_multichallenge"), says("passOnNoToken")) {
        (true, _) => Without::Binding,
        (false, true) => Without::Open,
        (false, false) => Without::LockedOut,
    })
}
