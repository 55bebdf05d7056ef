//! What an action will do at a privacyIDEA: read just now, said line by line.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    abilities::CAPABILITIES,
    dates::{is_long, validity},
    envelope::Told,
    needs,
    people::{self, Found},
    policies::{Without, without},
    rights::Who,
    token::{Lock, Token, Tokens, Use},
};
use crate::admin::{
    action::{Action, Level, Plan},
    capability::Capability,
    error::AdminError,
    http::Http,
    model::Person,
};

pub(super) fn plan(http: &Http, (realm, who): (&str, &Who), action: &Action) -> Result<Plan, AdminError> {
    let Some(user) = action.user() else { return Err(never(http, &CAPABILITIES.factors)) };
    if let Action::Enable { .. } = action {
        return Err(never(http, &CAPABILITIES.enable));
    }
    let found = people::one(http, realm, user)?;
    needs::check(http, who, (action, &found))?;
    let Found { person, tokens, lock } = &found;
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
        Action::Reset { .. } => reset(http, realm, (&mut plan, person, tokens))?,
        Action::Unbind { binding, .. } => unbind(http, realm, (&mut plan, person, binding))?,
        Action::Enrol { .. } => {
            plan.effects.push("make a TOTP token; it is good at once, for every application".to_owned());
            plan.warning = Some("Its secret will be on this screen: whoever sees it can sign in.".to_owned());
        }
        Action::Bypass { until: Some(until), .. } => {
            bypass(&mut plan, tokens, *until);
            plan.warning = leads_all_the_same(http, realm, (person, tokens))?;
        }
        Action::Bypass { until: None, .. } => {
            let count = count(tokens, Use::Bypass);
            plan.effects
                .push(format!("delete {}: a second step is asked for again", numbered(count, "spass token")));
        }
        Action::Unlock { .. } => unlock(&mut plan, tokens, (lock, &person.name)),
        Action::Passcode { span, .. } => passcode(&mut plan, tokens, *span),
        Action::Enable { .. } | Action::Factor { .. } | Action::Remember { .. } => {}
    }
    let whose =
        person.display.as_ref().map_or(person.name.clone(), |display| format!("{} ({display})", person.name));
    plan.title = format!("{} {whose}", verb(action));
    plan.effects.push(written(action).to_owned());
    Ok(plan)
}

/// Whether it makes a token: the audit has no place for a reason, a token has.
pub(super) fn is_with_a_token(action: &Action) -> bool {
    matches!(action, Action::Enrol { .. } | Action::Passcode { .. } | Action::Bypass { until: Some(_), .. })
}

fn written(action: &Action) -> &'static str {
    if is_with_a_token(action) {
        "be written to the audit log; the reason stays with the token"
    } else {
        "be written to the audit log, which takes no reason here"
    }
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
    let over =
        tokens.all.iter().filter(|token| token.is() == Use::Bypass && token.is_over(tokens.now)).count();
    if over > 0 {
        plan.effects.push(format!("delete {} whose time is over", numbered(over, "spass token")));
    }
    let stays = count(tokens, Use::Bypass) > over;
    let name = &person.name;
    let after = without(http, (realm, name))?;
    if let Without::Binding { .. } = after {
        plan.effects.push("lead to binding at the next sign-in".to_owned());
    }
    let bypass =
        if stays { " The bypass stays: end it, too, or its token is in the way of binding." } else { "" };
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
        plan.warning = Some(consequence(without(http, (realm, &person.name))?, &person.name));
    }
    plan.action = Action::Unbind { user: person.name.clone(), binding: binding.id.clone() };
    (plan.bindings, plan.level) = (1, Level::Typed);
    Ok(())
}

fn consequence(without: Without, name: &str) -> String {
    let alone = format!("{name} is locked out until a token is enrolled here.");
    match without {
        Without::Binding { proven: true } => {
            format!("This cannot be undone here. {name} cannot sign in until enrolled.")
        }
        Without::Binding { proven: false } => format!(
            "This cannot be undone here. passOnNoToken asks for no password: until {name} is enrolled, whoever types \
             that name can bind."
        ),
        Without::Half => format!(
            "enroll_via_multichallenge leads to binding only together with passthru or passOnNoToken, and neither is \
             there: {alone}"
        ),
        Without::LockedOut => {
            format!("No policy (enroll_via_multichallenge with passthru) leads {name} to binding: {alone}")
        }
        Without::NotKnown => format!(
            "You may not read the policies of this server (right policyread): {name} is led to binding, or {alone}"
        ),
        Without::Open => format!(
            "No policy leads {name} to binding, and passOnNoToken lets in whoever types that name: {name} is without \
             any factor until a token is enrolled."
        ),
        Without::Password => format!(
            "No policy leads {name} to binding, and passthru takes the password alone: {name} is without a second \
             factor until a token is enrolled."
        ),
        Without::Perhaps => format!(
            "Policies lead {name} to binding only from some addresses, programs or at some times: elsewhere {alone}"
        ),
    }
}

fn bypass(plan: &mut Plan, tokens: &Tokens, until: Timestamp) {
    let (_, end) = validity(until);
    plan.effects.push(format!("ask for the password alone until {end:.0} (spass token)"));
    let old = count(tokens, Use::Bypass);
    if old > 0 {
        plan.effects.push(format!("delete {} of before", numbered(old, "spass token")));
    }
    let long = tokens.now.is_none_or(|now| is_long(until.duration_since(now)));
    plan.level = if long { Level::Typed } else { Level::Asked };
}

/// `enroll_via_multichallenge` acts on every sign-in that goes well, with a spass token, too.
fn leads_all_the_same(
    http: &Http,
    realm: &str,
    (person, tokens): (&Person, &Tokens),
) -> Result<Option<String>, AdminError> {
    let name = &person.name;
    if tokens.all.iter().any(|token| token.is() == Use::Binding && token.is_good()) {
        return Ok(None);
    }
    let leads = matches!(without(http, (realm, name))?, Without::Binding { .. });
    let why =
        format!("{name} has no authenticator: enroll_via_multichallenge leads to binding all the same.");
    Ok(leads.then_some(why))
}

fn unlock(plan: &mut Plan, tokens: &Tokens, (lock, name): (&Told<Option<Lock>>, &str)) {
    match lock {
        Told::Value(Some(Lock { until: Some(until) })) => {
            plan.effects.push(format!("end the lock that lasts until {until:.0}"));
        }
        Told::Value(Some(Lock { until: None })) => {
            plan.effects.push("end the lock, which has no end".to_owned());
        }
        Told::Value(None) | Told::Unknown => {}
        Told::Hidden => {
            let why =
                "You may not see whether this server locks users besides their tokens (right user_lock_read)";
            plan.warning = Some(format!("{why}: such a lock of {name} stays."));
        }
    }
    let counted: Vec<&Token> = tokens.all.iter().filter(|token| token.failcount > 0).collect();
    let wrong: u32 = counted.iter().map(|token| token.failcount).sum();
    plan.effects.push(format!(
        "forget {} of {}",
        numbered(wrong as usize, "wrong code"),
        numbered(counted.len(), "token")
    ));
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
