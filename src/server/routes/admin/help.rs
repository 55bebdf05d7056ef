//! What the help desk does for a user: reset, unbind, bypass, unlock, passcode, resynchronise.

use axum::extract::{Path, State};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    change::{About, Change, refused, reply},
    shape,
};
use crate::{
    api::users::{Because, IssuePasscode, Passcode, Resynchronise, SetBypass},
    server::{
        domain::{
            administrator::Act,
            help,
            time::{Time, minutes},
            typed::Typed,
        },
        routes::{
            refusal::{Refusal, Refusals},
            request::Body,
        },
        service::Service,
        store::{Case, replies::Reply},
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(reset))
        .routes(routes!(unbind))
        .routes(routes!(bypass, end_bypass))
        .routes(routes!(unlock))
        .routes(routes!(passcode))
        .routes(routes!(resynchronise))
}

/// Takes every binding and the recovery codes away; sessions end; the next sign-in leads to binding.
#[utoipa::path(post, path = "/v1/admin/users/{id}/reset", tag = "help", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn reset(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(why): Body<Because>,
) -> Result<Reply, Refusal> {
    let notice =
        "Your second factor was reset. The next time you sign in you will bind an authenticator anew.";
    let about = about(id, (Act::Reset, notice), &why.reason);
    let decide = |case: &mut Case, reason: &str| {
        case.out.ends_sessions = true;
        Ok((Reply::nothing(), help::reset(&mut case.person, reason).events))
    };
    change.user((&service, about), &why, decide).await
}

/// Takes one binding away. A hardware token goes back to those that nobody has.
#[utoipa::path(delete, path = "/v1/admin/users/{id}/bindings/{binding}", tag = "help",
    security(("administrator" = [])),
    params(("id" = String, Path), ("binding" = String, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn unbind(
    State(service): State<Service>,
    change: Change,
    Path((id, binding)): Path<(String, String)>,
    Body(why): Body<Because>,
) -> Result<Reply, Refusal> {
    let about = about(id, (Act::Unbind, "One of your authenticators was removed."), &why.reason);
    let decide = move |case: &mut Case, reason: &str| {
        let events = help::unbind(&mut case.person, &binding, reason).ok_or(Refusal::missing())?;
        Ok((Reply::nothing(), events))
    };
    change.user((&service, about), &why, decide).await
}

/// Lets a user in without a second step until a time, 30 days from now at most.
#[utoipa::path(put, path = "/v1/admin/users/{id}/bypass", tag = "help", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn bypass(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<SetBypass>,
) -> Result<Reply, Refusal> {
    let until = match (wish.until, wish.minutes) {
        (Some(until), None) => Time::from(until),
        (None, Some(span)) => service.now().after(minutes(span.into())),
        _ => return Err(Refusal::invalid("one of until and minutes says how long a bypass lasts")),
    };
    let notice = "You can sign in without a second step for a while.";
    let about = about(id, (Act::Bypass, notice), &wish.reason);
    let decide = move |case: &mut Case, reason: &str| {
        let events = help::bypass(&mut case.person, until, case.now, reason);
        Ok((Reply::nothing(), events.map_err(|error| Refusal::invalid(error.to_string()))?))
    };
    change.user((&service, about), &wish, decide).await
}

/// Ends a bypass.
#[utoipa::path(delete, path = "/v1/admin/users/{id}/bypass", tag = "help", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn end_bypass(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(why): Body<Because>,
) -> Result<Reply, Refusal> {
    let about =
        about(id, (Act::EndBypass, "A second step is asked for again when you sign in."), &why.reason);
    let decide =
        |case: &mut Case, reason: &str| Ok((Reply::nothing(), help::end_bypass(&mut case.person, reason)));
    change.user((&service, about), &why, decide).await
}

/// Ends a lock, forgets wrong codes, and opens bindings that were disabled by them.
#[utoipa::path(post, path = "/v1/admin/users/{id}/unlock", tag = "help", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn unlock(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(why): Body<Because>,
) -> Result<Reply, Refusal> {
    let about = about(id, (Act::Unlock, "Your account was unlocked."), &why.reason);
    let decide =
        |case: &mut Case, reason: &str| Ok((Reply::nothing(), help::unlock(&mut case.person, reason)));
    change.user((&service, about), &why, decide).await
}

/// Issues a passcode: one use, a day at most, shown this once. An older one is void.
#[utoipa::path(post, path = "/v1/admin/users/{id}/passcode", tag = "help", security(("administrator" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header), ("If-Match" = Option<String>, Header)),
    responses((status = 201, body = Passcode), Refusals))]
async fn passcode(
    State(service): State<Service>,
    change: Change,
    Path(id): Path<String>,
    Body(wish): Body<IssuePasscode>,
) -> Result<Reply, Refusal> {
    let (pepper, random, span) = (service.pepper(), service.bytes(), minutes(wish.minutes.into()));
    let notice = "A one-time passcode was issued for you.";
    let about = about(id, (Act::IssuePasscode, notice), &wish.reason);
    let decide = move |case: &mut Case, reason: &str| {
        let issued = help::passcode(&mut case.person, (&pepper, random), (case.now, span), reason);
        let (issued, events) = issued.map_err(|error| Refusal::invalid(error.to_string()))?;
        let valid_until = shape::timestamp(case.now.after(span));
        let body = Passcode { passcode: issued.expose().to_owned(), valid_until };
        Ok((reply(201, &body), events))
    };
    change.user((&service, about), &wish, decide).await
}

/// Finds the place of an authenticator again by two codes, one behind the other. Wrong ones count.
#[utoipa::path(post, path = "/v1/admin/users/{id}/bindings/{binding}/resynchronise", tag = "help",
    security(("administrator" = [])),
    params(("id" = String, Path), ("binding" = String, Path), ("Idempotency-Key" = Option<String>, Header),
        ("If-Match" = Option<String>, Header)),
    responses((status = 204), Refusals))]
async fn resynchronise(
    State(service): State<Service>,
    change: Change,
    Path((id, binding)): Path<(String, String)>,
    Body(wish): Body<Resynchronise>,
) -> Result<Reply, Refusal> {
    let [one, two] = &wish.codes;
    let codes = (Typed::parse(one), Typed::parse(two));
    let (Some(one), Some(two)) = codes else { return Err(Refusal::invalid("a code has digits")) };
    let about = about(id, (Act::Resynchronise, ""), &wish.reason);
    let decide = move |case: &mut Case, _: &str| {
        let (answer, events) = help::resync(&mut case.person, &binding, [&one, &two], case.now);
        let said = match answer {
            Ok(()) => Reply::nothing(),
            Err(crate::server::domain::audit::Reason::NotBound) => return Err(Refusal::missing()),
            Err(_) => return Ok((refused(NOT_TWO), events)),
        };
        Ok((said, events))
    };
    change.user((&service, about), &wish, decide).await
}

fn about(user: String, (act, notice): (Act, &'static str), reason: &str) -> About {
    About { user, act, reason: reason.to_owned(), notice, application: None }
}

const NOT_TWO: &str = "these are not two codes of this authenticator, one behind the other";
