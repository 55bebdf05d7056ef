//! Doing at a Keycloak what was planned. It has no versions, so that the user is read once more just before; each change is
//! sent once, and none is believed for its 204: the user is read back.

use jiff::Timestamp;
use serde_json::json;

use super::{
    abilities::{CAPABILITIES, RECIPE},
    bypass::{self, Held, UNTIL},
    desk::Desk,
    enrol,
    flow::{self, Role, Rule},
    people::{self, Seen},
    plan::{self, dropped},
    shape::{BIND, Credential, User},
    write::Writer,
};
use crate::admin::{
    action::{Action, Done, Plan},
    capability::Capability,
    error::AdminError,
    http::Method,
};

pub(super) fn apply(desk: &Desk, wanted: &Plan) -> Result<Done, AdminError> {
    let (Some(user), false) = (wanted.action.user(), matches!(wanted.action, Action::Passcode { .. })) else {
        let Capability::No(why) = CAPABILITIES.factors else { return Err(desk.never("")) };
        return Err(desk.never(why));
    };
    let seen = people::one(desk, flow::rule(desk)?, user)?;
    let person = seen.person();
    if person.version != wanted.version || person.id != wanted.id {
        return Err(AdminError::Changed(format!("user \"{}\"", person.name)));
    }
    // What was refused when it was planned is refused now too.
    plan::about(desk, &wanted.action, &seen)?;
    let writer = Writer::new(desk, &seen.user);
    done(&writer, &seen, wanted).map_err(|error| writer.explained(error))
}

fn done(writer: &Writer<'_>, seen: &Seen, wanted: &Plan) -> Result<Done, AdminError> {
    let name = &seen.user.username;
    match &wanted.action {
        Action::Reset { .. } => {
            reset(writer, seen)?;
            let gone = wanted.bindings;
            Ok(said(format!("{name} was reset: {gone} bindings are gone, the next sign-in leads to binding")))
        }
        Action::Unbind { binding, .. } => {
            unbind(writer, seen, binding)?;
            Ok(said(format!("A binding of {name} was removed")))
        }
        Action::Enrol { .. } => enrol::enrol(writer, seen),
        Action::Bypass { until: Some(until), .. } => grant(writer, seen, *until),
        Action::Bypass { until: None, .. } => {
            end(writer, seen)?;
            Ok(said(format!("{name} is asked for a second step again")))
        }
        Action::Unlock { .. } => unlock(writer, seen),
        Action::Enable { on, .. } => enable(writer, seen, *on),
        Action::Passcode { .. } | Action::Factor { .. } | Action::Remember { .. } => {
            Err(writer.desk.never(""))
        }
    }
}

/// The required action first: whoever dies between two of these leaves a user who must bind anew, or one whose bindings are
/// still there.
fn reset(writer: &Writer<'_>, seen: &Seen) -> Result<(), AdminError> {
    writer.demand_binding(&seen.user)?;
    let goes = |one: &&Credential| one.is_otp() || one.is_recovery();
    for credential in seen.credentials.iter().filter(goes) {
        writer.delete(&credential.id)?;
    }
    let left = writer.credentials()?;
    if let Some(left) = left.iter().find(goes) {
        return Err(writer.not_done(&format!("{} is still there", left.outline())));
    }
    writer.end_sessions()?;
    if writer.user()?.must_bind() { Ok(()) } else { Err(writer.not_done(&format!("{BIND} is not set"))) }
}

fn unbind(writer: &Writer<'_>, seen: &Seen, binding: &str) -> Result<(), AdminError> {
    if seen.bindings().len() == 1 {
        writer.demand_binding(&seen.user)?;
    }
    writer.delete(binding)?;
    match writer.credentials()?.iter().find(|one| one.id == binding) {
        Some(left) => Err(writer.not_done(&format!("{} is still there", left.outline()))),
        None => Ok(()),
    }
}

/// The end first, then the role: whoever dies in between leaves no bypass without its end.
fn grant(writer: &Writer<'_>, seen: &Seen, until: Timestamp) -> Result<Done, AdminError> {
    let keeps_end = bypass::keeps(writer.desk, UNTIL)? != Some(false);
    let mut now = seen.user.clone();
    if keeps_end || matches!(seen.rule, Rule::Attribute { .. }) {
        now = writer.attributes(&seen.user, &bypass::attributes(&seen.user, &seen.rule, Some(until)))?;
    }
    let has_end = bypass::until(&now).is_some();
    if keeps_end && !has_end {
        return Err(writer.not_done(&dropped(UNTIL)));
    }
    match &seen.rule {
        Rule::Role(role) => {
            if seen.held == Held::No {
                role_change(writer, (Method::Post, role))?;
            }
            now = writer.user()?;
        }
        Rule::Attribute { name, .. } if bypass::by_attribute(&seen.rule, &now) == Held::No => {
            return Err(writer.not_done(&dropped(name)));
        }
        Rule::Attribute { .. } => {}
        Rule::None | Rule::Hidden => return Err(writer.desk.never(RECIPE)),
    }
    if bypass::held(writer.desk, &seen.rule, &now)? == Held::No {
        return Err(writer.not_done("the bypass is not there"));
    }
    let name = &seen.user.username;
    Ok(said(if has_end {
        format!(
            "{name} signs in without a second step until {until:.0}; sesam admin bypass sweep ends it then"
        )
    } else {
        format!("{name} signs in without a second step until somebody ends it: the realm keeps no end")
    }))
}

fn end(writer: &Writer<'_>, seen: &Seen) -> Result<(), AdminError> {
    if let (Rule::Role(role), Held::Own) = (&seen.rule, seen.held) {
        role_change(writer, (Method::Delete, role))?;
    }
    let after = bypass::attributes(&seen.user, &seen.rule, None);
    if after != seen.user.attributes {
        writer.attributes(&seen.user, &after)?;
    }
    match bypass::held(writer.desk, &seen.rule, &writer.user()?)? {
        Held::No => Ok(()),
        Held::Own => Err(writer.not_done("the bypass is still there")),
        Held::Inherited => Err(writer.not_done("it is still there through a group or another role")),
    }
}

fn role_change(writer: &Writer<'_>, (method, role): (Method, &Role)) -> Result<(), AdminError> {
    let path = writer.path("/role-mappings/realm");
    let body = json!([{"id": role.id, "name": role.name}]);
    writer.send((method, &path), &body)
}

fn unlock(writer: &Writer<'_>, seen: &Seen) -> Result<Done, AdminError> {
    let name = &seen.user.username;
    writer.forget_failures()?;
    let was_closed = seen.user.is_locked_for_good();
    if was_closed {
        open_again(writer, &seen.user)?;
    }
    let (user, lock) = (writer.user()?, people::lock(writer.desk, &seen.user)?);
    if lock.disabled || user.is_locked_for_good() {
        return Err(writer.not_done("it is still locked"));
    }
    let also = if was_closed { ", and enabled again" } else { "" };
    Ok(said(format!("{name} is unlocked{also}, wrong tries are forgotten")))
}

/// Enabled again after a permanent lock, whose mark goes too where the server leaves it.
fn open_again(writer: &Writer<'_>, user: &User) -> Result<(), AdminError> {
    writer.put(user, &json!({"enabled": true}))?;
    let now = writer.user()?;
    if !now.enabled {
        return Err(writer.not_done("it is still disabled"));
    }
    if now.attribute("disabledReason").is_some() {
        let mut attributes = now.attributes.clone();
        attributes.remove("disabledReason");
        writer.attributes(&now, &attributes)?;
    }
    Ok(())
}

fn enable(writer: &Writer<'_>, seen: &Seen, on: bool) -> Result<Done, AdminError> {
    let name = &seen.user.username;
    if on && seen.user.is_locked_for_good() {
        open_again(writer, &seen.user)?;
    } else {
        writer.put(&seen.user, &json!({ "enabled": on }))?;
    }
    if writer.user()?.enabled != on {
        return Err(writer.not_done(if on { "it is still disabled" } else { "it is still enabled" }));
    }
    if !on {
        writer.end_sessions()?;
    }
    let may = if on { "may sign in again" } else { "may not sign in" };
    Ok(said(format!("{name} {may}")))
}

fn said(sentence: String) -> Done {
    Done { sentence, passcode: None, enrolled: None }
}
