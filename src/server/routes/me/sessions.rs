//! One's own sessions: which there are, ending them.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    api::page::Page,
    server::{
        domain::time::Time,
        routes::{
            authority::Member,
            refusal::{Refusal, Refusals},
            sign_ins::timestamp,
        },
        service::Service,
        store::{
            sessions::{self, Found},
            sign_ins::proof_word,
            touch::End,
        },
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(end)).routes(routes!(sign_out))
}

/// A session.
#[derive(Serialize, ToSchema)]
struct Session {
    /// Its id, which is no secret.
    id: String,
    /// Where it was begun.
    application: String,
    /// How the second step was done or skipped: `otp`, `email`, …, `bound`, `bypass`, `remembered`, `not_asked`.
    proof: String,
    /// Since when.
    begun: Timestamp,
    /// When it was used last.
    used: Timestamp,
    /// When it ends if it is not used again.
    until: Timestamp,
    /// From where it was begun.
    address: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
}

/// Lists the sessions that are open, the newest first; the last hundred.
#[utoipa::path(get, path = "/v1/me/sessions", tag = "me", security(("user" = [])),
    responses((status = 200, body = Page<Session>), Refusals))]
async fn list(State(service): State<Service>, member: Member) -> Result<Json<Page<Session>>, Refusal> {
    let found = sessions::of_user(service.store.pool(), &member.session.user).await?;
    let now = service.now();
    let open = found.into_iter().filter(|found| found.session.touch(now).is_some());
    let items = open.take(MOST).map(|found| shown(found, &member, now)).collect();
    Ok(Json(Page { items, next: None }))
}

/// Ends a session.
#[utoipa::path(delete, path = "/v1/me/sessions/{id}", tag = "me", params(("id" = String, Path)),
    security(("user" = [])), responses((status = 204), Refusals))]
async fn end(
    State(service): State<Service>,
    member: Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    service.store.submit(End { user: member.session.user, id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out: ends the session that asks.
#[utoipa::path(delete, path = "/v1/me/session", tag = "me", security(("user" = [])),
    responses((status = 204), Refusals))]
async fn sign_out(State(service): State<Service>, member: Member) -> Result<StatusCode, Refusal> {
    service.store.submit(End { user: member.session.user, id: member.session.id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shown(found: Found, member: &Member, now: Time) -> Session {
    let current = found.id == member.session.id;
    let used = if current { now } else { found.session.used };
    Session {
        id: found.id,
        application: found.application,
        proof: proof_word(found.proof).to_owned(),
        begun: timestamp(found.session.begun),
        used: timestamp(used),
        until: timestamp(if current { member.session.session.until() } else { found.session.until() }),
        address: found.address,
        current,
    }
}

const MOST: usize = 100;
