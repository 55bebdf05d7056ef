//! Every refusal of the API: one shape, a sentence for the one who asks, and nothing of the inside.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use utoipa::IntoResponses;

use crate::{
    api::problem::Problem,
    server::{
        domain::{administrator::Refused, sign_in::NotNow},
        service::Busy,
        store::{StoreError, replies::Reply},
    },
};

/// A refusal on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    kind: &'static str,
    detail: Option<String>,
    bindings: Option<u64>,
    role: Option<String>,
    wait: Option<Duration>,
}

/// What any request may be answered besides, for OpenAPI.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "a description, never a value")]
pub(super) enum Refusals {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(#[to_schema] Problem),
    /// Who asks is not known, or what was shown is not right.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(#[to_schema] Problem),
    /// Who asks may not do this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(#[to_schema] Problem),
    /// There is none.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] Problem),
    /// There is such a path, but not with this method.
    #[response(status = 405, content_type = "application/problem+json")]
    MethodNotAllowed(#[to_schema] Problem),
    /// It took too long to arrive.
    #[response(status = 408, content_type = "application/problem+json")]
    RequestTimeout(#[to_schema] Problem),
    /// It does not fit what is there now.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// It was changed since it was seen.
    #[response(status = 412, content_type = "application/problem+json")]
    PreconditionFailed(#[to_schema] Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    PayloadTooLarge(#[to_schema] Problem),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(#[to_schema] Problem),
    /// A value is none.
    #[response(status = 422, content_type = "application/problem+json")]
    UnprocessableEntity(#[to_schema] Problem),
    /// Too often.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(#[to_schema] Problem),
    /// Not now: nothing was decided.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] Problem),
}

impl Refusal {
    fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: Some(detail.into()), bindings: None, role: None, wait: None }
    }

    /// The request cannot be read.
    pub fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", detail)
    }

    /// A value is none.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail)
    }

    /// With another status: bodies that are too large, or of another kind.
    pub fn body(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::new(status, "body", detail)
    }

    /// What was shown is not right. The same answer for unknown, wrong, locked, disabled and without a second factor.
    pub fn wrong() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "refused",
            "the sign-in was refused: check the name, password and code",
        )
    }

    /// A code was not right. The same answer for wrong, replayed, expired, locked and nothing to compare with.
    pub fn wrong_code() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "refused", "the code was refused")
    }

    /// A code was sent a moment ago.
    pub fn held_back(wait: Duration) -> Self {
        let detail = "a code was sent already: use it, or wait";
        Self { wait: Some(wait), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "held_back", detail) }
    }

    /// Who asks is not known.
    pub fn unknown_caller(detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    /// Who asks may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// There is none.
    pub fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "missing", "there is none of this id")
    }

    /// It does not fit what is there now.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// It was changed since it was seen.
    pub fn changed() -> Self {
        let detail = "the user was changed since: look again, then decide";
        Self::new(StatusCode::PRECONDITION_FAILED, "changed", detail)
    }

    /// So many bindings would go.
    pub fn bindings_go(bindings: u64) -> Self {
        let detail = "these bindings would be removed for good: repeat the request with \"bindings\" set to their number";
        Self { bindings: Some(bindings), ..Self::new(StatusCode::CONFLICT, "bindings_go", detail) }
    }

    /// Too often.
    pub fn too_often(wait: Duration) -> Self {
        let detail = "too many tries: nothing was judged and nothing counted";
        Self { wait: Some(wait), ..Self::new(StatusCode::TOO_MANY_REQUESTS, "too_often", detail) }
    }

    /// Not now.
    pub fn unavailable() -> Self {
        let detail = "sesamd cannot decide now: nothing was accepted; try again in a moment";
        let wait = Some(Duration::from_secs(1));
        Self { wait, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail) }
    }

    /// No such path, or not with this method.
    pub fn nowhere(status: StatusCode) -> Self {
        Self::new(status, "nowhere", "there is nothing here: /openapi.json says what there is")
    }

    /// It took too long.
    pub fn late() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "late", "the request took too long to arrive")
    }

    /// The sentence of it.
    pub fn sentence(&self) -> String {
        self.detail.clone().unwrap_or_default()
    }

    /// As an answer that is kept.
    pub fn reply(&self) -> Reply {
        let body = serde_json::to_vec(&self.problem()).expect("a problem is JSON");
        Reply { status: self.status.as_u16(), body }
    }

    fn problem(&self) -> Problem {
        Problem {
            kind: format!("urn:sesamd:problem:{}", self.kind),
            title: self.status.canonical_reason().unwrap_or_default().to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: super::identity::id(),
            bindings: self.bindings,
            role: self.role.clone(),
            retry_after: self.wait.map(seconds),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.problem())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(wait) = self.wait {
            headers.insert(header::RETRY_AFTER, seconds(wait).into());
        }
        if self.kind == "unauthenticated" {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Missing => return Self::missing(),
            StoreError::Exists => return Self::conflict("there is one with this name already"),
            StoreError::LastOwner | StoreError::OtherRequest => return Self::conflict(error.to_string()),
            StoreError::Refused(_) => tracing::warn!(request = super::identity::id(), %error),
            _ => {
                tracing::error!(request = super::identity::id(), %error);
                return Self::unavailable();
            }
        }
        Self::invalid("a value cannot be stored")
    }
}

impl From<Busy> for Refusal {
    fn from(busy: Busy) -> Self {
        Self { detail: Some(busy.to_string()), ..Self::unavailable() }
    }
}

impl From<NotNow> for Refusal {
    fn from(not_now: NotNow) -> Self {
        Self::conflict(not_now.to_string())
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Role(role) => {
                Self { role: Some(role.word().to_owned()), ..Self::forbidden(refused.to_string()) }
            }
            Refused::Oneself => Self::forbidden(refused.to_string()),
            _ => Self::invalid(refused.to_string()),
        }
    }
}

/// An answer that may have been kept.
impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        if self.body.is_empty() {
            return status.into_response();
        }
        let kind = if status.is_success() { "application/json" } else { PROBLEM_JSON };
        let (name, kind): (HeaderName, _) = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
        (status, [(name, kind)], self.body).into_response()
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

const PROBLEM_JSON: &str = "application/problem+json";
