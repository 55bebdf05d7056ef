//! What the store found, in the shapes of the API.

use jiff::Timestamp;

use crate::{
    api::{
        administrators::Role as ApiRole,
        users::{Binding, User, UserDetail, UserState},
    },
    server::{
        domain::{administrator::Role, binding::State, lock::Standing, time::Time, user},
        store::{
            bindings::Outline,
            search::{Detail, Entry},
        },
    },
};

/// A user.
pub(super) fn user(entry: &Entry, now: Time) -> User {
    let own = &entry.user;
    let locked = match own.failures.standing(now) {
        Standing::Locked(until) => Some(until),
        _ => None,
    };
    User {
        id: own.id.clone(),
        name: own.name.shown().to_owned(),
        display: own.display.clone(),
        email: own.email.clone(),
        mobile: own.mobile.clone(),
        state: state(entry, now),
        enabled: own.enabled,
        locked_until: locked.map(timestamp),
        failures: own.failures.in_row,
        failures_since_success: own.failures.since_success,
        bypass_until: own.bypass.filter(|until| now < *until).map(timestamp),
        must_bind: own.must_bind,
        last_success: own.seen.map(timestamp),
        created: timestamp(entry.created),
        bindings: entry.bindings.iter().map(binding).collect(),
        version: entry.version(),
    }
}

/// A user with what only a look at one shows.
pub(super) fn detail(detail: Detail, now: Time) -> UserDetail {
    UserDetail {
        user: user(&detail.entry, now),
        recovery_codes: detail.recovery_codes,
        passcode_until: detail.passcode_until.filter(|until| now < *until).map(timestamp),
        sessions: detail.sessions,
        role: detail.role,
    }
}

/// A time for JSON.
pub(super) fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_millisecond(time.millis()).unwrap_or(Timestamp::MAX)
}

/// A role for JSON.
pub(super) fn role(role: Role) -> ApiRole {
    match role {
        Role::Viewer => ApiRole::Viewer,
        Role::Helpdesk => ApiRole::Helpdesk,
        Role::Security => ApiRole::Security,
        Role::Owner => ApiRole::Owner,
    }
}

/// A role that was asked for.
pub(super) fn wanted(role: ApiRole) -> Role {
    match role {
        ApiRole::Viewer => Role::Viewer,
        ApiRole::Helpdesk => Role::Helpdesk,
        ApiRole::Security => Role::Security,
        ApiRole::Owner => Role::Owner,
    }
}

/// The worst first.
fn state(entry: &Entry, now: Time) -> UserState {
    let own: &user::User = &entry.user;
    let bound = entry.bindings.iter().any(|binding| binding.state == State::Active);
    if !own.enabled {
        UserState::Disabled
    } else if own.failures.standing(now) != Standing::Open {
        UserState::Locked
    } else if own.bypass.is_some_and(|until| now < until) {
        UserState::Bypass
    } else if own.must_bind || !bound {
        UserState::Unbound
    } else {
        UserState::Ok
    }
}

fn binding(outline: &Outline) -> Binding {
    Binding {
        id: outline.id.clone(),
        application: outline.application.clone(),
        kind: outline.kind.clone(),
        serial: outline.serial.clone(),
        state: outline.state.word().to_owned(),
        algorithm: outline.algorithm.clone(),
        digits: outline.digits,
        period: outline.period,
        created: timestamp(outline.created),
        used: outline.used.map(timestamp),
    }
}
