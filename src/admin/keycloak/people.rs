//! Users of a realm in the words of the house: a page of them, and one with everything that a change looks at.

use std::{collections::BTreeSet, sync::OnceLock};

use super::{
    bypass::{self, Held},
    desk::{Desk, Right, each},
    filter::Filter,
    flow::Rule,
    shape::{Credential, Lock, User},
};
use crate::{
    admin::{
        address::encoded,
        error::AdminError,
        model::{Binding, Page, Person, State},
    },
    text::fold,
};

/// A user with all that a plan says and a change must find unchanged.
pub(super) struct Seen {
    pub(super) user: User,
    pub(super) credentials: Vec<Credential>,
    pub(super) lock: Lock,
    pub(super) rule: Rule,
    pub(super) held: Held,
    pub(super) sessions: Option<u32>,
}

impl Seen {
    /// The authenticators, in the order of their numbers.
    pub(super) fn bindings(&self) -> Vec<&Credential> {
        self.credentials.iter().filter(|one| one.is_otp()).collect()
    }

    /// In the words of the house.
    pub(super) fn person(&self) -> Person {
        let bindings: Vec<Binding> = self.bindings().into_iter().map(Credential::binding).collect();
        let has = |is: fn(&Credential) -> bool| self.credentials.iter().any(is);
        let others = [("security key", has(Credential::is_key)), ("recovery", has(Credential::is_recovery))];
        let others = others.into_iter().filter(|(_, has)| *has).map(|(name, _)| name.to_owned());
        // What the next sign-in leads to is looked for in the same place.
        let demanded = self.user.required_actions.iter().map(|action| format!("required action {action}"));
        Person {
            factors: others.chain(demanded).collect(),
            sessions: self.sessions,
            version: self.version(),
            ..person(&self.user, self.lock, (self.held, bindings))
        }
    }

    /// Which state this is. Wrong tries that locked nothing change no plan.
    fn version(&self) -> String {
        use sha2::{Digest, Sha256};
        let User { id, enabled, required_actions, attributes, .. } = &self.user;
        let actions: BTreeSet<&String> = required_actions.iter().collect();
        let credentials: BTreeSet<&str> = self.credentials.iter().map(|one| one.id.as_str()).collect();
        let text = format!(
            "{id} {enabled} {actions:?} {attributes:?} {:?} {credentials:?} {} {:?} {:?}",
            self.user.profile(),
            self.lock.disabled,
            self.held,
            self.rule
        );
        data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..12])
    }
}

/// A user of whom this is known.
fn person(user: &User, lock: Lock, (held, bindings): (Held, Vec<Binding>)) -> Person {
    let is_bound = user.totp || !bindings.is_empty();
    let is_bypassed = held != Held::No;
    let state = match () {
        () if user.is_locked_for_good() => State::Locked,
        () if !user.enabled => State::Disabled,
        () if lock.disabled => State::Locked,
        () if is_bypassed => State::Bypass,
        () if !is_bound || user.must_bind() => State::Unbound,
        () => State::Ok,
    };
    Person {
        id: user.id.clone(),
        name: user.username.clone(),
        display: user.display(),
        email: user.email.clone().filter(|text| !text.is_empty()),
        state,
        locked_until: lock.until(),
        bypass_until: bypass::until(user).filter(|_| is_bypassed),
        failures: u32::try_from(lock.num_failures).unwrap_or_default(),
        last_success: None,
        bindings,
        factors: vec![],
        sessions: None,
        version: String::new(),
    }
}

/// It stands for all that a user of the server's list may have.
fn some_binding() -> Binding {
    Binding {
        id: String::new(),
        kind: "otp".to_owned(),
        label: String::new(),
        state: "active".to_owned(),
        parameters: String::new(),
        bound: None,
        used: None,
    }
}

/// The user of this name, in any spelling that the server takes for the same.
pub(super) fn find(desk: &Desk, name: &str) -> Result<User, AdminError> {
    let what = format!("user \"{name}\"");
    let path = format!("/users?username={}&exact=true&max=2", encoded(name.trim()));
    let found: Vec<User> = desk.get(&path, ("users", Right::People))?;
    let key = fold(name.trim()).into_owned();
    let found = found.into_iter().find(|user| fold(&user.username) == key);
    let missing = || AdminError::Missing { server: desk.http.name().to_owned(), what: what.clone() };
    let id = found.ok_or_else(missing)?.id;
    user(desk, (&id, &what))
}

/// A user by id, whole.
pub(super) fn user(desk: &Desk, (id, what): (&str, &str)) -> Result<User, AdminError> {
    desk.get(&format!("/users/{}", encoded(id)), (what, Right::People))
}

/// The credentials of a user.
pub(super) fn credentials(desk: &Desk, (id, what): (&str, &str)) -> Result<Vec<Credential>, AdminError> {
    desk.get(&format!("/users/{}/credentials", encoded(id)), (what, Right::People))
}

/// What wrong tries led to. The server answers for ids that do not exist too: the user was read before.
pub(super) fn lock(desk: &Desk, user: &User) -> Result<Lock, AdminError> {
    let path = format!("/attack-detection/brute-force/users/{}", encoded(&user.id));
    Ok(desk.perhaps(&path, ("lock", Right::People))?.unwrap_or_default())
}

/// One user with everything, read just now.
pub(super) fn one(desk: &Desk, rule: Rule, name: &str) -> Result<Seen, AdminError> {
    let user = find(desk, name)?;
    let what = format!("user \"{}\"", user.username);
    let credentials = credentials(desk, (&user.id, &what))?;
    let lock = lock(desk, &user)?;
    let held = bypass::held(desk, &rule, &user)?;
    let path = format!("/users/{}/sessions", encoded(&user.id));
    let sessions: Option<Vec<serde_json::Value>> = desk.perhaps(&path, ("sessions", Right::People))?;
    let sessions = sessions.and_then(|all| u32::try_from(all.len()).ok());
    Ok(Seen { user, credentials, lock, rule, held, sessions })
}

/// How pages of users are asked for at this server.
#[derive(Default)]
pub(super) struct Lists {
    /// Whether it has the lists of its own console, which say who is locked.
    console: OnceLock<bool>,
}

impl Lists {
    /// A page of users by name.
    pub(super) fn page(
        &self,
        desk: &Desk,
        rule: &Rule,
        (query, cursor): (&str, Option<&str>),
    ) -> Result<Page<Person>, AdminError> {
        let filter = Filter::read(query).map_err(|why| desk.refused(why))?;
        let mut first = match cursor {
            None => 0,
            Some(text) => text.parse().map_err(|_| desk.refused("the place to go on is none".to_owned()))?,
        };
        if filter.is_for_bypass() {
            return self.bypassed(desk, rule, (&filter, first));
        }
        if filter.is_partly_ours() {
            narrow_enough(desk, &filter)?;
        }
        let members = held_by(desk, rule)?;
        let mut page = Page { items: vec![], next: None };
        for _ in 0..MOST_PAGES {
            let mut users = self.read(desk, (&filter.address(), first))?;
            let more = users.len() > PAGE;
            users.truncate(PAGE);
            first += users.len();
            page.next = more.then(|| first.to_string());
            let people = people(desk, &users, |user| match rule {
                Rule::Role(_) if members.contains(&user.id) => Held::Own,
                rule => bypass::by_attribute(rule, user),
            })?;
            let people = people.into_iter().filter(|person| filter.takes(person)).collect();
            page.items.extend(bound(desk, people)?);
            if !more || page.items.len() >= PAGE / 2 {
                break;
            }
        }
        Ok(page)
    }

    /// Those with a bypass: from the role, or by the attribute.
    fn bypassed(
        &self,
        desk: &Desk,
        rule: &Rule,
        (filter, first): (&Filter, usize),
    ) -> Result<Page<Person>, AdminError> {
        let mut users = match rule {
            Rule::None => vec![],
            Rule::Hidden => return Err(desk.lacks(Right::Realm)),
            Rule::Role(own) => bypass::members(desk, own, (first, PAGE + 1))?,
            Rule::Attribute { name, value } => {
                self.read(desk, (&format!("&q={}", encoded(&format!("{name}:{value}"))), first))?
            }
        };
        let more = users.len() > PAGE;
        users.truncate(PAGE);
        let next = more.then(|| (first + users.len()).to_string());
        let people = people(desk, &users, |user| match rule {
            Rule::Role(_) => Held::Own,
            rule => bypass::by_attribute(rule, user),
        })?;
        let people = people.into_iter().filter(|person| filter.takes_alone(person)).collect();
        Ok(Page { items: bound(desk, people)?, next })
    }

    /// One more than a page, to know whether there is a next one.
    fn read(&self, desk: &Desk, (narrow, first): (&str, usize)) -> Result<Vec<User>, AdminError> {
        let tail = format!("?briefRepresentation=false&first={first}&max={}{narrow}", PAGE + 1);
        if self.console.get() != Some(&false) {
            let path = format!("/ui-ext/brute-force-user{tail}");
            let found = desk.perhaps(&path, ("users", Right::People))?;
            let _ = self.console.set(found.is_some());
            if let Some(found) = found {
                return Ok(found);
            }
        }
        desk.get(&format!("/users{tail}"), ("users", Right::People))
    }
}

/// With the lock of each: as the list said it, else asked for one by one.
fn people(desk: &Desk, users: &[User], held: impl Fn(&User) -> Held) -> Result<Vec<Person>, AdminError> {
    let locks = each(users, |user| match user.brute_force_status {
        Some(lock) => Ok(lock),
        None => lock(desk, user),
    });
    let with = |(user, lock): (&User, Result<Lock, AdminError>)| {
        let bindings = if user.totp { vec![some_binding()] } else { vec![] };
        Ok(person(user, lock?, (held(user), bindings)))
    };
    users.iter().zip(locks).map(with).collect()
}

/// With their authenticators, of which a list of the server says only whether there is one.
fn bound(desk: &Desk, mut people: Vec<Person>) -> Result<Vec<Person>, AdminError> {
    let read = |person: &Person| match person.bindings.as_slice() {
        [] => Ok(vec![]),
        _ => credentials(desk, (&person.id, "user")),
    };
    let all = each(&people, read);
    for (person, credentials) in people.iter_mut().zip(all) {
        match credentials {
            Ok(own) => {
                person.bindings = own.iter().filter(|one| one.is_otp()).map(Credential::binding).collect();
            }
            // Gone since the list was read; or not to be read, and then one stands for all.
            Err(AdminError::Missing { .. } | AdminError::NotAllowed { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(people)
}

/// Who has the role of a bypass, by id.
fn held_by(desk: &Desk, rule: &Rule) -> Result<BTreeSet<String>, AdminError> {
    let Rule::Role(own) = rule else { return Ok(BTreeSet::new()) };
    let users = bypass::members(desk, own, (0, MOST_MEMBERS))?;
    Ok(users.into_iter().map(|user| user.id).collect())
}

/// What only this side can tell is looked for among so many users; among more, a word has to narrow first.
fn narrow_enough(desk: &Desk, filter: &Filter) -> Result<(), AdminError> {
    let path = format!("/users/count?{}", filter.address().trim_start_matches('&'));
    let count: Option<u64> = desk.perhaps(&path, ("users", Right::People))?;
    match count {
        Some(count) if count > MOST_WALKED => Err(desk.refused(format!(
            "Keycloak cannot look for a state, a factor or fails, and {count} users are too many to look at one by one: \
             add letters of the name (up to {MOST_WALKED} are looked at)"
        ))),
        _ => Ok(()),
    }
}

const PAGE: usize = 50;
/// So many pages are read for one answer.
const MOST_PAGES: usize = 10;
const MOST_WALKED: u64 = 5000;
const MOST_MEMBERS: usize = 1000;
