//! What sesamd says, in the words of admin mode.

use crate::{
    admin::model::{Application, Binding, Event, Outcome, Person, State},
    api::{
        applications,
        audit::{Reason, Record},
        users::{self, UserState},
    },
};

/// A user.
pub(super) fn person(user: users::User, sessions: Option<u32>) -> Person {
    let mut factors = vec![];
    factors.extend(user.email.iter().map(|_| "email".to_owned()));
    factors.extend(user.mobile.iter().map(|_| "sms".to_owned()));
    Person {
        id: user.id,
        name: user.name,
        display: user.display,
        email: user.email,
        state: match user.state {
            UserState::Ok => State::Ok,
            UserState::Locked => State::Locked,
            UserState::Unbound => State::Unbound,
            UserState::Bypass => State::Bypass,
            UserState::Disabled => State::Disabled,
        },
        locked_until: user.locked_until,
        bypass_until: user.bypass_until,
        failures: user.failures,
        last_success: user.last_success,
        bindings: user.bindings.into_iter().map(binding).collect(),
        factors,
        sessions,
        version: user.version,
    }
}

/// A user with what only a look at one shows.
pub(super) fn detail(detail: users::UserDetail) -> Person {
    let recovery = detail.recovery_codes;
    let mut person = person(detail.user, Some(detail.sessions));
    if recovery > 0 {
        person.factors.push(format!("recovery {recovery}"));
    }
    person
}

/// An application.
pub(super) fn application(own: applications::Application) -> Application {
    let switches = [("otp", own.factors.otp), ("email", own.factors.email), ("sms", own.factors.sms)];
    Application {
        id: own.id,
        name: own.name,
        factors: switches.into_iter().map(|(name, on)| (name.to_owned(), on)).collect(),
        users: Some(own.users),
        remember_minutes: own.remember_minutes,
    }
}

/// An event.
pub(super) fn event(record: &Record) -> Event {
    let failed = record.result == "failure";
    let warns = record.event.starts_with("Bypass")
        || record.event == "Lock on"
        || record.event.ends_with("factor off");
    let outcome = match (failed, warns) {
        (true, _) => Outcome::Fail,
        (false, true) => Outcome::Warn,
        (false, false) => Outcome::Ok,
    };
    Event {
        id: format!("{}:{}", record.replica, record.seq),
        time: record.at,
        user: record.user.clone(),
        outcome,
        application: record.application.clone(),
        what: what(record),
        from: record.address.clone(),
        by: Some(record.actor.clone()).filter(|actor| actor != "user"),
        raw: serde_json::to_value(record).unwrap_or_default(),
    }
}

/// In few words: the reason of a refusal, else the event.
fn what(record: &Record) -> String {
    let reason = match record.reason {
        Some(Reason::Disabled) => "closed after 100 wrong codes",
        Some(Reason::ExpiredCode) => "expired code",
        Some(Reason::FactorOff) => "factor is off",
        Some(Reason::Forbidden) => "not allowed",
        Some(Reason::Locked) => "locked",
        Some(Reason::NotBound) => "nothing bound",
        Some(Reason::ReplayedCode) => "replayed code",
        Some(Reason::UnknownUser) => "unknown user",
        Some(Reason::UserDisabled) => "user disabled",
        Some(Reason::WrongCode) => "wrong code",
        Some(Reason::WrongPassword) => "wrong password",
        Some(Reason::Other) | None => "",
    };
    if record.result == "failure" && !reason.is_empty() {
        return reason.to_owned();
    }
    let event = record.event.trim_start_matches("Secondary authentication - ");
    if event.len() < record.event.len() { format!("signed in by {event}") } else { event.to_owned() }
}

fn binding(own: users::Binding) -> Binding {
    let label = match (&own.serial, &own.application) {
        (Some(serial), _) => format!("hw token {serial}"),
        (None, Some(application)) => application.clone(),
        (None, None) => String::new(),
    };
    let pace = if own.period == 0 { "counter".to_owned() } else { own.period.to_string() };
    Binding {
        id: own.id,
        parameters: format!("{}/{pace} {}", own.digits, own.algorithm),
        kind: own.kind,
        label,
        state: own.state,
        bound: Some(own.created),
        used: own.used,
    }
}
