//! A realm of its own, with a bypass by attribute, attributes that are kept, and locks for good.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sesam::{
    admin::{
        Provider,
        action::Action,
        connect::{Door, RealDoor},
        error::AdminError,
        model::State,
    },
    config::Server,
};
use std::sync::Arc;

use super::{
    HELP_DESK,
    pages::End,
    site::{Site, act, now, profile, unique},
};
use crate::cli::sesam::{Home, write};

const FORM: &str = "auth-conditional-otp-form";

/// A realm that goes with the test.
struct House<'a> {
    site: &'a Site,
    realm: String,
}

impl<'a> House<'a> {
    fn new(site: &'a Site) -> Self {
        let realm = unique("r");
        let own = Self { site, realm };
        let body = json!({
            "realm": own.realm, "enabled": true, "sslRequired": "none", "bruteForceProtected": true, "permanentLockout": true,
            "failureFactor": 2, "quickLoginCheckMilliSeconds": 0, "eventsEnabled": true, "adminEventsEnabled": true,
            "clients": [{"clientId": "shop", "enabled": true, "publicClient": true, "standardFlowEnabled": true,
                "redirectUris": ["http://127.0.0.1:18099/*"]}],
        });
        site.does("POST", "", &body);
        own
    }

    fn does(&self, method: &str, path: &str, body: &Value) -> Value {
        self.site.does(method, &format!("/{}{path}", self.realm), body)
    }

    /// Users whose attribute `otp_auth` is `skip` are asked for no second step: by a condition beside the form, or by a form
    /// that asks on condition.
    fn with_rule(self, provider: &str, config: &Value) -> Self {
        self.does("POST", "/authentication/flows/browser/copy", &json!({"newName": "own"}));
        let second = self.step(|step| step["displayName"].as_str().unwrap().contains("2FA"));
        let second = second["displayName"].as_str().unwrap().replace(' ', "%20");
        let path = format!("/authentication/flows/{second}/executions/execution");
        let place = self.does("POST", &path, &json!({ "provider": provider }));
        let id = place.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let config = json!({"alias": "own rule", "config": config});
        self.does("POST", &format!("/authentication/executions/{id}/config"), &config);
        if provider == FORM {
            self.requires("DISABLED", |step| step["providerId"] == "auth-otp-form");
            self.requires("ALTERNATIVE", |step| step["id"] == id.as_str());
        } else {
            self.requires("REQUIRED", |step| step["id"] == id.as_str());
        }
        self.does("PUT", "", &json!({"browserFlow": "own"}));
        self
    }

    fn step(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        let steps = self.does("GET", "/authentication/flows/own/executions", &Value::Null);
        steps.as_array().unwrap().iter().find(|step| is_it(step)).unwrap().clone()
    }

    fn requires(&self, requirement: &str, is_it: impl Fn(&Value) -> bool) {
        let mut step = self.step(is_it);
        step["requirement"] = json!(requirement);
        self.does("PUT", "/authentication/flows/own/executions", &step);
    }

    fn keeps_attributes(&self, keeps: bool) {
        let mut own = self.does("GET", "/users/profile", &Value::Null);
        own["unmanagedAttributePolicy"] = if keeps { json!("ADMIN_EDIT") } else { Value::Null };
        self.does("PUT", "/users/profile", &own);
    }

    /// The same for the program.
    fn home(&self) -> Home {
        let home = Home::new();
        write(&home.path("secret"), "adminpw");
        let place = format!("file:{}", home.path("secret").display());
        let words = ["admin", "server", "add", "kc", "--provider", "keycloak", "--url", &self.site.base];
        let more = ["--kind", "test", "--realm", &self.realm, "--auth-realm", "master", "--user", "admin"];
        home.bare(&[&words[..], &more, &["--token", &place]].concat()).ok();
        home
    }

    /// Signed in at the realm `master`.
    fn desk(&self) -> Arc<dyn Provider> {
        let server = Server {
            url: self.site.base.clone(),
            realm: Some(self.realm.clone()),
            auth_realm: Some("master".to_owned()),
            user: Some("admin".to_owned()),
            token: self.site.secret("adminpw"),
            ..Server::default()
        };
        RealDoor { credentials: None, attended: false }.open(&profile(server)).unwrap()
    }
}

impl Drop for House<'_> {
    fn drop(&mut self) {
        // A server that went away is no second panic.
        if std::thread::panicking() {
            return;
        }
        let _ = self.site.ask("DELETE", &format!("/{}", self.realm), &json!({}));
    }
}

#[test]
fn a_bypass_by_attribute_has_its_end_and_is_swept_when_it_is_over() {
    let Some(site) = Site::new() else { return };
    let config = json!({"attribute_name": "otp_auth", "attribute_expected_value": "skip", "not": "true"});
    let house = House::new(&site).with_rule("conditional-user-attribute", &config);
    house.keeps_attributes(true);
    let (user, desk) = (site.user(&house.realm, true), house.desk());
    site.does(
        "PUT",
        &user.path(""),
        &json!({"attributes": {"team": ["a", "b"]}, "firstName": "Tess",
        "lastName": "Example", "email": format!("{}@example.org", user.name)}),
    );
    let name = || user.name.clone();
    let until = Timestamp::from_second(now().cast_signed()).unwrap() + SignedDuration::from_hours(2);
    let plan = desk.plan(&Action::Bypass { user: name(), until: Some(until) }).unwrap();
    assert!(plan.effects[0].contains("attribute otp_auth to \"skip\""), "{plan:?}");
    assert!(
        plan.effects[1].starts_with("keep its end") && plan.warning.as_ref().unwrap().contains("sweep"),
        "{plan:?}"
    );
    desk.apply(&plan, "x").unwrap();
    let person = desk.user(&user.name).unwrap();
    assert_eq!((person.state, person.bypass_until), (State::Bypass, Some(until)));
    assert_eq!(user.sign_in(None), End::SignedIn);
    act(&*desk, &Action::Bypass { user: name(), until: None }).unwrap();
    assert_eq!((desk.user(&user.name).unwrap().state, user.sign_in(None)), (State::Ok, End::CodeAsked));

    // One that is over is there until somebody ends it, and is found by whoever sweeps.
    let over = until - SignedDuration::from_hours(5);
    act(&*desk, &Action::Bypass { user: name(), until: Some(over) }).unwrap();
    let found = desk.users("state:bypass", None).unwrap().items;
    assert_eq!((found.len(), found[0].bypass_until), (1, Some(over)));
    let home = house.home();
    let listed = home.bare(&["admin", "bypass", "list"]).ok();
    assert!(listed.contains(&user.name) && listed.contains("overdue"), "{listed}");
    home.bare(&["admin", "bypass", "sweep", "--reason", "over", "-y"]).ok();
    assert_eq!(user.sign_in(None), End::CodeAsked);
    assert_eq!(desk.users("state:bypass", None).unwrap().items, []);

    act(&*desk, &Action::Reset { user: name() }).unwrap();
    let now = user.is_now();
    assert_eq!(
        (&now["attributes"], &now["firstName"]),
        (&json!({"team": ["a", "b"]}), &json!("Tess")),
        "{now}"
    );
    assert_eq!(user.sign_in(None), End::SetUpAsked);

    house.keeps_attributes(false);
    let refused = desk.plan(&Action::Bypass { user: name(), until: Some(until) }).unwrap_err();
    assert!(refused.to_string().contains("drops the attribute otp_auth"), "{refused}");
}

#[test]
fn a_form_that_asks_on_condition_is_a_rule_too() {
    let Some(site) = Site::new() else { return };
    let config = json!({"otpControlAttribute": "otp_auth", "defaultOtpOutcome": "force"});
    let house = House::new(&site).with_rule(FORM, &config);
    house.keeps_attributes(true);
    let (user, desk) = (site.user(&house.realm, true), house.desk());
    let bypass = |until| Action::Bypass { user: user.name.clone(), until };
    assert_eq!(user.sign_in(None), End::CodeAsked);
    let until = "2099-01-01T00:00:00Z".parse().unwrap();
    act(&*desk, &bypass(Some(until))).unwrap();
    assert_eq!((desk.user(&user.name).unwrap().state, user.sign_in(None)), (State::Bypass, End::SignedIn));
    act(&*desk, &bypass(None)).unwrap();
    assert_eq!((desk.user(&user.name).unwrap().state, user.sign_in(None)), (State::Ok, End::CodeAsked));
}

#[test]
fn a_bypass_that_a_group_gives_is_told_and_not_ended_here() {
    let Some(site) = Site::new() else { return };
    let (user, desk) = (site.user("corp", true), site.desk("corp", HELP_DESK));
    let place = site.does("POST", "/corp/groups", &json!({"name": unique("g")}));
    let group = format!("/corp/groups/{}", place.as_str().unwrap().rsplit('/').next().unwrap());
    let role = site.does("GET", "/corp/roles/mfa-bypass", &Value::Null);
    site.does("POST", &format!("{group}/role-mappings/realm"), &json!([role]));
    site.does("PUT", &user.path(&group.replace("/corp", "")), &json!({}));
    let state = desk.user(&user.name).unwrap().state;
    let (end, signed) =
        (desk.plan(&Action::Bypass { user: user.name.clone(), until: None }), user.sign_in(None));
    site.does("DELETE", &group, &json!({}));
    assert_eq!((state, signed), (State::Bypass, End::SignedIn));
    assert!(
        matches!(&end, Err(AdminError::Impossible { why, .. }) if why.contains("through a group")),
        "{end:?}"
    );
}

#[test]
fn what_a_realm_hides_from_administrators_is_not_erased_by_a_reset() {
    let Some(site) = Site::new() else { return };
    let house = House::new(&site);
    house.keeps_attributes(true);
    let (user, desk) = (site.user(&house.realm, true), house.desk());
    site.does(
        "PUT",
        &user.path(""),
        &json!({"attributes": {"badge": ["4711"]}, "firstName": "Tess",
        "lastName": "Example", "email": format!("{}@example.org", user.name)}),
    );
    house.keeps_attributes(false);
    assert!(user.is_now()["attributes"].is_null(), "nobody sees it now");
    act(&*desk, &Action::Reset { user: user.name.clone() }).unwrap();
    act(&*desk, &Action::Enable { user: user.name.clone(), on: true }).unwrap();
    house.keeps_attributes(true);
    assert_eq!(user.is_now()["attributes"], json!({"badge": ["4711"]}));
}

#[test]
fn a_lock_for_good_is_ended_and_said() {
    let Some(site) = Site::new() else { return };
    let house = House::new(&site);
    let (user, desk) = (site.user(&house.realm, true), house.desk());
    for _ in 0..2 {
        assert_eq!(user.sign_in_with("wrong"), End::PasswordRefused);
    }
    assert_eq!(user.is_now()["enabled"], false);
    let person = desk.user(&user.name).unwrap();
    assert_eq!((person.state, person.locked_until), (State::Locked, None));
    let plan = desk.plan(&Action::Unlock { user: user.name.clone() }).unwrap();
    assert!(plan.effects[0].starts_with("enable the account"), "{plan:?}");
    let done = desk.apply(&plan, "x").unwrap();
    assert!(done.sentence.contains("enabled again"), "{done:?}");
    assert_eq!((desk.user(&user.name).unwrap().state, user.sign_in(None)), (State::Ok, End::CodeAsked));
    let disabled = |on| act(&*desk, &Action::Enable { user: user.name.clone(), on });
    disabled(false).unwrap();
    assert_eq!(desk.user(&user.name).unwrap().state, State::Disabled, "disabled by somebody is no lock");
    let plan = desk.plan(&Action::Unlock { user: user.name.clone() }).unwrap();
    assert!(plan.warning.unwrap().contains("disabled by an administrator"));
    let refused = desk.plan(&Action::Bypass { user: user.name.clone(), until: None }).unwrap_err();
    assert!(matches!(refused, AdminError::Impossible { .. }), "{refused}");
}
