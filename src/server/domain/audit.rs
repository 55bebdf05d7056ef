//! What is written down: the events by the names that reports and filters know, their results and their reasons.
//!
//! Who, from where and when is added by the one who asks for a decision (`store`). The chain that shows every later
//! change of a row is `chain`'s.

use super::factor::Factor;

/// The kind of an event. [`name`](Self::name) is what stands in the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A code was judged, or refused unseen.
    Secondary(Factor),
    /// A password was wrong. A right one is followed by a second step, which is an event of its own.
    Password,
    /// A binding was confirmed.
    BindingCreated,
    /// All bindings of a user were taken away; the next sign-in leads to binding.
    BindingReset,
    /// One binding was taken away.
    BindingRemoved,
    /// A user took a new sheet of recovery codes.
    RecoveryCreated,
    /// A user confirmed a new address of e-mail.
    AddressChanged,
    /// A user may sign in without a second step until a time.
    BypassOn,
    /// No longer.
    BypassOff,
    /// Somebody signed in by it.
    BypassUsed,
    /// Wrong codes locked a user, or disabled the bindings.
    LockOn,
    /// The time of a lock ran out.
    LockExpired,
    /// An administrator ended a lock.
    LockLifted,
    /// An application asks for a factor from now on.
    FactorOn,
    /// No longer.
    FactorOff,
    /// What an administrator did that has no event of its own.
    Administrator(AdministratorEvent),
}

/// What administrators do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdministratorEvent {
    /// One came.
    Created,
    /// One got another role, name or second factor.
    Changed,
    /// One went.
    Removed,
    /// One signed in.
    SignedIn,
    /// Something was refused to one.
    Refused,
    /// An API key was made.
    KeyCreated,
    /// An API key was revoked.
    KeyRevoked,
    /// A user was created.
    UserCreated,
    /// A user's name, address or number was changed.
    UserChanged,
    /// A user was disabled.
    UserDisabled,
    /// A user was enabled again.
    UserEnabled,
    /// A user was deleted.
    UserDeleted,
    /// A user's password was set.
    PasswordSet,
    /// A passcode was issued.
    PasscodeIssued,
    /// An authenticator was begun for a user; the administrator saw its secret.
    EnrolmentBegun,
    /// A hardware token came, was assigned, or found its place again.
    TokenChanged,
    /// An application was created.
    ApplicationCreated,
    /// An application's name, agreement or remembering was changed.
    ApplicationChanged,
    /// An application was removed.
    ApplicationRemoved,
    /// Old rows of the audit were given up.
    AuditPruned,
    /// A backup was put in place.
    Restored,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Done, or accepted.
    Success,
    /// Refused.
    Failure,
}

/// Why it was refused, or why it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The hundredth wrong code without a success.
    Disabled,
    /// A right code whose time is over, or that a newer one replaced.
    ExpiredCode,
    /// The application does not ask for this factor.
    FactorOff,
    /// An administrator's role does not allow it.
    Forbidden,
    /// The user is locked.
    Locked,
    /// The user has nothing of this factor.
    NotBound,
    /// A right code that was accepted before.
    ReplayedCode,
    /// No user has this name.
    UnknownUser,
    /// The user may not sign in.
    UserDisabled,
    /// No code of the user's.
    WrongCode,
    /// Not the user's password.
    WrongPassword,
}

/// One event of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// How it went.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<Reason>,
    /// By which factor.
    pub factor: Option<Factor>,
    /// At which application, by its id.
    pub application: Option<String>,
    /// What else a reader must know: an administrator's reason, a number, a time. Never a code.
    pub detail: Option<String>,
}

impl Event {
    /// It was done.
    pub fn success(kind: EventKind) -> Self {
        Self::new(kind, Outcome::Success, None)
    }

    /// It was refused.
    pub fn failure(kind: EventKind, reason: Reason) -> Self {
        Self::new(kind, Outcome::Failure, Some(reason))
    }

    /// With the application that it happened at.
    #[must_use]
    pub fn at(mut self, application: &str) -> Self {
        self.application = Some(application.to_owned());
        self
    }

    /// With the reason for it.
    #[must_use]
    pub fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// With the factor by which it happened.
    #[must_use]
    pub fn by(mut self, factor: Factor) -> Self {
        self.factor = Some(factor);
        self
    }

    /// With what else a reader must know.
    #[must_use]
    pub fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn new(kind: EventKind, outcome: Outcome, reason: Option<Reason>) -> Self {
        let factor = match kind {
            EventKind::Secondary(factor) => Some(factor),
            _ => None,
        };
        Self { kind, outcome, reason, factor, application: None, detail: None }
    }
}

impl EventKind {
    /// Every kind there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let secondary = Factor::ALL.into_iter().map(Self::Secondary);
        let administrator = AdministratorEvent::ALL.into_iter().map(Self::Administrator);
        secondary.chain(PLAIN).chain(administrator)
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// What stands in the audit.
    pub fn name(self) -> &'static str {
        match self {
            Self::Secondary(Factor::Otp) => "Secondary authentication - OTP",
            Self::Secondary(Factor::Email) => "Secondary authentication - E-mail",
            Self::Secondary(Factor::Sms) => "Secondary authentication - SMS",
            Self::Secondary(Factor::Recovery) => "Secondary authentication - Recovery code",
            Self::Secondary(Factor::Passcode) => "Secondary authentication - Passcode",
            Self::Password => "Primary authentication - Password",
            Self::BindingCreated => "Binding created",
            Self::BindingReset => "Binding reset",
            Self::BindingRemoved => "Binding removed",
            Self::RecoveryCreated => "Recovery codes created",
            Self::AddressChanged => "E-mail changed",
            Self::BypassOn => "Bypass on",
            Self::BypassOff => "Bypass off",
            Self::BypassUsed => "Bypass used",
            Self::LockOn => "Lock on",
            Self::LockExpired => "Lock expired",
            Self::LockLifted => "Lock lifted",
            Self::FactorOn => "Application factor on",
            Self::FactorOff => "Application factor off",
            Self::Administrator(event) => event.name(),
        }
    }
}

impl AdministratorEvent {
    /// Every one there is.
    pub const ALL: [Self; 21] = [
        Self::Created,
        Self::Changed,
        Self::Removed,
        Self::SignedIn,
        Self::Refused,
        Self::KeyCreated,
        Self::KeyRevoked,
        Self::UserCreated,
        Self::UserChanged,
        Self::UserDisabled,
        Self::UserEnabled,
        Self::UserDeleted,
        Self::PasswordSet,
        Self::PasscodeIssued,
        Self::EnrolmentBegun,
        Self::TokenChanged,
        Self::ApplicationCreated,
        Self::ApplicationChanged,
        Self::ApplicationRemoved,
        Self::AuditPruned,
        Self::Restored,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Created => "Administrator created",
            Self::Changed => "Administrator changed",
            Self::Removed => "Administrator removed",
            Self::SignedIn => "Administrator signed in",
            Self::Refused => "Administrator refused",
            Self::KeyCreated => "Administrator key created",
            Self::KeyRevoked => "Administrator key revoked",
            Self::UserCreated => "Administrator user created",
            Self::UserChanged => "Administrator user changed",
            Self::UserDisabled => "Administrator user disabled",
            Self::UserEnabled => "Administrator user enabled",
            Self::UserDeleted => "Administrator user deleted",
            Self::PasswordSet => "Administrator password set",
            Self::PasscodeIssued => "Administrator passcode issued",
            Self::EnrolmentBegun => "Administrator enrolment begun",
            Self::TokenChanged => "Administrator token changed",
            Self::ApplicationCreated => "Administrator application created",
            Self::ApplicationChanged => "Administrator application changed",
            Self::ApplicationRemoved => "Administrator application removed",
            Self::AuditPruned => "Administrator audit pruned",
            Self::Restored => "Administrator backup restored",
        }
    }
}

impl Outcome {
    /// The word in the audit.
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

impl Reason {
    /// Every one there is.
    pub const ALL: [Self; 11] = [
        Self::Disabled,
        Self::ExpiredCode,
        Self::FactorOff,
        Self::Forbidden,
        Self::Locked,
        Self::NotBound,
        Self::ReplayedCode,
        Self::UnknownUser,
        Self::UserDisabled,
        Self::WrongCode,
        Self::WrongPassword,
    ];

    /// The word in the audit and in OpenAPI.
    pub fn word(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::ExpiredCode => "expired_code",
            Self::FactorOff => "factor_off",
            Self::Forbidden => "forbidden",
            Self::Locked => "locked",
            Self::NotBound => "not_bound",
            Self::ReplayedCode => "replayed_code",
            Self::UnknownUser => "unknown_user",
            Self::UserDisabled => "user_disabled",
            Self::WrongCode => "wrong_code",
            Self::WrongPassword => "wrong_password",
        }
    }

    /// The reason of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

const PLAIN: [EventKind; 14] = [
    EventKind::Password,
    EventKind::BindingCreated,
    EventKind::BindingReset,
    EventKind::BindingRemoved,
    EventKind::RecoveryCreated,
    EventKind::AddressChanged,
    EventKind::BypassOn,
    EventKind::BypassOff,
    EventKind::BypassUsed,
    EventKind::LockOn,
    EventKind::LockExpired,
    EventKind::LockLifted,
    EventKind::FactorOn,
    EventKind::FactorOff,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_is_found_by_it() {
        let names: BTreeSet<_> = EventKind::all().map(EventKind::name).collect();
        assert_eq!(names.len(), EventKind::all().count());
        for kind in EventKind::all() {
            assert_eq!(EventKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(EventKind::from_name("Binding"), None);
    }

    #[test]
    fn every_reason_is_found_by_its_word() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_word(reason.word()), Some(reason));
        }
    }
}
