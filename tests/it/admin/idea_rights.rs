//! Rights at a privacyIDEA that really runs: what is missing is named before anything is sent where the sign-in told it,
//! and after the refusal otherwise.

use std::sync::Arc;

use serde_json::json;
use sesam::admin::{
    Provider,
    action::{Action, Done},
    error::AdminError,
};

use super::{
    idea::{Idea, PASSWORD},
    proxy::{Proxy, Turn},
};

/// What these tests and their neighbours need: from the first policy for administrators on, nobody may do anything else.
const ALL: &str = "userlist, tokenlist, delete, reset, enable, disable, set, assign, unassign, enrollTOTP, enrollHOTP, \
    enrollSPASS, enrollREGISTRATION, auditlog, authentication_log_read, policyread, policywrite, policydelete, \
    resolverread, resolverwrite, resolverdelete, configread, configwrite, user_lock_read, user_lock_reset, \
    user_lock_set, conditional_access_policy_read, conditional_access_policy_write";

/// Policies for administrators, as long as it lives.
struct Policies<'a>(&'a Idea);

impl<'a> Policies<'a> {
    /// `desk@REALM` may do these things, `admin` everything that is needed here.
    fn set(idea: &'a Idea, realm: &str, rights: &[(&str, &str)]) -> Self {
        let own = Self(idea);
        let all = json!({"scope": "admin", "action": ALL, "adminuser": "admin", "active": true});
        idea.done("/policy/sesam-all", &all);
        for (nth, (action, about)) in rights.iter().enumerate() {
            let body = json!({"scope": "admin", "action": action, "adminrealm": realm, "realm": about, "active": true});
            idea.done(&format!("/policy/sesam-desk-{nth}"), &body);
        }
        own
    }
}

impl Drop for Policies<'_> {
    fn drop(&mut self) {
        // A server that went away is no second panic.
        if std::thread::panicking() {
            return;
        }
        for name in ["sesam-desk-0", "sesam-desk-1", "sesam-all"] {
            self.0.delete(&format!("/policy/{name}"));
        }
    }
}

fn act(desk: &Arc<dyn Provider>, action: &Action) -> Result<Done, AdminError> {
    desk.apply(&desk.plan(action)?, "ticket 4711")
}

#[test]
fn a_missing_right_is_named_before_anything_is_sent_and_after_a_refusal() {
    let Some(idea) = Idea::here() else { return };
    let boss = idea.superior();
    let rights = [
        ("userlist, tokenlist, reset, auditlog, delete", idea.unled.as_str()),
        ("userlist, tokenlist, reset, auditlog", idea.led.as_str()),
    ];
    let _policies = Policies::set(&idea, &boss, &rights);
    let proxy = Proxy::open(Some(idea.url.trim_start_matches("http://").parse().unwrap()), |_| Turn::Pass);
    let desk = idea.provider((&proxy.url(), &idea.led, &format!("desk@{boss}")));
    let user = idea.fresh();
    let own = idea.token((&user, &idea.led), None);

    // It may list, and it may clear failures; a lock of the user is not shown to it, and the plan says so.
    idea.check((&user, &idea.led), &format!("{PASSWORD}000000"));
    let plan = desk.plan(&Action::Unlock { user: user.clone() }).unwrap();
    assert!(plan.warning.unwrap().contains("user_lock_read"));
    act(&desk, &Action::Unlock { user: user.clone() }).unwrap();
    assert_eq!(desk.user(&user).unwrap().failures, 0);

    // No sign-in told of enrolSPASS: nothing but the sign-in and questions goes out.
    let until = Some("2100-01-01T00:00:00Z".parse().unwrap());
    let before = proxy.changes().len();
    for (action, right, deed) in [
        (Action::Bypass { user: user.clone(), until }, "enrollSPASS", "bypass users"),
        (Action::Enrol { user: user.clone(), application: String::new() }, "enrollTOTP", "bind for users"),
    ] {
        let refused = act(&desk, &action).unwrap_err();
        assert!(
            matches!(&refused, AdminError::NotAllowed { right: named, .. } if named == right),
            "{refused}"
        );
        let said = refused.to_string();
        assert!(said.contains(&format!("desk@{boss} may not {deed}")) && said.contains(right), "{said}");
    }
    assert_eq!(proxy.changes().len(), before, "refused before it was sent");

    // It may delete, but not in this realm: that only the server knows.
    let refused = act(&desk, &Action::Reset { user: user.clone() }).unwrap_err();
    assert!(matches!(&refused, AdminError::NotAllowed { right, .. } if right == "delete"), "{refused}");
    let changes = proxy.changes();
    assert_eq!(changes.len(), before + 1, "{changes:?}");
    let pass = format!("{PASSWORD}{}", super::foreign::Foreign::code(idea.as_ref(), &own));
    assert_eq!(idea.check((&user, &idea.led), &pass), "done", "nothing was deleted");
}
