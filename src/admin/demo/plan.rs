//! What an action will do at a server of the demo, read just now, said line by line.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{user::User, world::World};
use crate::{
    admin::{
        action::{Action, Level, Plan},
        error::AdminError,
        stays::Standing,
    },
    text::counted,
};

/// The plan of an action. `server` is what people call the server.
pub(super) fn plan(
    world: &World,
    action: &Action,
    (server, now): (&str, Timestamp),
) -> Result<Plan, AdminError> {
    if let Action::Factor { application, factor, on } = action {
        return switch(world, action, (server, application, (factor, *on)));
    }
    if let Action::Remember { application, span } = action {
        return remember(world, action, (server, application, *span));
    }
    let name = action.user().unwrap_or_default();
    let missing = |what: String| AdminError::Missing { server: server.to_owned(), what };
    let user = world.user(name).ok_or_else(|| missing(format!("user \"{name}\"")))?;
    let mut plan = Plan {
        action: action.clone(),
        title: String::new(),
        effects: vec![],
        warning: None,
        level: Level::Asked,
        confirm: user.name.clone(),
        id: user.id.clone(),
        version: user.version.to_string(),
        bindings: 0,
    };
    let verb = match action {
        Action::Reset { .. } => reset(&mut plan, user, now),
        Action::Unbind { binding, .. } => {
            let what = format!("binding {binding} of \"{}\"", user.name);
            unbind(&mut plan, user, binding).ok_or_else(|| missing(what))?
        }
        Action::Enrol { application, .. } => {
            if world.app(application).is_none() {
                return Err(missing(format!("application \"{application}\"")));
            }
            enrol(&mut plan, application)
        }
        Action::Bypass { until, .. } => bypass(&mut plan, *until, now),
        Action::Unlock { .. } => unlock(&mut plan, user, now),
        Action::Passcode { span, .. } => {
            let until = SignedDuration::try_from(*span).ok().and_then(|span| now.checked_add(span).ok());
            passcode(&mut plan, user, until.unwrap_or(now))
        }
        Action::Enable { on, .. } => enable(&mut plan, user, *on),
        Action::Factor { .. } | Action::Remember { .. } => "",
    };
    plan.title = match &user.display {
        Some(display) => format!("{verb} {} ({display})", user.name),
        None => format!("{verb} {}", user.name),
    };
    plan.effects.extend(standing(user, now).stays(action));
    plan.effects.push(WRITTEN.to_owned());
    Ok(plan)
}

fn standing(user: &User, now: Timestamp) -> Standing {
    let ahead = |until: Option<Timestamp>| until.filter(|until| now < *until);
    Standing {
        locked: ahead(user.locked_until),
        bypass: ahead(user.bypass_until),
        is_bound: !user.bindings.is_empty(),
        passcode: user.passcode.as_ref().is_some_and(|(_, until)| now < *until),
    }
}

fn remember(
    world: &World,
    action: &Action,
    (server, application, span): (&str, &str, Option<Duration>),
) -> Result<Plan, AdminError> {
    let what = format!("application \"{application}\"");
    let own = world.app(application);
    let own = own.ok_or_else(|| AdminError::Missing { server: server.to_owned(), what })?;
    let words =
        |minutes: Option<u64>| minutes.map_or("never".to_owned(), |minutes| format!("for {minutes} min"));
    let (after, now) = (words(span.map(|span| span.as_secs() / 60)), words(own.remember_minutes));
    Ok(Plan {
        action: action.clone(),
        title: format!("Change how long {application} remembers browsers"),
        effects: vec![format!("remember a browser {after} (now: {now})"), WRITTEN.to_owned()],
        warning: None,
        level: Level::Asked,
        confirm: application.to_owned(),
        id: application.to_owned(),
        version: String::new(),
        bindings: 0,
    })
}

fn reset(plan: &mut Plan, user: &User, now: Timestamp) -> &'static str {
    for (number, binding) in (1..).zip(&user.bindings) {
        plan.effects.push(format!("delete binding #{number} {}", binding.outline()));
    }
    if user.recovery_codes > 0 {
        plan.effects.push(format!("void {} recovery codes", user.recovery_codes));
    }
    sessions(plan, user);
    plan.effects.push("lead to binding at the next sign-in".to_owned());
    plan.warning = Some(standing(user, now).without(&user.name));
    (plan.bindings, plan.level) = (user.bindings.len() as u64, Level::Typed);
    "Reset OTP bindings of"
}

fn unbind(plan: &mut Plan, user: &User, wanted: &str) -> Option<&'static str> {
    let number = wanted.trim_start_matches('#').parse::<usize>().ok();
    let mut all = (1..).zip(&user.bindings);
    let (nth, binding) = all.find(|(nth, one)| one.id == wanted || number == Some(*nth))?;
    plan.effects.push(format!("delete binding #{nth} {}", binding.outline()));
    if user.bindings.len() == 1 {
        plan.warning = Some("It is the only one: the next sign-in leads to binding.".to_owned());
    }
    plan.action = Action::Unbind { user: user.name.clone(), binding: binding.id.clone() };
    (plan.bindings, plan.level) = (1, Level::Typed);
    Some("Remove a binding of")
}

fn enrol(plan: &mut Plan, application: &str) -> &'static str {
    let effect = format!("begin an authenticator for {application}; it opens nothing before a code is shown");
    plan.effects.push(effect);
    plan.warning = Some("Its secret will be on this screen: whoever sees it can sign in.".to_owned());
    "Bind an authenticator for"
}

fn bypass(plan: &mut Plan, until: Option<Timestamp>, now: Timestamp) -> &'static str {
    let Some(until) = until else {
        plan.effects.push("ask for a second step again".to_owned());
        return "End the bypass of";
    };
    plan.effects.push(format!("ask for no second step until {until:.0}"));
    if until.duration_since(now) > SignedDuration::from_hours(8) {
        plan.level = Level::Typed;
    }
    "Bypass the second step of"
}

fn unlock(plan: &mut Plan, user: &User, now: Timestamp) -> &'static str {
    if let Some(until) = user.locked_until.filter(|until| now < *until) {
        plan.effects.push(format!("end the lock that lasts until {until:.0}"));
    }
    plan.effects.push(format!("forget {}", counted(user.failures.into(), "wrong code")));
    "Unlock"
}

fn passcode(plan: &mut Plan, user: &User, until: Timestamp) -> &'static str {
    plan.effects.push(format!("issue a passcode for one use until {until:.0}"));
    if user.passcode.is_some() {
        plan.effects.push("void the passcode that was issued before".to_owned());
    }
    "Issue a passcode for"
}

fn enable(plan: &mut Plan, user: &User, on: bool) -> &'static str {
    if on {
        plan.effects.push("let them sign in again".to_owned());
        return "Enable";
    }
    plan.effects.push("let them sign in nowhere".to_owned());
    sessions(plan, user);
    plan.level = Level::Typed;
    "Disable"
}

fn sessions(plan: &mut Plan, user: &User) {
    match user.sessions.len() {
        0 => {}
        1 => plan.effects.push("end 1 open session".to_owned()),
        many => plan.effects.push(format!("end {many} open sessions ({})", user.sessions.join(", "))),
    }
}

fn switch(
    world: &World,
    action: &Action,
    (server, application, (factor, on)): (&str, &str, (&str, bool)),
) -> Result<Plan, AdminError> {
    let missing = |what: String| AdminError::Missing { server: server.to_owned(), what };
    let app = world.app(application).ok_or_else(|| missing(format!("application \"{application}\"")))?;
    let was = app.asks_for(factor);
    let was = was.ok_or_else(|| missing(format!("factor \"{factor}\" of application \"{application}\"")))?;
    let impact = if on { super::apps::Impact::default() } else { app.impact(factor, &world.people) };
    let (mut effects, mut warning) = (vec![], None);
    if impact.bindings > 0 {
        let (bindings, users) = (counted(impact.bindings, "binding"), counted(impact.users, "user"));
        effects.push(format!("delete {bindings} of {users} for good"));
        warning = Some("This cannot be undone: on again means binding again.".to_owned());
    }
    if impact.left_without > 0 {
        let (few, all) = (impact.left_without, impact.members);
        effects.push(format!("leave {few} of {all} users without a factor: they have only {factor}"));
        warning = Some(format!("{few} users would be unable to sign in to {application}."));
    }
    effects.push(WRITTEN.to_owned());
    Ok(Plan {
        action: action.clone(),
        title: format!("Switch {factor} {} for {application}", if on { "on" } else { "off" }),
        effects,
        level: if warning.is_some() { Level::Typed } else { Level::Asked },
        warning,
        confirm: application.to_owned(),
        id: application.to_owned(),
        version: format!("{was} {} {}", impact.bindings, impact.left_without),
        bindings: impact.bindings,
    })
}

const WRITTEN: &str = "be written to the audit log";
