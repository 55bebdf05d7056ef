//! Applications for administrators: list, create, change, remove, switch a factor after its impact was seen.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::change::{Change, reply};
use crate::{
    api::applications::{
        Agreement, Application, ChangeApplication, FactorSwitches, Impact, NewApplication, SwitchFactor,
    },
    server::{
        domain::{
            administrator::Act,
            application::{self, CONSOLE, Switch, SwitchRefused},
            factor::{Factor, Factors},
        },
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::{Body, Params},
        },
        service::Service,
        store::{applications, make, replies::Reply},
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(look, change, remove))
        .routes(routes!(impact))
        .routes(routes!(switch))
}

/// A factor that can be switched.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Switchable {
    /// One-time codes of an authenticator or a hardware token.
    Otp,
    /// Codes by e-mail.
    Email,
    /// Codes by SMS.
    Sms,
}

/// Of which factor.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Of {
    /// The factor that would be switched off.
    #[param(inline)]
    factor: Switchable,
}

/// An application that is removed.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Remove {
    /// How many bindings go with it, repeated by who saw the number.
    #[serde(default)]
    bindings: Option<u64>,
}

/// Every application, by id.
#[utoipa::path(get, path = "/v1/admin/applications", tag = "applications", security(("administrator" = [])),
    responses((status = 200, body = Vec<Application>), Refusals))]
async fn list(State(service): State<Service>, admin: Admin) -> Result<Json<Vec<Application>>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let found = applications::list(service.store.pool()).await?;
    Ok(Json(found.iter().map(shape).collect()))
}

/// One application.
#[utoipa::path(get, path = "/v1/admin/applications/{id}", tag = "applications", security(("administrator" = [])),
    params(("id" = String, Path)), responses((status = 200, body = Application), Refusals))]
async fn look(
    State(service): State<Service>,
    admin: Admin,
    Path(id): Path<String>,
) -> Result<Json<Application>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let found = applications::one(service.store.pool(), &id).await?.ok_or(Refusal::missing())?;
    Ok(Json(shape(&found)))
}

/// What switching a factor off would do, before it is done.
#[utoipa::path(get, path = "/v1/admin/applications/{id}/impact", tag = "applications",
    security(("administrator" = [])), params(("id" = String, Path), Of),
    responses((status = 200, body = Impact), Refusals))]
async fn impact(
    State(service): State<Service>,
    admin: Admin,
    Path(id): Path<String>,
    Params(of): Params<Of>,
) -> Result<Json<Impact>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let found = applications::one(service.store.pool(), &id).await?.ok_or(Refusal::missing())?;
    let impact = applications::impact(service.store.pool(), &found.application, factor(of.factor)).await?;
    Ok(Json(Impact { bindings: impact.bindings, users: impact.users, left_without: impact.left_without }))
}

/// Creates an application.
#[utoipa::path(post, path = "/v1/admin/applications", tag = "applications", security(("administrator" = [])),
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = Application), Refusals))]
async fn create(
    State(service): State<Service>,
    change: Change,
    Body(new): Body<NewApplication>,
) -> Result<Reply, Refusal> {
    let mut application = application::Application {
        id: id(&new.id)?,
        name: name(&new.name)?,
        factors: Factors::NONE
            .with(Factor::Otp, new.factors.otp)
            .with(Factor::Email, new.factors.email)
            .with(Factor::Sms, new.factors.sms),
        agreements: 0,
        agreement: None,
        remember: new.remember_minutes.map(remember).transpose()?,
    };
    application.agree_on(new.agreement.as_deref().map(agreement).transpose()?);
    let body = shape(&applications::Entry { application: application.clone(), users: 0, bindings: 0 });
    let work = make::CreateApplication { application, scene: change.admin.scene.clone() };
    change.make((&service, Act::ManageApplications), &new, (work, move |()| Ok(reply(201, &body)))).await
}

/// Changes an application's name, remembering or agreement. Another agreement is accepted anew by everybody.
#[utoipa::path(patch, path = "/v1/admin/applications/{id}", tag = "applications",
    security(("administrator" = [])), params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn change(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<ChangeApplication>,
) -> Result<Reply, Refusal> {
    let named = wish.name.as_deref().map(name).transpose()?;
    let span = wish.remember_minutes.map(|span| span.map(remember).transpose()).transpose()?;
    let text = wish.agreement.clone();
    if let Some(Some(text)) = &text {
        agreement(text)?;
    }
    if id == CONSOLE && matches!(span, Some(Some(_))) {
        return Err(Refusal::conflict("the console remembers no browser"));
    }
    let edit = move |own: &mut application::Application| {
        if let Some(name) = &named {
            own.name.clone_from(name);
        }
        if let Some(span) = span {
            own.remember = span;
        }
        if let Some(text) = &text {
            own.agree_on(text.as_deref());
        }
    };
    let scene = change.admin.scene.clone();
    let work = make::ChangeApplication { application: id, change: edit, scene };
    change.make((&service, Act::ManageApplications), &wish, (work, |()| Ok(Reply::nothing()))).await
}

/// Removes an application with its bindings. Hardware tokens stay.
#[utoipa::path(delete, path = "/v1/admin/applications/{id}", tag = "applications",
    security(("administrator" = [])), params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn remove(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<Remove>,
) -> Result<Reply, Refusal> {
    if id == CONSOLE {
        return Err(Refusal::conflict("the console stays: administrators sign in to it"));
    }
    let scene = change.admin.scene.clone();
    let work = make::RemoveApplication { application: id, bindings: wish.bindings, scene };
    change.make((&service, Act::ManageApplications), &wish, (work, switched)).await
}

/// Switches a factor. `otp` goes off only with the number of bindings that go with it.
#[utoipa::path(put, path = "/v1/admin/applications/{id}/factors/{factor}", tag = "applications",
    security(("administrator" = [])),
    params(("id" = String, Path), ("factor" = inline(Switchable), Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn switch(
    State(service): State<Service>,
    change: Change,
    Path((id, which)): Path<(String, String)>,
    Body(wish): Body<SwitchFactor>,
) -> Result<Reply, Refusal> {
    if id == CONSOLE {
        return Err(Refusal::conflict(
            "the console always asks for a code of an authenticator, and for nothing else",
        ));
    }
    let factor = Factor::from_word(&which).filter(|factor| Factor::SWITCHABLE.contains(factor));
    let factor = factor.ok_or(Refusal::missing())?;
    let switch = Switch { factor, on: wish.on, bindings: wish.bindings };
    let scene = change.admin.scene.clone();
    let work = make::SwitchFactor { application: id, wish: switch, scene };
    change.make((&service, Act::ManageApplications), &wish, (work, switched)).await
}

fn switched(answer: Result<(), SwitchRefused>) -> Result<Reply, Refusal> {
    match answer {
        Ok(()) => Ok(Reply::nothing()),
        Err(SwitchRefused::BindingsGo(bindings)) => Err(Refusal::bindings_go(bindings)),
        Err(refused) => Err(Refusal::invalid(refused.to_string())),
    }
}

fn shape(entry: &applications::Entry) -> Application {
    let own = &entry.application;
    let agreement = own.agreement.as_ref();
    let has = |factor| own.factors.has(factor);
    Application {
        id: own.id.clone(),
        name: own.name.clone(),
        factors: FactorSwitches { otp: has(Factor::Otp), email: has(Factor::Email), sms: has(Factor::Sms) },
        remember_minutes: own.remember.map(|span| span.as_secs() / 60),
        agreement: agreement.map(|one| Agreement { version: one.version, text: one.text.clone() }),
        users: entry.users,
        bindings: entry.bindings,
    }
}

fn factor(which: Switchable) -> Factor {
    match which {
        Switchable::Otp => Factor::Otp,
        Switchable::Email => Factor::Email,
        Switchable::Sms => Factor::Sms,
    }
}

fn id(text: &str) -> Result<String, Refusal> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
    if text.is_empty() || text.len() > 64 || !text.chars().all(fits) {
        return Err(Refusal::invalid(
            "the id of an application is 1 to 64 of a-z, 0-9, \".\", \"_\" and \"-\"",
        ));
    }
    Ok(text.to_owned())
}

fn name(text: &str) -> Result<String, Refusal> {
    if text.trim().is_empty() || text.chars().count() > 128 || text.contains(char::is_control) {
        return Err(Refusal::invalid("a name is 1 to 128 characters without control characters"));
    }
    Ok(text.to_owned())
}

fn remember(span: u64) -> Result<Duration, Refusal> {
    if (1..=MOST_MINUTES).contains(&span) {
        return Ok(Duration::from_secs(span * 60));
    }
    Err(Refusal::invalid("a browser is remembered for 1 minute to 30 days"))
}

fn agreement(text: &str) -> Result<&str, Refusal> {
    if text.trim().is_empty() || text.len() > 32 * 1024 || text.contains('\0') {
        return Err(Refusal::invalid("an agreement is 1 to 32,768 bytes of text"));
    }
    Ok(text)
}

const MOST_MINUTES: u64 = 30 * 24 * 60;
