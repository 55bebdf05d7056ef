//! privacyIDEA as it really answers. `SESAM_TEST_PRIVACYIDEA` is the address of one with the administrator `admin`
//! (password `adminpw`) and a realm `corp` that is the usual one; each verb is proven by a sign-in there.

use std::{io::Write, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sesam::{
    admin::{
        Provider,
        action::{Action, Done},
        connect::{Door, Profile, RealDoor},
        error::AdminError,
        model::{AuditFilter, State},
    },
    clock::{Clock, SystemClock},
    config::{ProviderKind, Server, TokenSource},
    otp::{Otp, parse_link},
};

use crate::cli::sesam::skipped;

struct Live {
    url: String,
    desk: Arc<dyn Provider>,
    _dir: tempfile::TempDir,
}

impl Live {
    fn new() -> Option<Self> {
        let Ok(url) = std::env::var("SESAM_TEST_PRIVACYIDEA") else {
            skipped("no privacyIDEA: SESAM_TEST_PRIVACYIDEA names none");
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        let token = dir.path().join("password");
        std::fs::File::create(&token).unwrap().write_all(b"adminpw\n").unwrap();
        let desk = open(&url, TokenSource::File(token));
        Some(Self { url, desk, _dir: dir })
    }

    fn act(&self, action: &Action) -> Result<Done, AdminError> {
        self.desk.apply(&self.desk.plan(action)?, "ticket 4711")
    }

    /// What the server says of a user who shows this.
    fn shows(&self, user: &str, pass: &str) -> bool {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let body = json!({"user": user, "realm": "corp", "pass": pass});
        let answer = agent.post(format!("{}/validate/check", self.url)).send_json(body);
        let answer: Value = answer.unwrap().body_mut().read_json().unwrap();
        answer["result"]["value"] == true
    }
}

fn open(url: &str, token: TokenSource) -> Arc<dyn Provider> {
    let server = Server {
        provider: ProviderKind::PrivacyIdea,
        url: url.to_owned(),
        user: Some("admin".to_owned()),
        token,
        ..Server::default()
    };
    let (name, timeout) = ("pi".to_owned(), Duration::from_mins(1));
    let profile = Profile { name, server, read_only: false, timeout };
    RealDoor { credentials: None, attended: false }.open(&profile).unwrap()
}

fn code(otp: &Otp, ahead: u64) -> String {
    let now = SystemClock.now().as_second().unsigned_abs();
    otp.code(now + ahead).unwrap().as_str().to_owned()
}

#[test]
fn each_verb_is_proven_by_a_sign_in() {
    let Some(live) = Live::new() else { return };
    let user = || "alice".to_owned();
    let state = || live.desk.user("ALICE").unwrap().state;
    live.act(&Action::Bypass { user: user(), until: None }).unwrap();
    live.act(&Action::Reset { user: user() }).unwrap();
    assert_eq!(state(), State::Unbound);
    assert!(live.desk.users("state:unbound ali", None).unwrap().items.iter().any(|one| one.name == "alice"));

    let made = live.act(&Action::Enrol { user: user(), application: String::new() }).unwrap();
    let link = made.enrolled.unwrap();
    let otp = parse_link(&link.uri).unwrap().otp;
    assert!(live.shows("alice", &code(&otp, 0)));
    assert!(!live.shows("alice", &code(&otp, 0)), "a code counts once");
    assert_eq!(state(), State::Ok);
    for _ in 0..12 {
        assert!(!live.shows("alice", "000000"));
    }
    assert_eq!(state(), State::Locked);
    assert!(!live.shows("alice", &code(&otp, 30)), "locked");
    live.act(&Action::Unlock { user: user() }).unwrap();
    assert_eq!(state(), State::Ok);
    assert!(live.shows("alice", &code(&otp, 60)));

    let until =
        Timestamp::from_second(SystemClock.now().as_second()).unwrap() + SignedDuration::from_hours(2);
    let seen = live.desk.plan(&Action::Reset { user: user() }).unwrap();
    live.act(&Action::Bypass { user: user(), until: Some(until) }).unwrap();
    assert_eq!(state(), State::Bypass);
    assert!(live.shows("alice", ""));
    assert!(
        matches!(live.desk.apply(&seen, "late"), Err(AdminError::Changed(_))),
        "it was changed meanwhile"
    );
    live.act(&Action::Bypass { user: user(), until: None }).unwrap();
    assert!(!live.shows("alice", ""));

    let issued = live.act(&Action::Passcode { user: user(), span: Duration::from_hours(2) }).unwrap();
    let passcode = issued.passcode.unwrap();
    assert!(live.shows("alice", &passcode.passcode) && !live.shows("alice", &passcode.passcode));
    let plan = live.desk.plan(&Action::Reset { user: user() }).unwrap();
    assert_eq!(plan.bindings, 1);
    assert!(
        plan.warning.unwrap().contains("locked out until a token is enrolled"),
        "no policy leads to binding"
    );
    live.act(&Action::Reset { user: user() }).unwrap();
    assert!(!live.shows("alice", &code(&otp, 90)));
    assert_eq!(state(), State::Unbound);
}

#[test]
fn its_audit_is_read_page_by_page_and_its_lacks_are_told() {
    let Some(live) = Live::new() else { return };
    for _ in 0..3 {
        live.shows("bob", "000000");
    }
    let (mut cursor, mut seen) = (None, vec![]);
    for _ in 0..3 {
        let filter = AuditFilter { query: "user:bob".into(), limit: Some(1), ..AuditFilter::default() };
        let page = live.desk.audit(&filter, cursor.as_deref()).unwrap();
        seen.extend(page.items);
        cursor = page.next;
    }
    let mut ids: Vec<&str> = seen.iter().map(|event| event.id.as_str()).collect();
    assert!(seen.iter().all(|event| event.user.as_deref() == Some("bob")), "{seen:?}");
    ids.dedup();
    assert_eq!(ids.len(), 3, "none twice");
    let late = SystemClock.now().duration_since(seen[0].time);
    assert!(late.abs() < SignedDuration::from_mins(10), "its zone is learned: {late}");
    let refused = live.desk.plan(&Action::Enable { user: "bob".into(), on: false }).unwrap_err();
    assert!(refused.to_string().contains("belong to the directory"), "{refused}");
    assert!(matches!(live.desk.user("nobody"), Err(AdminError::Missing { .. })));
    assert!(live.desk.users("colour:red", None).unwrap_err().to_string().contains("no key \"colour\""));
}
