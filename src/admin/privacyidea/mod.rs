//! privacyIDEA: users come from directories, tokens are the bindings, policies say what happens without one.
//!
//! | file | what lives there |
//! |---|---|
//! | `abilities` | what it can do, how, or why not |
//! | `sign_in` | an administrator's session, which lasts an hour and is begun again |
//! | `rights` | what that administrator may do, and which right a refusal is about |
//! | `envelope` | what every answer is wrapped in |
//! | `dates` | its three ways to write a date |
//! | `token`, `people` | tokens and users, in the words of [`super::model`] |
//! | `policies` | whether a user without tokens is led to binding, or locked out |
//! | `needs` | which rights a change needs, before the first request of it |
//! | `plan`, `apply` | what an action will do there, doing it |
//! | `rows`, `logins` | its two logs: what administrators did, who signed in; `heard` is a page of either |
//! | `audit` | both as one: pages, numbers, following by asking again |

mod abilities;
mod apply;
mod audit;
mod dates;
mod envelope;
mod heard;
mod logins;
mod needs;
mod people;
mod plan;
mod policies;
pub mod rights;
mod rows;
pub mod sign_in;
mod token;

pub use abilities::CAPABILITIES;

use std::sync::OnceLock;

use serde_json::Value;

use self::{
    audit::Books,
    envelope::{Envelope, get, told, whole},
    rights::{Rights, Who},
};
use super::{
    Provider,
    action::{Action, Done, Plan},
    address::encoded,
    capability::Capabilities,
    error::AdminError,
    http::Http,
    model::{Application, AuditFilter, Event, Overview, Page, Person, Statistics},
};

/// A privacyIDEA, one realm of it.
pub struct PrivacyIdea {
    http: Http,
    who: Who,
    /// The realm of the profile; else the server's usual one.
    wanted: Option<String>,
    realm: OnceLock<String>,
}

impl PrivacyIdea {
    /// Over a client with the session of an administrator, or with a service token.
    pub fn new(http: Http, (actor, rights): (&str, Rights), realm: Option<String>) -> Self {
        let wanted = realm.filter(|realm| !realm.is_empty());
        Self { http, who: Who { name: actor.to_owned(), rights }, wanted, realm: OnceLock::new() }
    }

    /// The realm whose users are meant.
    fn realm(&self) -> Result<&str, AdminError> {
        if let Some(realm) = self.realm.get() {
            return Ok(realm);
        }
        let found = match &self.wanted {
            Some(realm) => realm.clone(),
            None => self.usual_realm()?,
        };
        Ok(self.realm.get_or_init(|| found))
    }

    fn books(&self) -> Result<Books<'_>, AdminError> {
        Ok(Books { http: &self.http, realm: self.realm()? })
    }

    fn usual_realm(&self) -> Result<String, AdminError> {
        let realms: serde_json::Map<String, Value> = get(&self.http, "/realm/", "realm")?;
        let usual = realms.iter().find(|(_, realm)| realm["default"].as_bool() == Some(true));
        let only = realms.iter().next().filter(|_| realms.len() == 1);
        let found = usual.or(only).map(|(name, _)| name.clone());
        found.ok_or_else(|| AdminError::Refused {
            server: self.http.name().to_owned(),
            why: "it has several realms and none is the usual one: name it in the profile (realm)".to_owned(),
            right: None,
        })
    }
}

impl Provider for PrivacyIdea {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    fn keeps_reason(&self, action: &Action) -> bool {
        plan::is_with_a_token(action)
    }

    fn overview(&self) -> Result<Overview, AdminError> {
        let realm = self.realm()?;
        let path = format!("/user/count?realm={}", encoded(realm));
        let users = told::<Value>(&self.http, &path)?.value().and_then(|value| value["count"].as_u64());
        let locks = token::locks(&self.http, realm)?.value();
        let seen: Envelope<Value> = whole(&self.http, "/token/?pagesize=1", "tokens")?;
        Ok(Overview {
            users,
            locked: locks.map(|locks| locks.len() as u64),
            bypassed: None,
            actor: self.who.name.clone(),
            role: Some("admin".to_owned()),
            version: seen.version.trim_start_matches("privacyIDEA ").to_owned(),
            time: dates::time(seen.time),
        })
    }

    fn users(&self, query: &str, cursor: Option<&str>) -> Result<Page<Person>, AdminError> {
        people::page(&self.http, self.realm()?, (query, cursor))
    }

    fn user(&self, name: &str) -> Result<Person, AdminError> {
        people::one(&self.http, self.realm()?, name).map(|found| found.person)
    }

    fn applications(&self) -> Result<Vec<Application>, AdminError> {
        Ok(vec![])
    }

    fn audit(&self, filter: &AuditFilter, cursor: Option<&str>) -> Result<Page<Event>, AdminError> {
        audit::page(self.books()?, filter, cursor)
    }

    fn statistics(&self, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
        audit::statistics(self.books()?, filter, by)
    }

    fn follow(
        &self,
        filter: &AuditFilter,
        after: Option<&str>,
        each: &mut dyn FnMut(Option<Event>) -> bool,
    ) -> Result<Option<String>, AdminError> {
        audit::follow(self.books()?, (filter, after), each)
    }

    fn plan(&self, action: &Action) -> Result<Plan, AdminError> {
        plan::plan(&self.http, (self.realm()?, &self.who), action)
    }

    fn apply(&self, plan: &Plan, reason: &str) -> Result<Done, AdminError> {
        apply::apply(&self.http, (self.realm()?, &self.who), (plan, reason))
    }
}
