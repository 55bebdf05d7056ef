//! Why something was refused: `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

/// Why something was refused.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What kind, for programs: `urn:sesamd:problem:KIND`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind, for people.
    pub title: String,
    /// The status of HTTP.
    pub status: u16,
    /// What happened and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The id of the request, as in the log and in the audit.
    pub instance: String,
    /// How many bindings would go: the number to repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bindings: Option<u64>,
    /// The role that this needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// How many seconds to wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}
