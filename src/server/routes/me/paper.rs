//! A new sheet of recovery codes.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use super::own::{ask, one_more, proven, tell};
use crate::server::{
    domain::{
        own,
        recovery::{COUNT, Plain},
    },
    routes::{
        authority::Member,
        refusal::{Refusal, Refusals},
    },
    seal::password,
    service::Service,
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(print))
}

/// A sheet, shown this once.
#[derive(Serialize, ToSchema)]
struct Sheet {
    /// Ten codes, each good for one use.
    #[schema(value_type = Vec<String>)]
    codes: Vec<Zeroizing<String>>,
}

/// Makes ten recovery codes. The sheet before opens nothing any more.
///
/// Only in a session that was begun with a code.
#[utoipa::path(post, path = "/v1/me/recovery-codes", tag = "me", security(("user" = [])),
    responses((status = 201, body = Sheet), Refusals))]
async fn print(State(service): State<Service>, member: Member) -> Result<Response, Refusal> {
    proven(&member)?;
    one_more(&service, &member)?;
    let sheet = std::iter::repeat_with(|| Plain::sheet(&service.bytes())).find(|one| one.len() == COUNT);
    let sheet = sheet.expect("chance gives ten selectors in the end");
    let codes = sheet.iter().map(Plain::grouped).collect();
    let (salt, secret) = (service.bytes(), service.keys.paper());
    let hashed = service.hash(move || password::paper(&sheet, salt, &secret)).await?;
    let printed = service.store.decide(ask(&member), move |case| {
        let events = own::print(&mut case.person, hashed.clone());
        tell(case, "A new sheet of recovery codes was made. The one before opens nothing any more.");
        ((), events)
    });
    printed.await?;
    service.letters.notify_one();
    Ok((StatusCode::CREATED, Json(Sheet { codes })).into_response())
}
