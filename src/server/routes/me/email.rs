//! A new address of e-mail, confirmed by a code that goes there.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::own::{ask, one_more, proven};
use crate::server::{
    domain::{
        address::is_address,
        attempt::Verdict,
        factor::Factor,
        mail_code::{self, HeldBack, masked},
        own::{self, NotAsked},
        typed::Typed,
    },
    mail::texts,
    routes::{
        authority::Member,
        refusal::{Refusal, Refusals},
        request::Body,
        second_step::SentTo,
    },
    service::Service,
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(change)).routes(routes!(confirm))
}

/// A new address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAddress {
    /// The address.
    email: String,
}

/// What confirms a new address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirm {
    /// The address.
    email: String,
    /// The code that was sent there.
    code: String,
}

/// Asks for another address. A code goes there; until it is shown nothing is changed.
///
/// Only in a session that was begun with a code.
#[utoipa::path(post, path = "/v1/me/email", tag = "me", security(("user" = [])),
    responses((status = 202, body = SentTo), Refusals))]
async fn change(
    State(service): State<Service>,
    member: Member,
    Body(wish): Body<NewAddress>,
) -> Result<Response, Refusal> {
    proven(&member)?;
    let address = address(wish.email)?;
    if let Some(why) = service.ways().closed(Factor::Email) {
        return Err(Refusal::conflict(why));
    }
    one_more(&service, &member)?;
    let (pepper, random, rules) = (service.pepper(), service.bytes(), service.clone());
    let asked = service.store.decide(ask(&member), move |case| {
        let rest = (rules.rules(&pepper), case.now, random);
        let asked = own::ask_address(&mut case.person, &address, rest).map(|message| {
            let name = case.person.user.name.shown();
            case.out.letters.push(texts::address(name, &message, case.now));
            SentTo { to: message.shown, seconds: mail_code::LIFE.as_secs() }
        });
        (asked, vec![])
    });
    let sent = asked.await?.map_err(|not_asked| match not_asked {
        NotAsked::HeldBack(HeldBack(wait)) => Refusal::held_back(wait),
        NotAsked::Blocked | NotAsked::Same => Refusal::conflict(not_asked.to_string()),
    })?;
    service.letters.notify_one();
    Ok((StatusCode::ACCEPTED, Json(sent)).into_response())
}

/// Takes the new address, with the code that went there. A wrong one counts as anywhere.
#[utoipa::path(post, path = "/v1/me/email/confirm", tag = "me", security(("user" = [])),
    responses((status = 204), Refusals))]
async fn confirm(
    State(service): State<Service>,
    member: Member,
    Body(show): Body<Confirm>,
) -> Result<StatusCode, Refusal> {
    proven(&member)?;
    let address = address(show.email)?;
    let code = Typed::parse(&show.code).ok_or(Refusal::wrong_code())?;
    one_more(&service, &member)?;
    let (pepper, rules) = (service.pepper(), service.clone());
    let changed = service.store.decide(ask(&member), move |case| {
        let old = case.person.user.email.clone();
        let rest = (rules.rules(&pepper), case.now);
        let ruling = own::confirm_address(&mut case.person, (&address, &code), rest);
        let answer = match ruling.verdict {
            Verdict::Accepted(_) => {
                if let Some(old) = old {
                    let what = format!("Your codes go to {} from now on.", masked(&address));
                    case.out.letters.push(texts::notice(&old, (&what, "you"), case.now));
                }
                Ok(())
            }
            Verdict::Refused(_) => Err(Refusal::wrong_code()),
        };
        (answer, ruling.events)
    });
    changed.await??;
    service.letters.notify_one();
    Ok(StatusCode::NO_CONTENT)
}

fn address(text: String) -> Result<String, Refusal> {
    if is_address(&text) {
        return Ok(text);
    }
    Err(Refusal::invalid("\"email\" is no address: NAME@HOST is one, without blanks and brackets"))
}
