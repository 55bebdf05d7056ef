//! The routes, asked without a network: a service over a real database, its clock set by hand.

use std::{net::SocketAddr, path::Path, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use serde_json::{Value, json};
use sesam::{
    clock::Clock,
    server::{
        config::Config,
        countries::Countries,
        domain::factor::Factor,
        routes,
        seal::password::PasswordHash,
        service::Service,
        store::{
            Store,
            make::{CreateApplication, CreateUser},
            read::{self, Record},
        },
    },
};
use tower::ServiceExt;

use super::{
    actors::application,
    databases::{Database, HandClock, keys},
    scene::{scene, user},
};

/// A server that is asked through its routes.
pub(super) struct House {
    pub(super) service: Service,
    pub(super) clock: Arc<HandClock>,
    routes: Router,
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
}

pub(super) const PASSWORD: &str = "correct horse";

impl House {
    /// A server with these settings besides.
    pub(super) async fn open(database: &Database, settings: &str) -> Self {
        let clock = HandClock::new();
        let (store, _) = Store::open(database.settings(0, &clock)).await.unwrap();
        let usual = "[database]\nurl = \"sqlite:unused\"\nkey_file = \"unused\"\n[limits]\nper_address_a_minute = 0\n\
            per_user_a_minute = 0\n";
        let config = Config::parse(&format!("{usual}{settings}"), Path::new("/nowhere/sesamd.toml")).unwrap();
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let countries = Countries::open(config.audit.countries.as_deref()).unwrap();
        let mut service = Service::new((store, Arc::new(keys(7))), config, time);
        service.countries = Arc::new(countries);
        Self { routes: routes::all(service.clone()), service, clock }
    }

    /// Juniper, who has an address and a password, and an application with these factors.
    pub(super) async fn settle(&self, factors: &[Factor]) {
        let mut juniper = user("u1", "Juniper");
        juniper.email = Some("juniper@example.com".into());
        let password = Some(PasswordHash::new(PASSWORD, [3; 16]));
        let create = CreateUser { user: juniper, password, scene: scene() };
        self.service.store.submit(create).await.unwrap();
        let application = application("vpn", factors);
        self.service.store.submit(CreateApplication { application, scene: scene() }).await.unwrap();
    }

    pub(super) async fn call(
        &self,
        what: (Method, &str),
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(what.0).uri(what.1);
        request = request.extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711))));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = match body {
            Some(body) => {
                request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()))
            }
            None => request.body(Body::empty()),
        };
        let answer = self.routes.clone().oneshot(request.unwrap()).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Answer { status, headers, body }
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call((Method::POST, path), None, Some(body)).await
    }

    /// Begins a sign-in with the right password, and says its id.
    pub(super) async fn sign_in(&self) -> String {
        let wish = json!({"application": "vpn", "user": "juniper", "password": PASSWORD});
        let answer = self.post("/v1/sign-ins", wish).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Shows a code in a sign-in.
    pub(super) async fn show(&self, sign_in: &str, factor: &str, code: &str) -> Answer {
        self.post(&format!("/v1/sign-ins/{sign_in}/verify"), json!({"factor": factor, "code": code})).await
    }

    /// The rows of the audit, the oldest first.
    pub(super) async fn audit(&self) -> Vec<Record> {
        let mut rows = read::audit(self.service.store.pool(), None, 200).await.unwrap();
        rows.reverse();
        rows
    }

    /// What the audit says happened, without who and when.
    pub(super) async fn heard(&self) -> Vec<String> {
        let said = |row: &Record| row.fields[..3].iter().flatten().cloned().collect::<Vec<_>>().join(" / ");
        self.audit().await.iter().map(said).collect()
    }
}
