//! Users, and a person: a user with everything that a decision about them may need.

use std::{collections::BTreeMap, time::Duration};

use super::{
    application::Application,
    binding::Binding,
    factor::{Factor, Factors},
    lock::Failures,
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
