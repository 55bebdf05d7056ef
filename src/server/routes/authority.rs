//! Who asks, proven by a token in `Authorization: Bearer`: an administrator or their program, a user, an application.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use super::{refusal::Refusal, request::Caller};
use crate::server::{
    countries::Countries,
    domain::{
        administrator::{Act, Administrator, Refused, Role},
        application::CONSOLE,
        audit::{AdministratorEvent, Event, EventKind},
        session::Audience,
        sign_in::Proof,
    },
    seal::token::{Kind, Token, TokenDigest},
    service::Service,
    store::{
        keys::{self, ApplicationKey},
        rows::Scene,
        sessions::{self, Found},
        touch::Touch,
        work::{Held, Work},
    },
};

/// An administrator, or a program of theirs.
#[derive(Clone, Debug)]
pub struct Admin {
    /// Who it is.
    pub administrator: Administrator,
    /// For the audit.
    pub scene: Scene,
}

/// A user with a session.
#[derive(Clone, Debug)]
pub struct Member {
    /// The session.
    pub session: Found,
    /// For the audit.
    pub scene: Scene,
}

/// An application with its key, or none.
#[derive(Clone, Debug)]
pub struct Door {
    /// The key.
    pub key: Option<ApplicationKey>,
    /// Whether one is needed from here.
    needs_key: bool,
    /// Who calls.
    pub caller: Caller,
    /// For the address that an application passes on.
    countries: Arc<Countries>,
}

/// What an administrator's request was let in by, for what goes on long after it: streams.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// An API key.
    Key(TokenDigest),
    /// A session.
    Session(TokenDigest),
}

impl FromRequestParts<Service> for Admin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, service).await?;
        let text = bearer(&parts.headers).ok_or(Refusal::unknown_caller(NEEDED))?;
        let administrator = match Token::read(Kind::ApiKey, text) {
            Some(token) => by_key(service, &token).await?,
            None => by_session(service, text).await?,
        };
        let scene = caller.scene(administrator.name.clone());
        Ok(Self { administrator, scene })
    }
}

impl FromRequestParts<Service> for Member {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        let caller = Caller::from_request_parts(parts, service).await?;
        let session =
            session(service, bearer(&parts.headers).ok_or(Refusal::unknown_caller(NEEDED))?).await?;
        Ok(Self { session, scene: caller.scene("user") })
    }
}

impl FromRequestParts<Service> for Door {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        use crate::server::config::ApplicationKey::{Always, Never, Remote};
        let caller = Caller::from_request_parts(parts, service).await?;
        let countries = Arc::clone(&service.countries);
        let Some(text) = bearer(&parts.headers) else {
            let needs_key = match service.config.server.application_key {
                Always => true,
                Never => false,
                Remote => !caller.is_local,
            };
            return Ok(Self { key: None, needs_key, caller, countries });
        };
        let token = Token::read(Kind::ApplicationKey, text).ok_or(Refusal::unknown_caller(UNKNOWN))?;
        let key = keys::find_application(service.store.pool(), &token.digest()).await?;
        let key = Some(key.ok_or(Refusal::unknown_caller(UNKNOWN))?);
        Ok(Self { key, needs_key: false, caller, countries })
    }
}

impl Admin {
    /// Whether the role allows it at all. A refusal is written down.
    pub async fn may(&self, service: &Service, act: Act) -> Result<(), Refusal> {
        match self.administrator.may(act, None, "") {
            Ok(()) => Ok(()),
            Err(refused) => Err(self.refused(service, act, refused).await),
        }
    }

    /// Writes a refusal down.
    pub async fn refused(&self, service: &Service, act: Act, refused: Refused) -> Refusal {
        let event = Event::failure(EventKind::Administrator(AdministratorEvent::Refused), refused.reason());
        let event = event.saying(format!("{act:?}: {refused}"));
        let note = Note { scene: self.scene.clone(), event };
        match service.store.submit(note).await {
            Ok(()) => refused.into(),
            Err(error) => error.into(),
        }
    }
}

impl Standing {
    /// Of a request that was let in.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let text = bearer(headers).ok_or(Refusal::unknown_caller(NEEDED))?;
        let key = Token::read(Kind::ApiKey, text).map(|token| Self::Key(token.digest()));
        let session = || Token::read(Kind::Session, text).map(|token| Self::Session(token.digest()));
        key.or_else(session).ok_or(Refusal::unknown_caller(UNKNOWN))
    }

    /// Whether it would be let in now. A look only: it keeps no session alive.
    pub(super) async fn holds(&self, service: &Service) -> bool {
        let (pool, now) = (service.store.pool(), service.now());
        match self {
            Self::Key(digest) => {
                let found = keys::find(pool, digest).await.ok().flatten();
                found.is_some_and(|key| key.until.is_none_or(|until| now < until))
            }
            Self::Session(digest) => {
                let found = sessions::find(pool, digest).await.ok().flatten();
                found.is_some_and(|found| {
                    found.enabled && found.role.is_some() && found.session.touch(now).is_some()
                })
            }
        }
    }
}

impl Door {
    /// The application: the key's, or the one that was named. One that is not the key's is nobody's business.
    pub fn application(&self, named: Option<&str>) -> Result<String, Refusal> {
        match (&self.key, named) {
            (Some(key), Some(named)) if key.application != named => {
                Err(Refusal::forbidden("this key is another application's"))
            }
            (Some(key), _) => Ok(key.application.clone()),
            // Administrators sign in from where they are: their programs have no application's key.
            (None, named) if self.needs_key && named != Some(CONSOLE) => {
                Err(Refusal::unknown_caller("an application's key is needed"))
            }
            (None, Some(named)) => Ok(named.to_owned()),
            (None, None) => {
                Err(Refusal::invalid("\"application\" is missing, and no application's key says it"))
            }
        }
    }

    /// Who is at the door: the application's user, where the application is trusted to say.
    pub fn scene(&self, named: Option<&str>) -> Result<(Caller, Scene), Refusal> {
        let mut caller = self.caller;
        if let Some(named) = named {
            if self.key.is_none() && !caller.is_local {
                return Err(Refusal::forbidden("only an application with a key passes addresses on"));
            }
            caller.address = named.parse().map_err(|_| Refusal::invalid("\"address\" is no address"))?;
            caller = caller.located(&self.countries);
        }
        let actor =
            self.key.as_ref().map_or("user".to_owned(), |key| format!("application:{}", key.application));
        Ok((caller, caller.scene(actor)))
    }
}

/// One event that belongs to no decision about a person.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) scene: Scene,
    pub(super) event: Event,
}

impl Work for Note {
    type Answer = ();

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(
        &'a mut self,
        desk: &'a mut crate::server::store::desk::Desk,
    ) -> Held<'a, Result<(), crate::server::store::StoreError>> {
        Box::pin(async move {
            let now = desk.now();
            desk.note((&self.scene, None), std::slice::from_ref(&self.event), now).await
        })
    }
}

/// The token of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

async fn by_key(service: &Service, token: &Token) -> Result<Administrator, Refusal> {
    let key = keys::find(service.store.pool(), &token.digest()).await?;
    let live = key.filter(|key| key.until.is_none_or(|until| service.now() < until));
    let key = live.ok_or(Refusal::unknown_caller(UNKNOWN))?;
    Ok(Administrator { id: key.id, name: format!("key:{}", key.name), role: key.role, user: None })
}

/// A session of an administrator: begun at the console with a second factor of their own. A bypass is none.
async fn by_session(service: &Service, text: &str) -> Result<Administrator, Refusal> {
    let found = session(service, text).await?;
    let proven = matches!(found.proof, Proof::Code(_) | Proof::Bound);
    let role = found.role.filter(|_| found.session.audience == Audience::Administrator && proven);
    let role: Role = role.ok_or_else(|| Refusal::forbidden("this session is no administrator's"))?;
    Ok(Administrator { id: found.id, name: format!("admin:{}", found.name), role, user: Some(found.user) })
}

/// A live session, used once more.
async fn session(service: &Service, text: &str) -> Result<Found, Refusal> {
    let token = Token::read(Kind::Session, text).ok_or(Refusal::unknown_caller(UNKNOWN))?;
    let found = sessions::find(service.store.pool(), &token.digest()).await?;
    let mut found = found.filter(|found| found.enabled).ok_or(Refusal::unknown_caller(UNKNOWN))?;
    let now = service.now();
    let used = found.session.used;
    found.session = found.session.touch(now).ok_or(Refusal::unknown_caller("this session is over"))?;
    // Written once a minute at most: reading must not cost a write each time.
    if now.since(used).as_secs() >= 60 {
        service.store.submit(Touch { id: found.id.clone(), at: now }).await?;
    }
    Ok(found)
}

const NEEDED: &str = "a token is needed: Authorization: Bearer …";
const UNKNOWN: &str = "this token is unknown, or it has ended";
