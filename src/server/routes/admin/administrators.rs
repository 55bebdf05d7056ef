//! Administrators: users with a role; and the first of them, by the token that `sesamd init` printed.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use super::{change::Change, person, shape};
use crate::{
    api::{
        administrators::{Administrator, SetRole},
        users::{Because, NewUser},
    },
    server::{
        domain::{
            administrator::{Act, Role},
            application::CONSOLE,
            factor::Factor,
            sign_in::{Proof, SignIn, Stage},
        },
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::{Body, Caller},
        },
        seal::token::{Kind, Token},
        service::Service,
        store::{administrators, first::TakeFirst, replies::Reply, roles},
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(set, remove)).routes(routes!(first))
}

/// The first administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct First {
    /// The token that `sesamd init` printed.
    token: String,
    /// The name to sign in with.
    name: String,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: Zeroizing<String>,
    /// What people call you.
    #[serde(default)]
    display: Option<String>,
    /// Where notices go.
    #[serde(default)]
    email: Option<String>,
}

/// A sign-in that waits for a binding.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// Its id: go on with `POST /v1/sign-ins/{id}/binding`.
    sign_in: String,
    /// The user's id.
    user: String,
}

/// Every administrator, by name.
#[utoipa::path(get, path = "/v1/admin/administrators", tag = "administrators", security(("administrator" = [])),
    responses((status = 200, body = Vec<Administrator>), Refusals))]
async fn list(State(service): State<Service>, admin: Admin) -> Result<Json<Vec<Administrator>>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let found = administrators::list(service.store.pool()).await?;
    let entry = |entry: administrators::Entry| Administrator {
        user: entry.user,
        name: entry.name,
        role: shape::role(entry.role),
        created: shape::timestamp(entry.created),
    };
    Ok(Json(found.into_iter().map(entry).collect()))
}

/// Gives a user a role, or another one. Their sessions end.
#[utoipa::path(put, path = "/v1/admin/administrators/{user}", tag = "administrators",
    security(("administrator" = [])), params(("user" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn set(
    State(service): State<Service>,
    change: Change,
    Path(user): Path<String>,
    Body(wish): Body<SetRole>,
) -> Result<Reply, Refusal> {
    let role = Some(shape::wanted(wish.role));
    let work = role_of(&service, &change, (user, role), &wish.reason)?;
    change.make((&service, Act::ManageAdministrators), &wish, (work, |()| Ok(Reply::nothing()))).await
}

/// Takes a user's role away. One owner at least stays.
#[utoipa::path(delete, path = "/v1/admin/administrators/{user}", tag = "administrators",
    security(("administrator" = [])), params(("user" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn remove(
    State(service): State<Service>,
    change: Change,
    Path(user): Path<String>,
    Body(why): Body<Because>,
) -> Result<Reply, Refusal> {
    let work = role_of(&service, &change, (user, None), &why.reason)?;
    change.make((&service, Act::ManageAdministrators), &why, (work, |()| Ok(Reply::nothing()))).await
}

/// Makes the first administrator: an owner, whose sign-in waits for an authenticator. Good once.
#[utoipa::path(post, path = "/v1/admin/first", tag = "administrators",
    responses((status = 201, body = Begun), Refusals))]
async fn first(
    State(service): State<Service>,
    caller: Caller,
    Body(first): Body<First>,
) -> Result<Response, Refusal> {
    service.limits.one_more(caller.address, "").map_err(Refusal::too_often)?;
    let wrong =
        || Refusal::unknown_caller("this token is not the one that sesamd init printed last, or it was used");
    let token = Token::read(Kind::First, first.token.trim()).ok_or_else(wrong)?;
    let typed =
        NewUser { name: first.name, display: first.display, email: first.email, ..NewUser::default() };
    let user = person::new(&service, &typed)?;
    let password = person::new_password(&first.password, &typed.name)?;
    let password = service.new_password(password).await?;
    let id = Token::new(Kind::SignIn, &service.bytes());
    let sign_in = SignIn {
        id: id.digest_text(),
        user: user.id.clone(),
        application: CONSOLE.to_owned(),
        begun: service.now(),
        stage: Stage::Binding,
        proof: Some(Proof::Code(Factor::Passcode)), // the token: no e-mail has to prove anything besides
    };
    let body = Begun { sign_in: id.expose().to_owned(), user: user.id.clone() };
    let scene = caller.scene("system");
    let is_first = service
        .store
        .submit(TakeFirst { digest: token.digest_text(), user, password, sign_in, scene })
        .await?;
    if is_first { Ok((StatusCode::CREATED, Json(body)).into_response()) } else { Err(wrong()) }
}

/// Nobody gives or takes their own role: a second one decides.
fn role_of(
    service: &Service,
    change: &Change,
    (user, role): (String, Option<Role>),
    reason: &str,
) -> Result<roles::SetRole, Refusal> {
    let own = &change.admin.administrator;
    if own.user.as_deref() == Some(&user) {
        return Err(Refusal::forbidden("nobody changes their own role: ask another owner"));
    }
    if reason.trim().is_empty() || reason.chars().count() > crate::server::domain::administrator::MAX_REASON {
        return Err(Refusal::invalid("a reason is required, of at most 500 characters"));
    }
    let (reason, scene) = (reason.to_owned(), change.admin.scene.clone());
    Ok(roles::SetRole { user, role, id: service.id(), reason, scene })
}
