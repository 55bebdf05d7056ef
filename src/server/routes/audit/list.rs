//! The audit page by page, the newest first.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    shown::{cursor, shown, written},
    wish::Wish,
};
use crate::{
    api::{audit::Record, page::Page},
    server::{
        domain::administrator::Act,
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::Params,
        },
        service::Service,
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list))
}

/// A filter and a page of what it finds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageWish {
    /// The words of a filter: `user:alan result:fail since:2h`.
    q: Option<String>,
    /// From this time on.
    since: Option<String>,
    /// Before this time.
    until: Option<String>,
    /// How many rows; 50 unless told.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// What `next` of the page before said.
    cursor: Option<String>,
}

/// What the audit says, the newest first.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "audit", params(PageWish),
    security(("administrator" = [])), responses((status = 200, body = Page<Record>), Refusals))]
async fn list(
    State(service): State<Service>,
    admin: Admin,
    Params(wish): Params<PageWish>,
) -> Result<Json<Page<Record>>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let count = wish.limit.unwrap_or(50);
    if !(1..=MOST).contains(&count) {
        return Err(Refusal::unreadable(format!("\"limit\" is a number from 1 to {MOST}")));
    }
    let none = || Refusal::unreadable("this cursor is none: begin without one");
    let behind = wish.cursor.as_deref().map(|text| cursor(text).ok_or_else(none)).transpose()?;
    let wish = Wish { q: wish.q, since: wish.since, until: wish.until };
    let search = wish.search(&service).await?;
    let mut rows = search.page(service.store.pool(), behind.as_ref(), count + 1).await?;
    let more = rows.len() > usize::try_from(count).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(written);
    Ok(Json(Page { items: rows.into_iter().map(shown).collect(), next }))
}

const MOST: i64 = 500;
