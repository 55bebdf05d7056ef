//! Users for administrators: look for them, look at one, create, change, delete.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use super::{
    change::{About, Change, reply},
    person::{self, email, mobile, named, new_password},
    shape,
};
use crate::{
    api::{
        page::Page,
        users::{Because, ChangeUser, NewUser, Overview, SetPassword, User, UserDetail},
    },
    server::{
        domain::{
            administrator::Act,
            audit::{AdministratorEvent, Event, EventKind},
            user,
        },
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::{Body, Params},
        },
        seal::password::PasswordHash,
        service::Service,
        store::{make::CreateUser, replies::Reply, search},
        user_filter::UserFilter,
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(list, create))
        .routes(routes!(look, change, delete))
        .routes(routes!(password))
}

/// Who is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Search {
    /// Words, and filters: `state:locked factor:otp name:al fails:>3`.
    #[serde(default)]
    q: String,
    /// How many, 1 to 500.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 500)]
    limit: u16,
    /// Where the page begins, as the page before said.
    #[serde(default)]
    cursor: Option<String>,
}

/// How many users there are, how many need a look, and who asks.
#[utoipa::path(get, path = "/v1/admin/overview", tag = "administration", security(("administrator" = [])),
    responses((status = 200, body = Overview), Refusals))]
async fn overview(State(service): State<Service>, admin: Admin) -> Result<Json<Overview>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let now = service.now();
    let counts = search::counts(service.store.pool(), now).await?;
    Ok(Json(Overview {
        users: counts.users,
        locked: counts.locked,
        bypassed: counts.bypassed,
        disabled: counts.disabled,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time: shape::timestamp(now),
        actor: admin.administrator.name,
        role: admin.administrator.role.word().to_owned(),
    }))
}

/// A page of users by name.
#[utoipa::path(get, path = "/v1/admin/users", tag = "users", security(("administrator" = [])), params(Search),
    responses((status = 200, body = Page<User>), Refusals))]
async fn list(
    State(service): State<Service>,
    admin: Admin,
    Params(wish): Params<Search>,
) -> Result<Json<Page<User>>, Refusal> {
    admin.may(&service, Act::Look).await?;
    if !(1..=500).contains(&wish.limit) {
        return Err(Refusal::unreadable("limit is 1 to 500"));
    }
    let filter = UserFilter::parse(&wish.q).map_err(|error| Refusal::unreadable(error.to_string()))?;
    let behind = wish.cursor.as_deref().map(read_cursor).transpose()?.unwrap_or_default();
    let (now, count) = (service.now(), usize::from(wish.limit));
    let place = (behind.as_str(), i64::from(wish.limit) + 1);
    let mut found = search::users(service.store.pool(), &filter, place, now).await?;
    let more = found.len() > count;
    found.truncate(count);
    let next = found.last().filter(|_| more).map(|last| write_cursor(last.user.name.key()));
    Ok(Json(Page { items: found.iter().map(|entry| shape::user(entry, now)).collect(), next }))
}

/// One user, whole.
#[utoipa::path(get, path = "/v1/admin/users/{id}", tag = "users", security(("administrator" = [])),
    params(("id" = String, Path)), responses((status = 200, body = UserDetail), Refusals))]
async fn look(
    State(service): State<Service>,
    admin: Admin,
    Path(id): Path<String>,
) -> Result<Json<UserDetail>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let found = search::user(service.store.pool(), &id).await?.ok_or(Refusal::missing())?;
    Ok(Json(shape::detail(found, service.now())))
}

/// Creates a user.
#[utoipa::path(post, path = "/v1/admin/users", tag = "users", security(("administrator" = [])),
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = UserDetail), Refusals))]
async fn create(
    State(service): State<Service>,
    change: Change,
    Body(new): Body<NewUser>,
) -> Result<Reply, Refusal> {
    change.admin.may(&service, Act::ManageUsers).await?;
    let (user, password) = new_user(&service, &new).await?;
    let (now, scene) = (service.now(), change.admin.scene.clone());
    let entry = search::Entry { user: user.clone(), created: now, bindings: vec![] };
    let shown = shape::user(&entry, now);
    let (recovery_codes, sessions) = (0, 0);
    let body = UserDetail { user: shown, recovery_codes, passcode_until: None, sessions, role: None };
    let then = move |()| Ok(reply(201, &body));
    change.make((&service, Act::ManageUsers), &new, (CreateUser { user, password, scene }, then)).await
}

/// Changes a user's name, addresses or number, or whether they may sign in. Who is disabled has no session any more.
#[utoipa::path(patch, path = "/v1/admin/users/{id}", tag = "users", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn change(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<ChangeUser>,
) -> Result<Reply, Refusal> {
    let name = wish.name.as_deref().map(named).transpose()?;
    let email_wish = wish.email.clone().map(|text| text.map(email).transpose()).transpose()?;
    let mobile_wish = wish.mobile.as_ref().map(|text| text.as_deref().map(mobile).transpose()).transpose()?;
    let display = wish.display.clone().map(|text| text.map(person::display).transpose()).transpose()?;
    let notice = "Your account was changed: its name, address, number, or whether you may sign in.";
    let about =
        About { user: id, act: Act::ManageUsers, reason: wish.reason.clone(), notice, application: None };
    let enabled = wish.enabled;
    let decide = move |case: &mut crate::server::store::Case, reason: &str| {
        let before = case.person.user.clone();
        let own: &mut user::User = &mut case.person.user;
        own.name = name.clone().unwrap_or_else(|| before.name.clone());
        own.display = display.clone().unwrap_or_else(|| before.display.clone());
        own.email = email_wish.clone().unwrap_or_else(|| before.email.clone());
        own.mobile = mobile_wish.clone().unwrap_or_else(|| before.mobile.clone());
        own.enabled = enabled.unwrap_or(before.enabled);
        case.out.ends_sessions = before.enabled && !own.enabled;
        Ok((Reply::nothing(), changes(&before, own, reason)))
    };
    change.user((&service, about), &wish, decide).await
}

/// Deletes a user with everything. What the audit says of them stays.
#[utoipa::path(delete, path = "/v1/admin/users/{id}", tag = "users", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn delete(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(why): Body<Because>,
) -> Result<Reply, Refusal> {
    let about =
        About { user: id, act: Act::ManageUsers, reason: why.reason.clone(), notice: "", application: None };
    let decide = |case: &mut crate::server::store::Case, reason: &str| {
        if case.role.is_some() {
            return Err(Refusal::conflict("this user is an administrator: take the role away first"));
        }
        case.out.gone = true;
        Ok((Reply::nothing(), vec![done(AdministratorEvent::UserDeleted, reason)]))
    };
    change.user((&service, about), &why, decide).await
}

/// Sets a user's password. Every session ends.
#[utoipa::path(put, path = "/v1/admin/users/{id}/password", tag = "users", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn password(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<SetPassword>,
) -> Result<Reply, Refusal> {
    change.admin.may(&service, Act::ManageUsers).await?;
    let hash = service.new_password(new_password(&Zeroizing::new(wish.password.clone()), "")?).await?;
    let notice = "Your password was set by an administrator.";
    let about =
        About { user: id, act: Act::ManageUsers, reason: wish.reason.clone(), notice, application: None };
    let decide = move |case: &mut crate::server::store::Case, reason: &str| {
        case.out.password = Some(hash.clone());
        case.out.ends_sessions = true;
        Ok((Reply::nothing(), vec![done(AdministratorEvent::PasswordSet, reason)]))
    };
    change.user((&service, about), &wish, decide).await
}

/// A new user with the hash of the password, of what was typed.
pub(in crate::server) async fn new_user(
    service: &Service,
    new: &NewUser,
) -> Result<(user::User, Option<PasswordHash>), Refusal> {
    let user = person::new(service, new)?;
    let Some(password) = &new.password else { return Ok((user, None)) };
    let checked = new_password(password, &new.name)?;
    Ok((user, Some(service.new_password(checked).await?)))
}

/// What was changed, an event for each kind; nothing, when nothing was.
pub(in crate::server) fn changes(before: &user::User, after: &user::User, reason: &str) -> Vec<Event> {
    let parts = [
        ("name", before.name != after.name),
        ("display", before.display != after.display),
        ("email", before.email != after.email),
        ("mobile", before.mobile != after.mobile),
    ];
    let changed: Vec<&str> = parts.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    let mut events = vec![];
    if !changed.is_empty() {
        let said = format!("{}; {reason}", changed.join(", "));
        events.push(done(AdministratorEvent::UserChanged, &said));
    }
    match (before.enabled, after.enabled) {
        (true, false) => events.push(done(AdministratorEvent::UserDisabled, reason)),
        (false, true) => events.push(done(AdministratorEvent::UserEnabled, reason)),
        _ => {}
    }
    events
}

pub(in crate::server) fn done(event: AdministratorEvent, reason: &str) -> Event {
    Event::success(EventKind::Administrator(event)).saying(reason)
}

fn write_cursor(spelling: &str) -> String {
    data_encoding::BASE64URL_NOPAD.encode(spelling.as_bytes())
}

fn read_cursor(text: &str) -> Result<String, Refusal> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok();
    let spelling = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    spelling
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| Refusal::unreadable("the cursor is none of this list's"))
}

fn fifty() -> u16 {
    50
}
