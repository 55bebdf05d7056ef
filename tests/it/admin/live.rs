//! A sesamd that listens on loopback, and a provider that is connected to it.

use std::time::Duration;

use sesam::{
    admin::{
        http::{Endpoint, Http},
        sesamd::Sesamd,
    },
    server::{domain::administrator::Role, listen::Listener, routes},
};
use zeroize::Zeroizing;

use crate::server::{api::Api, databases::Database};

/// A server and who helps there.
pub(super) struct Live {
    pub(super) api: Api,
    pub(super) url: String,
}

impl Live {
    /// Over a database.
    pub(super) async fn over(database: &Database) -> Self {
        let mail = "[mail]\nsmtp = \"smtp://127.0.0.1:9\"\nfrom = \"mfa@example.com\"\n";
        let api = Api::with(database, mail).await;
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}", listener.address);
        tokio::spawn(listener.serve(routes::all(api.service.clone()), None, 100));
        Self { api, url }
    }

    /// A provider with a key of a role.
    pub(super) async fn provider(&self, role: Role, read_only: bool) -> Sesamd {
        let name = format!("{}-{read_only}", role.word());
        let key = self.api.key(&name, role).await;
        connect(&self.url, &key, read_only)
    }
}

/// A provider with a token.
pub(super) fn connect(url: &str, token: &str, read_only: bool) -> Sesamd {
    let endpoint = Endpoint {
        name: "mfa-test".into(),
        url: url.into(),
        ca_file: None,
        pin: None,
        timeout: Duration::from_mins(1),
        read_only,
    };
    Sesamd::new(Http::new(endpoint, Zeroizing::new(token.to_owned())).unwrap())
}
