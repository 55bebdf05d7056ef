//! What an action will do at a sesamd: read just now, said line by line.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::find::{self, encoded};
use crate::{
    admin::{
        action::{Action, Level, Plan},
        error::AdminError,
        http::Http,
        stays::Standing,
    },
    api::{
        applications::{Application, Impact},
        users::{Binding, Overview, UserDetail},
    },
    text::counted,
};

pub(super) fn plan(http: &Http, action: &Action) -> Result<Plan, AdminError> {
    if let Action::Factor { application, factor, on } = action {
        return switch(http, action, (application, factor, *on));
    }
    if let Action::Remember { application, span } = action {
        return remember(http, action, (application, *span));
    }
    let user = find::user(http, action.user().unwrap_or_default())?;
    about(http, action, &user)
}

fn about(http: &Http, action: &Action, user: &UserDetail) -> Result<Plan, AdminError> {
    let name = &user.user.name;
    let mut plan = Plan {
        action: action.clone(),
        title: String::new(),
        effects: vec![],
        warning: None,
        level: Level::Asked,
        confirm: name.clone(),
        id: user.user.id.clone(),
        version: user.user.version.clone(),
        bindings: 0,
    };
    let whose = match &user.user.display {
        Some(display) => format!("{name} ({display})"),
        None => name.clone(),
    };
    match action {
        Action::Reset { .. } => reset(&mut plan, user),
        Action::Unbind { binding, .. } => unbind(http, &mut plan, (user, binding))?,
        Action::Enrol { application, .. } => {
            plan.effects.push(format!(
                "begin an authenticator for {application}; it opens nothing before a code is shown"
            ));
            plan.warning = Some("Its secret will be on this screen: whoever sees it can sign in.".to_owned());
        }
        Action::Bypass { until: Some(until), .. } => {
            plan.effects.push(format!("ask for no second step until {until:.0}"));
            plan.level = if is_long(http, *until)? { Level::Typed } else { Level::Asked };
        }
        Action::Bypass { until: None, .. } => plan.effects.push("ask for a second step again".to_owned()),
        Action::Unlock { .. } => unlock(&mut plan, user),
        Action::Passcode { span, .. } => {
            plan.effects.push(format!("issue a passcode for one use within {}", hours(*span)));
            if user.passcode_until.is_some() {
                plan.effects.push("void the passcode that was issued before".to_owned());
            }
        }
        Action::Enable { on: true, .. } => plan.effects.push("let them sign in again".to_owned()),
        Action::Enable { on: false, .. } => {
            plan.effects.push("let them sign in nowhere".to_owned());
            sessions(&mut plan, user);
            plan.level = Level::Typed;
        }
        Action::Factor { .. } | Action::Remember { .. } => {}
    }
    plan.effects.extend(standing(user).stays(action));
    plan.title = format!("{} {whose}", verb(action));
    plan.effects.push("be written to the audit log".to_owned());
    Ok(plan)
}

fn standing(user: &UserDetail) -> Standing {
    let own = &user.user;
    Standing {
        locked: own.locked_until,
        bypass: own.bypass_until,
        is_bound: !own.bindings.is_empty(),
        passcode: user.passcode_until.is_some(),
    }
}

/// Longer than a working day, by the server's clock.
fn is_long(http: &Http, until: Timestamp) -> Result<bool, AdminError> {
    let now = http.get::<Overview>("/v1/admin/overview", "overview")?.time;
    Ok(until.duration_since(now) > SignedDuration::from_hours(8))
}

fn reset(plan: &mut Plan, user: &UserDetail) {
    for (nth, binding) in (1..).zip(&user.user.bindings) {
        plan.effects.push(format!("delete binding #{nth} {}", outline(binding)));
    }
    if user.recovery_codes > 0 {
        plan.effects.push(format!("void {} recovery codes", user.recovery_codes));
    }
    sessions(plan, user);
    plan.effects.push("lead to binding at the next sign-in".to_owned());
    plan.bindings = user.user.bindings.len() as u64;
    plan.warning = Some(standing(user).without(&user.user.name));
    plan.level = Level::Typed;
}

/// By its id, or by its number in the list.
fn unbind(http: &Http, plan: &mut Plan, (user, wanted): (&UserDetail, &str)) -> Result<(), AdminError> {
    let number = wanted.trim_start_matches('#').parse::<usize>().ok();
    let found =
        user.user.bindings.iter().enumerate().find(|(nth, one)| one.id == wanted || number == Some(nth + 1));
    let Some((nth, binding)) = found else {
        let what = format!("binding {wanted} of \"{}\"", user.user.name);
        return Err(AdminError::Missing { server: http.name().to_owned(), what });
    };
    plan.effects.push(format!("delete binding #{} {}", nth + 1, outline(binding)));
    if user.user.bindings.len() == 1 {
        plan.warning = Some("It is the only one: the next sign-in leads to binding.".to_owned());
    }
    plan.action = Action::Unbind { user: user.user.name.clone(), binding: binding.id.clone() };
    (plan.bindings, plan.level) = (1, Level::Typed);
    Ok(())
}

fn unlock(plan: &mut Plan, user: &UserDetail) {
    if let Some(until) = user.user.locked_until {
        plan.effects.push(format!("end the lock that lasts until {until:.0}"));
    }
    plan.effects.push(format!("forget {}", counted(user.user.failures_since_success.into(), "wrong code")));
}

fn switch(
    http: &Http,
    action: &Action,
    (application, factor, on): (&str, &str, bool),
) -> Result<Plan, AdminError> {
    let path = format!("/v1/admin/applications/{}/impact?factor={}", encoded(application), encoded(factor));
    let what = format!("application \"{application}\"");
    let impact: Impact = http.get(&path, &what)?;
    let mut effects = vec![];
    let mut warning = None;
    if !on && impact.bindings > 0 {
        let (bindings, users) = (counted(impact.bindings, "binding"), counted(impact.users, "user"));
        effects.push(format!("delete {bindings} of {users} for good"));
        warning = Some("This cannot be undone: on again means binding again.".to_owned());
    }
    if !on && impact.left_without > 0 {
        warning = Some(format!("{} users would be unable to sign in to {application}.", impact.left_without));
    }
    effects.push("be written to the audit log".to_owned());
    Ok(Plan {
        action: action.clone(),
        title: format!("Switch {factor} {} for {application}", if on { "on" } else { "off" }),
        effects,
        level: if warning.is_some() { Level::Typed } else { Level::Asked },
        warning,
        confirm: application.to_owned(),
        id: application.to_owned(),
        version: String::new(),
        bindings: impact.bindings,
    })
}

fn remember(
    http: &Http,
    action: &Action,
    (application, span): (&str, Option<Duration>),
) -> Result<Plan, AdminError> {
    let path = format!("/v1/admin/applications/{}", encoded(application));
    let own: Application = http.get(&path, &format!("application \"{application}\""))?;
    let now = own.remember_minutes.map(|minutes| hours(Duration::from_secs(minutes * 60)));
    let effect = match (span, &now) {
        (Some(span), _) => format!("ask a browser that did the second step for none within {}", hours(span)),
        (None, _) => "ask for the second step at each sign-in".to_owned(),
    };
    let now = format!("(now: {})", now.as_deref().unwrap_or("never remembered"));
    Ok(Plan {
        action: action.clone(),
        title: format!("Change how long {application} remembers browsers"),
        effects: vec![format!("{effect} {now}"), "be written to the audit log".to_owned()],
        warning: None,
        level: Level::Asked,
        confirm: application.to_owned(),
        id: application.to_owned(),
        version: String::new(),
        bindings: 0,
    })
}

fn sessions(plan: &mut Plan, user: &UserDetail) {
    match user.sessions {
        0 => {}
        1 => plan.effects.push("end 1 open session".to_owned()),
        many => plan.effects.push(format!("end {many} open sessions")),
    }
}

fn outline(binding: &Binding) -> String {
    let kind = binding.kind.to_uppercase();
    match (&binding.serial, &binding.application) {
        (Some(serial), _) => format!("{kind} hw token {serial}"),
        (None, Some(application)) => format!("{kind} {application}"),
        (None, None) => kind,
    }
}

fn verb(action: &Action) -> &'static str {
    match action {
        Action::Reset { .. } => "Reset OTP bindings of",
        Action::Unbind { .. } => "Remove a binding of",
        Action::Enrol { .. } => "Bind an authenticator for",
        Action::Bypass { until: Some(_), .. } => "Bypass the second step of",
        Action::Bypass { until: None, .. } => "End the bypass of",
        Action::Unlock { .. } => "Unlock",
        Action::Passcode { .. } => "Issue a passcode for",
        Action::Enable { on: true, .. } => "Enable",
        Action::Enable { on: false, .. } => "Disable",
        Action::Factor { .. } => "Switch",
        Action::Remember { .. } => "Change",
    }
}

pub(super) fn hours(span: Duration) -> String {
    match span.as_secs() / 60 {
        minutes if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes => format!("{minutes} min"),
    }
}
