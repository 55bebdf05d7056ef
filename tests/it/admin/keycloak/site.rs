//! A real Keycloak, whose users and realms are made and taken away here. `SESAM_TEST_KEYCLOAK` is the address of one with the
//! administrator `admin` (password `adminpw`) and the realms `corp` (with a bypass rule) and `plain` (without).

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sesam::{
    admin::{
        Provider,
        action::{Action, Done},
        connect::{Door, Profile, RealDoor},
        error::AdminError,
    },
    clock::{Clock, SystemClock},
    config::{ProviderKind, Server, TokenSource},
    otp::{Otp, Secret},
};
use tempfile::TempDir;

use super::pages::{Browser, End};
use crate::cli::sesam::{skipped, write};

/// The server.
pub(super) struct Site {
    pub(super) base: String,
    agent: ureq::Agent,
    token: RefCell<(String, i64)>,
    dir: TempDir,
}

/// A user of a test, gone when it ends.
pub(super) struct Someone<'a> {
    site: &'a Site,
    pub(super) realm: String,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) otp: Otp,
}

/// The password of every user here.
pub(super) const PASSWORD: &str = "Pw-of-a-test-1";

/// So that two tests, and two runs, have users of their own.
pub(super) fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let moment = SystemClock.now().as_millisecond();
    format!("{prefix}-{moment}-{}", NEXT.fetch_add(1, Ordering::SeqCst))
}

pub(super) fn now() -> u64 {
    SystemClock.now().as_second().unsigned_abs()
}

impl Site {
    pub(super) fn new() -> Option<Self> {
        let Ok(base) = std::env::var("SESAM_TEST_KEYCLOAK") else {
            skipped("no Keycloak: SESAM_TEST_KEYCLOAK names none");
            return None;
        };
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let base = base.trim_end_matches('/').to_owned();
        Some(Self { base, agent, token: RefCell::default(), dir: tempfile::tempdir().unwrap() })
    }

    /// Asks as the administrator of everything; below `/admin/realms`.
    pub(super) fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (address, bearer) =
            (format!("{}/admin/realms{path}", self.base), format!("Bearer {}", self.master()));
        let answer = match method {
            "GET" => self.agent.get(address).header("authorization", bearer).call(),
            "DELETE" => {
                self.agent.delete(address).force_send_body().header("authorization", bearer).send_json(body)
            }
            "PUT" => self.agent.put(address).header("authorization", bearer).send_json(body),
            _ => self.agent.post(address).header("authorization", bearer).send_json(body),
        };
        let mut answer = answer.unwrap();
        let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
        let text = answer.body_mut().read_to_string().unwrap();
        let said = serde_json::from_str(&text).unwrap_or_else(|_| place.map_or(Value::Null, Value::from));
        (answer.status().as_u16(), said)
    }

    #[track_caller]
    pub(super) fn does(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, said) = self.ask(method, path, body);
        assert!(status < 300, "{method} {path}: {status} {said}");
        said
    }

    fn master(&self) -> String {
        let (kept, until) = self.token.borrow().clone();
        if SystemClock.now().as_second() < until {
            return kept;
        }
        let fields = [("client_id", "admin-cli"), ("username", "admin"), ("password", "adminpw")];
        let said = self.grant("master", &[&fields[..], &[("grant_type", "password")]].concat()).1;
        let token = said["access_token"].as_str().unwrap().to_owned();
        *self.token.borrow_mut() = (token.clone(), SystemClock.now().as_second() + 30);
        token
    }

    /// Asks for a token.
    pub(super) fn grant(&self, realm: &str, fields: &[(&str, &str)]) -> (u16, Value) {
        let address = format!("{}/realms/{realm}/protocol/openid-connect/token", self.base);
        let mut answer = self.agent.post(address).send_form(fields.iter().copied()).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_json().unwrap())
    }

    /// A user with a password, and with an authenticator where that is wanted.
    pub(super) fn user(&self, realm: &str, with_otp: bool) -> Someone<'_> {
        let name = unique("t");
        let letters = format!("{name:-<20}");
        let mut credentials = vec![json!({"type": "password", "value": PASSWORD})];
        if with_otp {
            credentials.push(otp_credential("phone", &letters));
        }
        let body = json!({
            "username": name, "enabled": true, "email": format!("{name}@example.org"), "emailVerified": true,
            "firstName": "Tess", "lastName": "Example", "credentials": credentials,
        });
        let place = self.does("POST", &format!("/{realm}/users"), &body);
        let id = place.as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let otp = Otp::totp(Secret::new(letters.into_bytes()).unwrap());
        Someone { site: self, realm: realm.to_owned(), name, id, otp }
    }

    /// The way of a client with its secret.
    pub(super) fn desk(&self, realm: &str, client: (&str, &str)) -> Arc<dyn Provider> {
        self.opens(&self.base, (realm, client)).unwrap()
    }

    /// The same by another address.
    pub(super) fn opens(
        &self,
        url: &str,
        (realm, (client, secret)): (&str, (&str, &str)),
    ) -> Result<Arc<dyn Provider>, AdminError> {
        let server = Server {
            url: url.to_owned(),
            realm: Some(realm.to_owned()),
            client_id: Some(client.to_owned()),
            token: self.secret(secret),
            ..Server::default()
        };
        RealDoor { credentials: None, attended: false }.open(&profile(server))
    }

    /// A file with a secret.
    pub(super) fn secret(&self, text: &str) -> TokenSource {
        let path = self.dir.path().join(unique("secret"));
        write(&path, text);
        TokenSource::File(path)
    }
}

/// A profile of a Keycloak.
pub(super) fn profile(server: Server) -> Profile {
    let server = Server { provider: ProviderKind::Keycloak, ..server };
    Profile { name: "kc".to_owned(), server, read_only: false, timeout: Duration::from_mins(1) }
}

/// A credential as the server takes it.
pub(super) fn otp_credential(label: &str, letters: &str) -> Value {
    json!({
        "type": "otp", "userLabel": label, "secretData": json!({ "value": letters }).to_string(),
        "credentialData": json!({
            "subType": "totp", "digits": 6, "counter": 0, "period": 30, "algorithm": "HmacSHA1",
        }).to_string(),
    })
}

/// Plans and applies.
pub(super) fn act(desk: &dyn Provider, action: &Action) -> Result<Done, AdminError> {
    desk.apply(&desk.plan(action)?, "ticket 4711")
}

/// The code of a step: one is taken once, and the one before and the one after are taken too.
pub(super) fn code(otp: &Otp, steps: i64) -> String {
    otp.code(now().checked_add_signed(steps * 30).unwrap()).unwrap().as_str().to_owned()
}

impl Someone<'_> {
    pub(super) fn sign_in(&self, code: Option<&str>) -> End {
        Browser::sign_in(&self.site.base, &self.realm, (&self.name, PASSWORD), code)
    }

    pub(super) fn sign_in_with(&self, password: &str) -> End {
        Browser::sign_in(&self.site.base, &self.realm, (&self.name, password), None)
    }

    /// What the server has of them.
    pub(super) fn is_now(&self) -> Value {
        self.site.does("GET", &self.path(""), &Value::Null)
    }

    /// How many authenticators.
    pub(super) fn bindings(&self) -> usize {
        let all = self.site.does("GET", &self.path("/credentials"), &Value::Null);
        all.as_array().unwrap().iter().filter(|one| one["type"] == "otp").count()
    }

    pub(super) fn path(&self, end: &str) -> String {
        format!("/{}/users/{}{end}", self.realm, self.id)
    }

    pub(super) fn must_bind(&self) -> bool {
        self.is_now()["requiredActions"].as_array().unwrap().iter().any(|one| one == "CONFIGURE_TOTP")
    }
}

impl Drop for Someone<'_> {
    fn drop(&mut self) {
        // A server that went away is no second panic.
        if std::thread::panicking() {
            return;
        }
        let _ = self.site.ask("DELETE", &self.path(""), &json!({}));
    }
}
