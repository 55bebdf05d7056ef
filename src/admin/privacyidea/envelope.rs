//! What every answer of privacyIDEA is wrapped in, and asking for it.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

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

/// Reads.
pub(super) fn get<T: DeserializeOwned>(http: &Http, path: &str, what: &str) -> Result<T, AdminError> {
    http.get::<Envelope<T>>(path, what).map(|envelope| envelope.result.value)
}

/// Reads what older versions do not have: `None` there.
pub(super) fn newer<T: DeserializeOwned>(http: &Http, path: &str) -> Result<Option<T>, AdminError> {
    match get(http, path, "it") {
        Ok(value) => Ok(Some(value)),
        Err(AdminError::Missing { .. } | AdminError::NotUnderstood { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Changes. An answer with status 200 that says no is a refusal.
pub(super) fn send(http: &Http, request: Request<'_>, body: &Value) -> Result<Envelope<Value>, AdminError> {
    let envelope: Option<Envelope<Value>> = http.change(request, body)?;
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
