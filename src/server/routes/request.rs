//! What belongs to one request, whatever it asks for: its id, who calls from where, its body and its query.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Json, RequestPartsExt,
    extract::{
        ConnectInfo, FromRequest, FromRequestParts, Query, Request, State,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, request::Parts},
    middleware::Next,
    response::Response,
};
use serde::de::DeserializeOwned;

use super::{identity, refusal::Refusal};
use crate::server::{
    countries::{Countries, Country},
    service::Service,
    store::rows::Scene,
};

/// Gives every request an id, and every answer what every answer has.
pub(super) async fn identify(State(service): State<Service>, request: Request, next: Next) -> Response {
    let id = service.id();
    let mut response = identity::ID.scope(id.clone(), next.run(request)).await;
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Who calls, from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The address: of the one behind a proxy that is believed, else of the one who is connected.
    pub address: IpAddr,
    /// Whether the call comes from this machine, and for nobody else.
    pub is_local: bool,
    /// The country of the address.
    pub country: Option<Country>,
}

impl FromRequestParts<Service> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        let peer = parts.extract::<ConnectInfo<SocketAddr>>().await;
        let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip().to_canonical());
        let believed =
            |address| service.config.server.trusted_proxies.iter().any(|one| one.contains(address));
        Ok(caller(peer, &parts.headers, believed).located(&service.countries))
    }
}

/// The last address that no believed proxy has: whatever stands before it, anybody may have written.
fn caller(peer: IpAddr, headers: &HeaderMap, believed: impl Fn(IpAddr) -> bool) -> Caller {
    let mut address = peer;
    let mut forwarded = false;
    let chain = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let chain: Vec<&str> = chain.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in chain.iter().rev() {
        forwarded = true;
        if !believed(address) {
            break;
        }
        let Ok(hop) = hop.parse::<IpAddr>() else { break };
        address = hop.to_canonical();
    }
    // What somebody forwards from this machine is not asked for by this machine.
    Caller { address, is_local: peer.is_loopback() && !forwarded, country: None }
}

impl Caller {
    /// With the country of the address.
    #[must_use]
    pub fn located(self, countries: &Countries) -> Self {
        Self { country: countries.of(self.address), ..self }
    }

    /// For the audit.
    pub fn scene(self, actor: impl Into<String>) -> Scene {
        Scene {
            actor: actor.into(),
            address: Some(self.address.to_string()),
            country: self.country.map(|country| country.to_string()),
            request: Some(identity::id()).filter(|id| !id.is_empty()),
        }
    }
}

/// A body of JSON.
#[derive(Clone, Copy, Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::JsonDataError(error)) => Err(Refusal::invalid(reason(&error.body_text()))),
            Err(JsonRejection::JsonSyntaxError(_)) => Err(Refusal::unreadable("the body is no JSON")),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                let detail = "the body must be JSON: Content-Type: application/json";
                Err(Refusal::body(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
            }
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Refusal::body(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than what is read here"))
            }
            Err(_) => Err(Refusal::unreadable("the body cannot be read")),
        }
    }
}

/// What stands behind the `?`.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let read: Result<Query<T>, QueryRejection> = Query::try_from_uri(&parts.uri);
        read.map(|Query(params)| Self(params))
            .map_err(|error| Refusal::unreadable(reason(&error.body_text())))
    }
}

/// What a parser said, without values: they may be secrets.
fn reason(said: &str) -> String {
    let said = said.rsplit_once(": ").map_or(said, |(_, last)| last);
    let shown = ["missing field", "unknown field", "duplicate field", "unknown variant"];
    match shown.iter().find(|start| said.starts_with(**start)) {
        Some(_) => crate::text::safe(said.split(" at line").next().unwrap_or(said)).into_owned(),
        None => "a value has another form than the one in /openapi.json".to_owned(),
    }
}

const ALWAYS: [(&str, &str); 6] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        values
            .iter()
            .map(|value| ("x-forwarded-for".parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_a_believed_proxy_says_who_is_behind_it() {
        let (proxy, near) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([127, 0, 0, 1]));
        let believed = |address: IpAddr| address == proxy;
        let from = |peer, values: &[&'static str]| caller(peer, &headers(values), believed);
        let address = |peer, values: &[&'static str]| from(peer, values).address.to_string();
        assert_eq!(address(proxy, &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(address(proxy, &["1.1.1.1, 203.0.113.9"]), "203.0.113.9", "the first is anybody's word");
        assert_eq!(address(proxy, &["203.0.113.9", "10.0.0.1"]), "203.0.113.9");
        assert_eq!(address(near, &["203.0.113.9"]), "127.0.0.1");
        assert_eq!(address(proxy, &["rubbish"]), "10.0.0.1");
        assert!(from(near, &[]).is_local && !from(near, &["::1"]).is_local && !from(proxy, &[]).is_local);
    }

    #[test]
    fn no_value_of_a_request_comes_back() {
        assert!(reason("x: missing field `code` at line 1 column 2").starts_with("missing field `code`"));
        assert!(!reason("code: invalid type: string \"492039\", expected u8").contains("492039"));
    }
}
