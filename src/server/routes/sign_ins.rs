//! Sign-ins, step by step: `POST /v1/sign-ins` and what follows from it.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use zeroize::Zeroizing;

use super::{
    authority::Door,
    refusal::{Refusal, Refusals},
    request::{Body, Caller},
    unknown,
};
use crate::server::{
    domain::{
        application::CONSOLE,
        audit::Reason,
        lock::Standing,
        name::UserName,
        session::Audience,
        sign_in::{self, Begin, Proof, SignIn, Stage},
        time::Time,
    },
    seal::token::{Kind, Token},
    service::Service,
    store::{
        Ask, Case, read,
        sessions::{self, NewBrowser, NewSession},
        sign_ins::proof_word,
    },
    ways::Ways,
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(look)).routes(routes!(agree))
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSignIn {
    /// What to sign in to; an application with a key need not say it.
    #[serde(default)]
    application: Option<String>,
    /// The name, in any spelling.
    user: String,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: Zeroizing<String>,
    /// The token of a browser that did the second step before.
    #[serde(default)]
    browser: Option<String>,
    /// The address of the user, from an application that is trusted.
    #[serde(default)]
    address: Option<String>,
}

/// A sign-in as the one who signs in sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct View {
    /// Its id, a secret of the one who began it.
    id: String,
    /// What it waits for.
    stage: Waits,
    /// By which factors the second step can be done.
    factors: Vec<String>,
    /// What to agree to, while that is asked for.
    agreement: Option<crate::api::applications::Agreement>,
    /// Until when no code is judged.
    locked_until: Option<Timestamp>,
    /// Whether no code is judged until the help desk unlocks or resets.
    blocked: bool,
    /// How the second step was done or skipped: `otp`, `email`, …, `bound`, `bypass`, `remembered`, `not_asked`.
    proof: Option<String>,
    /// Whether to offer binding a new authenticator: a recovery code was used.
    offers_binding: bool,
    /// The session that begins, once, with the end of the sign-in.
    session: Option<String>,
    /// The token of this browser, once, where it is remembered.
    browser: Option<String>,
}

/// What a sign-in waits for.
#[derive(Clone, Copy, Serialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Waits {
    /// `POST …/agreement`
    Agreement,
    /// `POST …/binding`, then `…/binding/confirm`
    Binding,
    /// `POST …/verify`, and `…/code` for a code that is sent
    SecondStep,
    /// Nothing more.
    Done,
}

/// The text that the user agrees to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Agree {
    /// The version that was shown.
    version: u32,
}

/// Begins a sign-in with name and password.
///
/// A wrong password, an unknown name, a locked and a disabled user are answered alike.
#[utoipa::path(post, path = "/v1/sign-ins", tag = "sign-ins", security((), ("application" = [])),
    responses((status = 201, body = View), Refusals))]
async fn begin(
    State(service): State<Service>,
    door: Door,
    Body(new): Body<NewSignIn>,
) -> Result<Response, Refusal> {
    let application = door.application(new.application.as_deref())?;
    let (caller, scene) = door.scene(new.address.as_deref())?;
    let name = UserName::parse(&new.user);
    service
        .limits
        .one_more(caller.address, name.as_ref().map_or("", UserName::key))
        .map_err(Refusal::too_often)?;
    let login = match &name {
        Ok(name) => read::login(service.store.pool(), name).await?,
        Err(_) => None,
    };
    let hash = login.as_ref().and_then(|login| login.password.clone());
    let password_right = service.is_password(hash, new.password).await?;
    let Some(login) = login else {
        return Err(unknown::note(&service, scene, (&new.user, &application)).await);
    };
    let browser = new.browser.as_deref().and_then(|text| Token::read(Kind::Browser, text));
    let remembered = match browser {
        Some(token) => {
            let whose = (login.id.as_str(), application.as_str());
            sessions::is_remembered(service.store.pool(), whose, &token.digest(), service.now()).await?
        }
        None => false,
    };
    let ask = Ask { user: login.id, application: Some(application), sign_in: None, role: false, scene };
    let fresh = Fresh::new(&service, None);
    let id = fresh.sign_in.digest_text();
    let view = service.store.decide(ask, move |case| {
        let application = case.application.clone().expect("it was asked for");
        let begin = Begin { id: id.clone(), application: &application, password_right, remembered };
        let (answer, events) =
            fresh.ways.hiding(case, |case| sign_in::begin(&mut case.person, begin, case.now));
        let view = answer.map(|sign_in| {
            case.sign_in = Some(sign_in);
            view(case, &fresh)
        });
        (view, events)
    });
    let view = view.await?.map_err(|_: Reason| Refusal::wrong())?;
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// Looks at a sign-in.
#[utoipa::path(get, path = "/v1/sign-ins/{id}", tag = "sign-ins", params(("id" = String, Path)),
    responses((status = 200, body = View), Refusals))]
async fn look(
    State(service): State<Service>,
    Path(id): Path<String>,
    caller: Caller,
) -> Result<Json<View>, Refusal> {
    let ask = ask(&service, &id, caller).await?;
    let fresh = Fresh::new(&service, Some(token(&id)?));
    let view = service.store.decide(ask, move |case| (still(case).map(|()| shown(case, &fresh)), vec![]));
    Ok(Json(view.await??))
}

/// Agrees to the application's text.
#[utoipa::path(post, path = "/v1/sign-ins/{id}/agreement", tag = "sign-ins", params(("id" = String, Path)),
    responses((status = 200, body = View), Refusals))]
async fn agree(
    State(service): State<Service>,
    Path(id): Path<String>,
    caller: Caller,
    Body(agree): Body<Agree>,
) -> Result<Json<View>, Refusal> {
    let (ask, fresh) = (ask(&service, &id, caller).await?, Fresh::new(&service, Some(token(&id)?)));
    let view = service.store.decide(ask, move |case| {
        let (mut sign_in, application) = parts(case);
        let agreed = fresh
            .ways
            .hiding(case, |case| sign_in.agree(&mut case.person, (&application, agree.version), case.now));
        match agreed {
            Err(not_now) => (Err(Refusal::from(not_now)), vec![]),
            Ok(events) => {
                case.sign_in = Some(sign_in);
                (Ok(view(case, &fresh)), events)
            }
        }
    });
    Ok(Json(view.await??))
}

/// What a sign-in is decided about. Its id is 256 bits: who has it began it.
pub(super) async fn ask(service: &Service, id: &str, caller: Caller) -> Result<Ask, Refusal> {
    let id = token(id)?.digest_text();
    let whose = read::sign_in(service.store.pool(), &id).await?.ok_or(Refusal::missing())?;
    Ok(Ask {
        user: whose.user,
        application: Some(whose.application),
        sign_in: Some(id),
        role: false,
        scene: caller.scene("user"),
    })
}

/// The id as its owner has it; what is kept is its digest.
pub(super) fn token(id: &str) -> Result<Token, Refusal> {
    Token::read(Kind::SignIn, id).ok_or(Refusal::missing())
}

/// The sign-in and the application of a case that has both.
pub(super) fn parts(case: &Case) -> (SignIn, crate::server::domain::application::Application) {
    let sign_in = case.sign_in.clone().expect("it was asked for");
    (sign_in, case.application.clone().expect("it was asked for"))
}

fn still(case: &Case) -> Result<(), Refusal> {
    let (sign_in, _) = parts(case);
    Ok(sign_in.waits_for(sign_in.stage, case.now)?)
}

/// Tokens for what may begin with a decision, made before it: a decision may be made more than once.
pub(super) struct Fresh {
    sign_in: Token,
    session: Token,
    id: String,
    browser: Token,
    ways: Ways,
}

impl Fresh {
    pub(super) fn new(service: &Service, sign_in: Option<Token>) -> Self {
        Self {
            sign_in: sign_in.unwrap_or_else(|| Token::new(Kind::SignIn, &service.bytes())),
            session: Token::new(Kind::Session, &service.bytes()),
            id: service.id(),
            browser: Token::new(Kind::Browser, &service.bytes()),
            ways: service.ways(),
        }
    }
}

/// The sign-in as it is now; with its end a session begins.
pub(super) fn view(case: &mut Case, fresh: &Fresh) -> View {
    let (sign_in, application) = parts(case);
    let mut view = shown(case, fresh);
    let Some(proof) = sign_in.proof.filter(|_| sign_in.stage == Stage::Done) else { return view };
    let proven = matches!(proof, Proof::Code(_) | Proof::Bound);
    let console = application.id == CONSOLE;
    let audience = if console { Audience::Administrator } else { Audience::User };
    // At the console nothing but an own second factor counts.
    if !console || proven {
        let (digest, id) = (fresh.session.digest(), fresh.id.clone());
        case.out.session = Some(NewSession { digest, id, audience, proof });
        view.session = Some(fresh.session.expose().to_owned());
    }
    if let Some(span) = application.remember.filter(|_| proven && !console) {
        let until = case.now.after(span);
        case.out.browser = Some(NewBrowser { digest: fresh.browser.digest(), until });
        view.browser = Some(fresh.browser.expose().to_owned());
    }
    view
}

/// The sign-in as it is now.
fn shown(case: &Case, fresh: &Fresh) -> View {
    let (sign_in, application) = parts(case);
    let standing = case.person.user.failures.standing(case.now);
    let agreement = application.agreement.as_ref().filter(|_| sign_in.stage == Stage::Agreement);
    View {
        id: fresh.sign_in.expose().to_owned(),
        stage: waits(sign_in.stage),
        factors: sign_in
            .factors(&case.person, &application, case.now)
            .iter()
            .filter(|one| fresh.ways.closed(*one).is_none())
            .map(|one| one.word().into())
            .collect(),
        agreement: agreement
            .map(|one| crate::api::applications::Agreement { version: one.version, text: one.text.clone() }),
        locked_until: if let Standing::Locked(until) = standing { Some(timestamp(until)) } else { None },
        blocked: standing == Standing::Disabled,
        proof: sign_in.proof.filter(|_| sign_in.stage == Stage::Done).map(|proof| proof_word(proof).into()),
        offers_binding: sign_in.offers_binding(),
        session: None,
        browser: None,
    }
}

/// A time for JSON.
pub(super) fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_millisecond(time.millis()).unwrap_or(Timestamp::MAX)
}

fn waits(stage: Stage) -> Waits {
    match stage {
        Stage::Agreement => Waits::Agreement,
        Stage::Binding => Waits::Binding,
        Stage::SecondStep => Waits::SecondStep,
        Stage::Done => Waits::Done,
    }
}
