//! Who is let in without a second step, since when it is over, and where its end is kept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    desk::{Desk, Right},
    flow::{Role, Rule},
    shape::User,
};
use crate::admin::{address::encoded, error::AdminError};

/// A bypass of one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    No,
    /// It can be ended here.
    Own,
    /// By a group, or by another role that holds the one that counts.
    Inherited,
}

/// Whether a user is let in, read just now.
pub(super) fn held(desk: &Desk, rule: &Rule, user: &User) -> Result<Held, AdminError> {
    let wanted = match rule {
        Rule::None | Rule::Hidden => return Ok(Held::No),
        Rule::Attribute { .. } => return Ok(by_attribute(rule, user)),
        Rule::Role(wanted) => wanted,
    };
    for (path, held) in [("", Held::Own), ("/composite", Held::Inherited)] {
        let path = format!("/users/{}/role-mappings/realm{path}", encoded(&user.id));
        let roles: Vec<Role> = desk.get(&path, (&format!("user \"{}\"", user.username), Right::People))?;
        if roles.iter().any(|one| one.id == wanted.id) {
            return Ok(held);
        }
    }
    Ok(Held::No)
}

/// Whether the attribute lets a user in.
pub(super) fn by_attribute(rule: &Rule, user: &User) -> Held {
    match rule {
        Rule::Attribute { name, value } if user.attribute(name) == Some(value) => Held::Own,
        _ => Held::No,
    }
}

/// Those who have the role themselves, from one on; at most so many.
pub(super) fn members(
    desk: &Desk,
    role: &Role,
    (first, most): (usize, usize),
) -> Result<Vec<User>, AdminError> {
    let name = encoded(&role.name);
    let path = format!("/roles/{name}/users?first={first}&max={most}&briefRepresentation=false");
    desk.get(&path, (&format!("role \"{}\"", role.name), Right::People))
}

/// Until when, where that is kept.
pub(super) fn until(user: &User) -> Option<Timestamp> {
    user.attribute(UNTIL)?.parse().ok()
}

/// Whether the realm keeps an attribute that an administrator sets: as far as its user profile says so.
pub(super) fn keeps(desk: &Desk, attribute: &str) -> Result<Option<bool>, AdminError> {
    let profile: Option<Value> = desk.perhaps("/users/profile", ("user profile", Right::People))?;
    Ok(profile.map(|profile| kept_by(&profile, attribute)))
}

fn kept_by(profile: &Value, attribute: &str) -> bool {
    let policy = profile["unmanagedAttributePolicy"].as_str().unwrap_or_default();
    let declared = profile["attributes"].as_array().into_iter().flatten();
    let own = declared.into_iter().find(|own| own["name"] == attribute);
    match own {
        Some(own) => {
            let may = own["permissions"]["edit"].as_array().into_iter().flatten();
            may.into_iter().any(|who| who == "admin")
        }
        None => matches!(policy, "ENABLED" | "ADMIN_EDIT"),
    }
}

/// The attributes of a user with a bypass until a time, or with none.
pub(super) fn attributes(
    user: &User,
    rule: &Rule,
    until: Option<Timestamp>,
) -> BTreeMap<String, Vec<String>> {
    let mut all = user.attributes.clone();
    match until {
        Some(until) => all.insert(UNTIL.to_owned(), vec![format!("{until:.0}")]),
        None => all.remove(UNTIL),
    };
    if let Rule::Attribute { name, value } = rule {
        match until {
            Some(_) => all.insert(name.clone(), vec![value.clone()]),
            None => all.remove(name),
        };
    }
    all
}

/// The attribute that keeps the end.
pub(super) const UNTIL: &str = "mfa_bypass_until";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_end_is_kept_where_the_realm_lets_administrators_write_it() {
        let declared = |who: &str| json!({"attributes": [{"name": UNTIL, "permissions": {"edit": [who]}}]});
        assert!(kept_by(&declared("admin"), UNTIL) && !kept_by(&declared("user"), UNTIL));
        assert!(kept_by(&json!({"unmanagedAttributePolicy": "ADMIN_EDIT", "attributes": []}), UNTIL));
        assert!(
            !kept_by(&json!({"unmanagedAttributePolicy": "ADMIN_VIEW"}), UNTIL)
                && !kept_by(&json!({}), UNTIL)
        );
    }

    #[test]
    fn other_attributes_stay_as_they_are() {
        let user = User {
            attributes: BTreeMap::from([("team".into(), vec!["a".into(), "b".into()])]),
            ..User::default()
        };
        let rule = Rule::Attribute { name: "otp_auth".into(), value: "skip".into() };
        let end: Timestamp = "2026-11-21T20:00:00Z".parse().unwrap();
        let on = attributes(&user, &rule, Some(end));
        assert_eq!(on["team"], ["a", "b"]);
        assert_eq!((on["otp_auth"][0].as_str(), on[UNTIL][0].as_str()), ("skip", "2026-11-21T20:00:00Z"));
        let user = User { attributes: on, ..user };
        assert_eq!((by_attribute(&rule, &user), until(&user)), (Held::Own, Some(end)));
        assert_eq!(attributes(&user, &rule, None).len(), 1);
    }
}
