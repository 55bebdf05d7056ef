//! A change that an administrator asks for: who it is, whether they may, once for its key, and only of what they saw.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::server::{
    domain::{
        administrator::{Act, Administrator, Target},
        audit::{AdministratorEvent, Event, EventKind},
    },
    mail::texts,
    routes::{authority::Admin, refusal::Refusal},
    service::Service,
    store::{
        Ask, Case, Work,
        replies::{Key, Once, Reply, Then},
        work::Decide,
    },
};

/// Who asks for a change, and under which conditions.
#[derive(Debug)]
pub(super) struct Change {
    /// Who asks.
    pub(super) admin: Admin,
    name: Option<[u8; 32]>,
    request: String,
    version: Option<String>,
}

/// What is changed of a user, and why.
pub(super) struct About {
    /// The user's id.
    pub(super) user: String,
    /// What is done.
    pub(super) act: Act,
    /// Why.
    pub(super) reason: String,
    /// What the user is told, where there is an address.
    pub(super) notice: &'static str,
    /// The application that it is about.
    pub(super) application: Option<String>,
}

impl FromRequestParts<Service> for Change {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refusal> {
        let admin = Admin::from_request_parts(parts, service).await?;
        let key = header(&parts.headers, "idempotency-key")?;
        let version = header(&parts.headers, "if-match")?.map(|text| text.trim_matches('"').to_owned());
        let who = admin.administrator.user.as_ref().unwrap_or(&admin.administrator.id);
        let name = key.map(|key| Sha256::digest(format!("{who}\0{key}")).into());
        Ok(Self { name, request: format!("{} {}", parts.method, parts.uri), version, admin })
    }
}

impl Change {
    /// Does work that belongs to no user, once for its key.
    pub(super) async fn make<W, F>(
        self,
        (service, act): (&Service, Act),
        body: &impl Serialize,
        (work, mut then): (W, F),
    ) -> Result<Reply, Refusal>
    where
        W: Work,
        F: FnMut(W::Answer) -> Result<Reply, Refusal> + Send + 'static,
    {
        self.admin.may(service, act).await?;
        let key = self.key(body);
        let then = Then { work, then: move |answer| then(answer) };
        service.store.submit(Once { key, work: then }).await?
    }

    /// Changes a user, once for its key: the administrator may, the reason is there, the version is the one they saw.
    pub(super) async fn user<F>(
        self,
        (service, about): (&Service, About),
        body: &impl Serialize,
        mut decide: F,
    ) -> Result<Reply, Refusal>
    where
        F: FnMut(&mut Case, &str) -> Result<(Reply, Vec<Event>), Refusal> + Send + 'static,
    {
        self.admin.may(service, about.act).await?;
        let ask = Ask {
            user: about.user.clone(),
            application: about.application.clone(),
            sign_in: None,
            role: true,
            scene: self.admin.scene.clone(),
        };
        let key = self.key(body);
        let decide = move |case: &mut Case| match self.objection(case, &about) {
            Some((refusal, events)) => (Err(refusal), events),
            None => match decide(case, &about.reason) {
                Err(refusal) => (Err(refusal), vec![]),
                Ok((reply, events)) => {
                    self.tell(case, &about, !events.is_empty());
                    (Ok(reply), events)
                }
            },
        };
        let reply = service.store.submit(Once { key, work: Decide { ask, decide } }).await?;
        service.letters.notify_one();
        reply
    }

    /// Why it is not done, and what is written down of that.
    fn objection(&self, case: &Case, about: &About) -> Option<(Refusal, Vec<Event>)> {
        if let Err(objection) = may(&self.admin.administrator, about.act, (&about.reason, case)) {
            return Some(*objection);
        }
        match &self.version {
            Some(version) if *version != case.person.version() => Some((Refusal::changed(), vec![])),
            _ => None,
        }
    }

    /// For work that opens a case of its own: whether it may.
    pub(super) fn judge(
        &self,
        act: Act,
        reason: &str,
    ) -> impl FnMut(&Case) -> Result<(), Objection> + Send + 'static {
        let (administrator, reason) = (self.admin.administrator.clone(), reason.to_owned());
        move |case| may(&administrator, act, (&reason, case))
    }

    /// The user hears of it at the address from before the change.
    fn tell(&self, case: &mut Case, about: &About, changed: bool) {
        if let Some(to) = case.person.user.email.as_ref().filter(|_| changed && !about.notice.is_empty()) {
            let who = &self.admin.administrator.name;
            case.out.letters.push(texts::notice(to, (about.notice, who), case.now));
        }
    }

    fn key(&self, body: &impl Serialize) -> Option<Key> {
        let body = serde_json::to_vec(body).expect("a body is JSON");
        let request = Sha256::new().chain_update(&self.request).chain_update([0]).chain_update(body);
        self.name.map(|name| Key { name, request: request.finalize().into() })
    }
}

/// Why it is not done, and what is written down of that.
type Objection = Box<(Refusal, Vec<Event>)>;

fn may(administrator: &Administrator, act: Act, (reason, case): (&str, &Case)) -> Result<(), Objection> {
    let target = Target { user: &case.person.user.id, is_administrator: case.role.is_some() };
    administrator.may(act, Some(target), reason).map_err(|refused| {
        let kind = EventKind::Administrator(AdministratorEvent::Refused);
        let event = Event::failure(kind, refused.reason()).saying(format!("{act:?}: {refused}"));
        Box::new((refused.into(), vec![event]))
    })
}

/// A body of JSON as a kept answer.
pub(super) fn reply(status: u16, body: &impl Serialize) -> Reply {
    Reply { status, body: serde_json::to_vec(body).expect("an answer is JSON") }
}

/// A refusal whose events count: it is an answer that is kept, or the count would be undone.
pub(super) fn refused(detail: &str) -> Reply {
    Refusal::conflict(detail).reply()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Refusal> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let bad = || Refusal::unreadable(format!("{name} is longer than {LONGEST} or has odd characters"));
    let text = value.to_str().map_err(|_| bad())?;
    if text.is_empty() || text.len() > LONGEST { Err(bad()) } else { Ok(Some(text)) }
}

const LONGEST: usize = 255;
