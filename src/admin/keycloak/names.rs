//! Who is meant by the ids in events, and which authenticator: asked once each, and remembered while the connection lasts.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::{
    bypass,
    deed::AdminRow,
    desk::{Desk, Right, each},
    flow::Rule,
    people,
    row::{Known, UserRow},
    shape::User,
};
use crate::{
    admin::{address::encoded, error::AdminError, model::Event},
    clock::running,
};

/// What was learned so far.
#[derive(Default)]
pub(super) struct Names {
    users: Mutex<HashMap<String, Option<String>>>,
    /// Of a user: the authenticators by id, and when they were asked for.
    devices: Mutex<HashMap<String, Devices>>,
    bypassed: Mutex<Option<(Duration, BTreeSet<String>)>>,
}

/// Names of authenticators by id, and when they were asked for.
type Devices = (Duration, BTreeMap<String, String>);

/// A row of either kind.
pub(super) enum Row {
    User(UserRow),
    Admin(AdminRow),
}

impl Row {
    /// In milliseconds since 1970.
    pub(super) fn time(&self) -> i64 {
        match self {
            Self::User(row) => row.time,
            Self::Admin(row) => row.time,
        }
    }

    pub(super) fn key(&self) -> String {
        match self {
            Self::User(row) => row.key(),
            Self::Admin(row) => row.key(),
        }
    }

    /// The ids of the people in it.
    fn people(&self) -> Vec<&str> {
        match self {
            // Who signed in by an address of theirs is called by it; the id says who it was.
            Self::User(row) => match row.detail("username") {
                Some(name) if !name.contains('@') => vec![],
                _ => row.user_id.as_deref().into_iter().collect(),
            },
            Self::Admin(row) => row.target().into_iter().chain(row.auth_details.user_id.as_deref()).collect(),
        }
    }
}

impl Names {
    /// The rows as events; nothing for a row that is none.
    pub(super) fn events(
        &self,
        desk: &Desk,
        rule: &Rule,
        rows: &[Row],
    ) -> Result<Vec<Option<Event>>, AdminError> {
        self.learn(desk, rows.iter().flat_map(Row::people).collect())?;
        self.learn_devices(desk, rows)?;
        let is_plain =
            |row: &Row| matches!(row, Row::User(row) if row.kind == "LOGIN" && row.credential().is_none());
        let bypassed = if rows.iter().any(is_plain) { self.bypassed(desk, rule)? } else { BTreeSet::new() };
        let opens = match rule {
            Rule::Role(own) => Some(own.name.as_str()),
            _ => None,
        };
        let event = |row: &Row| match row {
            Row::User(row) => {
                let user = row.user_id.as_deref();
                row.event(&Known {
                    user: user.and_then(|id| self.name(id)),
                    device: user.zip(row.credential()).and_then(|(user, id)| self.device(user, id)),
                    by: None,
                    bypassed: user.is_some_and(|id| bypassed.contains(id)),
                })
            }
            Row::Admin(row) => {
                let by = row.auth_details.user_id.as_deref();
                let elsewhere = || {
                    let realm = row.auth_details.realm_id.as_deref().filter(|realm| realm.len() < 30);
                    by.map(|id| realm.map_or(id.to_owned(), |realm| format!("{id} of {realm}")))
                };
                let known = Known {
                    user: row.target().and_then(|id| self.name(id).or(Some(id.to_owned()))),
                    by: by.and_then(|id| self.name(id)).or_else(elsewhere),
                    ..Known::default()
                };
                row.event((&known, opens))
            }
        };
        Ok(rows.iter().map(event).collect())
    }

    /// A name that is known from elsewhere.
    pub(super) fn remember(&self, user: &User) {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.insert(user.id.clone(), Some(user.username.clone()));
    }

    fn name(&self, id: &str) -> Option<String> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner).get(id)?.clone()
    }

    fn device(&self, user: &str, id: &str) -> Option<String> {
        let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        devices.get(user)?.1.get(id).filter(|name| !name.is_empty()).cloned()
    }

    fn learn(&self, desk: &Desk, ids: BTreeSet<&str>) -> Result<(), AdminError> {
        let known = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown: Vec<&str> = ids.into_iter().filter(|id| !known.contains_key(*id)).collect();
        drop(known);
        let found = each(&unknown, |id| {
            let path = format!("/users/{}", encoded(id));
            desk.perhaps::<User>(&path, ("user", Right::People))
        });
        let mut known = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, found) in unknown.into_iter().zip(found) {
            known.insert(id.to_owned(), found?.map(|user| user.username));
        }
        Ok(())
    }

    fn learn_devices(&self, desk: &Desk, rows: &[Row]) -> Result<(), AdminError> {
        let used: BTreeSet<(&str, &str)> = rows
            .iter()
            .filter_map(|row| match row {
                Row::User(row) => row.user_id.as_deref().zip(row.credential()),
                Row::Admin(_) => None,
            })
            .collect();
        let is_known = |(user, id): &(&str, &str)| {
            let devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
            // A device that is not among them may be newer than they are, or gone.
            devices.get(*user).is_some_and(|(asked, own)| own.contains_key(*id) || running() < *asked + FRESH)
        };
        let users: BTreeSet<&str> =
            used.into_iter().filter(|one| !is_known(one)).map(|(user, _)| user).collect();
        let users: Vec<&str> = users.into_iter().collect();
        let found = each(&users, |user| match people::credentials(desk, (user, "user")) {
            Err(AdminError::Missing { .. } | AdminError::NotAllowed { .. }) => Ok(vec![]),
            other => other,
        });
        for (user, found) in users.into_iter().zip(found) {
            let own: Vec<_> = found?.into_iter().map(|one| (one.id, one.label.unwrap_or_default())).collect();
            let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
            let known = devices.entry(user.to_owned()).or_default();
            known.0 = running();
            // One that is gone keeps the name that it had.
            known.1.extend(own);
        }
        Ok(())
    }

    /// Who has the bypass now: an event does not say whether they had it then.
    fn bypassed(&self, desk: &Desk, rule: &Rule) -> Result<BTreeSet<String>, AdminError> {
        let mut kept = self.bypassed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((asked, all)) = &*kept
            && running() < *asked + FRESH
        {
            return Ok(all.clone());
        }
        let users = match rule {
            Rule::Role(own) => bypass::members(desk, own, (0, MOST))?,
            Rule::Attribute { name, value } => {
                let path = format!("/users?q={}&max={MOST}", encoded(&format!("{name}:{value}")));
                desk.perhaps(&path, ("users", Right::People))?.unwrap_or_default()
            }
            Rule::None | Rule::Hidden => vec![],
        };
        let all: BTreeSet<String> = users.into_iter().filter(|user| user.totp).map(|user| user.id).collect();
        *kept = Some((running(), all.clone()));
        Ok(all)
    }
}

const FRESH: Duration = Duration::from_secs(5);
const MOST: usize = 1000;
