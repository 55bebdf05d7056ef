//! MFA servers as the help desk sees them: one [`Provider`] for every kind of server, blocking, without a screen.
//!
//! | file | what lives there |
//! |---|---|
//! | [`model`] | users, bindings, applications, events: what every server has |
//! | [`action`] | what can be done, and a plan of it |
//! | [`capability`] | what a server can do, how, or why not |
//! | [`error`] | why something was not read or not done |
//! | [`bearer`] | the token of a request: one that was given, or a session's |
//! | `address` | values in addresses |
//! | `answer` | what a server's answer means |
//! | [`tls`], [`certificate`] | whose certificate is trusted, and what the one that was shown says |
//! | [`connect`] | from a profile to a provider: its token, its client |
//! | [`lines`] | an event as a line of a file |
//! | [`http`] | the one HTTP client: TLS, limits, and the place that refuses changes of a read-only profile |
//! | [`narrow`], [`words`] | what somebody types to narrow a list |
//! | [`stays`] | what an action leaves as it was |
//! | `count` | events counted, for servers that cannot do it |
//! | [`sesamd`] | sesam's own server |
//! | [`privacyidea`] | privacyIDEA |
//! | [`keycloak`] | Keycloak |
//! | [`demo`] | a server in memory: `--demo`, pictures, tests |
//!
//! The words: a **provider** is a server as admin mode sees it; a **binding** is an authenticator enrolled for a user;
//! a **reset** takes the bindings away and leads to binding anew; a **plan** says beforehand what will happen.

pub mod action;
mod address;
mod answer;
pub mod bearer;
pub mod capability;
pub mod certificate;
pub mod codes;
pub mod connect;
mod count;
pub mod demo;
pub mod error;
pub mod http;
pub mod keycloak;
pub mod lines;
pub mod model;
pub mod narrow;
pub mod privacyidea;
pub mod sesamd;
pub mod stays;
pub mod tls;
pub mod words;

use self::{
    action::{Action, Begun, Done, Plan},
    capability::{Capabilities, Capability},
    error::AdminError,
    model::{Application, AuditFilter, Event, Overview, Page, Person, Statistics, Uses},
};

/// An MFA server. Every call blocks; a screen calls it from a thread.
pub trait Provider: Send + Sync {
    /// What this server can do, how, or why not. Asks nobody.
    fn capabilities(&self) -> Capabilities;

    /// How many users there are and how many need a look; who asks. The first call of a connection.
    fn overview(&self) -> Result<Overview, AdminError>;

    /// A page of users by name. `query` is what somebody typed; `cursor` is what the page before said.
    fn users(&self, query: &str, cursor: Option<&str>) -> Result<Page<Person>, AdminError>;

    /// One user by name, in any spelling, read just now.
    fn user(&self, name: &str) -> Result<Person, AdminError>;

    /// Every application.
    fn applications(&self) -> Result<Vec<Application>, AdminError>;

    /// A page of events, the newest first.
    fn audit(&self, filter: &AuditFilter, cursor: Option<&str>) -> Result<Page<Event>, AdminError>;

    /// Events counted.
    fn statistics(&self, filter: &AuditFilter, by: &str) -> Result<Statistics, AdminError>;

    /// Events as they happen, from now on, or from behind an event. `each` returns `false` to end; it also gets `None`
    /// now and then while nothing happens, for the one who follows may have gone. Returns when it ended or when the
    /// connection did; the position to go on behind is the answer.
    fn follow(
        &self,
        filter: &AuditFilter,
        after: Option<&str>,
        each: &mut dyn FnMut(Option<Event>) -> bool,
    ) -> Result<Option<String>, AdminError>;

    /// What an action will do, read from the server just now.
    fn plan(&self, action: &Action) -> Result<Plan, AdminError>;

    /// Does what was planned, once. Refuses when what the plan saw has changed.
    fn apply(&self, plan: &Plan, reason: &str) -> Result<Done, AdminError>;

    /// Makes an authenticator that was begun good for signing in, with a code of it.
    fn confirm(&self, binding: Begun<'_>, reason: &str) -> Result<Done, AdminError> {
        let _ = reason;
        Err(AdminError::Unsupported {
            server: binding.user.to_owned(),
            what: "to confirm a binding".to_owned(),
        })
    }

    /// Where it says when somebody signed in last, as far as is known by now.
    fn uses(&self) -> Uses {
        Uses::Everywhere
    }

    /// Whether the reason that somebody gives for a change is written down there.
    fn keeps_reason(&self, _action: &Action) -> bool {
        true
    }

    /// Whether a factor can be switched for all applications at once.
    fn whole(&self) -> Capability {
        Capability::No(
            "it switches factors for each application alone: sesam admin app set APP --factor FACTOR=on|off",
        )
    }
}
