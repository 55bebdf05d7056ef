//! Users, and a person: a user with everything that a decision about them may need.

use std::{collections::BTreeMap, time::Duration};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{
    application::Application,
    binding::{Binding, State},
    factor::{Factor, Factors},
    lock::{DISABLED_AT, Failures},
    mail_code::{Purpose, SentCodes},
    name::UserName,
    passcode::Passcode,
    recovery::Recovery,
    time::{Time, hours},
};

/// One user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id, which no change of name changes.
    pub id: String,
    /// The name to sign in with.
    pub name: UserName,
    /// What people call the user: the help desk sees it, nothing is decided by it.
    pub display: Option<String>,
    /// Where e-mail codes go.
    pub email: Option<String>,
    /// Where SMS codes go.
    pub mobile: Option<String>,
    /// Whether the user may sign in at all.
    pub enabled: bool,
    /// The wrong codes, over every factor, door and application.
    pub failures: Failures,
    /// Until when no second step is asked for.
    pub bypass: Option<Time>,
    /// Whether the bindings were reset: the next sign-in leads to binding.
    pub must_bind: bool,
    /// When the second step was done or skipped last.
    pub seen: Option<Time>,
}

impl User {
    /// A user who has nothing yet and did nothing yet.
    pub fn new(id: impl Into<String>, name: UserName) -> Self {
        let (email, mobile, display) = (None, None, None);
        let (failures, bypass, seen) = (Failures::default(), None, None);
        let id = id.into();
        Self { id, name, display, email, mobile, enabled: true, failures, bypass, must_bind: false, seen }
    }
}

/// What an administrator saw of a user when a change was decided on: another version is another state. Wrong codes
/// that were only counted, and codes that were used, make no new one.
pub fn version<'a>(
    user: &User,
    bindings: impl IntoIterator<Item = (&'a str, Option<&'a str>, State)>,
) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text);
    };
    let texts =
        [Some(user.name.shown()), user.display.as_deref(), user.email.as_deref(), user.mobile.as_deref()];
    for text in texts {
        part(text.unwrap_or("\0"));
    }
    let number = |time: Option<Time>| time.map_or_else(String::new, |time| time.millis().to_string());
    part(&format!("{} {}", user.enabled, user.must_bind));
    part(&number(user.bypass));
    part(&number(user.failures.locked_until));
    part(if user.failures.since_success >= DISABLED_AT { "disabled" } else { "" });
    for (id, application, state) in bindings {
        part(id);
        part(application.unwrap_or("\0"));
        part(state.word());
    }
    HEXLOWER.encode(&hash.finalize()[..16])
}

/// A user with what a decision may need. The store reads it under the lock of the user's row, and writes back what a
/// decision changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub user: User,
    /// All bindings, for every application.
    pub bindings: Vec<Binding>,
    /// The codes sent within the last hour.
    pub sent: BTreeMap<Purpose, SentCodes>,
    /// The newest sheet of recovery codes.
    pub recovery: Option<Recovery>,
    /// The newest passcode.
    pub passcode: Option<Passcode>,
    /// The version of the agreement that was accepted, by application.
    pub agreed: BTreeMap<String, u32>,
}

impl Person {
    /// The version of this state.
    pub fn version(&self) -> String {
        let bindings = self.bindings.iter();
        version(&self.user, bindings.map(|one| (one.id.as_str(), one.application.as_deref(), one.state)))
    }

    /// A user who has nothing yet.
    pub fn new(user: User) -> Self {
        let (sent, agreed) = (BTreeMap::new(), BTreeMap::new());
        Self { user, bindings: vec![], sent, recovery: None, passcode: None, agreed }
    }

    /// The factors by which this person can do the second step at an application: those that are on and there.
    pub fn factors(&self, application: &Application, now: Time) -> Factors {
        let on = application.factors;
        let bound = self.bindings.iter().any(|binding| binding.opens(&application.id));
        let paper = self.recovery.as_ref().is_some_and(|recovery| recovery.left() > 0);
        let passcode = self.passcode.as_ref().is_some_and(|passcode| passcode.is_live(now));
        Factors::NONE
            .with(Factor::Otp, on.has(Factor::Otp) && bound)
            .with(Factor::Email, on.has(Factor::Email) && self.user.email.is_some())
            .with(Factor::Sms, on.has(Factor::Sms) && self.user.mobile.is_some())
            .with(Factor::Recovery, on.has(Factor::Otp) && paper)
            .with(Factor::Passcode, !on.is_empty() && passcode)
    }

    /// Whether no second step is asked for now.
    pub fn is_bypassed(&self, now: Time) -> bool {
        self.user.bypass.is_some_and(|until| now < until)
    }
}

/// The longest bypass.
pub const LONGEST_BYPASS: Duration = hours(24 * 30);
