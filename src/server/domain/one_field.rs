//! `<password><code>` in one field, for VPN and portal sign-ins, or the code alone for an application that holds the
//! passwords itself: how the field is taken apart, and the decision in one call.

use std::collections::BTreeSet;

use super::{
    application::Application,
    attempt::{Rules, Ruling, Try, Verdict, attempt, expire_lock},
    audit::{Event, EventKind, Reason},
    factor::{Factor, Factors},
    sign_in::Proof,
    time::Time,
    user::Person,
};

/// One way to read the field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Reading<'a> {
    /// What is the password.
    pub password: &'a str,
    /// What is the code; none when the whole field is the password.
    pub code: Option<&'a str>,
}

/// What the password said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// It is the user's.
    Right,
    /// It is not.
    Wrong,
    /// The application has checked it and its key says so.
    Elsewhere,
}

/// The ways to read a field, by what the person has: the last 6, 7 or 8 digits as bound, the 8 of a passcode, or the
/// whole as a password where no second step is asked for. Nobody at all is read as somebody with six digits.
pub fn readings<'a>(
    person: Option<&Person>,
    application: &Application,
    field: (&'a str, Time),
) -> Vec<Reading<'a>> {
    let (text, now) = field;
    let whole = || vec![Reading { password: text, code: None }];
    let Some(person) = person else { return read(text, USUAL).into_iter().collect() };
    if application.factors.is_empty() || person.is_bypassed(now) {
        return whole();
    }
    let bound = person.bindings.iter().filter(|binding| binding.opens(&application.id));
    let mut lengths: BTreeSet<usize> = bound.map(|one| usize::from(one.otp.digits.count())).collect();
    if person.passcode.as_ref().is_some_and(|passcode| passcode.is_live(now)) {
        lengths.insert(PASSCODE);
    }
    if lengths.is_empty() {
        lengths.insert(USUAL);
    }
    lengths.into_iter().filter_map(|length| read(text, length)).collect()
}

/// Decides on one reading. A wrong password is not counted; a right one with a wrong code is.
pub fn verify(
    person: &mut Person,
    (application, password): (&Application, Password),
    code: Option<&Try<'_>>,
    (rules, now): (Rules<'_>, Time),
) -> (Result<Proof, Reason>, Vec<Event>) {
    let mut events = expire_lock(person, now);
    let refused = match password {
        Password::Wrong => Some(Reason::WrongPassword),
        _ if !person.user.enabled => Some(Reason::UserDisabled),
        _ => None,
    };
    if let Some(reason) = refused {
        events.push(Event::failure(EventKind::Password, reason).at(&application.id));
        return (Err(reason), events);
    }
    if application.factors.is_empty() {
        return (Ok(Proof::NotAsked), events);
    }
    if person.is_bypassed(now) {
        person.user.seen = Some(now);
        events.push(Event::success(EventKind::BypassUsed).at(&application.id));
        return (Ok(Proof::Bypass), events);
    }
    let Some(code) = code else {
        let kind = EventKind::Secondary(Factor::Otp);
        events.push(Event::failure(kind, Reason::NotBound).at(&application.id));
        return (Err(Reason::NotBound), events);
    };
    let Ruling { verdict, events: judged } = attempt(person, code, rules, now);
    events.extend(judged);
    match verdict {
        Verdict::Accepted(factor) => (Ok(Proof::Code(factor)), events),
        Verdict::Refused(reason) => (Err(reason), events),
    }
}

/// What a code of this door may be: an authenticator's, or a passcode.
pub fn factors() -> Factors {
    [Factor::Otp, Factor::Passcode].into_iter().collect()
}

/// The last so many ASCII digits are the code.
fn read(text: &str, length: usize) -> Option<Reading<'_>> {
    let at = text.len().checked_sub(length).filter(|at| text.is_char_boundary(*at))?;
    let (password, code) = text.split_at(at);
    code.bytes().all(|byte| byte.is_ascii_digit()).then_some(Reading { password, code: Some(code) })
}

impl std::fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reading(..)")
    }
}

const USUAL: usize = 6;
const PASSCODE: usize = 8;
