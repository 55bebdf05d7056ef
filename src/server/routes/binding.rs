//! Binding an authenticator in a sign-in: begun, shown once, confirmed by a code.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    refusal::{Refusal, Refusals},
    request::{Body, Caller},
    sign_ins::{Fresh, View, ask, parts, token, view},
};
use crate::{
    api::users::Enrolled,
    otp::{Form, Otp, Secret, format_link},
    qr::Qr,
    server::{
        domain::{
            attempt::Verdict,
            enrol::{self, Confirm, New, NotBegun},
            factor::Factor,
            typed::Typed,
        },
        mail::texts,
        service::Service,
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(start)).routes(routes!(confirm))
}

/// A binding that was begun.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// What the authenticator takes.
    #[serde(flatten)]
    enrolled: Enrolled,
    /// Where the code went that is needed besides; none where none is needed.
    email_code_to: Option<String>,
}

/// What confirms a binding.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Show {
    /// The binding.
    binding: String,
    /// A code of the authenticator.
    code: String,
    /// The code that came by e-mail, where one was sent.
    #[serde(default)]
    email_code: Option<String>,
}

/// Begins a binding. What was begun before and not confirmed goes.
#[utoipa::path(post, path = "/v1/sign-ins/{id}/binding", tag = "sign-ins", params(("id" = String, Path)),
    responses((status = 201, body = Begun), Refusals))]
async fn start(
    State(service): State<Service>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Response, Refusal> {
    let ask = ask(&service, &id, caller).await?;
    let (pepper, random, secret, id) =
        (service.pepper(), service.bytes(), service.bytes::<20>(), service.id());
    let (rules, ways) = (service.clone(), service.ways());
    let begun = service.store.decide(ask, move |case| {
        let (sign_in, application) = parts(case);
        let secret = Secret::new(secret.to_vec()).expect("20 bytes are a secret");
        let new = New { id: id.clone(), secret, random };
        let begun = ways.hiding(case, |case| {
            let whose = (&sign_in, &mut case.person);
            enrol::start(whose, &application, new, (rules.rules(&pepper), case.now))
        });
        let begun = begun.map(|begun| {
            if let Some(message) = &begun.message {
                case.out.letters.push(texts::code(Factor::Email, &application.name, message, case.now));
            }
            let name = case.person.user.name.shown();
            Begun {
                enrolled: enrolled(begun.id, (&application.name, name), &begun.otp),
                email_code_to: begun.shown,
            }
        });
        (begun, vec![])
    });
    let begun = begun.await?.map_err(|not_begun| match not_begun {
        NotBegun::NotNow(not_now) => not_now.into(),
        NotBegun::NoEmail if let Some(why) = ways.closed(Factor::Email) => Refusal::conflict(why),
        other => Refusal::conflict(other.to_string()),
    })?;
    service.letters.notify_one();
    Ok((StatusCode::CREATED, Json(begun)).into_response())
}

/// Confirms a binding with a code of it and, the first time, the code that was sent.
#[utoipa::path(post, path = "/v1/sign-ins/{id}/binding/confirm", tag = "sign-ins",
    params(("id" = String, Path)), responses((status = 200, body = View), Refusals))]
async fn confirm(
    State(service): State<Service>,
    Path(id): Path<String>,
    caller: Caller,
    Body(show): Body<Show>,
) -> Result<Json<View>, Refusal> {
    let code = Typed::parse(&show.code).ok_or(Refusal::wrong_code())?;
    let mailed = show.email_code.as_deref().map(|code| Typed::parse(code).ok_or(Refusal::wrong_code()));
    let mailed = mailed.transpose()?;
    let ask = ask(&service, &id, caller).await?;
    service.limits.one_more(caller.address, &ask.user).map_err(Refusal::too_often)?;
    let (pepper, rules) = (service.pepper(), service.clone());
    let fresh = Fresh::new(&service, Some(token(&id)?));
    let view = service.store.decide(ask, move |case| {
        let (mut sign_in, application) = parts(case);
        let confirm = Confirm { id: &show.binding, code: &code, mailed: mailed.as_ref() };
        let rest = (rules.rules(&pepper), case.now);
        match enrol::confirm((&mut sign_in, &mut case.person), &application, &confirm, rest) {
            Err(not_now) => (Err(Refusal::from(not_now)), vec![]),
            Ok(ruling) => {
                case.sign_in = Some(sign_in);
                let answer = match ruling.verdict {
                    Verdict::Accepted(_) => {
                        if let Some(to) = &case.person.user.email {
                            let what = format!("An authenticator was bound for {}.", application.name);
                            case.out.letters.push(texts::notice(to, (&what, "you"), case.now));
                        }
                        Ok(view(case, &fresh))
                    }
                    Verdict::Refused(_) => Err(Refusal::wrong_code()),
                };
                (answer, ruling.events)
            }
        }
    });
    let view = view.await??;
    service.letters.notify_one();
    Ok(Json(view))
}

/// What an authenticator takes, in every form.
pub(super) fn enrolled(binding: String, (issuer, account): (&str, &str), otp: &Otp) -> Enrolled {
    let (base32, hex) = (otp.secret.to_base32(), HEXLOWER.encode(otp.secret.expose()));
    let uri = format_link(issuer, account, otp, Form::Short);
    let qr = Qr::encode(&uri).map(|qr| qr.svg()).unwrap_or_default();
    Enrolled { binding, uri: uri.to_string(), base32: base32.to_string(), hex, qr }
}
