//! Doing at a server of the demo what was planned, once, and writing it down.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::{
    cast::otp,
    row::Row,
    user::{Bound, User},
    world::World,
};
use crate::{
    admin::{
        action::{Action, Done, Enrolled, Issued, Plan},
        error::AdminError,
        model::Outcome,
    },
    otp::{Counter, Form, Kind, Otp, format_link},
};

/// Who acts in the demo.
pub(super) const ACTOR: &str = "admin@ops";

/// Does what was planned. Refuses when what the plan saw has changed.
pub(super) fn apply(
    world: &mut World,
    (plan, reason): (&Plan, &str),
    (server, now): (&str, Timestamp),
) -> Result<Done, AdminError> {
    let fresh = super::plan::plan(world, &plan.action, (server, now))?;
    if fresh.version != plan.version || fresh.id != plan.id {
        return Err(AdminError::Changed(match plan.action.user() {
            Some(user) => format!("user \"{user}\""),
            None => format!("application \"{}\"", plan.id),
        }));
    }
    let (what, outcome, done) = match &plan.action {
        Action::Factor { application, factor, on } => switch(world, application, (factor, *on)),
        Action::Remember { application, span } => remember(world, application, *span),
        action => {
            let number = usize::try_from(world.last()).unwrap_or(0);
            let user = world.user_mut(action.user().unwrap_or_default()).expect("the plan has just found it");
            user.version += 1;
            change(user, plan, (number, now))
        }
    };
    let user = plan.action.user().map(|name| world.user(name).map_or(name, |user| &user.name).to_owned());
    let application = match &plan.action {
        Action::Factor { application, .. }
        | Action::Remember { application, .. }
        | Action::Enrol { application, .. } => Some(application.clone()),
        _ => None,
    };
    let (from, by) = (Some("10.8.0.2".to_owned()), Some(ACTOR.to_owned()));
    let detail = Some(reason.to_owned());
    world.write(Row {
        user,
        outcome,
        application,
        from,
        by,
        detail,
        ..Row::new(now, format!("{what}: {reason}"))
    });
    Ok(done)
}

/// What is written down, how it looks there, and what is said.
type Changed = (String, Outcome, Done);

fn change(user: &mut User, plan: &Plan, (number, now): (usize, Timestamp)) -> Changed {
    let name = user.name.clone();
    match &plan.action {
        Action::Reset { .. } => {
            user.bindings.clear();
            user.sessions.clear();
            (user.failures, user.locked_until, user.passcode) = (0, None, None);
            (user.recovery_codes, user.must_bind) = (0, true);
            let gone = plan.bindings;
            let sentence =
                format!("{name} was reset: {gone} bindings are gone, the next sign-in leads to binding");
            said(format!("reset, {gone} bindings"), sentence)
        }
        Action::Unbind { binding, .. } => {
            user.bindings.retain(|one| one.id != *binding);
            said("binding removed", format!("A binding of {name} was removed"))
        }
        Action::Bypass { until, .. } => {
            user.bypass_until = *until;
            match until {
                Some(until) => {
                    let sentence = format!("{name} signs in without a second step until {until:.0}");
                    let (what, _, done) = said(format!("bypass on until {until:.0}"), sentence);
                    (what, Outcome::Warn, done)
                }
                None => said("bypass off", format!("{name} is asked for a second step again")),
            }
        }
        Action::Unlock { .. } => {
            (user.failures, user.locked_until) = (0, None);
            said("unlocked", format!("{name} is unlocked, wrong codes are forgotten"))
        }
        Action::Enable { on, .. } => {
            user.disabled = !on;
            if !on {
                user.sessions.clear();
            }
            let may = if *on { "may sign in again" } else { "may not sign in" };
            said(if *on { "enabled" } else { "disabled" }, format!("{name} {may}"))
        }
        Action::Passcode { span, .. } => {
            let until = SignedDuration::try_from(*span).ok().and_then(|span| now.checked_add(span).ok());
            passcode(user, (number, until.unwrap_or(now)))
        }
        Action::Enrol { application, .. } => enrol(user, application, (number, now)),
        Action::Factor { .. } | Action::Remember { .. } => said("", String::new()),
    }
}

fn remember(world: &mut World, application: &str, span: Option<Duration>) -> Changed {
    let own = world.apps.iter_mut().find(|app| app.id == application).expect("the plan has just found it");
    own.remember_minutes = span.map(|span| span.as_secs() / 60);
    let sentence = match own.remember_minutes {
        Some(minutes) => format!("{application} remembers a browser for {minutes} min"),
        None => format!("{application} remembers no browser"),
    };
    said("remember changed", sentence)
}

/// Digits that are nobody's secret: they open a server that is none.
fn passcode(user: &mut User, (number, until): (usize, Timestamp)) -> Changed {
    let counter = Kind::Hotp { counter: Counter::new(number as u64).expect("a small counter") };
    let maker =
        Otp { kind: counter, digits: crate::otp::Digits::new(8).expect("eight"), ..otp("passcodes", 0) };
    let code = maker.code(0).expect("HOTP needs nothing besides its counter");
    let digits = Zeroizing::new(code.as_str().to_owned());
    user.passcode = Some((digits.clone(), until));
    let (what, outcome, done) = said("passcode issued", format!("A passcode for {}", user.name));
    (what, outcome, Done { passcode: Some(Issued { passcode: digits, valid_until: until }), ..done })
}

fn enrol(user: &mut User, application: &str, (number, now): (usize, Timestamp)) -> Changed {
    let id = format!("b-{}-{number}", user.name);
    let maker = otp(&user.name, number);
    let uri = format_link("Corp MFA", &user.name, &maker, Form::Full);
    let bound = Bound::new((id.clone(), "totp"), application, now);
    let application = Some(application.to_owned());
    user.bindings.push(Bound { application, confirmed: false, otp: Some(maker), ..bound });
    let sentence = format!("An authenticator for {} was begun", user.name);
    let (what, outcome, done) = said("enrolment begun", sentence);
    (what, outcome, Done { enrolled: Some(Enrolled { binding: id, uri }), ..done })
}

fn switch(world: &mut World, application: &str, (factor, on): (&str, bool)) -> Changed {
    let app = world.apps.iter_mut().find(|app| app.id == application).expect("the plan has just found it");
    for (name, is_on) in &mut app.factors {
        if name == factor {
            *is_on = on;
        }
    }
    for user in world.people.iter_mut().filter(|_| !on) {
        let before = user.bindings.len();
        user.bindings.retain(|one| !(one.is_for(factor) && one.application.as_deref() == Some(application)));
        user.version += u64::from(user.bindings.len() < before);
    }
    let now_is = if on { "on" } else { "off" };
    let (what, outcome, done) =
        said(format!("{factor} {now_is}"), format!("{factor} is {now_is} for {application}"));
    (what, if on { outcome } else { Outcome::Warn }, done)
}

fn said(what: impl Into<String>, sentence: String) -> Changed {
    (what.into(), Outcome::Ok, Done { sentence, ..Done::default() })
}
