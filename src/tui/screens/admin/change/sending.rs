//! Planning a change, sending it once, reading back what became of it; the words for each.

use jiff::Timestamp;

use crate::{
    admin::{
        Provider,
        action::{Action, Plan},
        error::AdminError,
        model::{AuditFilter, Person, State},
    },
    tui::{
        admin::{
            answer::{Answer, Applied},
            ask::By,
            words,
        },
        context::Context,
    },
};

/// Asks what a change would do, just now.
pub fn plan(action: Action, cx: &mut Context) -> Option<u64> {
    cx.ask(By::Person, move |server| Answer::Planned(server.plan(&action).map(Box::new)))
}

/// Sends what was planned, once, and reads back.
pub fn send(plan: Plan, reason: String, cx: &mut Context) -> Option<u64> {
    let now = cx.now();
    cx.ask(By::Person, move |server| Answer::Applied(Box::new(applied(server, (&plan, &reason), now))))
}

/// The same without waiting: for a thread that sends several.
pub fn applied(server: &dyn Provider, (plan, reason): (&Plan, &str), now: Timestamp) -> Applied {
    let result = server.apply(plan, reason);
    let user = plan.action.user().map(str::to_owned);
    // After a time-out nothing is asked by itself: the server may still be at it.
    let is_read_back = matches!(&result, Ok(_) | Err(AdminError::Changed(_)));
    let after = user.as_ref().filter(|_| is_read_back).map(|name| server.user(name));
    let by = match (&result, &user) {
        (Err(AdminError::Changed(_)), Some(name)) => changed_by(server, name, now),
        _ => None,
    };
    let name = user.unwrap_or_else(|| plan.id.clone());
    Applied { name, result, after, by }
}

/// `ben@ops 12 s ago (unlocked)`: who was faster, by the audit.
fn changed_by(server: &dyn Provider, name: &str, now: Timestamp) -> Option<String> {
    let query = format!("user:\"{}\"", name.replace('"', ""));
    let page = server.audit(&AuditFilter { query, limit: Some(5), ..AuditFilter::default() }, None).ok()?;
    let event = page.items.into_iter().find(|event| event.by.is_some())?;
    let seconds = (now.as_second() - event.time.as_second()).max(0);
    let ago = if seconds < 120 { format!("{seconds} s ago") } else { format!("{} min ago", seconds / 60) };
    Some(format!("{} {ago} ({})", event.by?, event.what))
}

/// What became of a change, and whether it is good news.
pub enum Outcome {
    /// It was done; the state as it was read back.
    Done(String),
    /// Somebody was faster, or it is not known.
    Look(String),
    /// It was not done.
    Failed(String),
}

/// The words for what became of a change.
pub fn outcome(applied: &Applied, cx: &Context) -> Outcome {
    let name = &applied.name;
    match &applied.result {
        Ok(done) => match &applied.after {
            Some(Ok(person)) => Outcome::Done(state_words(person, cx)),
            Some(Err(_)) => Outcome::Look(format!(
                "{}. The new state of {name} is not confirmed by the server; F5 looks.",
                done.sentence.trim_end_matches('.')
            )),
            None => Outcome::Done(format!("{}.", done.sentence.trim_end_matches('.'))),
        },
        Err(AdminError::Changed(_)) => {
            let by = applied.by.as_ref().map_or_else(|| "meanwhile".to_owned(), |by| format!("by {by}"));
            Outcome::Look(format!("{name} was changed {by}. Shown again; nothing was sent."))
        }
        Err(error @ AdminError::Unknown { .. }) => Outcome::Look(words::sentence(error, cx.admin.as_ref())),
        Err(error) => Outcome::Failed(words::sentence(error, cx.admin.as_ref())),
    }
}

/// `alan: unbound ▲, 0 bindings`: everything that holds, for a lock hides what is under it.
pub fn state_words(person: &Person, cx: &Context) -> String {
    let state = person.state;
    let mut all = vec![words::state(state, cx)];
    let note = words::note(person, cx);
    if note.starts_with("until") {
        all[0] = format!("{} {note}", all[0]);
    }
    if matches!(state, State::Locked | State::Bypass) && person.bindings.is_empty() {
        all.insert(0, words::state(State::Unbound, cx));
    }
    if let Some(until) = person.bypass_until.filter(|until| state != State::Bypass && *until > cx.now()) {
        all.push(format!("{} until {}", words::state(State::Bypass, cx), words::until(until, cx)));
    }
    all.push(words::counted(person.bindings.len() as u64, "binding"));
    format!("{}: {}", person.name, all.join(", "))
}

/// An effect as the server says it, its times in the zone of this screen.
pub fn effect_words(effect: &str, cx: &Context) -> String {
    let word =
        |word: &str| word.parse::<Timestamp>().map_or_else(|_| word.to_owned(), |at| words::until(at, cx));
    effect.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// Says it in the row of status.
pub fn tell(outcome: &Outcome, cx: &mut Context) {
    match outcome {
        Outcome::Done(words) => cx.done(words),
        Outcome::Look(words) => cx.warn(words),
        Outcome::Failed(words) => cx.fail(words),
    }
}

/// The title of the box, the word on its button, and what it does in a few words.
pub fn verbs(action: &Action) -> (&'static str, &'static str) {
    match action {
        Action::Reset { .. } => ("Reset OTP bindings", "Reset"),
        Action::Unbind { .. } => ("Remove one binding", "Remove"),
        Action::Enrol { .. } => ("Bind an authenticator", "Bind"),
        Action::Bypass { until: Some(_), .. } => ("Bypass the second step", "Bypass"),
        Action::Bypass { until: None, .. } => ("End the bypass", "End"),
        Action::Unlock { .. } => ("Unlock", "Unlock"),
        Action::Passcode { .. } => ("Issue a passcode", "Issue"),
        Action::Enable { on: true, .. } => ("Enable sign-in", "Enable"),
        Action::Enable { on: false, .. } => ("Disable sign-in", "Disable"),
        Action::Factor { on: true, .. } => ("Switch a factor on", "Switch on"),
        Action::Factor { on: false, .. } => ("Switch a factor off", "Switch off"),
        Action::Remember { .. } => ("Change how long browsers are remembered", "Change"),
    }
}
