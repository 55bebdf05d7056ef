//! One code, whatever door it came through: the API, the portal, the one field of a VPN, a binding being confirmed.
//!
//! Every door asks here, so that there is one count, one rule and one set of events. Nothing else judges codes.

use super::{
    application::Application,
    audit::{Event, EventKind, Reason},
    binding::State,
    factor::{Factor, Factors},
    judge::{Judged, Reach, judge},
    lock::{Consequence, Standing},
    mail_code::{self, Purpose, Whose},
    passcode,
    pepper::Pepper,
    recovery::{self, Presented},
    time::Time,
    typed::Typed,
    user::Person,
};

/// A code that somebody typed.
#[derive(Clone, Copy, Debug)]
pub struct Try<'a> {
    /// Where.
    pub application: &'a Application,
    /// What it may be: one factor where the user chose, more where the door has one field.
    pub factors: Factors,
    /// The code.
    pub code: &'a Typed,
    /// Its slow hash, where it has the form of a recovery code.
    pub paper: Option<&'a Presented>,
    /// The sign-in that it belongs to; empty at a door that has none.
    pub sign_in: &'a str,
}

/// What the server brings along: the same for every try.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// How far codes are looked for.
    pub reach: Reach,
    /// The key of short codes.
    pub pepper: &'a Pepper,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The second step is done, by this factor.
    Accepted(Factor),
    /// It is not. The reason is for the audit; outside all of them look alike.
    Refused(Reason),
}

/// A verdict with what is written down of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// The events, in their order.
    pub events: Vec<Event>,
}

/// Judges one code. Only a wrong one counts: one that was right before, or too late, is refused without being counted.
pub fn attempt(person: &mut Person, code: &Try<'_>, rules: Rules<'_>, now: Time) -> Ruling {
    let mut events = expire_lock(person, now);
    let found = match blocked(person, now) {
        Some(reason) => Found::Refused(first(code.factors), reason),
        None => look(person, code, rules, now),
    };
    let verdict = match found {
        Found::Right(factor) => {
            person.user.failures = person.user.failures.right();
            person.user.seen = Some(now);
            events.push(Event::success(EventKind::Secondary(factor)).at(&code.application.id));
            Verdict::Accepted(factor)
        }
        Found::Refused(factor, reason) => {
            let event = Event::failure(EventKind::Secondary(factor), reason);
            events.push(event.at(&code.application.id));
            if reason == Reason::WrongCode {
                events.extend(count(person, now).map(|event| event.at(&code.application.id)));
            }
            Verdict::Refused(reason)
        }
    };
    Ruling { verdict, events }
}

/// Notes that a lock's time has run out, once.
pub fn expire_lock(person: &mut Person, now: Time) -> Vec<Event> {
    let (failures, expired) = person.user.failures.expire(now);
    person.user.failures = failures;
    expired.map(|_| Event::success(EventKind::LockExpired)).into_iter().collect()
}

/// Why no code of this person is judged now.
pub fn blocked(person: &Person, now: Time) -> Option<Reason> {
    match person.user.failures.standing(now) {
        _ if !person.user.enabled => Some(Reason::UserDisabled),
        Standing::Open => None,
        Standing::Locked(_) => Some(Reason::Locked),
        Standing::Disabled => Some(Reason::Disabled),
    }
}

/// Counts one wrong code, and does what follows from it.
pub fn count(person: &mut Person, now: Time) -> Option<Event> {
    let (failures, consequence) = person.user.failures.wrong(now);
    person.user.failures = failures;
    match consequence {
        Consequence::Counted => None,
        Consequence::Locked(until) => {
            let seconds = until.since(now).as_secs();
            let event = Event::success(EventKind::LockOn).because(Reason::WrongCode);
            Some(event.saying(format!("for {} h", seconds / 3600)))
        }
        Consequence::Disabled => {
            let active = person.bindings.iter_mut().filter(|binding| binding.state == State::Active);
            active.for_each(|binding| binding.state = State::Disabled);
            Some(Event::success(EventKind::LockOn).because(Reason::Disabled))
        }
    }
}

#[derive(Clone, Copy)]
enum Found {
    Right(Factor),
    Refused(Factor, Reason),
}

/// Asks every factor that the code may be of. A right one wins, then a wrong one counts.
fn look(person: &mut Person, code: &Try<'_>, rules: Rules<'_>, now: Time) -> Found {
    let mut refused: Option<(Factor, Reason)> = None;
    for factor in code.factors.iter() {
        let Err(reason) = one(person, (factor, code), rules, now) else { return Found::Right(factor) };
        if refused.is_none_or(|(_, other)| weight(reason) > weight(other)) {
            refused = Some((factor, reason));
        }
    }
    let (factor, reason) = refused.unwrap_or((Factor::Otp, Reason::FactorOff));
    Found::Refused(factor, reason)
}

/// A code known from before is no guess, and a guess is more than having nothing.
fn weight(reason: Reason) -> u8 {
    match reason {
        Reason::ReplayedCode => 3,
        Reason::ExpiredCode => 2,
        Reason::WrongCode => 1,
        _ => 0,
    }
}

fn one(
    person: &mut Person,
    (factor, code): (Factor, &Try<'_>),
    rules: Rules<'_>,
    now: Time,
) -> Result<(), Reason> {
    if code.application.factors.is_empty()
        || (Factor::SWITCHABLE.contains(&factor) && !code.application.factors.has(factor))
    {
        return Err(Reason::FactorOff);
    }
    match factor {
        Factor::Otp => otp(person, code, rules, now),
        Factor::Email => sent(person, (Purpose::Email, code), rules.pepper, now),
        Factor::Sms => sent(person, (Purpose::Sms, code), rules.pepper, now),
        Factor::Recovery => paper(person, code, now),
        Factor::Passcode => passcode(person, code, rules.pepper, now),
    }
}

fn otp(person: &mut Person, code: &Try<'_>, rules: Rules<'_>, now: Time) -> Result<(), Reason> {
    let mut answer = Err(Reason::NotBound);
    for binding in person.bindings.iter_mut().filter(|binding| binding.opens(&code.application.id)) {
        let judged = judge(&binding.otp, binding.moving, code.code, (now, rules.reach));
        let own = match judged {
            Judged::Right(moving) => {
                (binding.moving, binding.used) = (moving, Some(now));
                Ok(())
            }
            Judged::Replayed => Err(Reason::ReplayedCode),
            Judged::Wrong => Err(Reason::WrongCode),
        };
        answer = match (answer, own) {
            (Ok(()), _) | (_, Ok(())) => Ok(()),
            (Err(one), Err(other)) => Err(if weight(other) > weight(one) { other } else { one }),
        };
    }
    answer
}

/// A code that was sent for a purpose.
pub fn sent(
    person: &mut Person,
    (purpose, code): (Purpose, &Try<'_>),
    pepper: &Pepper,
    now: Time,
) -> Result<(), Reason> {
    mailed(person, purpose, (code.sign_in, code.code), (pepper, now))
}

/// A code that was sent for a purpose, by what it is tied to: a sign-in, an address.
pub fn mailed(
    person: &mut Person,
    purpose: Purpose,
    (sign_in, code): (&str, &Typed),
    (pepper, now): (&Pepper, Time),
) -> Result<(), Reason> {
    let codes = person.sent.get_mut(&purpose).filter(|codes| !codes.0.is_empty()).ok_or(Reason::NotBound)?;
    let whose = Whose { pepper, purpose, user: &person.user.id, sign_in };
    match codes.judge(&whose, code, now) {
        mail_code::Found::Right => Ok(()),
        mail_code::Found::Replayed => Err(Reason::ReplayedCode),
        mail_code::Found::Expired => Err(Reason::ExpiredCode),
        mail_code::Found::Wrong => Err(Reason::WrongCode),
    }
}

fn paper(person: &mut Person, code: &Try<'_>, now: Time) -> Result<(), Reason> {
    let recovery = person.recovery.as_mut().ok_or(Reason::NotBound)?;
    if !code.application.factors.has(Factor::Otp) {
        return Err(Reason::FactorOff);
    }
    match code.paper.map_or(recovery::Found::Wrong, |paper| recovery.judge(paper, now)) {
        recovery::Found::Right => Ok(()),
        recovery::Found::Replayed => Err(Reason::ReplayedCode),
        recovery::Found::Wrong => Err(Reason::WrongCode),
    }
}

fn passcode(person: &mut Person, code: &Try<'_>, pepper: &Pepper, now: Time) -> Result<(), Reason> {
    let passcode = person.passcode.as_mut().ok_or(Reason::NotBound)?;
    match passcode.judge((pepper, &person.user.id), code.code, now) {
        passcode::Found::Right => Ok(()),
        passcode::Found::Replayed => Err(Reason::ReplayedCode),
        passcode::Found::Expired => Err(Reason::ExpiredCode),
        passcode::Found::Wrong => Err(Reason::WrongCode),
    }
}

fn first(factors: Factors) -> Factor {
    factors.iter().next().unwrap_or(Factor::Otp)
}
