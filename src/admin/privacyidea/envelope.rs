//! What every answer of privacyIDEA is wrapped in, and asking for it.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::rights::{explained, of};
use crate::admin::{
    error::AdminError,
    http::{Http, Request},
};

/// An answer.
#[derive(Deserialize)]
pub(super) struct Envelope<T> {
    /// What was asked for.
    pub(super) result: Outcome<T>,
    /// What belongs to it: a link, a code.
    #[serde(default)]
    pub(super) detail: Value,
    /// The clock of the server, in seconds since 1970.
    #[serde(default)]
    pub(super) time: f64,
    /// `privacyIDEA 3.14`.
    #[serde(default)]
    pub(super) version: String,
}

/// What was asked for.
#[derive(Deserialize)]
pub(super) struct Outcome<T> {
    pub(super) value: T,
}

/// Reads, with all that the answer is wrapped in.
pub(super) fn whole<T: DeserializeOwned>(
    http: &Http,
    path: &str,
    what: &str,
) -> Result<Envelope<T>, AdminError> {
    http.get(path, what).map_err(|error| explained(error, of(None, path)))
}

/// Reads.
pub(super) fn get<T: DeserializeOwned>(http: &Http, path: &str, what: &str) -> Result<T, AdminError> {
    whole(http, path, what).map(|envelope| envelope.result.value)
}

/// What not every server tells everybody.
pub(super) enum Told<T> {
    /// This.
    Value(T),
    /// It is an older version that does not have it.
    Unknown,
    /// This administrator may not read it.
    Hidden,
}

impl<T> Told<T> {
    /// What it said, if it did.
    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Unknown | Self::Hidden => None,
        }
    }
}

/// Reads what older versions do not have, and what not everybody may read.
pub(super) fn told<T: DeserializeOwned>(http: &Http, path: &str) -> Result<Told<T>, AdminError> {
    match get(http, path, "it") {
        Ok(value) => Ok(Told::Value(value)),
        Err(AdminError::Missing { .. } | AdminError::NotUnderstood { .. }) => Ok(Told::Unknown),
        Err(AdminError::NotAllowed { .. } | AdminError::Refused { .. }) => Ok(Told::Hidden),
        Err(error) => Err(error),
    }
}

/// Changes. An answer with status 200 that says no is a refusal.
pub(super) fn send(http: &Http, request: Request<'_>, body: &Value) -> Result<Envelope<Value>, AdminError> {
    let right = of(Some(request.method), request.path);
    let envelope: Option<Envelope<Value>> =
        http.change(request, body).map_err(|error| explained(error, right))?;
    let server = || http.name().to_owned();
    let envelope = envelope
        .ok_or_else(|| AdminError::NotUnderstood { server: server(), what: "an empty answer".to_owned() })?;
    match envelope.result.value {
        Value::Bool(false) | Value::Null => {
            let why = format!("it did nothing for {}", request.what);
            Err(AdminError::Refused { server: server(), why, right: None })
        }
        _ => Ok(envelope),
    }
}
