//! Keys: those of administrators' programs, and those of applications. The secret is shown once.

use axum::{
    Json,
    extract::{Path, State},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    change::{Change, reply},
    shape,
};
use crate::{
    api::{
        administrators::{Key, MadeKey, NewKey},
        applications::{ApplicationKey, NewApplicationKey, Passwords},
    },
    server::{
        domain::{administrator::Act, time::hours},
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::Body,
        },
        seal::token::{Kind, Token},
        service::Service,
        store::{
            keys::{self, CreateApplicationKey, CreateKey, RevokeKey},
            replies::Reply,
        },
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
        .routes(routes!(list_of_application, create_for_application))
        .routes(routes!(revoke_of_application))
}

/// Every API key, by name.
#[utoipa::path(get, path = "/v1/admin/keys", tag = "administrators", security(("administrator" = [])),
    responses((status = 200, body = Vec<Key>), Refusals))]
async fn list(State(service): State<Service>, admin: Admin) -> Result<Json<Vec<Key>>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let found = keys::list(service.store.pool()).await?;
    let key = |key: keys::ApiKey| Key {
        id: key.id,
        name: key.name,
        role: shape::role(key.role),
        created: shape::timestamp(key.created),
        until: key.until.map(shape::timestamp),
    };
    Ok(Json(found.into_iter().map(key).collect()))
}

/// Makes an API key.
#[utoipa::path(post, path = "/v1/admin/keys", tag = "administrators", security(("administrator" = [])),
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = MadeKey), Refusals))]
async fn create(
    State(service): State<Service>,
    change: Change,
    Body(new): Body<NewKey>,
) -> Result<Reply, Refusal> {
    let token = Token::new(Kind::ApiKey, &service.bytes());
    let now = service.now();
    let key = keys::ApiKey {
        id: service.id(),
        name: name(&new.name)?,
        role: shape::wanted(new.role),
        created: now,
        until: new.days.map(|days| now.after(hours(24).saturating_mul(days))),
    };
    let body = MadeKey { id: key.id.clone(), key: token.expose().to_owned() };
    let work = CreateKey { key, digest: token.digest(), scene: change.admin.scene.clone() };
    let then = move |()| Ok(reply(201, &body));
    change.make((&service, Act::ManageAdministrators), &new, (work, then)).await
}

/// Revokes an API key.
#[utoipa::path(delete, path = "/v1/admin/keys/{id}", tag = "administrators", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn revoke(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
) -> Result<Reply, Refusal> {
    let work = RevokeKey { application: None, id, scene: change.admin.scene.clone() };
    change.make((&service, Act::ManageAdministrators), &(), (work, |()| Ok(Reply::nothing()))).await
}

/// Every key of an application.
#[utoipa::path(get, path = "/v1/admin/applications/{id}/keys", tag = "applications",
    security(("administrator" = [])), params(("id" = String, Path)),
    responses((status = 200, body = Vec<ApplicationKey>), Refusals))]
async fn list_of_application(
    State(service): State<Service>,
    admin: Admin,
    Path(id): Path<String>,
) -> Result<Json<Vec<ApplicationKey>>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let found = keys::of_application(service.store.pool(), &id).await?;
    let key = |key: keys::ApplicationKey| ApplicationKey {
        id: key.id,
        name: key.name,
        passwords: match key.passwords {
            keys::Passwords::Here => Passwords::Here,
            keys::Passwords::Elsewhere => Passwords::Elsewhere,
        },
        created: shape::timestamp(key.created),
    };
    Ok(Json(found.into_iter().map(key).collect()))
}

/// Makes a key for an application.
#[utoipa::path(post, path = "/v1/admin/applications/{id}/keys", tag = "applications",
    security(("administrator" = [])), params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = MadeKey), Refusals))]
async fn create_for_application(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(new): Body<NewApplicationKey>,
) -> Result<Reply, Refusal> {
    let token = Token::new(Kind::ApplicationKey, &service.bytes());
    let key = keys::ApplicationKey {
        id: service.id(),
        name: name(&new.name)?,
        application: id,
        passwords: match new.passwords {
            Passwords::Here => keys::Passwords::Here,
            Passwords::Elsewhere => keys::Passwords::Elsewhere,
        },
        created: service.now(),
    };
    let body = MadeKey { id: key.id.clone(), key: token.expose().to_owned() };
    let work = CreateApplicationKey { key, digest: token.digest(), scene: change.admin.scene.clone() };
    let then = move |()| Ok(reply(201, &body));
    change.make((&service, Act::ManageApplications), &new, (work, then)).await
}

/// Revokes a key of an application.
#[utoipa::path(delete, path = "/v1/admin/applications/{id}/keys/{key}", tag = "applications",
    security(("administrator" = [])),
    params(("id" = String, Path), ("key" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn revoke_of_application(
    State(service): State<Service>,
    change: Change,
    Path((id, key)): Path<(String, String)>,
) -> Result<Reply, Refusal> {
    let work = RevokeKey { application: Some(id), id: key, scene: change.admin.scene.clone() };
    change.make((&service, Act::ManageApplications), &(), (work, |()| Ok(Reply::nothing()))).await
}

fn name(text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() || text.chars().count() > 64 || text.contains(char::is_control) {
        return Err(Refusal::invalid("the name of a key is 1 to 64 characters without control characters"));
    }
    Ok(text.to_owned())
}
