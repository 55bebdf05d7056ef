//! Doing at a privacyIDEA what was planned: it has no versions, so that the tokens are read once more just before; each
//! change is sent once, and in an order in which it may end anywhere.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    abilities::CAPABILITIES,
    dates::validity,
    envelope::{Envelope, Told, send},
    needs,
    people::{self, Found},
    plan::never,
    rights::{Who, explained},
    token::{Lock, Token, Tokens, Use},
};
use crate::{
    admin::{
        action::{Action, Done, Enrolled, Issued, Plan},
        address::encoded,
        error::AdminError,
        http::{Http, Method, Request},
    },
    text::safe_cut,
};

/// Whose tokens, and where.
struct Desk<'a> {
    http: &'a Http,
    realm: &'a str,
    user: &'a str,
    what: String,
}

pub(super) fn apply(
    http: &Http,
    (realm, who): (&str, &Who),
    (plan, reason): (&Plan, &str),
) -> Result<Done, AdminError> {
    let desk = Desk { http, realm, user: &plan.id, what: format!("user \"{}\"", plan.id) };
    let found = people::one(http, realm, &plan.id)?;
    let Found { person, tokens, lock } = &found;
    if person.version != plan.version {
        return Err(AdminError::Changed(desk.what));
    }
    needs::check(http, who, (&plan.action, &found))?;
    let (name, note) = (&person.name, safe_cut(reason, 80));
    match &plan.action {
        Action::Reset { .. } => {
            desk.delete(reset(tokens))?;
            Ok(said(format!("{name} was reset: {} bindings are gone", plan.bindings)))
        }
        Action::Unbind { binding, .. } => {
            desk.delete([binding.as_str()])?;
            Ok(said(format!("A binding of {name} was removed")))
        }
        Action::Enrol { .. } => desk.enrol(&note),
        Action::Bypass { until: Some(until), .. } => {
            let (text, until) = validity(*until);
            desk.make("spass", json!({"validity_period_end": text, "description": note}))?;
            desk.delete(old(tokens, Use::Bypass))?;
            Ok(said(format!("{name} signs in without a second step until {until:.0}")))
        }
        Action::Bypass { until: None, .. } => {
            desk.delete(old(tokens, Use::Bypass))?;
            Ok(said(format!("{name} is asked for a second step again")))
        }
        Action::Unlock { .. } => {
            desk.unlock(tokens, lock)?;
            Ok(said(format!("{name} is unlocked, wrong codes are forgotten")))
        }
        Action::Passcode { span, .. } => {
            let now = tokens.now.ok_or_else(|| desk.odd("no time of its clock"))?;
            let span = SignedDuration::try_from(*span).unwrap_or(SignedDuration::from_hours(24));
            desk.passcode(tokens, (now + span, &note))
        }
        Action::Enable { .. } | Action::Factor { .. } | Action::Remember { .. } => {
            Err(never(http, &CAPABILITIES.enable))
        }
    }
}

impl Desk<'_> {
    fn post(&self, path: &str, body: &Value) -> Result<Envelope<Value>, AdminError> {
        let request = Request { method: Method::Post, path, what: &self.what, headers: &[] };
        send(self.http, request, body)
    }

    /// Each on its own: the server refuses several at once. One that has gone meanwhile is what was wanted.
    fn delete<'a>(&self, serials: impl IntoIterator<Item = &'a str>) -> Result<(), AdminError> {
        for serial in serials {
            let path = format!("/token/{}", encoded(serial));
            let request = Request { method: Method::Delete, path: &path, what: &self.what, headers: &[] };
            match send(self.http, request, &json!({})) {
                Ok(_) | Err(AdminError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn make(&self, kind: &str, mut more: Value) -> Result<Envelope<Value>, AdminError> {
        more["type"] = json!(kind);
        more["user"] = json!(self.user);
        more["realm"] = json!(self.realm);
        let right = format!("enroll{}", kind.to_uppercase());
        self.post("/token/init", &more).map_err(|error| explained(error, &right))
    }

    fn enrol(&self, note: &str) -> Result<Done, AdminError> {
        let made = self.make("totp", json!({"genkey": 1, "description": note}))?;
        let uri = made.detail["googleurl"]["value"].as_str().ok_or_else(|| self.odd("no link"))?;
        let binding = made.detail["serial"].as_str().unwrap_or_default().to_owned();
        let enrolled = Enrolled { binding, uri: Zeroizing::new(uri.to_owned()) };
        let sentence = format!("An authenticator for {} was made; it is good at once", self.user);
        Ok(Done { sentence, passcode: None, enrolled: Some(enrolled) })
    }

    fn passcode(&self, tokens: &Tokens, (until, note): (Timestamp, &str)) -> Result<Done, AdminError> {
        let (text, valid_until) = validity(until);
        let made = self.make("registration", json!({"validity_period_end": text, "description": note}))?;
        let code = made.detail["registrationcode"].as_str().ok_or_else(|| self.odd("no code"))?;
        self.delete(old(tokens, Use::Passcode))?;
        let passcode = Issued { passcode: Zeroizing::new(code.to_owned()), valid_until };
        let sentence = format!("A passcode for {}", self.user);
        Ok(Done { sentence, passcode: Some(passcode), enrolled: None })
    }

    /// The wrong codes of every token, and the lock of the user where the server knows such locks and shows this one.
    fn unlock(&self, tokens: &Tokens, lock: &Told<Option<Lock>>) -> Result<(), AdminError> {
        for token in tokens.all.iter().filter(|token| token.failcount > 0) {
            self.post(&format!("/token/reset/{}", encoded(&token.serial)), &json!({}))?;
        }
        if !matches!(lock, Told::Value(Some(_))) {
            return Ok(());
        }
        let path =
            format!("/conditionalaccess/lock/user?user={}&realm={}", encoded(self.user), encoded(self.realm));
        let request = Request { method: Method::Delete, path: &path, what: &self.what, headers: &[] };
        match send(self.http, request, &json!({})) {
            Ok(_) | Err(AdminError::Missing { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn odd(&self, what: &str) -> AdminError {
        AdminError::NotUnderstood { server: self.http.name().to_owned(), what: what.to_owned() }
    }
}

/// What a reset deletes, and in which order. It may end after each: as long as a token is left, the server leads nobody
/// to binding, so that those which open nothing go first, and what opens most goes last. A bypass stays while it holds.
fn reset(tokens: &Tokens) -> Vec<&str> {
    let rank = |token: &&Token| (token.opens(tokens.now), token.is() == Use::Binding);
    let goes = |token: &&Token| token.is() != Use::Bypass || token.is_over(tokens.now);
    let mut all: Vec<&Token> = tokens.all.iter().filter(goes).collect();
    all.sort_by_key(rank);
    all.into_iter().map(|token| token.serial.as_str()).collect()
}

fn old(tokens: &Tokens, of: Use) -> Vec<&str> {
    tokens.all.iter().filter(|token| token.is() == of).map(|token| token.serial.as_str()).collect()
}

fn said(sentence: String) -> Done {
    Done { sentence, passcode: None, enrolled: None }
}
