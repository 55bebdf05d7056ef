//! What a user hears of by mail though nobody but they, or a stranger, did it: a code from the sheet was used, wrong
//! codes locked them.

use super::texts;
use crate::server::{
    domain::{
        audit::{Event, EventKind, Outcome},
        factor::Factor,
        recovery::Recovery,
        time::Time,
    },
    store::Case,
};

/// Writes the letters that events call for, in the transaction of those events.
pub fn tell(case: &mut Case, events: &[Event]) {
    let Some(to) = case.person.user.email.clone() else { return };
    let all: Vec<String> = events.iter().filter_map(|event| sentence(case, event)).collect();
    for what in all {
        case.out.letters.push(texts::notice(&to, (&what, "somebody who signed in, or tried to"), case.now));
    }
}

fn sentence(case: &Case, event: &Event) -> Option<String> {
    match event.kind {
        EventKind::Secondary(Factor::Recovery) if event.outcome == Outcome::Success => {
            let left = case.person.recovery.as_ref().map_or(0, Recovery::left);
            Some(format!("A recovery code of yours was used to sign in. {left} are left."))
        }
        EventKind::LockOn => Some(match case.person.user.failures.locked_until.and_then(shown) {
            Some(until) => format!("Your account is locked until {until}, because of wrong codes in a row."),
            None => "Your second factors are switched off, because of very many wrong codes.".to_owned(),
        }),
        _ => None,
    }
}

/// For people, wherever they are.
fn shown(time: Time) -> Option<String> {
    let time = jiff::Timestamp::from_millisecond(time.millis()).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
