//! `POST /v1/verify`: password and code in one field, or the code alone, in one call. For VPN, RADIUS and portals.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use super::{
    authority::Door,
    refusal::{Refusal, Refusals},
    request::Body,
    unknown,
};
use crate::server::{
    domain::{
        application::Application,
        attempt::Try,
        name::UserName,
        one_field::{self, Password, Reading},
        sign_in::Proof,
        typed::Typed,
        user::Person,
    },
    mail::news,
    seal::password::PasswordHash,
    service::Service,
    store::{Ask, Case, keys::Passwords, read, rows::Scene, sign_ins::proof_word},
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(verify))
}

/// A name, and password and code in one field.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Field {
    /// At what; an application with a key need not say it.
    #[serde(default)]
    application: Option<String>,
    /// The name, in any spelling.
    user: String,
    /// Password and code, one behind the other; the code alone from an application that knows the passwords itself.
    /// A bypassed user, and one whose application asks for no second step, gives the password alone.
    #[schema(value_type = String, format = Password)]
    code: Zeroizing<String>,
    /// The address of the user, from an application that is trusted.
    #[serde(default)]
    address: Option<String>,
}

/// Accepted.
#[derive(Serialize, ToSchema)]
struct Accepted {
    /// The user's id.
    user: String,
    /// The user's name as it is written.
    name: String,
    /// By what: `otp`, `passcode`, `bypass`, `not_asked`.
    proof: String,
}

/// Judges password and code in one call.
///
/// Unknown, wrong, locked, disabled and without a second factor are answered alike.
#[utoipa::path(post, path = "/v1/verify", tag = "verify", security((), ("application" = [])),
    responses((status = 200, body = Accepted), Refusals))]
async fn verify(
    State(service): State<Service>,
    door: Door,
    Body(field): Body<Field>,
) -> Result<Json<Accepted>, Refusal> {
    let application = door.application(field.application.as_deref())?;
    let (caller, scene) = door.scene(field.address.as_deref())?;
    let name = UserName::parse(&field.user);
    service
        .limits
        .one_more(caller.address, name.as_ref().map_or("", UserName::key))
        .map_err(Refusal::too_often)?;
    let elsewhere = door.key.is_some_and(|key| key.passwords == Passwords::Elsewhere);
    let login = match &name {
        Ok(name) => read::login(service.store.pool(), name).await?,
        Err(_) => None,
    };
    let hash = login.as_ref().and_then(|login| login.password.clone());
    let user = login.map(|login| login.id);
    let application =
        read::application(service.store.pool(), &application).await?.ok_or(Refusal::missing())?;
    let tried = if elsewhere {
        Tried { password: Password::Elsewhere, code: Typed::parse(&field.code) }
    } else {
        take_apart(&service, (user.as_deref(), &application), hash, &field.code).await?
    };
    let Some(user) = user else {
        return Err(unknown::note(&service, scene, (&field.user, &application.id)).await);
    };
    judge(&service, (user, application.id), tried, scene).await.map(Json)
}

/// What the field says, once it was taken apart.
struct Tried {
    password: Password,
    code: Option<Typed>,
}

/// Finds the reading whose password is the user's. As many hashes for nobody as for somebody: one.
async fn take_apart(
    service: &Service,
    (user, application): (Option<&str>, &Application),
    hash: Option<PasswordHash>,
    text: &str,
) -> Result<Tried, Refusal> {
    let person = match user {
        Some(user) => read::person(service.store.pool(), &service.keys, user).await?,
        None => None,
    };
    let readings = one_field::readings(person.as_ref(), application, (text, service.now()));
    let readings = if readings.is_empty() { vec![Reading { password: text, code: None }] } else { readings };
    for reading in &readings {
        let password = Zeroizing::new(reading.password.to_owned());
        if service.is_password(hash.clone(), password).await? {
            return Ok(Tried { password: Password::Right, code: reading.code.and_then(Typed::parse) });
        }
    }
    Ok(Tried { password: Password::Wrong, code: None })
}

async fn judge(
    service: &Service,
    (user, application): (String, String),
    tried: Tried,
    scene: Scene,
) -> Result<Accepted, Refusal> {
    let (pepper, rules) = (service.pepper(), service.clone());
    let ask = Ask { user, application: Some(application), sign_in: None, role: false, scene };
    let answer = service.store.decide(ask, move |case: &mut Case| {
        let application = case.application.clone().expect("it was asked for");
        let attempt = tried.code.as_ref().map(|code| Try {
            application: &application,
            factors: one_field::factors(),
            code,
            paper: None,
            sign_in: "",
        });
        let rest = (rules.rules(&pepper), case.now);
        let what = (&application, tried.password);
        let (answer, events) = one_field::verify(&mut case.person, what, attempt.as_ref(), rest);
        news::tell(case, &events);
        (answer.map(|proof| accepted(&case.person, proof)), events)
    });
    answer.await?.map_err(|_| Refusal::wrong())
}

fn accepted(person: &Person, proof: Proof) -> Accepted {
    let user = &person.user;
    Accepted {
        user: user.id.clone(),
        name: user.name.shown().to_owned(),
        proof: proof_word(proof).to_owned(),
    }
}
