//! What every MFA server has: users with their bindings, applications with their factors, events.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id on the server.
    pub id: String,
    /// The name to sign in with.
    pub name: String,
    /// What people call them.
    pub display: Option<String>,
    /// Their address.
    pub email: Option<String>,
    /// What to know first.
    pub state: State,
    /// Until when a lock lasts, where the server says so.
    pub locked_until: Option<Timestamp>,
    /// Until when a bypass lasts.
    pub bypass_until: Option<Timestamp>,
    /// Wrong codes in a row.
    pub failures: u32,
    /// The last success.
    pub last_success: Option<Timestamp>,
    /// The authenticators.
    pub bindings: Vec<Binding>,
    /// Factors besides authenticators: `email`, `sms`, `recovery`.
    pub factors: Vec<String>,
    /// How many sessions are open, where the server says so.
    pub sessions: Option<u32>,
    /// Which state this is: a change of another one is refused.
    pub version: String,
}

/// What to know first of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Nothing.
    Ok,
    /// No code is judged now.
    Locked,
    /// No authenticator, or one must be bound anew.
    Unbound,
    /// No second step is asked for.
    Bypass,
    /// May not sign in.
    Disabled,
}

impl State {
    /// The word for people and for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Locked => "locked",
            Self::Unbound => "unbound",
            Self::Bypass => "bypass",
            Self::Disabled => "disabled",
        }
    }
}

/// An authenticator of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The id on the server.
    pub id: String,
    /// `totp`, `hotp`, ….
    pub kind: String,
    /// What tells it from others: an application, a number, a device.
    pub label: String,
    /// Whether it opens anything: `active`, `unconfirmed`, `disabled`.
    pub state: String,
    /// Digits, period and hash: `6/30 SHA1`.
    pub parameters: String,
    /// When it was bound.
    pub bound: Option<Timestamp>,
    /// When a code of it was accepted last.
    pub used: Option<Timestamp>,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The id on the server.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Each factor that can be switched, and whether it is on.
    pub factors: Vec<(String, bool)>,
    /// How many users have an authenticator for it.
    pub users: Option<u64>,
    /// For how many minutes a browser is remembered.
    pub remember_minutes: Option<u64>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What tells it from every other one of this server.
    pub id: String,
    /// When.
    pub time: Timestamp,
    /// Whose account, or what was typed where a name belongs.
    pub user: Option<String>,
    /// How it went.
    pub outcome: Outcome,
    /// At which application.
    pub application: Option<String>,
    /// What happened, in few words.
    pub what: String,
    /// From which address.
    pub from: Option<String>,
    /// Who did it, where it was not the user.
    pub by: Option<String>,
    /// Everything that the server said of it.
    pub raw: serde_json::Value,
}

impl Event {
    /// What the server noted besides: the reason that somebody gave, the numbers that went with it.
    pub fn detail(&self) -> Option<&str> {
        let noted = ["detail", "info"].into_iter().find_map(|field| self.raw[field].as_str());
        noted.filter(|text| !text.trim().is_empty())
    }
}

/// How an event went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Done, or accepted.
    Ok,
    /// Accepted without a second step, or a change of what is asked for.
    Warn,
    /// Refused.
    Fail,
}

impl Outcome {
    /// The word for people and for scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// Which events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// What somebody typed: words and `user: app: result: from: …`.
    pub query: String,
    /// From when.
    pub since: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
    /// How many on a page.
    pub limit: Option<u16>,
    /// How many minutes the clocks of the one who asks are ahead of UTC: hours and days are counted so.
    pub ahead_minutes: i16,
}

/// Where a server says when somebody signed in last: elsewhere nothing said is not "never".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// In lists of users, and of one.
    Everywhere,
    /// Of one user who is read, not in lists.
    OfOne,
    /// Nowhere.
    Nowhere,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins.
    pub next: Option<String>,
}

/// A connection at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// All users, where the server says so.
    pub users: Option<u64>,
    /// For whom no code is judged now.
    pub locked: Option<u64>,
    /// Who are asked for no second step.
    pub bypassed: Option<u64>,
    /// Who asks, as the server calls them.
    pub actor: String,
    /// What they may do, in the server's words.
    pub role: Option<String>,
    /// The version of the server.
    pub version: String,
    /// The time of the server.
    pub time: Option<Timestamp>,
}

/// Events counted by one of their parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// How many in all.
    pub total: u64,
    /// Each part with its number and its failures.
    pub rows: Vec<Counted>,
}

/// So many events of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// What they have in common.
    pub key: String,
    /// How many.
    pub total: u64,
    /// By result.
    pub results: BTreeMap<String, u64>,
}
