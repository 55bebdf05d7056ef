//! The second step of a sign-in: a code that is sent, a code that is shown.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    refusal::{Refusal, Refusals},
    request::{Body, Caller},
    sign_ins::{Fresh, View, ask, parts, token, view},
};
use crate::server::{
    domain::{
        attempt::{Try, Verdict},
        factor::{Factor, Factors},
        mail_code,
        recovery::Plain,
        sign_in::NotSent,
        typed::Typed,
    },
    mail::{news, texts},
    service::Service,
    store::read,
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(send)).routes(routes!(verify))
}

/// By which way a code is sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Send {
    /// The way.
    factor: SentFactor,
}

/// A factor whose codes are sent.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SentFactor {
    /// By e-mail.
    Email,
    /// By SMS.
    Sms,
}

/// Where a code went.
#[derive(Serialize, ToSchema)]
pub(super) struct SentTo {
    /// The address or number, masked: `j**r@example.com`.
    pub(super) to: String,
    /// For how many seconds the code is good.
    pub(super) seconds: u64,
}

/// A code that is shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Show {
    /// Of which factor it is.
    factor: AnyFactor,
    /// The code; blanks and dashes in it do not count.
    code: String,
}

/// Any factor.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AnyFactor {
    /// A code of an authenticator.
    Otp,
    /// A code that came by e-mail.
    Email,
    /// A code that came by SMS.
    Sms,
    /// A code from the sheet of ten.
    Recovery,
    /// A code that an administrator issued.
    Passcode,
}

/// Asks for a code by e-mail or SMS.
#[utoipa::path(post, path = "/v1/sign-ins/{id}/code", tag = "sign-ins", params(("id" = String, Path)),
    responses((status = 202, body = SentTo), Refusals))]
async fn send(
    State(service): State<Service>,
    Path(id): Path<String>,
    caller: Caller,
    Body(wish): Body<Send>,
) -> Result<Response, Refusal> {
    let ask = ask(&service, &id, caller).await?;
    let (pepper, random, rules) = (service.pepper(), service.bytes(), service.clone());
    let factor = match wish.factor {
        SentFactor::Email => Factor::Email,
        SentFactor::Sms => Factor::Sms,
    };
    if let Some(why) = service.ways().closed(factor) {
        return Err(Refusal::conflict(why));
    }
    let answer = service.store.decide(ask, move |case| {
        let (sign_in, application) = parts(case);
        let rest = (rules.rules(&pepper), case.now, random);
        let message = sign_in.send(&mut case.person, (&application, factor), rest);
        let answer = message.map(|message| {
            case.out.letters.push(texts::code(factor, &application.name, &message, case.now));
            SentTo { to: message.shown, seconds: mail_code::LIFE.as_secs() }
        });
        (answer, vec![])
    });
    let answer = answer.await?.map_err(not_sent)?;
    service.letters.notify_one();
    Ok((StatusCode::ACCEPTED, Json(answer)).into_response())
}

/// Shows a code.
#[utoipa::path(post, path = "/v1/sign-ins/{id}/verify", tag = "sign-ins", params(("id" = String, Path)),
    responses((status = 200, body = View), Refusals))]
async fn verify(
    State(service): State<Service>,
    Path(id): Path<String>,
    caller: Caller,
    Body(show): Body<Show>,
) -> Result<Json<View>, Refusal> {
    let factor = factor(show.factor);
    let typed = Typed::parse(&show.code).ok_or(Refusal::wrong_code())?;
    let ask = ask(&service, &id, caller).await?;
    service.limits.one_more(caller.address, &ask.user).map_err(Refusal::too_often)?;
    let paper = match Plain::read(&typed).filter(|_| factor == Factor::Recovery) {
        Some(plain) => Some(service.paper(plain, read::salt(service.store.pool(), &ask.user).await?).await?),
        None => None,
    };
    let (pepper, rules, fresh) = (service.pepper(), service.clone(), Fresh::new(&service, Some(token(&id)?)));
    let view = service.store.decide(ask, move |case| {
        let (mut sign_in, application) = parts(case);
        let factors = Factors::NONE.with(factor, true);
        let paper = paper.as_ref();
        let code = Try { application: &application, factors, code: &typed, paper, sign_in: "" };
        match sign_in.show_code(&mut case.person, &code, (rules.rules(&pepper), case.now)) {
            Err(not_now) => (Err(Refusal::from(not_now)), vec![]),
            Ok(ruling) => {
                case.sign_in = Some(sign_in);
                news::tell(case, &ruling.events);
                let answer = match ruling.verdict {
                    Verdict::Accepted(_) => Ok(view(case, &fresh)),
                    Verdict::Refused(_) => Err(Refusal::wrong_code()),
                };
                (answer, ruling.events)
            }
        }
    });
    Ok(Json(view.await??))
}

/// Why no code was sent.
pub(super) fn not_sent(not_sent: NotSent) -> Refusal {
    match not_sent {
        NotSent::NotNow(not_now) => not_now.into(),
        NotSent::HeldBack { wait } => Refusal::held_back(wait),
        NotSent::NoWay => Refusal::conflict(not_sent.to_string()),
    }
}

fn factor(any: AnyFactor) -> Factor {
    match any {
        AnyFactor::Otp => Factor::Otp,
        AnyFactor::Email => Factor::Email,
        AnyFactor::Sms => Factor::Sms,
        AnyFactor::Recovery => Factor::Recovery,
        AnyFactor::Passcode => Factor::Passcode,
    }
}
