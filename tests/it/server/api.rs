//! The API as a caller meets it, without a socket: one or more replicas over a database, requests in, JSON out.

use std::{net::SocketAddr, path::Path, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::Request,
};
use serde_json::{Value, json};
use sesam::{
    clock::Clock,
    otp::{Otp, parse_link},
    server::{
        config::Config,
        domain::administrator::Role,
        routes,
        seal::token::{Kind, Token},
        service::Service,
        store::{Store, console::KeepConsole, keys::ApiKey, keys::CreateKey, rows::Scene},
    },
};
use tower::ServiceExt;

use super::databases::{Database, HandClock, keys};

/// A server, asked directly.
pub(crate) struct Api {
    pub(crate) service: Service,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) owner: String,
    routes: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) text: String,
}

impl Api {
    /// Over a database, with an owner's key and without limits.
    pub(crate) async fn over(database: &Database) -> Self {
        Self::with(database, "").await
    }

    /// With more settings.
    pub(crate) async fn with(database: &Database, more: &str) -> Self {
        let clock = HandClock::new();
        let (store, _) = Store::open(database.settings(0, &clock)).await.unwrap();
        store.submit(KeepConsole).await.unwrap();
        let text = format!(
            "[database]\nurl = \"sqlite:unused\"\nkey_file = \"unused\"\n\
             [limits]\nper_address_a_minute = 0\nper_user_a_minute = 0\n{more}"
        );
        let config = Config::parse(&text, Path::new("sesamd.toml")).unwrap();
        let own = Arc::clone(&clock) as Arc<dyn Clock>;
        let service = Service::new((store, Arc::new(keys(7))), config, own);
        let mut api = Self { routes: routes::all(service.clone()), service, clock, owner: String::new() };
        api.owner = api.key("boss", Role::Owner).await;
        api
    }

    /// An API key.
    pub(crate) async fn key(&self, name: &str, role: Role) -> String {
        let token = Token::new(Kind::ApiKey, &self.service.bytes());
        let (id, created) = (self.service.id(), self.service.now());
        let key = ApiKey { id, name: name.into(), role, created, until: None };
        let scene = Scene { actor: "test".into(), ..Scene::default() };
        self.service.store.submit(CreateKey { key, digest: token.digest(), scene }).await.unwrap();
        token.expose().to_owned()
    }

    /// One request with a token or none, and headers besides.
    pub(crate) async fn call(
        &self,
        (method, path): (&str, &str),
        (token, headers): (&str, &[(&str, &str)]),
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), 1 << 24).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    /// As the owner.
    pub(crate) async fn admin(&self, method: &str, path: &str, body: Value) -> Answer {
        let body = Some(body).filter(|body| !body.is_null());
        self.call((method, &format!("/v1/admin{path}")), (&self.owner, &[]), body).await
    }

    /// As somebody.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(("POST", path), ("", &[]), Some(body)).await
    }

    /// A user with a password.
    pub(crate) async fn user(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        let body =
            json!({"name": name, "password": "correct horse", "email": email, "display": "Somebody Else"});
        let made = self.admin("POST", "/users", body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// An application that asks for codes of an authenticator.
    pub(crate) async fn application(&self, id: &str, factors: Value) {
        let made =
            self.admin("POST", "/applications", json!({"id": id, "name": id, "factors": factors})).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }

    /// Begins a sign-in with the right password.
    pub(crate) async fn sign_in(&self, name: &str, application: &str) -> Answer {
        let body = json!({"application": application, "user": name, "password": "correct horse"});
        self.post("/v1/sign-ins", body).await
    }

    /// An authenticator that an administrator bound for a user.
    pub(crate) async fn bind(&self, user: &str, application: &str) -> Otp {
        let wish = json!({"application": application, "reason": "test"});
        let begun = self.admin("POST", &format!("/users/{user}/bindings"), wish).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        let otp = otp(&begun.body);
        let path = format!("/users/{user}/bindings/{}/confirm", begun.body["binding"].as_str().unwrap());
        let done = self.admin("POST", &path, json!({"code": self.code(&otp), "reason": "test"})).await;
        assert_eq!(done.status, 204, "{}", done.text);
        self.clock.wait(60);
        otp
    }

    /// The digits now.
    pub(crate) fn code(&self, otp: &Otp) -> String {
        otp.code(self.clock.seconds()).unwrap().as_str().to_owned()
    }

    /// Six digits that are none of the codes around now.
    pub(crate) fn wrong(&self, otp: &Otp) -> String {
        let now = self.clock.seconds();
        let near: Vec<String> =
            (0..9).map(|step| otp.code(now + 120 - step * 30).unwrap().as_str().to_owned()).collect();
        (0..10).map(|digit| digit.to_string().repeat(6)).find(|code| !near.contains(code)).unwrap()
    }

    /// Shows a code of an authenticator at a new sign-in.
    pub(crate) async fn show(&self, (name, application): (&str, &str), code: &str) -> Answer {
        let begun = self.sign_in(name, application).await;
        let path = format!("/v1/sign-ins/{}/verify", begun.body["id"].as_str().unwrap_or("none"));
        self.post(&path, json!({"factor": "otp", "code": code})).await
    }
}

/// The authenticator that an answer shows.
pub(crate) fn otp(enrolled: &Value) -> Otp {
    parse_link(enrolled["uri"].as_str().unwrap()).unwrap().otp
}
