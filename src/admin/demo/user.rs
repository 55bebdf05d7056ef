//! A user of the demo, and what admin mode sees of one.

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::{
    admin::model::{Binding, Person, State},
    otp::{Kind, Otp},
};

/// A user.
#[derive(Clone, Default)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) display: Option<String>,
    pub(super) email: Option<String>,
    pub(super) groups: Vec<&'static str>,
    /// Where they sign in.
    pub(super) applications: Vec<String>,
    pub(super) disabled: bool,
    pub(super) must_bind: bool,
    pub(super) failures: u32,
    pub(super) locked_until: Option<Timestamp>,
    pub(super) bypass_until: Option<Timestamp>,
    pub(super) last_success: Option<Timestamp>,
    pub(super) bindings: Vec<Bound>,
    pub(super) recovery_codes: u32,
    /// Where they are signed in now.
    pub(super) sessions: Vec<String>,
    pub(super) passcode: Option<(Zeroizing<String>, Timestamp)>,
    /// Grows with every change.
    pub(super) version: u64,
}

/// An authenticator.
#[derive(Clone)]
pub(super) struct Bound {
    pub(super) id: String,
    /// `totp`, `hotp`, `push`, `fido2`, `sms`.
    pub(super) kind: &'static str,
    pub(super) label: String,
    /// For which application alone.
    pub(super) application: Option<String>,
    pub(super) confirmed: bool,
    /// What makes its codes, where a sign-in can be proven with it.
    pub(super) otp: Option<Otp>,
    pub(super) parameters: String,
    pub(super) since: Timestamp,
    pub(super) used: Option<Timestamp>,
    /// The step of the last code that was accepted.
    pub(super) step: Option<u64>,
}

impl Bound {
    /// An authenticator of a kind that was confirmed.
    pub(super) fn new((id, kind): (String, &'static str), label: &str, since: Timestamp) -> Self {
        let parameters = match kind {
            "totp" => "6/30 SHA1",
            "hotp" => "6/counter SHA1",
            _ => "",
        };
        let (label, parameters) = (label.to_owned(), parameters.to_owned());
        let (application, otp, used, step) = (None, None, None, None);
        Self { id, kind, label, application, confirmed: true, otp, parameters, since, used, step }
    }

    /// Whether it is one for a factor: `otp` is every one that makes codes.
    pub(super) fn is_for(&self, factor: &str) -> bool {
        self.kind == factor || (factor == "otp" && matches!(self.kind, "totp" | "hotp"))
    }

    /// Whether it opens an application.
    pub(super) fn opens(&self, application: &str) -> bool {
        self.confirmed && self.application.as_deref().is_none_or(|own| own == application)
    }

    /// `TOTP FreeOTP "Pixel 9"`
    pub(super) fn outline(&self) -> String {
        format!("{} {}", self.kind.to_uppercase(), self.label).trim_end().to_owned()
    }

    /// The step of TOTP at a time.
    pub(super) fn step_at(&self, seconds: u64) -> Option<u64> {
        match &self.otp.as_ref()?.kind {
            Kind::Totp { period } => Some(seconds / u64::from(period.seconds())),
            _ => None,
        }
    }

    fn binding(&self) -> Binding {
        Binding {
            id: self.id.clone(),
            kind: self.kind.to_owned(),
            label: self.label.clone(),
            state: if self.confirmed { "active" } else { "unconfirmed" }.to_owned(),
            parameters: self.parameters.clone(),
            bound: Some(self.since),
            used: self.used,
        }
    }
}

impl User {
    /// What to know first.
    pub(super) fn state(&self, now: Timestamp) -> State {
        let until = |until: Option<Timestamp>| until.is_some_and(|until| now < until);
        if self.disabled {
            State::Disabled
        } else if until(self.locked_until) {
            State::Locked
        } else if until(self.bypass_until) {
            State::Bypass
        } else if self.must_bind || !self.bindings.iter().any(|one| one.confirmed) {
            State::Unbound
        } else {
            State::Ok
        }
    }

    /// As admin mode has them.
    pub(super) fn person(&self, now: Timestamp) -> Person {
        let ahead = |until: Option<Timestamp>| until.filter(|until| now < *until);
        let recovery = Some(self.recovery_codes).filter(|count| *count > 0);
        Person {
            id: self.id.clone(),
            name: self.name.clone(),
            display: self.display.clone(),
            email: self.email.clone(),
            state: self.state(now),
            locked_until: ahead(self.locked_until),
            bypass_until: ahead(self.bypass_until),
            failures: self.failures,
            last_success: self.last_success,
            bindings: self.bindings.iter().map(Bound::binding).collect(),
            factors: recovery.into_iter().map(|count| format!("recovery {count}")).collect(),
            sessions: u32::try_from(self.sessions.len()).ok(),
            version: self.version.to_string(),
        }
    }
}
