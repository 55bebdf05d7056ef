//! A privacyIDEA that really runs, with realms of these tests alone: their users are in a file that is written here,
//! their policies lead one realm to binding and the other one nowhere. `SESAM_TEST_PRIVACYIDEA` is the address of one
//! on this machine, with the administrator `admin`, password `adminpw`.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sesam::{
    admin::{
        Provider,
        connect::{Door, Profile, RealDoor},
    },
    clock::{Clock, SystemClock},
    config::{ProviderKind, Server, TokenSource},
    otp::{Otp, parse_link},
};

use super::foreign::Foreign;
use crate::cli::sesam::{skipped, until, write};

/// The password of every user here.
pub(super) const PASSWORD: &str = "alanpw";
/// As the directory keeps it: sha512-crypt.
const HASH: &str =
    "$6$sesamcontract$hDeR2EG7FuPoBkRJ7dUXuAEM6RYC7/DN2T07twZLqatm0VZjI5LYOr.iMQk352mJ9sLhVtelB1NY2Or7ZJgWG0";
const USERS: usize = 400;

/// One server for all tests of a run.
pub(super) struct Idea {
    pub(super) url: String,
    /// Where users without a token are led to binding, by `enroll_via_multichallenge` and `passthru`.
    pub(super) led: String,
    /// Where nothing leads anywhere.
    pub(super) unled: String,
    agent: ureq::Agent,
    token: String,
    locks: bool,
    next: AtomicUsize,
    /// Until which second codes of a secret were shown.
    shown: Mutex<BTreeMap<String, u64>>,
}

/// Who answered.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Idea {
    /// The one that runs.
    pub(super) fn find() -> Option<Arc<dyn Foreign>> {
        Self::here().map(|own| own as Arc<dyn Foreign>)
    }

    /// The same, with all that it can.
    pub(super) fn here() -> Option<Arc<Self>> {
        static HERE: OnceLock<Option<Arc<Idea>>> = OnceLock::new();
        let found = HERE.get_or_init(|| {
            let url = std::env::var("SESAM_TEST_PRIVACYIDEA").ok()?;
            Some(Arc::new(Self::furnished(url.trim_end_matches('/'))))
        });
        if found.is_none() {
            skipped("no privacyIDEA: SESAM_TEST_PRIVACYIDEA names none");
        }
        found.clone()
    }

    fn furnished(url: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        let agent: ureq::Agent = config.timeout_global(Some(Duration::from_mins(1))).build().into();
        let name = format!("sesam{}x{}", SystemClock.now().as_second(), std::process::id());
        let mut own = Self {
            url: url.to_owned(),
            led: format!("{name}led"),
            unled: format!("{name}not"),
            agent,
            token: String::new(),
            locks: false,
            next: AtomicUsize::new(0),
            shown: Mutex::default(),
        };
        let signed = own.post("/auth", &json!({"username": "admin", "password": "adminpw"}));
        own.token = signed.body["result"]["value"]["token"].as_str().expect("admin can sign in").to_owned();
        for (whose, password) in [("admin", "adminpw"), ("desk", PASSWORD)] {
            write(&own.password(whose), password);
        }
        own.directory(&name);
        for realm in [&own.led, &own.unled] {
            own.done(&format!("/realm/{realm}"), &json!({"resolvers": name}));
            own.policy("ask", realm, "challenge_response=totp, otppin=userstore");
        }
        own.policy("bind", &own.led, "enroll_via_multichallenge=TOTP, passthru=userstore");
        own.locks = own.lock_after_six();
        let last = format!("bind-{}", own.led);
        until("every worker to know the policies", || {
            (0..6).all(|_| own.get("/policy/").body.to_string().contains(&last))
        });
        own
    }

    /// The users, in a file that the server on the same machine reads.
    fn directory(&self, name: &str) {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.passwd"));
        let mut users = String::new();
        for nth in 0..USERS {
            let id = 20_000 + nth;
            writeln!(users, "u{nth}:{HASH}:{id}:100:Someone Else,Room,,,u{nth}@example.org:/:/bin/sh")
                .unwrap();
        }
        write(&path, users);
        let body = json!({"type": "passwdresolver", "fileName": path.display().to_string()});
        self.done(&format!("/resolver/{name}"), &body);
    }

    fn policy(&self, what: &str, realm: &str, action: &str) {
        let body = json!({"scope": "authentication", "action": action, "realm": realm, "active": true});
        self.done(&format!("/policy/{what}-{realm}"), &body);
    }

    /// Locks users of these realms alone, as sesamd does it; before 3.14 there is no such thing.
    fn lock_after_six(&self) -> bool {
        let priority = 1 + SystemClock.now().as_second() % 999_999;
        let lock = json!({"action_type": "LOCK_USER", "action_value": 3600});
        let body = json!({"name": format!("lock-{}", self.led), "priority": priority, "target": "user",
            "time_window_seconds": 3600, "counter_types_to_track": ["PIN_FAIL", "MFA_FAIL"],
            "conditions": [{"condition_type": "USER_REALM", "operator": "IN", "value": [self.led, self.unled]}],
            "stages": [{"name": "lock", "failure_threshold": 6, "actions": [lock]}]});
        let said = self.post("/conditionalaccess/policy", &body);
        assert!([200, 404].contains(&said.status), "{said:?}");
        said.status == 200
    }

    /// As an administrator.
    pub(super) fn post(&self, path: &str, body: &Value) -> Said {
        let request = self.agent.post(format!("{}{path}", self.url)).header("authorization", &self.token);
        said(request.send_json(body))
    }

    pub(super) fn get(&self, path: &str) -> Said {
        said(self.agent.get(format!("{}{path}", self.url)).header("authorization", &self.token).call())
    }

    pub(super) fn delete(&self, path: &str) -> Said {
        said(self.agent.delete(format!("{}{path}", self.url)).header("authorization", &self.token).call())
    }

    /// The same, which must go well.
    #[track_caller]
    pub(super) fn done(&self, path: &str, body: &Value) -> Said {
        let said = self.post(path, body);
        assert!(said.status == 200 && said.body["result"]["status"] == true, "{path}: {said:?}");
        said
    }

    /// Where the password of `admin`, or of `desk@…`, lies.
    pub(super) fn password(&self, whose: &str) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.{whose}.password", self.led))
    }

    /// A provider for a realm, as an administrator asks it.
    pub(super) fn provider(&self, (url, realm, user): (&str, &str, &str)) -> Arc<dyn Provider> {
        let server = Server {
            provider: ProviderKind::PrivacyIdea,
            url: url.to_owned(),
            user: Some(user.to_owned()),
            token: TokenSource::File(self.password(user.split('@').next().unwrap_or_default())),
            realm: Some(realm.to_owned()),
            ..Server::default()
        };
        let (name, timeout) = ("pi".to_owned(), Duration::from_mins(1));
        let profile = Profile { name, server, read_only: false, timeout };
        RealDoor { credentials: None, attended: false }.open(&profile).unwrap()
    }

    /// A realm whose users are administrators, with `desk` in it: privacyIDEA's settings call it `super`.
    pub(super) fn superior(&self) -> String {
        let name = format!("{}desk", self.led);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.passwd"));
        write(&path, format!("desk:{HASH}:30000:100:Help Desk,Room,,,desk@example.org:/:/bin/sh\n"));
        let body = json!({"type": "passwdresolver", "fileName": path.display().to_string()});
        self.done(&format!("/resolver/{name}"), &body);
        self.done("/realm/super", &json!({"resolvers": name}));
        "super".to_owned()
    }

    /// A user of either realm whom nobody used before.
    pub(super) fn fresh(&self) -> String {
        let nth = self.next.fetch_add(1, Ordering::SeqCst);
        assert!(nth < USERS, "more users are wanted than there are");
        format!("u{nth}")
    }

    /// A token with a serial, or with one of the server's.
    pub(super) fn token(&self, (user, realm): (&str, &str), serial: Option<&str>) -> Otp {
        let mut body = json!({"type": "totp", "user": user, "realm": realm, "genkey": 1});
        if let Some(serial) = serial {
            body["serial"] = json!(serial);
        }
        let made = self.done("/token/init", &body);
        parse_link(made.body["detail"]["googleurl"]["value"].as_str().unwrap()).unwrap().otp
    }

    /// The serials of a user.
    pub(super) fn serials(&self, user: &str, realm: &str) -> Vec<String> {
        let said = self.get(&format!("/token/?user={user}&realm={realm}&sortby=serial"));
        let all = said.body["result"]["value"]["tokens"].as_array().unwrap();
        all.iter().map(|token| token["serial"].as_str().unwrap().to_owned()).collect()
    }

    /// What the server says to whoever signs in so.
    pub(super) fn check(&self, (user, realm): (&str, &str), pass: &str) -> String {
        let body = json!({"user": user, "realm": realm, "pass": pass});
        let said = said(self.agent.post(format!("{}/validate/check", self.url)).send_json(&body));
        let (result, detail) = (&said.body["result"], &said.body["detail"]);
        let bypassed = detail["serial"].as_str().is_some_and(|serial| serial.starts_with("PISP"));
        match result["authentication"].as_str() {
            Some("ACCEPT") if bypassed => "bypass",
            Some("ACCEPT") => "done",
            Some("CHALLENGE") if detail["enroll_via_multichallenge"] == true => "binding",
            Some("CHALLENGE") => "second_step",
            _ => "refused",
        }
        .to_owned()
    }
}

fn said(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Said {
    let mut answer = answer.unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    Said { status: answer.status().as_u16(), body: serde_json::from_str(&text).unwrap_or_default() }
}

impl Foreign for Idea {
    fn desk(&self) -> Arc<dyn Provider> {
        self.provider((&self.url, &self.led, "admin"))
    }

    fn user(&self) -> String {
        self.fresh()
    }

    fn bind(&self, user: &str) -> Otp {
        self.token((user, &self.led), None)
    }

    /// The server takes codes of the next three minutes, each once and none before the last one: that of the next step.
    fn code(&self, otp: &Otp) -> String {
        let now = SystemClock.now().as_second().unsigned_abs();
        let mut shown = self.shown.lock().unwrap();
        let at = shown.entry(otp.code(0).unwrap().as_str().to_owned() + otp.code(3000).unwrap().as_str());
        let at = at.and_modify(|at| *at = (*at + 30).max(now)).or_insert(now);
        otp.code(*at).unwrap().as_str().to_owned()
    }

    fn begin(&self, user: &str) -> String {
        self.check((user, &self.led), PASSWORD)
    }

    fn show(&self, user: &str, code: &str) -> String {
        self.check((user, &self.led), &format!("{PASSWORD}{code}"))
    }

    fn tries(&self) -> usize {
        if self.locks { 6 } else { 10 }
    }

    fn reset(&self) -> &'static [&'static str] {
        &["delete binding #1 TOTP", "lead to binding at the next sign-in", "be written to the audit log"]
    }

    fn unlock(&self) -> &'static [&'static str] {
        if self.locks {
            &["end the lock that lasts until", "forget 6 wrong codes", "be written to the audit log"]
        } else {
            &["forget 10 wrong codes", "be written to the audit log"]
        }
    }
}
