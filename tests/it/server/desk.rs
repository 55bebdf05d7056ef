//! An administrator's desk: a server over a real database, asked over HTTP without a socket, with an API key.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use serde::de::DeserializeOwned;
use sesam::{
    clock::Clock,
    server::{
        config::Config,
        domain::{
            administrator::Role,
            audit::{Event, EventKind, Reason},
            factor::Factor,
            time::Time,
        },
        routes,
        seal::token::{Kind, Token},
        service::Service,
        store::{
            Store, StoreError,
            desk::Desk,
            keys::{ApiKey, CreateKey, RevokeKey},
            rows::Subject,
            work::{Held, Work},
        },
    },
};
use tower::ServiceExt;

use super::{
    databases::{Database, HandClock, keys},
    scene::{scene, settle, show},
};

/// Replicas, each with its routes, and a key that may look.
pub(super) struct Office {
    pub(super) clock: Arc<HandClock>,
    pub(super) services: Vec<Service>,
    pub(super) token: String,
}

impl Office {
    /// With Hugo, an application and three wrong codes.
    pub(super) async fn open(database: &Database) -> Self {
        let clock = HandClock::new();
        let stores = database.open(&clock).await;
        settle(&stores[0]).await;
        for _ in 0..3 {
            show(&stores[0], Factor::Passcode, "123").await;
        }
        let services: Vec<_> = stores.into_iter().map(|store| service(store, &clock)).collect();
        let token = key(&services[0]).await;
        Self { clock, services, token }
    }

    pub(super) fn routes(&self) -> Router {
        routes::all(self.services[0].clone())
    }

    pub(super) async fn ask(&self, path: &str) -> Response<Body> {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        self.routes().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.ask(path).await;
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    pub(super) async fn text(&self, path: &str) -> String {
        let body = to_bytes(self.ask(path).await.into_body(), usize::MAX).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    pub(super) async fn refused(&self, path: &str) -> (StatusCode, String) {
        (self.ask(path).await.status(), self.text(path).await)
    }

    pub(super) async fn as_nobody(&self, path: &str) -> StatusCode {
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.routes().oneshot(request).await.unwrap().status()
    }

    /// The key is revoked.
    pub(super) async fn revoke(&self) {
        let work = RevokeKey { application: None, id: "k1".into(), scene: scene() };
        self.services[0].store.submit(work).await.unwrap();
    }

    /// Tries of a name that nobody has.
    pub(super) async fn nobody(&self, name: &'static str, count: usize) {
        for _ in 0..count {
            self.services[0].store.submit(Nobody(name)).await.unwrap();
        }
    }
}

pub(super) fn service(store: Store, clock: &Arc<HandClock>) -> Service {
    let text = "[database]\nurl = \"sqlite:x\"\nkey_file = \"x\"\n";
    let config = Config::parse(text, std::path::Path::new("x")).unwrap();
    Service::new((store, Arc::new(keys(7))), config, Arc::clone(clock) as Arc<dyn Clock>)
}

pub(super) async fn key(service: &Service) -> String {
    let token = Token::new(Kind::ApiKey, &service.bytes());
    let created = Time::from_seconds(1);
    let key = ApiKey { id: "k1".into(), name: "watcher".into(), role: Role::Viewer, created, until: None };
    let work = CreateKey { key, digest: token.digest(), scene: scene() };
    service.store.submit(work).await.unwrap();
    token.expose().to_owned()
}

/// A try of a name that nobody has.
pub(super) struct Nobody(pub(super) &'static str);

impl Work for Nobody {
    type Answer = ();

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let event = Event::failure(EventKind::Password, Reason::UnknownUser).at("vpn");
            let now = desk.now();
            desk.note((&scene(), Some(Subject { id: "", name: self.0 })), &[event], now).await
        })
    }
}
