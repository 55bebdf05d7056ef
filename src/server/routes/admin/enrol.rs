//! An authenticator that an administrator binds for a user: shown on the administrator's screen, confirmed by a code.

use axum::extract::{Path, State};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    change::{About, Change, reply},
    users::done,
};
use crate::{
    api::users::{ConfirmEnrolled, Enrol, Enrolled},
    otp::Secret,
    server::{
        domain::{
            administrator::Act,
            attempt::Verdict,
            audit::AdministratorEvent,
            enrol::{self, New},
            typed::Typed,
        },
        routes::{
            binding::enrolled,
            refusal::{Refusal, Refusals},
            request::Body,
        },
        service::Service,
        store::{Case, read, replies::Reply},
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(start)).routes(routes!(confirm))
}

/// Begins an authenticator for a user. It opens nothing before a code of it was shown.
#[utoipa::path(post, path = "/v1/admin/users/{id}/bindings", tag = "help", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = Enrolled), Refusals))]
async fn start(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<Enrol>,
) -> Result<Reply, Refusal> {
    let (secret, binding) = (service.bytes::<20>(), service.id());
    let about = About {
        user: id,
        act: Act::Enrol,
        reason: wish.reason.clone(),
        notice: "An administrator began to bind an authenticator for you.",
        application: Some(wish.application.clone()),
    };
    let decide = move |case: &mut Case, reason: &str| {
        let application = case.application.clone().expect("it was asked for");
        let secret = Secret::new(secret.to_vec()).expect("20 bytes are a secret");
        let new = New { id: binding.clone(), secret, random: [0; 8] };
        let otp = enrol::start_for(&mut case.person, &application, new, case.now);
        let otp = otp.map_err(|error| Refusal::conflict(error.to_string()))?;
        let name = case.person.user.name.shown();
        let body: Enrolled = enrolled(binding.clone(), (&application.name, name), &otp);
        let event = done(AdministratorEvent::EnrolmentBegun, reason).at(&application.id);
        Ok((reply(201, &body), vec![event]))
    };
    change.user((&service, about), &wish, decide).await
}

/// Confirms it with a code. A wrong one counts as any wrong code does.
#[utoipa::path(post, path = "/v1/admin/users/{id}/bindings/{binding}/confirm", tag = "help",
    security(("administrator" = [])),
    params(("id" = String, Path), ("binding" = String, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn confirm(
    State(service): State<Service>,
    change: Change,
    Path((id, binding)): Path<(String, String)>,
    Body(wish): Body<ConfirmEnrolled>,
) -> Result<Reply, Refusal> {
    let typed = Typed::parse(&wish.code).ok_or(Refusal::invalid("a code has digits"))?;
    let own = read::person(service.store.pool(), &service.keys, &id).await?.ok_or(Refusal::missing())?;
    let own = own.bindings.into_iter().find(|one| one.id == binding).ok_or(Refusal::missing())?;
    let (pepper, rules) = (service.pepper(), service.clone());
    let about = About {
        user: id,
        act: Act::Enrol,
        reason: wish.reason.clone(),
        notice: "An administrator bound an authenticator for you.",
        application: own.application,
    };
    let decide = move |case: &mut Case, reason: &str| {
        let application = case.application.clone().ok_or(Refusal::missing())?;
        let rest = (rules.rules(&pepper), case.now);
        let ruling = enrol::confirm_for(&mut case.person, &application, (&binding, &typed), rest);
        let events = ruling.events.into_iter().map(|event| match event.detail {
            None => event.saying(reason),
            Some(_) => event,
        });
        let events = events.collect();
        match ruling.verdict {
            Verdict::Accepted(_) => Ok((Reply::nothing(), events)),
            Verdict::Refused(_) => {
                Ok((super::change::refused("the code is none of this authenticator"), events))
            }
        }
    };
    change.user((&service, about), &wish, decide).await
}
