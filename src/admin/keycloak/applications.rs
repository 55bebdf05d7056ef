//! What people sign in to: the clients of a realm, and whether the login flow of each asks for a code.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    desk::{Desk, Right},
    flow::{Realm, asks_for_codes},
};
use crate::admin::{error::AdminError, model::Application};

/// An application.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Client {
    #[serde(rename = "clientId")]
    id: String,
    name: Option<String>,
    enabled: bool,
    standard_flow_enabled: bool,
    authentication_flow_binding_overrides: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Flow {
    id: String,
    alias: String,
}

impl Client {
    /// Whether people sign in to it; the server's own parts say so of themselves and are none.
    fn is_application(&self) -> bool {
        let is_part =
            matches!(self.id.as_str(), "broker" | "realm-management") || self.id.ends_with("-realm");
        self.enabled && self.standard_flow_enabled && !is_part
    }
}

/// What people sign in to, and whether its flow asks for a code.
pub(super) fn all(desk: &Desk) -> Result<Vec<Application>, AdminError> {
    let clients: Vec<Client> = desk.get("/clients?max=500", ("applications", Right::Clients))?;
    let usual = Realm::read(desk)?.browser_flow;
    let flows: Vec<Flow> =
        desk.perhaps("/authentication/flows", ("flows", Right::Realm))?.unwrap_or_default();
    let mut known: BTreeMap<String, Option<bool>> = BTreeMap::new();
    let mut all = vec![];
    for client in clients.into_iter().filter(Client::is_application) {
        let own = client.authentication_flow_binding_overrides.get("browser");
        let own = own.and_then(|id| flows.iter().find(|flow| flow.id == *id)).map(|flow| flow.alias.clone());
        let asks = match own.or_else(|| usual.clone()) {
            None => None,
            Some(flow) => match known.get(&flow) {
                Some(asks) => *asks,
                None => *known.entry(flow.clone()).or_insert(asks_for_codes(desk, &flow)?),
            },
        };
        all.push(Application {
            name: client
                .name
                .filter(|name| !name.is_empty() && !name.starts_with("${"))
                .unwrap_or(client.id.clone()),
            id: client.id,
            factors: asks.map(|asks| ("otp".to_owned(), asks)).into_iter().collect(),
            users: None,
            remember_minutes: None,
        });
    }
    Ok(all)
}
