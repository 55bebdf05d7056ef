//! Keycloak: a realm whose credentials of the type `otp` are the bindings, and whose login flow decides who is asked for them.
//!
//! | file | what lives there |
//! |---|---|
//! | `abilities` | what it can do, how, or why not |
//! | [`sign_in`], [`device`], `claims` | an administrator's session: how it is begun, by which browser, what its token says |
//! | `desk` | how the realm is asked, and which right a refusal is about |
//! | `shape` | users, locks and credentials as the server says them |
//! | `people`, `filter` | users in the words of [`super::model`], and how they are found |
//! | `flow`, `bypass` | the rule that lets some users in without a second step, and who is let in |
//! | `applications` | what people sign in to, and whether its flow asks for a code |
//! | `plan`, `apply` | what an action will do there, doing it |
//! | `write`, `enrol` | changes of one user, each read back; an authenticator on somebody's behalf |
//! | `audit`, `place`, `stream`, `follow`, `uses` | both logs beside each other: pages, numbers, following by asking again |
//! | `row`, `deed`, `names` | a row in words, what an administrator did, and who is meant by the ids |

mod abilities;
mod applications;
mod apply;
mod audit;
mod bypass;
mod claims;
mod deed;
mod desk;
pub mod device;
mod enrol;
mod filter;
mod flow;
mod follow;
mod names;
mod people;
mod place;
mod plan;
mod row;
mod shape;
pub mod sign_in;
mod stream;
mod uses;
mod write;

pub use abilities::{CAPABILITIES, WITHOUT_BYPASS};

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::Value;

use self::{
    audit::Ledger,
    desk::{Desk, Right},
    flow::Rule,
    names::Names,
    people::Lists,
    sign_in::Session,
    stream::Dates,
};
use super::{
    Provider,
    action::{Action, Done, Plan},
    capability::{Capabilities, Capability},
    error::AdminError,
    http::Http,
    model::{Application, AuditFilter, Event, Overview, Page, Person, Statistics, Uses},
};
use crate::clock::running;

/// A Keycloak, one realm of it.
pub struct Keycloak {
    desk: Desk,
    lists: Lists,
    names: Names,
    dates: Dates,
    /// The rule as it was read last, for what only looks: a change reads it anew.
    rule: Mutex<Option<(Duration, Rule)>>,
    /// Whether the events say nothing: they are not saved, or not to be read.
    silent: AtomicBool,
}

impl Keycloak {
    /// Over a client that asks with the tokens of this session.
    pub fn new(http: Http, session: Arc<Session>, realm: &str) -> Self {
        Self {
            desk: Desk { http, session, realm: realm.to_owned() },
            lists: Lists::default(),
            names: Names::default(),
            dates: Dates::default(),
            rule: Mutex::default(),
            silent: AtomicBool::new(false),
        }
    }

    fn rule(&self) -> Result<Rule, AdminError> {
        let mut kept = self.rule.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, rule)) = &*kept
            && running() < *since + FRESH
        {
            return Ok(rule.clone());
        }
        let rule = flow::rule(&self.desk)?;
        *kept = Some((running(), rule.clone()));
        Ok(rule)
    }

    fn ledger(&self) -> Result<Ledger<'_>, AdminError> {
        Ok(Ledger { desk: &self.desk, names: &self.names, dates: &self.dates, rule: self.rule()? })
    }

    /// Told to administrators of the realm `master` alone.
    fn version(&self) -> String {
        let told: Option<Value> = self.desk.http.get("/admin/serverinfo", "version").ok();
        let version = told.as_ref().and_then(|told| told["systemInfo"]["version"].as_str());
        version.map_or("not told".to_owned(), str::to_owned)
    }
}

impl Provider for Keycloak {
    fn capabilities(&self) -> Capabilities {
        let kept = self.rule.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((_, Rule::None)) => WITHOUT_BYPASS,
            _ => CAPABILITIES,
        }
    }

    fn overview(&self) -> Result<Overview, AdminError> {
        let users: u64 = self.desk.get("/users/count", ("users", Right::People))?;
        let bypassed = match self.rule()? {
            Rule::Role(role) => {
                Some(bypass::members(&self.desk, &role, (0, MOST))?.len()).filter(|few| *few < MOST)
            }
            Rule::None => Some(0),
            Rule::Attribute { .. } | Rule::Hidden => None,
        };
        let claims = self.desk.session.claims();
        Ok(Overview {
            users: Some(users),
            locked: None,
            bypassed: bypassed.map(|count| count as u64),
            actor: claims.name.clone().unwrap_or_default(),
            role: claims.role(),
            version: self.version(),
            time: self.desk.session.time(),
        })
    }

    fn users(&self, query: &str, cursor: Option<&str>) -> Result<Page<Person>, AdminError> {
        self.lists.page(&self.desk, &self.rule()?, (query, cursor))
    }

    fn user(&self, name: &str) -> Result<Person, AdminError> {
        let seen = people::one(&self.desk, self.rule()?, name)?;
        self.names.remember(&seen.user);
        let mut person = seen.person();
        let is_told = uses::add(&self.ledger()?, &mut person)?;
        self.silent.store(!is_told, Ordering::Relaxed);
        Ok(person)
    }

    fn applications(&self) -> Result<Vec<Application>, AdminError> {
        applications::all(&self.desk)
    }

    fn audit(&self, filter: &AuditFilter, cursor: Option<&str>) -> Result<Page<Event>, AdminError> {
        self.ledger()?.page(filter, cursor)
    }

    fn statistics(&self, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
        self.ledger()?.statistics(filter, by)
    }

    fn follow(
        &self,
        filter: &AuditFilter,
        after: Option<&str>,
        each: &mut dyn FnMut(Option<Event>) -> bool,
    ) -> Result<Option<String>, AdminError> {
        follow::follow(&self.ledger()?, (filter, after), each)
    }

    fn plan(&self, action: &Action) -> Result<Plan, AdminError> {
        plan::plan(&self.desk, action)
    }

    fn apply(&self, plan: &Plan, _: &str) -> Result<Done, AdminError> {
        apply::apply(&self.desk, plan)
    }

    fn keeps_reason(&self, _action: &Action) -> bool {
        false
    }

    fn uses(&self) -> Uses {
        if self.silent.load(Ordering::Relaxed) { Uses::Nowhere } else { Uses::OfOne }
    }

    fn whole(&self) -> Capability {
        CAPABILITIES.factors
    }
}

const FRESH: Duration = Duration::from_secs(30);
const MOST: usize = 500;
