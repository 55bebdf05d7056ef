//! Whether it lives, whether it can decide, what it counted.

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::refusal::{Refusal, Refusals};
use crate::server::{service::Service, store::work::Held};

/// Open to all.
pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// For those who administer.
pub(super) fn private() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// How the server is.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`, or `degraded` where something needs a look.
    status: &'static str,
    /// What needs a look.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'static str>,
}

/// Whether it lives. A clock that jumped degrades it.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = 200, body = Health), Refusals))]
async fn health(State(service): State<Service>) -> Json<Health> {
    let because =
        service.watch.jumped().then_some("the clock jumped: codes may be refused until it is right");
    Json(Health { status: if because.is_some() { "degraded" } else { "ok" }, because })
}

/// Whether it can decide: the database takes a write now.
#[utoipa::path(get, path = "/readyz", tag = "health", responses((status = 200, body = Health), Refusals))]
async fn ready(State(service): State<Service>) -> Result<Json<Health>, Refusal> {
    service.store.submit(Ping).await?;
    Ok(Json(Health { status: "ok", because: None }))
}

/// What was counted, in the text form of OpenMetrics.
#[utoipa::path(get, path = "/metrics", tag = "health",
    responses((status = 200, body = String, content_type = "application/openmetrics-text"), Refusals))]
async fn metrics(State(service): State<Service>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (StatusCode::OK, [(header::CONTENT_TYPE, kind)], service.metrics.text()).into_response()
}

/// A transaction of the writer with nothing in it.
struct Ping;

impl crate::server::store::Work for Ping {
    type Answer = ();

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(
        &'a mut self,
        _: &'a mut crate::server::store::desk::Desk,
    ) -> Held<'a, Result<(), crate::server::store::StoreError>> {
        Box::pin(async { Ok(()) })
    }
}
