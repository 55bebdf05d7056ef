//! The demo's profiles, and the way to their servers. A server that is opened twice is the same one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::{
    house::{Demo, House},
    world::World,
};
use crate::{
    admin::{
        Provider,
        connect::{Door, Profile},
        error::AdminError,
    },
    clock::Clock,
    config::{AdminSettings, Server, ServerKind},
};

/// The way to the servers of the demo.
pub struct DemoDoor {
    clock: Arc<dyn Clock>,
    born: Timestamp,
    houses: Mutex<BTreeMap<String, Arc<House>>>,
}

/// Which server is meant where none is named.
const DEFAULT_SERVER: &str = "mfa-prod";

/// The profiles of the demo.
pub fn servers() -> BTreeMap<String, Server> {
    let profile = |url: &str, kind, read_only| Server {
        url: url.to_owned(),
        kind,
        read_only,
        user: Some("admin@ops".to_owned()),
        ..Server::default()
    };
    BTreeMap::from([
        (DEFAULT_SERVER.to_owned(), profile("https://mfa.corp.example", ServerKind::Prod, false)),
        ("mfa-dr".to_owned(), profile("https://mfa-dr.corp.example", ServerKind::Prod, true)),
        ("mfa-test".to_owned(), profile("https://mfa.test.example", ServerKind::Test, false)),
        ("lab".to_owned(), profile("http://10.0.0.4:8080", ServerKind::Lab, false)),
    ])
}

/// Puts the profiles of the demo in place of those of the settings.
pub fn furnish(settings: &mut AdminSettings) {
    settings.servers = servers();
    settings.default_server = Some(DEFAULT_SERVER.to_owned());
}

impl DemoDoor {
    /// A way to servers whose four weeks of events end now.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { born: clock.now(), clock, houses: Mutex::default() }
    }

    /// The server of a profile, with what it was asked for.
    pub fn demo(&self, profile: &Profile) -> Result<Demo, AdminError> {
        let name = &profile.name;
        let users = match name.as_str() {
            "mfa-prod" | "mfa-dr" => 1204,
            "mfa-test" => 37,
            "lab" => {
                let why =
                    "its address is http and not this machine: a token would travel in clear".to_owned();
                return Err(AdminError::Refused { server: name.clone(), why, right: None });
            }
            _ => {
                let why = "the demo has no such server".to_owned();
                return Err(AdminError::Unreachable { server: name.clone(), why });
            }
        };
        let mut houses = self.houses.lock().unwrap_or_else(PoisonError::into_inner);
        let build =
            || Arc::new(House::new(name, Arc::clone(&self.clock), World::furnished(self.born, users)));
        let house = houses.entry(name.clone()).or_insert_with(build);
        Ok(Demo::new(Arc::clone(house), profile.read_only))
    }
}

impl Door for DemoDoor {
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError> {
        Ok(Arc::new(self.demo(profile)?))
    }
}

impl std::fmt::Debug for DemoDoor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoDoor").field("born", &self.born).finish_non_exhaustive()
    }
}
