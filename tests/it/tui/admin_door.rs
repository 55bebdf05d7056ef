//! A help desk's server out of a script: what it holds is in memory, what it is asked is written down, and it fails,
//! waits or is slow where a test says so.

use std::{
    collections::HashSet,
    sync::{Arc, Condvar, Mutex, MutexGuard},
    time::Duration,
};

use jiff::Timestamp;
use sesam::{
    admin::{
        Provider,
        action::{Action, Done, Enrolled, Issued, Level, Plan},
        capability::{Capabilities, Capability},
        connect::{Door, Profile},
        error::AdminError,
        model::{
            Application, AuditFilter, Binding, Event, Outcome, Overview, Page, Person, State, Statistics,
        },
    },
    config::{Server, ServerKind, TokenSource},
    tui::Start,
};
use zeroize::Zeroizing;

/// Longer than any test holds an answer back.
const PATIENCE: Duration = Duration::from_secs(30);

/// The server, as the test sees it.
#[derive(Default)]
pub(super) struct Desk {
    inner: Mutex<Inner>,
    freed: Condvar,
}

#[derive(Default)]
struct Inner {
    people: Vec<Person>,
    asked: Vec<String>,
    held: HashSet<String>,
    /// What every question gets.
    broken: Option<AdminError>,
    /// What the next change gets.
    refuses: Option<AdminError>,
    can: Option<Capabilities>,
    /// Whether it writes no reasons down.
    forgets: bool,
    /// What a page holds.
    page: usize,
}

impl Desk {
    /// A server with four people.
    pub(super) fn new() -> Arc<Self> {
        let people = vec![
            person("ada", "Ada Lovelace", State::Ok, 1),
            person("alan", "Alan Turing", State::Locked, 2),
            person("dennis", "Dennis Ritchie", State::Unbound, 0),
            person("edsger", "Edsger Dijkstra", State::Bypass, 1),
        ];
        let inner = Inner { people, page: 100, ..Inner::default() };
        Arc::new(Self { inner: Mutex::new(inner), freed: Condvar::new() })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// What changed, in the order of the changes: `reset alan: lost phone`.
    pub(super) fn changes(&self) -> Vec<String> {
        self.lock().asked.iter().filter(|line| line.contains(": ")).cloned().collect()
    }

    /// How often something was asked.
    pub(super) fn count(&self, begins: &str) -> usize {
        self.lock().asked.iter().filter(|line| line.starts_with(begins)).count()
    }

    /// Every question fails from now on, or none.
    pub(super) fn breaks(&self, error: Option<AdminError>) {
        self.lock().broken = error;
    }

    /// The next change fails.
    pub(super) fn refuses(&self, error: AdminError) {
        self.lock().refuses = Some(error);
    }

    /// Questions that begin so get no answer until they are freed.
    pub(super) fn holds(&self, begins: &str) {
        self.lock().held.insert(begins.to_owned());
    }

    /// They get it now.
    pub(super) fn frees(&self, begins: &str) {
        self.lock().held.remove(begins);
        self.freed.notify_all();
    }

    /// Waits until something was asked so often.
    pub(super) fn waits_for(&self, begins: &str, times: usize) {
        let is_early =
            |inner: &mut Inner| inner.asked.iter().filter(|line| line.starts_with(begins)).count() < times;
        let waited = self.freed.wait_timeout_while(self.lock(), PATIENCE, is_early).unwrap();
        assert!(!waited.1.timed_out(), "{begins:?} was not asked");
    }

    /// It cannot do everything.
    pub(super) fn can(&self, can: Capabilities) {
        self.lock().can = Some(can);
    }

    /// It writes no reasons down.
    pub(super) fn forgets_reasons(&self) {
        self.lock().forgets = true;
    }

    /// So many people, and so many of them on a page.
    pub(super) fn crowd(&self, count: usize, page: usize) {
        let mut inner = self.lock();
        inner.people = (0..count).map(|at| person(&format!("user{at:04}"), "", State::Ok, 1)).collect();
        inner.page = page;
    }

    /// Somebody else changes a user.
    pub(super) fn changes_by_others(&self, name: &str) {
        self.lock().people.iter_mut().filter(|own| own.name == name).for_each(|own| own.version.push('x'));
    }

    fn asked(&self, line: &str) -> Result<MutexGuard<'_, Inner>, AdminError> {
        let mut inner = self.lock();
        inner.asked.push(line.to_owned());
        self.freed.notify_all();
        let is_held = |inner: &mut Inner| inner.held.iter().any(|begins| line.starts_with(begins));
        let (inner, _) = self.freed.wait_timeout_while(inner, PATIENCE, is_held).unwrap();
        match inner.broken.clone() {
            Some(error) => Err(error),
            None => Ok(inner),
        }
    }
}

/// The start of the screens with servers `mfa` (PROD) and `lab` (LAB, plain http), both this one.
pub(super) fn with(desk: &Arc<Desk>) -> impl FnOnce(&mut Start) + use<> {
    let desk = Arc::clone(desk);
    move |start| {
        start.door = Arc::new(Way(desk));
        let servers = &mut start.config.admin.servers;
        servers.clear();
        servers.insert("mfa".to_owned(), server(ServerKind::Prod, "https://mfa.corp.example"));
        servers.insert("lab".to_owned(), server(ServerKind::Lab, "http://127.0.0.1:4"));
        start.config.admin.default_server = Some("mfa".to_owned());
    }
}

fn server(kind: ServerKind, url: &str) -> Server {
    let token = TokenSource::File("/run/token".into());
    Server { kind, url: url.to_owned(), token, ..Server::default() }
}

struct Way(Arc<Desk>);

impl Door for Way {
    fn open(&self, profile: &Profile) -> Result<Arc<dyn Provider>, AdminError> {
        if profile.name == "lab" {
            let why = "nobody listens there".to_owned();
            return Err(AdminError::Unreachable { server: "lab".to_owned(), why });
        }
        if profile.name == "slow" {
            drop(self.0.asked("open slow")?);
            drop(self.0.asked("closed slow")?);
            return Err(unreachable());
        }
        Ok(Arc::new(Scripted { desk: Arc::clone(&self.0), read_only: profile.read_only }))
    }
}

struct Scripted {
    desk: Arc<Desk>,
    read_only: bool,
}

impl Scripted {
    fn person(&self, name: &str) -> Result<Person, AdminError> {
        let inner = self.desk.asked(&format!("user {name}"))?;
        let found = inner.people.iter().find(|own| own.name == name).cloned();
        found.ok_or_else(|| AdminError::Missing { server: "mfa".into(), what: format!("user \"{name}\"") })
    }
}

impl Provider for Scripted {
    fn capabilities(&self) -> Capabilities {
        self.desk.lock().can.clone().unwrap_or(Capabilities::ALL)
    }

    fn keeps_reason(&self, _action: &Action) -> bool {
        !self.desk.lock().forgets
    }

    fn overview(&self) -> Result<Overview, AdminError> {
        let inner = self.desk.asked("overview")?;
        Ok(Overview {
            users: Some(inner.people.len() as u64),
            locked: Some(1),
            bypassed: Some(1),
            actor: "admin@ops".to_owned(),
            role: Some("helpdesk".to_owned()),
            version: "1.0".to_owned(),
            time: None,
        })
    }

    fn users(&self, query: &str, cursor: Option<&str>) -> Result<Page<Person>, AdminError> {
        let inner = self.desk.asked(&format!("users {query}"))?;
        if query.contains("bad:") {
            let why = "there is no filter of this name: state, factor, name and fails are known".to_owned();
            return Err(AdminError::Refused { server: "mfa".to_owned(), why, right: None });
        }
        let state = query.strip_prefix("state:");
        let fits = |own: &&Person| match state {
            Some(state) => own.state.word() == state,
            None => own.name.contains(query),
        };
        let from: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let all: Vec<Person> = inner.people.iter().filter(fits).cloned().collect();
        let next = (from + inner.page < all.len()).then(|| (from + inner.page).to_string());
        Ok(Page { items: all.into_iter().skip(from).take(inner.page).collect(), next })
    }

    fn user(&self, name: &str) -> Result<Person, AdminError> {
        self.person(name)
    }

    fn applications(&self) -> Result<Vec<Application>, AdminError> {
        drop(self.desk.asked("applications")?);
        let own = |id: &str, otp| Application {
            id: id.to_owned(),
            name: id.to_uppercase(),
            factors: vec![("otp".to_owned(), otp)],
            users: None,
            remember_minutes: None,
        };
        Ok(vec![own("vpn", true), own("mail", false), own("wiki", true)])
    }

    fn audit(&self, filter: &AuditFilter, _cursor: Option<&str>) -> Result<Page<Event>, AdminError> {
        drop(self.desk.asked(&format!("audit {}", filter.query))?);
        let event = Event {
            id: "1".to_owned(),
            time: at(-12),
            user: Some("alan".to_owned()),
            outcome: Outcome::Fail,
            application: Some("vpn".to_owned()),
            what: "wrong code".to_owned(),
            from: Some("10.8.0.14".to_owned()),
            by: Some("ben@ops".to_owned()),
            raw: serde_json::Value::Null,
        };
        Ok(Page { items: vec![event], next: None })
    }

    fn statistics(&self, _filter: &AuditFilter, _by: &str) -> Result<Statistics, AdminError> {
        Ok(Statistics::default())
    }

    fn follow(
        &self,
        _filter: &AuditFilter,
        _after: Option<&str>,
        _each: &mut dyn FnMut(Option<Event>) -> bool,
    ) -> Result<Option<String>, AdminError> {
        Ok(None)
    }

    fn plan(&self, action: &Action) -> Result<Plan, AdminError> {
        let name = action.user().unwrap_or_default();
        let person = self.person(name)?;
        drop(self.desk.asked(&format!("plan {name}"))?);
        let is_typed = match action {
            Action::Reset { .. } | Action::Unbind { .. } | Action::Enable { on: false, .. } => true,
            Action::Bypass { until: Some(until), .. } => *until > at(8 * 3600),
            _ => false,
        };
        let mut effects: Vec<String> =
            person.bindings.iter().map(|own| format!("delete binding {}", own.id)).collect();
        effects.push("be written to the audit log".to_owned());
        Ok(Plan {
            action: action.clone(),
            title: format!("{} of {name} ({})", word(action), person.display.as_deref().unwrap_or("")),
            effects,
            warning: is_typed.then(|| "This cannot be undone here.".to_owned()),
            level: if is_typed { Level::Typed } else { Level::Asked },
            confirm: name.to_owned(),
            id: person.id.clone(),
            version: person.version.clone(),
            bindings: person.bindings.len() as u64,
        })
    }

    fn apply(&self, plan: &Plan, reason: &str) -> Result<Done, AdminError> {
        if self.read_only {
            return Err(AdminError::ReadOnly("mfa".to_owned()));
        }
        let name = plan.action.user().unwrap_or_default();
        let mut inner = self.desk.asked(&format!("{} {name}: {reason}", word(&plan.action)))?;
        if let Some(error) = inner.refuses.take() {
            return Err(error);
        }
        let person = inner.people.iter_mut().find(|own| own.name == name).unwrap();
        if person.version != plan.version {
            return Err(AdminError::Changed("it".to_owned()));
        }
        person.version.push('.');
        let mut done = Done { sentence: format!("{name} was changed"), ..Done::default() };
        match &plan.action {
            Action::Reset { .. } => {
                (person.state, person.locked_until) = (State::Unbound, None);
                person.bindings.clear();
            }
            Action::Unbind { binding, .. } => person.bindings.retain(|own| own.id != *binding),
            Action::Bypass { until, .. } => {
                (person.state, person.bypass_until) =
                    (if until.is_some() { State::Bypass } else { State::Ok }, *until);
            }
            Action::Unlock { .. } => {
                (person.state, person.locked_until, person.failures) = (State::Ok, None, 0);
            }
            Action::Enable { on, .. } => person.state = if *on { State::Ok } else { State::Disabled },
            Action::Passcode { .. } => {
                let passcode = Zeroizing::new("21581800".to_owned());
                done.passcode = Some(Issued { passcode, valid_until: at(3600) });
            }
            Action::Enrol { .. } => {
                let uri = "otpauth://totp/vpn:alan?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=vpn";
                done.enrolled = Some(Enrolled { binding: "b9".into(), uri: Zeroizing::new(uri.into()) });
            }
            Action::Factor { .. } | Action::Remember { .. } => {}
        }
        Ok(done)
    }
}

fn word(action: &Action) -> &'static str {
    match action {
        Action::Reset { .. } => "reset",
        Action::Unbind { .. } => "unbind",
        Action::Enrol { .. } => "enrol",
        Action::Bypass { until: Some(_), .. } => "bypass",
        Action::Bypass { until: None, .. } => "end",
        Action::Unlock { .. } => "unlock",
        Action::Passcode { .. } => "passcode",
        Action::Enable { on: true, .. } => "enable",
        Action::Enable { on: false, .. } => "disable",
        Action::Factor { .. } => "factor",
        Action::Remember { .. } => "remember",
    }
}

/// So many seconds after the time at which tests begin.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_022 + seconds).unwrap()
}

fn person(name: &str, display: &str, state: State, bindings: usize) -> Person {
    let binding = |nth: usize| Binding {
        id: format!("b{nth}"),
        kind: "totp".to_owned(),
        label: "vpn".to_owned(),
        state: "active".to_owned(),
        parameters: "6/30 SHA1".to_owned(),
        bound: Some(at(-86_400 * 30)),
        used: Some(at(-3600)),
    };
    Person {
        id: format!("id-{name}"),
        name: name.to_owned(),
        display: (!display.is_empty()).then(|| display.to_owned()),
        email: Some(format!("{name}@corp.example")),
        state,
        locked_until: (state == State::Locked).then(|| at(1800)),
        bypass_until: (state == State::Bypass).then(|| at(3600)),
        failures: if state == State::Locked { 6 } else { 0 },
        last_success: Some(at(-7200)),
        bindings: (1..=bindings).map(binding).collect(),
        factors: vec![],
        sessions: Some(1),
        version: "1".to_owned(),
    }
}

/// A server that cannot bind on behalf of users.
pub(super) fn cannot_enrol() -> Capabilities {
    Capabilities {
        enrol: Capability::No("binding is up to the user: send them the portal"),
        ..Capabilities::ALL
    }
}

/// Nobody answers.
pub(super) fn unreachable() -> AdminError {
    AdminError::Unreachable { server: "mfa".to_owned(), why: "the connection was closed".to_owned() }
}
