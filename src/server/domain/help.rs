//! What the help desk does for a person: reset, unbind, bypass, unlock, passcode, resynchronise. Whether the one who
//! asks may is `administrator`'s.

use std::time::Duration;

use super::{
    attempt::{blocked, count, expire_lock},
    audit::{AdministratorEvent, Event, EventKind, Reason},
    binding::State,
    factor::Factor,
    judge::{Judged, resynchronise},
    lock::{DISABLED_AT, Failures},
    passcode::{BadSpan, Issued, Passcode},
    pepper::Pepper,
    time::Time,
    typed::Typed,
    user::{LONGEST_BYPASS, Person},
};

/// What a reset took away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// How many bindings.
    pub bindings: usize,
    /// What is written down.
    pub events: Vec<Event>,
}

/// Why a bypass is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a bypass ends in the future, at most 30 days from now")]
pub struct BadEnd;

/// Takes every binding away, recovery codes too; the next sign-in leads to binding. A lock that runs goes on; bindings
/// that were disabled are gone, and with them the count that disabled them.
pub fn reset(person: &mut Person, reason: &str) -> Reset {
    let bindings = person.bindings.len();
    person.bindings.clear();
    person.recovery = None;
    person.user.must_bind = true;
    let failures = person.user.failures;
    if failures.since_success >= DISABLED_AT {
        person.user.failures = Failures { since_success: 0, in_row: 0, ..failures };
    }
    let event = Event::success(EventKind::BindingReset).by(Factor::Otp);
    Reset { bindings, events: vec![event.saying(format!("{bindings} bindings; {reason}"))] }
}

/// Takes one binding away. `None` when there is none of this id.
pub fn unbind(person: &mut Person, id: &str, reason: &str) -> Option<Vec<Event>> {
    let at = person.bindings.iter().position(|binding| binding.id == id)?;
    let binding = person.bindings.remove(at);
    let mut event = Event::success(EventKind::BindingRemoved).by(Factor::Otp).saying(reason);
    event.application = binding.application;
    Some(vec![event])
}

/// No second step until a time.
pub fn bypass(person: &mut Person, until: Time, now: Time, reason: &str) -> Result<Vec<Event>, BadEnd> {
    if until <= now || until > now.after(LONGEST_BYPASS) {
        return Err(BadEnd);
    }
    person.user.bypass = Some(until);
    let minutes = until.since(now).as_secs().div_ceil(60);
    Ok(vec![Event::success(EventKind::BypassOn).saying(format!("for {minutes} min; {reason}"))])
}

/// The second step is asked for again.
pub fn end_bypass(person: &mut Person, reason: &str) -> Vec<Event> {
    let ended = person.user.bypass.take();
    ended.map(|_| Event::success(EventKind::BypassOff).saying(reason)).into_iter().collect()
}

/// Ends a lock, forgets the wrong codes, and opens bindings that were disabled.
pub fn unlock(person: &mut Person, reason: &str) -> Vec<Event> {
    let clean = person.user.failures == Failures::default();
    person.user.failures = Failures::default();
    let disabled = person.bindings.iter_mut().filter(|binding| binding.state == State::Disabled);
    disabled.for_each(|binding| binding.state = State::Active);
    if clean { vec![] } else { vec![Event::success(EventKind::LockLifted).saying(reason)] }
}

/// Issues a passcode. The event names its time, never its digits.
pub fn passcode(
    person: &mut Person,
    (pepper, random): (&Pepper, [u8; 8]),
    (now, span): (Time, Duration),
    reason: &str,
) -> Result<(Issued, Vec<Event>), BadSpan> {
    let (stored, issued) = Passcode::issue((pepper, &person.user.id), span, now, random)?;
    person.passcode = Some(stored);
    let event = Event::success(EventKind::Administrator(AdministratorEvent::PasscodeIssued));
    let detail = format!("for {} min; {reason}", span.as_secs().div_ceil(60));
    Ok((issued, vec![event.by(Factor::Passcode).saying(detail)]))
}

/// Finds the place of a token again by two codes in a row. Wrong ones count.
pub fn resync(
    person: &mut Person,
    id: &str,
    codes: [&Typed; 2],
    now: Time,
) -> (Result<(), Reason>, Vec<Event>) {
    let mut events = expire_lock(person, now);
    let answer = blocked(person, now).map_or(Ok(()), Err).and_then(|()| {
        let own = person.bindings.iter_mut().find(|one| one.id == id && one.state == State::Active);
        let binding = own.ok_or(Reason::NotBound)?;
        match resynchronise(&binding.otp, binding.moving, codes, now) {
            Judged::Right(moving) => binding.moving = moving,
            Judged::Replayed => return Err(Reason::ReplayedCode),
            Judged::Wrong => return Err(Reason::WrongCode),
        }
        Ok(())
    });
    let kind = EventKind::Administrator(AdministratorEvent::TokenChanged);
    match answer {
        Ok(()) => events.push(Event::success(kind).by(Factor::Otp).saying("resynchronised")),
        Err(reason) => events.push(Event::failure(kind, reason).by(Factor::Otp)),
    }
    if answer == Err(Reason::WrongCode) {
        events.extend(count(person, now));
    }
    (answer, events)
}
