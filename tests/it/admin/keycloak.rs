//! Keycloak as it really answers: each verb is proven by a sign-in at its own pages.

mod crash;
mod doors;
mod events;
mod faults;
mod house;
mod pages;
pub(super) mod place;
mod site;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sesam::{
    admin::{
        action::{Action, Level},
        capability::Capability,
        error::AdminError,
        model::{AuditFilter, State},
    },
    otp::parse_link,
};

use self::{
    pages::End,
    site::{Site, act, code, now},
};
use super::proxy::{Proxy, Turn};

const HELP_DESK: (&str, &str) = ("sesam", "sesam-secret");

#[test]
fn a_reset_leads_to_binding_and_takes_nothing_else_away() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("corp", true), site.desk("corp", HELP_DESK));
    let name = || user.name.clone();
    let found = desk.users(&format!("{} state:ok", user.name), None).unwrap().items;
    assert_eq!((found.len(), found[0].bindings[0].label.as_str()), (1, "phone"), "{found:?}");
    assert_eq!(user.sign_in(None), End::CodeAsked);
    assert_eq!(user.sign_in(Some(&code(&user.otp, 0))), End::SignedIn);

    let plan = desk.plan(&Action::Reset { user: user.name.to_uppercase() }).unwrap();
    assert_eq!(
        plan.effects[..3],
        [
            "set CONFIGURE_TOTP: the next sign-in leads to binding",
            "delete binding #1 TOTP \"phone\"",
            "end 1 open session",
        ]
    );
    assert_eq!((plan.level, plan.confirm.as_str(), plan.bindings), (Level::Typed, name().as_str(), 1));
    desk.apply(&plan, "lost telephone").unwrap();
    assert!(user.must_bind());
    assert_eq!((user.bindings(), user.sign_in(None)), (0, End::SetUpAsked));
    let now = user.is_now();
    let email = format!("{}@example.org", user.name);
    assert_eq!(
        (&now["firstName"], &now["lastName"], &now["email"], &now["emailVerified"]),
        (&json!("Tess"), &json!("Example"), &json!(email), &json!(true))
    );
    let person = desk.user(&user.name).unwrap();
    assert_eq!(
        (person.state, person.factors),
        (State::Unbound, vec!["required action CONFIGURE_TOTP".to_owned()])
    );
    assert!(matches!(desk.apply(&plan, "again"), Err(AdminError::Changed(_))), "it was changed meanwhile");

    let made = act(&*desk, &Action::Enrol { user: name(), application: String::new() }).unwrap();
    let otp = parse_link(&made.enrolled.unwrap().uri).unwrap().otp;
    assert!(!user.must_bind(), "it is done");
    assert_eq!(user.sign_in(None), End::CodeAsked);
    assert_eq!(user.sign_in(Some(&code(&otp, 0))), End::SignedIn);
    let person = desk.user(&user.name).unwrap();
    assert_eq!((person.state, person.bindings.len()), (State::Ok, 1));
    assert!(person.last_success.is_some() && person.bindings[0].used == person.last_success, "{person:?}");
}

#[test]
fn one_binding_goes_and_with_the_last_one_binding_is_demanded() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("corp", true), site.desk("corp", HELP_DESK));
    let more = json!({"credentials": [site::otp_credential("tablet", "tablet-tablet-tablet")]});
    site.does("PUT", &user.path(""), &more);
    let unbind = |binding: &str| Action::Unbind { user: user.name.clone(), binding: binding.to_owned() };
    assert!(matches!(desk.plan(&unbind("3")), Err(AdminError::Missing { .. })));
    let plan = desk.plan(&unbind("2")).unwrap();
    assert_eq!((plan.effects[0].as_str(), &plan.warning), ("delete binding #2 TOTP \"tablet\"", &None));
    desk.apply(&plan, "x").unwrap();
    assert_eq!((user.bindings(), user.must_bind(), user.sign_in(None)), (1, false, End::CodeAsked));
    let plan = desk.plan(&unbind("#1")).unwrap();
    assert!(plan.effects[0].starts_with("set CONFIGURE_TOTP") && plan.warning.is_some(), "{plan:?}");
    desk.apply(&plan, "x").unwrap();
    assert_eq!((user.bindings(), user.must_bind(), user.sign_in(None)), (0, true, End::SetUpAsked));
}

#[test]
fn a_bypass_a_lock_and_a_disabled_account_are_what_they_say() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("corp", true), site.desk("corp", HELP_DESK));
    let name = || user.name.clone();
    let state = || desk.user(&user.name).unwrap().state;
    let until = Timestamp::from_second(now().cast_signed()).unwrap() + SignedDuration::from_hours(2);
    let plan = desk.plan(&Action::Bypass { user: name(), until: Some(until) }).unwrap();
    assert!(plan.effects[0].contains("role mfa-bypass"), "{plan:?}");
    assert!(plan.warning.as_ref().unwrap().contains("drops the attribute mfa_bypass_until"), "{plan:?}");
    assert_eq!(plan.level, Level::Typed, "its end is not kept");
    desk.apply(&plan, "x").unwrap();
    assert_eq!((state(), user.sign_in(None)), (State::Bypass, End::SignedIn));
    let listed = desk.users("state:bypass", None).unwrap().items;
    assert!(listed.iter().any(|one| one.name == user.name), "{listed:?}");
    act(&*desk, &Action::Bypass { user: name(), until: None }).unwrap();
    assert_eq!((state(), user.sign_in(None)), (State::Ok, End::CodeAsked));

    for _ in 0..6 {
        assert_eq!(user.sign_in_with("wrong"), End::PasswordRefused);
    }
    let person = desk.user(&user.name).unwrap();
    assert_eq!((person.state, person.failures), (State::Locked, 6));
    assert!(person.locked_until.is_some_and(|until| until.as_second() > now().cast_signed()), "{person:?}");
    let listed = desk.users(&format!("state:locked {}", user.name), None).unwrap().items;
    assert_eq!(listed.len(), 1, "lists know it too");
    assert_eq!(user.sign_in(None), End::PasswordRefused);
    let done = act(&*desk, &Action::Unlock { user: name() }).unwrap();
    assert!(!done.sentence.contains("enabled"), "{done:?}");
    assert_eq!((state(), user.sign_in(None)), (State::Ok, End::CodeAsked));

    act(&*desk, &Action::Enable { user: name(), on: false }).unwrap();
    assert_eq!((state(), user.sign_in(None)), (State::Disabled, End::PasswordRefused));
    act(&*desk, &Action::Enable { user: name(), on: true }).unwrap();
    assert_eq!((state(), user.sign_in(Some(&code(&user.otp, 1)))), (State::Ok, End::SignedIn));
    let now = user.is_now();
    assert_eq!((&now["firstName"], &now["lastName"]), (&json!("Tess"), &json!("Example")), "{now}");
}

#[test]
fn what_is_not_there_is_told_with_what_to_do() {
    let Some(site) = Site::new() else { return };
    let desk = site.desk("corp", HELP_DESK);
    assert!(matches!(desk.user("nobody-of-this-name"), Err(AdminError::Missing { .. })));
    assert!(matches!(desk.plan(&Action::Unlock { user: "nobody".into() }), Err(AdminError::Missing { .. })));
    let refused = |query: &str| desk.users(query, None).unwrap_err().to_string();
    assert!(refused("colour:red").contains("no key \"colour\""));
    let passcode = Action::Passcode { user: "alice".into(), span: std::time::Duration::from_hours(1) };
    let refused = desk.plan(&passcode).unwrap_err();
    assert!(
        matches!(&refused, AdminError::Impossible { why, .. } if why.contains("issues none")),
        "{refused}"
    );
    let factor = Action::Factor { application: "shop".into(), factor: "otp".into(), on: false };
    assert!(desk.plan(&factor).unwrap_err().to_string().contains("flow overrides"));
    let shop = desk.applications().unwrap().into_iter().find(|own| own.id == "shop").unwrap();
    assert_eq!(
        (shop.name.as_str(), shop.factors.as_slice()),
        ("An application", &[("otp".to_owned(), true)][..])
    );
    let seen = desk.overview().unwrap();
    assert_eq!((seen.actor.as_str(), seen.users.is_some()), ("service-account-sesam", true));
    assert!(seen.time.unwrap().as_second().abs_diff(now().cast_signed()) < 60, "{seen:?}");
}

#[test]
fn a_realm_without_a_rule_has_no_bypass_and_a_reader_changes_nothing() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("plain", true), site.desk("plain", HELP_DESK));
    desk.overview().unwrap();
    assert!(
        matches!(desk.capabilities().bypass, Capability::No(why) if why.contains("Condition - user role"))
    );
    let bypass = Action::Bypass { user: user.name.clone(), until: Some(Timestamp::MAX) };
    assert!(matches!(desk.plan(&bypass), Err(AdminError::Impossible { .. })));
    assert_eq!(desk.users("state:bypass", None).unwrap().items, []);

    let upstream = site.base.trim_start_matches("http://").parse().unwrap();
    let proxy = Proxy::open(Some(upstream), |_| Turn::Pass);
    let reader = site.opens(&proxy.url(), ("plain", ("reader", "reader-secret"))).unwrap();
    assert_eq!(reader.user(&user.name).unwrap().bindings.len(), 1);
    let name = || user.name.clone();
    for action in [
        Action::Reset { user: name() },
        Action::Unlock { user: name() },
        Action::Enable { user: name(), on: false },
        Action::Enrol { user: name(), application: String::new() },
        Action::Unbind { user: name(), binding: "1".into() },
    ] {
        let refused = reader.plan(&action).unwrap_err();
        assert!(
            matches!(&refused, AdminError::NotAllowed { who, right, .. }
                if right == "manage-users" && who.contains("it has view-users")),
            "{refused}"
        );
    }
    let refused = reader.audit(&AuditFilter::default(), None).unwrap_err();
    assert!(matches!(&refused, AdminError::NotAllowed { right, .. } if right == "view-events"), "{refused}");
    let sent: Vec<String> = proxy.changes().into_iter().map(|seen| seen.path).collect();
    assert!(sent.iter().all(|path| path.ends_with("/token")), "{sent:?}");
    assert_eq!(user.sign_in(Some(&code(&user.otp, 0))), End::SignedIn);
    let off = desk.audit(&AuditFilter::default(), None).map(|page| page.items);
    // What administrators did may be saved where what users did is not.
    match off {
        Err(AdminError::Impossible { why, .. }) => assert!(why.contains("Save events"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_plan_of_a_user_who_changed_meanwhile_is_refused_and_nothing_is_sent() {
    let Some(site) = Site::new() else { return };
    let user = site.user("corp", true);
    let upstream = site.base.trim_start_matches("http://").parse().unwrap();
    let proxy = Proxy::open(Some(upstream), |_| Turn::Pass);
    let desk = site.opens(&proxy.url(), ("corp", HELP_DESK)).unwrap();
    for change in [
        json!({"requiredActions": ["UPDATE_PASSWORD"]}),
        json!({"credentials": [site::otp_credential("another", "another-another-12")]}),
        json!({"enabled": false}),
    ] {
        let plan = desk.plan(&Action::Reset { user: user.name.clone() }).unwrap();
        site.does("PUT", &user.path(""), &change);
        assert!(matches!(desk.apply(&plan, "late"), Err(AdminError::Changed(_))), "{change}");
    }
    assert!(proxy.changes().iter().all(|seen| seen.path.ends_with("/token")), "{:?}", proxy.changes());
    let plan = desk.plan(&Action::Reset { user: user.name.clone() }).unwrap();
    assert_eq!(plan.bindings, 2);
    desk.apply(&plan, "x").unwrap();
    let actions = user.is_now()["requiredActions"].clone();
    assert_eq!(actions.as_array().unwrap().len(), 2, "what was demanded before stays: {actions}");
    assert_eq!((user.bindings(), &user.is_now()["enabled"]), (0, &Value::Bool(false)));
}
