//! What an action will do at a privacyIDEA: read just now, said line by line.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    abilities::CAPABILITIES,
    dates::{is_long, validity},
    people,
    policies::{self, Without},
    token::{Token, Tokens, Use},
};
use crate::admin::{
    action::{Action, Level, Plan},
    capability::Capability,
    error::AdminError,
    http::Http,
    model::Person,
};

pub(super) fn plan(http: &Http, realm: &str, action: &Action) -> Result<Plan, AdminError> {
    let Some(user) = action.user() else { return Err(never(http, &CAPABILITIES.factors)) };
    if let Action::Enable { .. } = action {
        return Err(never(http, &CAPABILITIES.enable));
    }
    let (person, tokens) = people::one(http, realm, user)?;
    let mut plan = Plan {
        action: action.clone(),
        title: String::new(),
        effects: vec![],
        warning: None,
        level: Level::Asked,
        confirm: person.name.clone(),
        id: person.name.clone(),
        version: person.version.clone(),
        bindings: 0,
    };
    match action {
        Action::Reset { .. } => reset(http, realm, (&mut plan, &person, &tokens))?,
        Action::Unbind { binding, .. } => unbind(http, realm, (&mut plan, &person, binding))?,
        Action::Enrol { .. } => {
            plan.effects.push("make a TOTP token; it is good at once, for every application".to_owned());
            plan.warning = Some("Its secret will be on this screen: whoever sees it can sign in.".to_owned());
        }
        Action::Bypass { until: Some(until), .. } => bypass(&mut plan, &tokens, *until),
        Action::Bypass { until: None, .. } => {
            let count = count(&tokens, Use::Bypass);
            plan.effects
                .push(format!("delete {}: a second step is asked for again", numbered(count, "spass token")));
        }
        Action::Unlock { .. } => unlock(&mut plan, &person, &tokens),
        Action::Passcode { span, .. } => passcode(&mut plan, &tokens, *span),
        Action::Enable { .. } | Action::Factor { .. } | Action::Remember { .. } => {}
    }
    let whose =
        person.display.as_ref().map_or(person.name.clone(), |display| format!("{} ({display})", person.name));
    plan.title = format!("{} {whose}", verb(action));
    plan.effects.push(
        "be written to the audit log; privacyIDEA keeps a reason only with a token that is made".to_owned(),
    );
    Ok(plan)
}

/// What this server has not, with its recipe.
pub(super) fn never(http: &Http, capability: &Capability) -> AdminError {
    let why = match capability {
        Capability::No(why) | Capability::Emulated(why) => (*why).to_owned(),
        Capability::Yes => String::new(),
    };
    AdminError::Impossible { server: http.name().to_owned(), why }
}

fn reset(
    http: &Http,
    realm: &str,
    (plan, person, tokens): (&mut Plan, &Person, &Tokens),
) -> Result<(), AdminError> {
    for (nth, binding) in (1..).zip(&person.bindings) {
        plan.effects.push(format!("delete binding #{nth} {} {}", binding.kind.to_uppercase(), binding.id));
    }
    let passcodes = count(tokens, Use::Passcode);
    if passcodes > 0 {
        plan.effects.push(format!("void {}", numbered(passcodes, "passcode")));
    }
    let bypass = if count(tokens, Use::Bypass) > 0 { " The bypass stays." } else { "" };
    let name = &person.name;
    let after = after(http, (realm, name))?;
    if after == Without::Binding {
        plan.effects.push("lead to binding at the next sign-in".to_owned());
    }
    plan.warning = Some(format!("{}{bypass}", consequence(after, name)));
    (plan.bindings, plan.level) = (person.bindings.len() as u64, Level::Typed);
    Ok(())
}

fn unbind(
    http: &Http,
    realm: &str,
    (plan, person, wanted): (&mut Plan, &Person, &str),
) -> Result<(), AdminError> {
    let number = wanted.trim_start_matches('#').parse::<usize>().ok();
    let found = (1..)
        .zip(&person.bindings)
        .find(|(nth, one)| one.id.eq_ignore_ascii_case(wanted) || number == Some(*nth));
    let Some((nth, binding)) = found else {
        let what = format!("binding {wanted} of \"{}\"", person.name);
        return Err(AdminError::Missing { server: http.name().to_owned(), what });
    };
    plan.effects.push(format!("delete binding #{nth} {} {}", binding.kind.to_uppercase(), binding.id));
    if person.bindings.len() == 1 {
        plan.warning = Some(consequence(after(http, (realm, &person.name))?, &person.name));
    }
    plan.action = Action::Unbind { user: person.name.clone(), binding: binding.id.clone() };
    (plan.bindings, plan.level) = (1, Level::Typed);
    Ok(())
}

fn after(http: &Http, whose: (&str, &str)) -> Result<Without, AdminError> {
    policies::without(http, whose)
}

fn consequence(without: Without, name: &str) -> String {
    match without {
        Without::Binding => format!("This cannot be undone here. {name} cannot sign in until enrolled."),
        Without::Open => format!(
            "No policy leads {name} to binding, and passOnNoToken lets everybody in who knows the password: {name} is \
             without a second factor until a token is enrolled."
        ),
        Without::LockedOut => format!(
            "No policy (enroll_via_multichallenge) leads {name} to binding: {name} is locked out until a token is \
             enrolled here."
        ),
        Without::NotKnown => format!(
            "You may not read the policies of this server: {name} is led to binding, or locked out until a token is \
             enrolled here."
        ),
    }
}

fn bypass(plan: &mut Plan, tokens: &Tokens, until: Timestamp) {
    let (_, end) = validity(until);
    plan.effects
        .push(format!("make a spass token: nothing is asked for besides the password until {end:.0}"));
    let old = count(tokens, Use::Bypass);
    if old > 0 {
        plan.effects.push(format!("delete {} of before", numbered(old, "spass token")));
    }
    let long = tokens.now.is_none_or(|now| is_long(until.duration_since(now)));
    plan.level = if long { Level::Typed } else { Level::Asked };
}

fn unlock(plan: &mut Plan, person: &Person, tokens: &Tokens) {
    if let Some(until) = person.locked_until {
        plan.effects.push(format!("end the lock that lasts until {until:.0}"));
    }
    let counted: Vec<&Token> = tokens.all.iter().filter(|token| token.failcount > 0).collect();
    let wrong: u32 = counted.iter().map(|token| token.failcount).sum();
    plan.effects.push(format!("forget {wrong} wrong codes of {} tokens", counted.len()));
}

fn passcode(plan: &mut Plan, tokens: &Tokens, span: Duration) {
    let minutes = span.as_secs() / 60;
    let span =
        if minutes.is_multiple_of(60) { format!("{} h", minutes / 60) } else { format!("{minutes} min") };
    plan.effects.push(format!("make a registration token: one use within {span}"));
    let old = count(tokens, Use::Passcode);
    if old > 0 {
        plan.effects.push(format!("void {} of before", numbered(old, "passcode")));
    }
}

fn count(tokens: &Tokens, of: Use) -> usize {
    tokens.all.iter().filter(|token| token.is() == of).count()
}

fn numbered(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
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
        Action::Enable { .. } | Action::Factor { .. } | Action::Remember { .. } => "Switch",
    }
}
