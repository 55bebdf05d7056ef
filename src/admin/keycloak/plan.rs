//! What an action will do at a Keycloak: read just now, said line by line. Rights that are missing are named here, before
//! anything is sent.

use jiff::{SignedDuration, Timestamp};

use super::{
    abilities::{CAPABILITIES, RECIPE},
    bypass::{self, Held, UNTIL},
    desk::{Desk, Right},
    flow::{self, Rule},
    people::{self, Seen},
    shape::{BIND, Credential},
};
use crate::admin::{
    action::{Action, Level, Plan},
    capability::Capability,
    error::AdminError,
};

pub(super) fn plan(desk: &Desk, action: &Action) -> Result<Plan, AdminError> {
    if let Action::Passcode { .. } = action {
        return Err(never(desk, &CAPABILITIES.passcode));
    }
    let Some(user) = action.user() else { return Err(never(desk, &CAPABILITIES.factors)) };
    let seen = people::one(desk, flow::rule(desk)?, user)?;
    about(desk, action, &seen)
}

/// The plan for a user who was read already.
pub(super) fn about(desk: &Desk, action: &Action, seen: &Seen) -> Result<Plan, AdminError> {
    allowed(desk, action, seen)?;
    let name = &seen.user.username;
    let mut plan = Plan {
        action: action.clone(),
        title: String::new(),
        effects: vec![],
        warning: None,
        level: Level::Asked,
        confirm: name.clone(),
        id: seen.user.id.clone(),
        version: seen.person().version,
        bindings: 0,
    };
    match action {
        Action::Reset { .. } => reset(desk, &mut plan, seen)?,
        Action::Unbind { binding, .. } => unbind(desk, &mut plan, (seen, binding))?,
        Action::Enrol { .. } => enrol(&mut plan, seen),
        Action::Bypass { until: Some(until), .. } => grant(desk, &mut plan, (seen, *until))?,
        Action::Bypass { until: None, .. } => end(desk, &mut plan, seen)?,
        Action::Unlock { .. } => unlock(&mut plan, seen),
        Action::Enable { on, .. } => enable(&mut plan, seen, *on),
        Action::Passcode { .. } | Action::Factor { .. } | Action::Remember { .. } => {}
    }
    let whose = seen.user.display().map_or(name.clone(), |display| format!("{name} ({display})"));
    plan.title = format!("{} {whose}", verb(action));
    plan.effects.push("be kept as admin events where saved; Keycloak keeps no reason".to_owned());
    Ok(plan)
}

fn never(desk: &Desk, capability: &Capability) -> AdminError {
    match capability {
        Capability::No(why) | Capability::Emulated(why) => desk.never(why),
        Capability::Yes => desk.never(""),
    }
}

/// As far as the server tells beforehand: of this user, and in the token.
fn allowed(desk: &Desk, action: &Action, seen: &Seen) -> Result<(), AdminError> {
    let may = match (action, &seen.rule) {
        (Action::Bypass { .. }, Rule::Role(_)) => seen.user.allows("manage") && seen.user.allows("mapRoles"),
        _ => seen.user.allows("manage"),
    };
    let is_silent = seen.user.access.is_empty();
    if !may || is_silent && desk.session.claims().lacks(Right::Change.word()) {
        return Err(desk.lacks(Right::Change));
    }
    Ok(())
}

fn reset(desk: &Desk, plan: &mut Plan, seen: &Seen) -> Result<(), AdminError> {
    force(plan, seen);
    for (nth, one) in (1..).zip(seen.bindings()) {
        plan.effects.push(format!("delete binding #{nth} {}", one.outline()));
    }
    if seen.credentials.iter().any(Credential::is_recovery) {
        plan.effects.push("void the recovery codes".to_owned());
    }
    sessions(plan, seen);
    let name = &seen.user.username;
    let mut warning = format!("This cannot be undone here. {name} binds anew at the next sign-in.");
    if seen.credentials.iter().any(Credential::is_key) {
        warning.push_str(" The security keys stay, and are asked for.");
    }
    if seen.held != Held::No {
        warning.push_str(" The bypass stays.");
    }
    plan.warning = Some(with_care(desk, warning)?);
    (plan.bindings, plan.level) = (seen.bindings().len() as u64, Level::Typed);
    Ok(())
}

/// First of all, for whoever stops in between leaves a user who must bind, never one without any second factor.
fn force(plan: &mut Plan, seen: &Seen) {
    let words = if seen.user.must_bind() { "keep" } else { "set" };
    plan.effects.push(format!("{words} {BIND}: the next sign-in leads to binding"));
}

/// A warning, and a louder one where the realm would not lead to binding.
fn with_care(desk: &Desk, warning: String) -> Result<String, AdminError> {
    let all: Option<Vec<serde_json::Value>> =
        desk.perhaps("/authentication/required-actions", ("required actions", Right::Realm))?;
    let is_off = |all: &Vec<serde_json::Value>| {
        !all.iter().any(|one| one["alias"] == BIND && one["enabled"].as_bool() == Some(true))
    };
    Ok(match all {
        Some(all) if is_off(&all) => format!(
            "{BIND} is not enabled in this realm (Authentication, Required actions): the password alone would open the \
             account. {warning}"
        ),
        _ => warning,
    })
}

fn unbind(desk: &Desk, plan: &mut Plan, (seen, wanted): (&Seen, &str)) -> Result<(), AdminError> {
    let number = wanted.trim_start_matches('#').parse::<usize>().ok();
    let bindings = seen.bindings();
    let found = (1..).zip(&bindings).find(|(nth, one)| one.id == wanted || number == Some(*nth));
    let Some((nth, binding)) = found else {
        let what = format!("binding {wanted} of \"{}\"", seen.user.username);
        return Err(AdminError::Missing { server: desk.http.name().to_owned(), what });
    };
    if bindings.len() == 1 {
        force(plan, seen);
        let warning =
            "It is the only one: without the required action the password alone would open the account.";
        plan.warning = Some(with_care(desk, warning.to_owned())?);
    }
    plan.effects.push(format!("delete binding #{nth} {}", binding.outline()));
    plan.action = Action::Unbind { user: seen.user.username.clone(), binding: binding.id.clone() };
    (plan.bindings, plan.level) = (1, Level::Typed);
    Ok(())
}

fn enrol(plan: &mut Plan, seen: &Seen) {
    plan.effects.push("add an OTP credential, good at once for every application".to_owned());
    let count = seen.bindings().len();
    if count > 0 {
        plan.effects.push(format!("keep the {count} that are there"));
    }
    if seen.user.must_bind() {
        plan.effects.push(format!("take the required action {BIND} back, for it is done"));
    }
    plan.warning = Some(
        "Its secret will be on this screen: you have seen it then, and whoever sees it can make the codes."
            .to_owned(),
    );
}

fn grant(desk: &Desk, plan: &mut Plan, (seen, until): (&Seen, Timestamp)) -> Result<(), AdminError> {
    match &seen.rule {
        Rule::None => return Err(desk.never(RECIPE)),
        Rule::Hidden => return Err(desk.lacks(Right::Realm)),
        Rule::Role(role) => {
            plan.effects.push(format!("give the role {}: no second step is asked for", role.name));
        }
        Rule::Attribute { name, value } => {
            if bypass::keeps(desk, name)? == Some(false) {
                return Err(desk.never(&dropped(name)));
            }
            plan.effects
                .push(format!("set the attribute {name} to \"{value}\": no second step is asked for"));
        }
    }
    let kept = bypass::keeps(desk, UNTIL)?;
    if kept == Some(false) {
        plan.warning = Some(format!(
            "Its end is not kept: this realm drops the attribute {UNTIL}. It lasts until somebody ends it, whatever end you \
             gave. (Realm settings, User profile: declare it, or let administrators write unmanaged attributes.)"
        ));
    } else {
        plan.effects.push(format!("keep its end {until:.0} as {UNTIL}"));
        plan.warning = Some(
            "Keycloak does not end it by itself: run sesam admin bypass sweep, by a timer best.".to_owned(),
        );
    }
    let now = desk.session.time();
    let is_long = now.is_none_or(|now| until.duration_since(now) > SignedDuration::from_hours(8));
    plan.level = if is_long || kept == Some(false) { Level::Typed } else { Level::Asked };
    Ok(())
}

fn end(desk: &Desk, plan: &mut Plan, seen: &Seen) -> Result<(), AdminError> {
    let what = match &seen.rule {
        Rule::None => return Err(desk.never(RECIPE)),
        Rule::Hidden => return Err(desk.lacks(Right::Realm)),
        Rule::Role(role) => format!("the role {}", role.name),
        Rule::Attribute { name, .. } => format!("the attribute {name}"),
    };
    match seen.held {
        Held::Own => plan.effects.push(format!("take {what} away: a second step is asked for again")),
        Held::No => plan.effects.push(format!("change nothing: {what} is not there")),
        Held::Inherited => {
            let why = format!(
                "{} has {what} through a group or another role: take it away there (Groups, or Role mapping)",
                seen.user.username
            );
            return Err(desk.never(&why));
        }
    }
    if seen.user.attribute(UNTIL).is_some() {
        plan.effects.push(format!("remove the attribute {UNTIL}"));
    }
    Ok(())
}

fn unlock(plan: &mut Plan, seen: &Seen) {
    if seen.user.is_locked_for_good() {
        plan.effects.push("enable the account that wrong tries have disabled for good".to_owned());
    } else if !seen.user.enabled {
        plan.warning = Some(
            "The account is disabled by an administrator: unlocking leaves that, enabling ends it."
                .to_owned(),
        );
    }
    if let Some(until) = seen.lock.until() {
        plan.effects.push(format!("end the lock that lasts until {until:.0}"));
    } else if seen.lock.disabled {
        plan.effects.push("end the lock".to_owned());
    }
    plan.effects.push(format!("forget {} wrong tries", seen.lock.num_failures));
}

fn enable(plan: &mut Plan, seen: &Seen, on: bool) {
    if on {
        plan.effects.push("let them sign in again".to_owned());
        if seen.lock.disabled || seen.user.is_locked_for_good() {
            plan.effects.push("leave the wrong tries counted: unlock forgets them".to_owned());
        }
        return;
    }
    plan.effects.push("let them sign in nowhere".to_owned());
    sessions(plan, seen);
    plan.level = Level::Typed;
}

fn sessions(plan: &mut Plan, seen: &Seen) {
    plan.effects.push(match seen.sessions {
        Some(0) => return,
        Some(1) => "end 1 open session".to_owned(),
        Some(many) => format!("end {many} open sessions"),
        None => "end all open sessions".to_owned(),
    });
}

/// Why an attribute is not there though it was set.
pub(super) fn dropped(name: &str) -> String {
    format!(
        "the realm drops the attribute {name}: declare it in Realm settings, User profile, or let administrators write \
         unmanaged attributes there"
    )
}

fn verb(action: &Action) -> &'static str {
    match action {
        Action::Reset { .. } => "Reset OTP bindings of",
        Action::Unbind { .. } => "Remove a binding of",
        Action::Enrol { .. } => "Bind an authenticator for",
        Action::Bypass { until: Some(_), .. } => "Bypass the second step of",
        Action::Bypass { until: None, .. } => "End the bypass of",
        Action::Unlock { .. } => "Unlock",
        Action::Enable { on: true, .. } => "Enable",
        Action::Enable { on: false, .. } => "Disable",
        Action::Passcode { .. } | Action::Factor { .. } | Action::Remember { .. } => "Change",
    }
}
