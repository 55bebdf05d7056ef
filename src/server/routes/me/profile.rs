//! Who one is and what one has bound.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::own::{ask, proven, tell};
use crate::{
    api::users::{Binding, UserState},
    server::{
        domain::{
            binding::{self, Device, State as Bound},
            lock::Standing,
            own::{self, NotRemoved},
            time::Time,
            user::Person,
        },
        routes::{
            authority::Member,
            refusal::{Refusal, Refusals},
            sign_ins::timestamp,
        },
        service::Service,
        store::read,
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(look)).routes(routes!(unbind))
}

/// Oneself.
#[derive(Serialize, ToSchema)]
struct Me {
    /// The id, which no change of name changes.
    id: String,
    /// The name to sign in with.
    name: String,
    /// What people call the user.
    display: Option<String>,
    /// Where e-mail codes go.
    email: Option<String>,
    /// Where SMS codes go.
    mobile: Option<String>,
    /// What to know first.
    state: UserState,
    /// Until when no code is judged.
    locked_until: Option<Timestamp>,
    /// Whether the next sign-in leads to binding.
    must_bind: bool,
    /// The authenticators.
    bindings: Vec<Binding>,
    /// How many recovery codes are left.
    recovery_codes: u32,
    /// How this session was begun: `otp`, `email`, …, `bound`, `bypass`, `remembered`, `not_asked`.
    proof: String,
}

/// Looks at oneself.
#[utoipa::path(get, path = "/v1/me", tag = "me", security(("user" = [])),
    responses((status = 200, body = Me), Refusals))]
async fn look(State(service): State<Service>, member: Member) -> Result<Json<Me>, Refusal> {
    let (pool, id) = (service.store.pool(), &member.session.user);
    let person = read::person(pool, &service.keys, id).await?.ok_or(Refusal::missing())?;
    let recovery_codes = read::recovery_left(pool, id).await?;
    let (state, now) = (state(&person, service.now()), service.now());
    let user = person.user;
    let locked_until = match user.failures.standing(now) {
        Standing::Locked(until) => Some(timestamp(until)),
        _ => None,
    };
    Ok(Json(Me {
        id: user.id,
        name: user.name.shown().to_owned(),
        display: user.display,
        email: user.email,
        mobile: user.mobile,
        state,
        locked_until,
        must_bind: user.must_bind,
        bindings: person.bindings.iter().map(shown).collect(),
        recovery_codes,
        proof: crate::server::store::sign_ins::proof_word(member.session.proof).to_owned(),
    }))
}

/// Takes an authenticator away.
///
/// Only in a session that was begun with a code. A hardware token is the help desk's to take back.
#[utoipa::path(delete, path = "/v1/me/bindings/{id}", tag = "me", params(("id" = String, Path)),
    security(("user" = [])), responses((status = 204), Refusals))]
async fn unbind(
    State(service): State<Service>,
    member: Member,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    proven(&member)?;
    let removed = service.store.decide(ask(&member), move |case| match own::unbind(&mut case.person, &id) {
        Err(not_removed) => (Err(not_removed), vec![]),
        Ok((binding, events)) => {
            let place = binding.application.as_deref().unwrap_or("every application");
            tell(case, &format!("An authenticator was removed for {place}."));
            (Ok(()), events)
        }
    });
    removed.await?.map_err(|not_removed| match not_removed {
        NotRemoved::None => Refusal::missing(),
        NotRemoved::Token => Refusal::forbidden(not_removed.to_string()),
    })?;
    service.letters.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

fn state(person: &Person, now: Time) -> UserState {
    let bound = person.bindings.iter().any(|binding| binding.state == Bound::Active);
    match person.user.failures.standing(now) {
        _ if !person.user.enabled => UserState::Disabled,
        Standing::Locked(_) | Standing::Disabled => UserState::Locked,
        Standing::Open if person.is_bypassed(now) => UserState::Bypass,
        Standing::Open if person.user.must_bind || !bound => UserState::Unbound,
        Standing::Open => UserState::Ok,
    }
}

/// An authenticator without its secret.
fn shown(binding: &binding::Binding) -> Binding {
    let serial = match &binding.device {
        Device::App => None,
        Device::Token { serial } => Some(serial.clone()),
    };
    Binding {
        id: binding.id.clone(),
        application: binding.application.clone(),
        kind: binding.otp.type_name().to_owned(),
        serial,
        state: binding.state.word().to_owned(),
        algorithm: binding.otp.algorithm.to_string(),
        digits: binding.otp.digits.count(),
        period: binding.otp.period().map_or(0, crate::otp::Period::seconds),
        created: timestamp(binding.created),
        used: binding.used.map(timestamp),
    }
}
