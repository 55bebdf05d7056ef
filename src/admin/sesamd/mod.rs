//! sesam's own server: the types of [`crate::api`] over HTTP.
//!
//! | file | what lives there |
//! |---|---|
//! | `find` | a user by name; values in addresses |
//! | `shape` | what the API says, in the words of [`super::model`] |
//! | `plan` | what an action will do there |
//! | `apply` | doing it |
//! | `audit`, `query` | events: pages, numbers, following; which half of a filter the server does |

mod apply;
mod audit;
mod blame;
mod find;
mod plan;
mod query;
mod shape;
pub mod sign_in;

use std::fmt::Write;

use super::{
    Provider,
    action::{Action, Begun, Done, Plan},
    capability::Capabilities,
    error::AdminError,
    http::Http,
    model::{Application, AuditFilter, Event, Overview, Page, Person, Statistics},
};
use crate::api;

/// A sesamd.
#[derive(Debug)]
pub struct Sesamd {
    http: Http,
}

impl Sesamd {
    /// Over a client with an API key, or with the session of an administrator.
    pub fn new(http: Http) -> Self {
        Self { http }
    }
}

impl Provider for Sesamd {
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    fn overview(&self) -> Result<Overview, AdminError> {
        let seen: api::users::Overview = self.http.get("/v1/admin/overview", "overview")?;
        Ok(Overview {
            users: Some(seen.users),
            locked: Some(seen.locked),
            bypassed: Some(seen.bypassed),
            actor: seen.actor,
            role: Some(seen.role),
            version: seen.version,
            time: Some(seen.time),
        })
    }

    fn users(&self, query: &str, cursor: Option<&str>) -> Result<Page<Person>, AdminError> {
        let mut path = format!("/v1/admin/users?limit=100&q={}", find::encoded(query));
        if let Some(cursor) = cursor {
            let _ = write!(path, "&cursor={}", find::encoded(cursor));
        }
        let page: api::page::Page<api::users::User> = self.http.get(&path, "users")?;
        Ok(Page {
            items: page.items.into_iter().map(|user| shape::person(user, None)).collect(),
            next: page.next,
        })
    }

    fn user(&self, name: &str) -> Result<Person, AdminError> {
        find::user(&self.http, name).map(shape::detail)
    }

    fn applications(&self) -> Result<Vec<Application>, AdminError> {
        let all: Vec<api::applications::Application> =
            self.http.get("/v1/admin/applications", "applications")?;
        Ok(all.into_iter().map(shape::application).collect())
    }

    fn audit(&self, filter: &AuditFilter, cursor: Option<&str>) -> Result<Page<Event>, AdminError> {
        audit::page(&self.http, filter, cursor)
    }

    fn statistics(&self, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
        audit::statistics(&self.http, filter, by)
    }

    fn follow(
        &self,
        filter: &AuditFilter,
        after: Option<&str>,
        each: &mut dyn FnMut(Option<Event>) -> bool,
    ) -> Result<Option<String>, AdminError> {
        audit::follow(&self.http, (filter, after), each)
    }

    fn plan(&self, action: &Action) -> Result<Plan, AdminError> {
        plan::plan(&self.http, action)
    }

    fn apply(&self, plan: &Plan, reason: &str) -> Result<Done, AdminError> {
        apply::apply(&self.http, plan, reason).map_err(|error| blame::explained(&self.http, plan, error))
    }

    fn confirm(&self, begun: Begun<'_>, reason: &str) -> Result<Done, AdminError> {
        apply::confirm(&self.http, begun, reason)
    }
}
