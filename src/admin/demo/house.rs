//! One server of the demo behind [`Provider`]: its world, who waits for news, and what it was asked for.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{plan, row::Row, user_filter::UserFilter, world::World};
use crate::{
    admin::{
        Provider,
        action::{Action, Begun, Done, Plan},
        capability::Capabilities,
        count,
        error::AdminError,
        model::{Application, AuditFilter, Event, Overview, Page, Person, State, Statistics},
        narrow::Narrow,
    },
    clock::Clock,
};

/// A server: everybody who opened it sees the same world.
pub(super) struct House {
    name: String,
    pub(super) clock: Arc<dyn Clock>,
    world: Mutex<World>,
    /// Rings when somebody changed something.
    news: Condvar,
    asked: Mutex<Vec<String>>,
}

/// A server of the demo, as one profile opened it.
pub struct Demo {
    pub(super) house: Arc<House>,
    read_only: bool,
}

/// Users on a page.
const USERS: usize = 100;
/// Events on a page unless told.
const EVENTS: u16 = 100;
/// So often a follower looks whether something came.
const BEAT: Duration = Duration::from_millis(200);
/// So many requests are remembered.
const REMEMBERED: usize = 1000;

impl House {
    pub(super) fn new(name: &str, clock: Arc<dyn Clock>, world: World) -> Self {
        let (world, news, asked) = (Mutex::new(world), Condvar::new(), Mutex::default());
        Self { name: name.to_owned(), clock, world, news, asked }
    }

    /// The world as it is now.
    fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.advance(self.clock.now());
        world
    }

    /// Changes the world, and rings for those who follow.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let changed = change(&mut self.world());
        self.news.notify_all();
        changed
    }

    fn note(&self, request: String) {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() < REMEMBERED {
            asked.push(request);
        }
    }

    fn refused(&self, why: String) -> AdminError {
        AdminError::Refused { server: self.name.clone(), why, right: None }
    }
}

impl Demo {
    pub(super) fn new(house: Arc<House>, read_only: bool) -> Self {
        Self { house, read_only }
    }

    /// A server without anybody, for a story that begins with nothing.
    pub fn empty(clock: Arc<dyn Clock>, read_only: bool) -> Self {
        let world = World::empty(clock.now());
        Self::new(Arc::new(House::new("mfa-test", clock, world)), read_only)
    }

    /// The same server, as somebody else opened it.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::new(Arc::clone(&self.house), self.read_only)
    }

    /// What it was asked for, the oldest first: `GET` for what only reads.
    pub fn requests(&self) -> Vec<String> {
        self.house.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn reads(&self, what: &str) -> MutexGuard<'_, World> {
        self.house.note(format!("GET {what}"));
        self.house.world()
    }

    /// The demo's clock on the wall is UTC.
    fn rows(&self, filter: &AuditFilter) -> Result<Narrow, AdminError> {
        let read = Narrow::read(&filter.query, self.house.clock.now(), &jiff::tz::TimeZone::UTC);
        let narrow = read.map_err(|why| self.house.refused(why))?;
        Ok(narrow.between(filter.since, filter.until))
    }
}

impl Provider for Demo {
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }

    fn overview(&self) -> Result<Overview, AdminError> {
        let (world, now) = (self.reads("overview"), self.house.clock.now());
        let many = |state| world.people.iter().filter(|user| user.state(now) == state).count() as u64;
        Ok(Overview {
            users: Some(world.people.len() as u64),
            locked: Some(many(State::Locked)),
            bypassed: Some(many(State::Bypass)),
            actor: super::apply::ACTOR.to_owned(),
            role: Some("owner".to_owned()),
            version: "sesamd 1.0.0 (demo)".to_owned(),
            time: Some(now),
        })
    }

    fn users(&self, query: &str, cursor: Option<&str>) -> Result<Page<Person>, AdminError> {
        let (world, now) = (self.reads("users"), self.house.clock.now());
        let filter = UserFilter::read(query).map_err(|why| self.house.refused(why))?;
        let from = cursor.and_then(|cursor| cursor.parse::<usize>().ok()).unwrap_or(0);
        let mut found =
            world.people.iter().enumerate().skip(from).filter(|(_, user)| filter.takes(user, now));
        let items = found.by_ref().take(USERS).map(|(_, user)| user.person(now)).collect();
        Ok(Page { items, next: found.next().map(|(place, _)| place.to_string()) })
    }

    fn user(&self, name: &str) -> Result<Person, AdminError> {
        let (world, now) = (self.reads("user"), self.house.clock.now());
        let missing =
            || AdminError::Missing { server: self.house.name.clone(), what: format!("user \"{name}\"") };
        world.user(name).map(|user| user.person(now)).ok_or_else(missing)
    }

    fn applications(&self) -> Result<Vec<Application>, AdminError> {
        let world = self.reads("applications");
        Ok(world.apps.iter().map(|app| app.application(&world.people)).collect())
    }

    fn audit(&self, filter: &AuditFilter, cursor: Option<&str>) -> Result<Page<Event>, AdminError> {
        let world = self.reads("audit");
        let wanted = self.rows(filter)?;
        let before = cursor.and_then(|cursor| cursor.parse::<u64>().ok()).unwrap_or(u64::MAX);
        let rows = world.rows().iter().rev().filter(|row| row.seq < before && wanted.takes(&row.facts()));
        let limit = usize::from(filter.limit.unwrap_or(EVENTS).max(1));
        let mut items: Vec<Event> = rows.take(limit + 1).map(Row::event).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|event| event.id.clone());
        Ok(Page { items, next })
    }

    fn statistics(&self, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError> {
        let world = self.reads("statistics");
        let now = self.house.clock.now();
        let usual = jiff::SignedDuration::from_hours(count::usual_hours(by));
        let wanted = self.rows(filter)?.not_before(now.checked_sub(usual).unwrap_or(now));
        let rows = world.rows().iter().map(Row::facts).filter(|facts| wanted.takes(facts));
        count::count(rows, (by, filter.ahead_minutes)).map_err(|why| self.house.refused(why))
    }

    fn follow(
        &self,
        filter: &AuditFilter,
        after: Option<&str>,
        each: &mut dyn FnMut(Option<Event>) -> bool,
    ) -> Result<Option<String>, AdminError> {
        let wanted = self.rows(filter)?;
        let mut world = self.reads("stream");
        let mut seen = after.map_or(world.last(), |after| after.parse().unwrap_or(0));
        loop {
            let news: Vec<Event> =
                world.behind(seen).iter().filter(|row| wanted.takes(&row.facts())).map(Row::event).collect();
            seen = world.last();
            drop(world);
            for event in news {
                let id = event.id.clone();
                if !each(Some(event)) {
                    return Ok(Some(id));
                }
            }
            if !each(None) {
                return Ok(Some(seen.to_string()));
            }
            world = self.house.world();
            if world.last() == seen {
                let (guard, _) =
                    self.house.news.wait_timeout(world, BEAT).unwrap_or_else(PoisonError::into_inner);
                world = guard;
                world.advance(self.house.clock.now());
            }
        }
    }

    fn plan(&self, action: &Action) -> Result<Plan, AdminError> {
        let world = self.reads("plan");
        plan::plan(&world, action, (&self.house.name, self.house.clock.now()))
    }

    fn apply(&self, plan: &Plan, reason: &str) -> Result<Done, AdminError> {
        let (house, now) = (&self.house, self.house.clock.now());
        if self.read_only {
            return Err(AdminError::ReadOnly(house.name.clone()));
        }
        house.note(format!("POST {}", plan.title));
        house.change(|world| super::apply::apply(world, (plan, reason), (&house.name, now)))
    }

    fn confirm(&self, begun: Begun<'_>, reason: &str) -> Result<Done, AdminError> {
        if self.read_only {
            return Err(AdminError::ReadOnly(self.house.name.clone()));
        }
        self.house.note(format!("POST Confirm a binding of {}", begun.user));
        if !self.is_confirmed(begun.user, begun.binding, begun.code) {
            return Err(self.house.refused("the code is wrong, or there is no such binding".to_owned()));
        }
        let now = self.house.clock.now();
        let by = Some(super::apply::ACTOR.to_owned());
        let row = Row {
            user: Some(begun.user.to_owned()),
            by,
            ..Row::new(now, format!("binding confirmed: {reason}"))
        };
        self.house.change(|world| world.write(row));
        Ok(Done { sentence: format!("The binding of {} is good from now on", begun.user), ..Done::default() })
    }
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").field("server", &self.house.name).finish_non_exhaustive()
    }
}
