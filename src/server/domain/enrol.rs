//! Binding an authenticator: begun in a sign-in, active only after a right code, and the first time only with a code
//! sent by e-mail besides.

use super::{
    application::Application,
    attempt::{Rules, Ruling, Try, Verdict, blocked, count, expire_lock, sent},
    audit::{Event, EventKind, Reason},
    binding::{Binding, Device, State},
    factor::{Factor, Factors},
    judge::{Judged, Moving, judge},
    mail_code::Purpose,
    sign_in::{Message, NotNow, NotSent, Proof, SignIn, Stage},
    time::Time,
    typed::Typed,
    user::Person,
};
use crate::otp::{Otp, Secret};

/// What a new binding is made of.
#[derive(Clone, Debug)]
pub struct New {
    /// The id that it gets.
    pub id: String,
    /// 20 random bytes.
    pub secret: Secret,
    /// Random bytes for the code that is sent.
    pub random: [u8; 8],
}

/// A binding that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub id: String,
    /// What the user's authenticator takes; shown once.
    pub otp: Otp,
    /// The code to send, where one is needed and none was sent a moment ago.
    pub message: Option<Message>,
    /// Where the code went, where one is needed.
    pub shown: Option<String>,
}

/// Why no binding is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotBegun {
    /// Locked, or disabled.
    #[error("no code is accepted now")]
    Blocked(Reason),
    /// The application does not ask for codes.
    #[error("this application does not ask for one-time codes")]
    FactorOff,
    /// There is no address for the code of the first binding.
    #[error("there is no e-mail address to send a code to: ask the help desk")]
    NoEmail,
    /// The request does not fit the sign-in.
    #[error(transparent)]
    NotNow(#[from] NotNow),
}

/// What confirms a binding.
#[derive(Clone, Copy, Debug)]
pub struct Confirm<'a> {
    /// The binding's id.
    pub id: &'a str,
    /// A code of the authenticator.
    pub code: &'a Typed,
    /// The code that was sent.
    pub mailed: Option<&'a Typed>,
}

/// Begins a binding. One that was begun before and never confirmed goes.
pub fn start(
    (sign_in, person): (&SignIn, &mut Person),
    application: &Application,
    new: New,
    (rules, now): (Rules<'_>, Time),
) -> Result<Begun, NotBegun> {
    may_bind(sign_in, now)?;
    if let Some(reason) = blocked(person, now) {
        return Err(NotBegun::Blocked(reason));
    }
    if !application.factors.has(Factor::Otp) {
        return Err(NotBegun::FactorOff);
    }
    let (message, shown) = if needs_mail(sign_in) {
        let to = person.user.email.clone().ok_or(NotBegun::NoEmail)?;
        let shown = super::mail_code::masked(&to);
        match sign_in.message(person, (Purpose::Binding, to), (rules, now, new.random)) {
            Ok(message) => (Some(message), Some(shown)),
            Err(NotSent::NotNow(not_now)) => return Err(not_now.into()),
            Err(_) => (None, Some(shown)), // the code of a moment ago still counts
        }
    } else {
        (None, None)
    };
    let id = new.id.clone();
    Ok(Begun { otp: begin(person, application, new, now), id, message, shown })
}

/// Confirms a binding with a code of it and, where one was needed, the code that was sent. A wrong one of them counts
/// as one wrong code.
pub fn confirm(
    (sign_in, person): (&mut SignIn, &mut Person),
    application: &Application,
    confirm: &Confirm<'_>,
    (rules, now): (Rules<'_>, Time),
) -> Result<Ruling, NotNow> {
    may_bind(sign_in, now)?;
    let mut events = expire_lock(person, now);
    if let Some(reason) = blocked(person, now) {
        let event = Event::failure(EventKind::BindingCreated, reason).at(&application.id);
        return Ok(Ruling { verdict: Verdict::Refused(reason), events: [events, vec![event]].concat() });
    }
    let (factor, answer) = both(sign_in, person, application, (confirm, rules, now));
    let verdict = match answer {
        Ok(moving) => {
            events.extend(activate(person, application, (confirm.id, moving), now));
            (sign_in.stage, sign_in.proof) = (Stage::Done, Some(Proof::Bound));
            Verdict::Accepted(Factor::Otp)
        }
        Err(reason) => {
            let event = Event::failure(EventKind::BindingCreated, reason).by(factor).at(&application.id);
            events.push(event);
            if reason == Reason::WrongCode {
                events.extend(count(person, now).map(|event| event.at(&application.id)));
            }
            Verdict::Refused(reason)
        }
    };
    Ok(Ruling { verdict, events })
}

/// Begins a binding that an administrator makes for a user. One that was begun before and never confirmed goes.
pub fn start_for(
    person: &mut Person,
    application: &Application,
    new: New,
    now: Time,
) -> Result<Otp, NotBegun> {
    if !application.factors.has(Factor::Otp) {
        return Err(NotBegun::FactorOff);
    }
    Ok(begin(person, application, new, now))
}

/// Confirms a binding that an administrator made with a code of it. A wrong one counts.
pub fn confirm_for(
    person: &mut Person,
    application: &Application,
    (id, code): (&str, &Typed),
    (rules, now): (Rules<'_>, Time),
) -> Ruling {
    let mut events = expire_lock(person, now);
    let begun =
        |one: &&Binding| one.id == id && one.state == State::Unconfirmed && one.is_for(&application.id);
    let answer = match (blocked(person, now), person.bindings.iter().find(begun)) {
        (Some(reason), _) => Err(reason),
        (None, None) => Err(Reason::NotBound),
        (None, Some(binding)) => match judge(&binding.otp, binding.moving, code, (now, rules.reach)) {
            Judged::Right(moving) => Ok(moving),
            Judged::Replayed => Err(Reason::ReplayedCode),
            Judged::Wrong => Err(Reason::WrongCode),
        },
    };
    let verdict = match answer {
        Ok(moving) => {
            events.extend(activate(person, application, (id, moving), now));
            Verdict::Accepted(Factor::Otp)
        }
        Err(reason) => {
            let event = Event::failure(EventKind::BindingCreated, reason).by(Factor::Otp);
            events.push(event.at(&application.id));
            if reason == Reason::WrongCode {
                events.extend(count(person, now).map(|event| event.at(&application.id)));
            }
            Verdict::Refused(reason)
        }
    };
    Ruling { verdict, events }
}

/// An unconfirmed binding, in the place of one that was never confirmed.
fn begin(person: &mut Person, application: &Application, new: New, now: Time) -> Otp {
    let stale = |binding: &Binding| {
        binding.state == State::Unconfirmed && binding.application.as_deref() == Some(&application.id)
    };
    person.bindings.retain(|binding| !stale(binding));
    let otp = Otp::totp(new.secret);
    person.bindings.push(Binding {
        id: new.id,
        application: Some(application.id.clone()),
        device: Device::App,
        state: State::Unconfirmed,
        otp: otp.clone(),
        moving: Moving::default(),
        created: now,
        used: None,
    });
    otp
}

/// Judges both codes; the one that was sent is spent only when both are right.
fn both(
    sign_in: &SignIn,
    person: &mut Person,
    application: &Application,
    (confirm, rules, now): (&Confirm<'_>, Rules<'_>, Time),
) -> (Factor, Result<Moving, Reason>) {
    let begun = |binding: &&Binding| {
        binding.id == confirm.id && binding.state == State::Unconfirmed && binding.is_for(&application.id)
    };
    let Some(binding) = person.bindings.iter().find(begun) else {
        return (Factor::Otp, Err(Reason::NotBound));
    };
    let own = judge(&binding.otp, binding.moving, confirm.code, (now, rules.reach));
    let mut after = person.clone();
    let mailed = match confirm.mailed {
        _ if !needs_mail(sign_in) => Ok(()),
        None => Err(Reason::WrongCode),
        Some(code) => {
            let code = Try { application, factors: Factors::NONE, code, paper: None, sign_in: &sign_in.id };
            sent(&mut after, (Purpose::Binding, &code), rules.pepper, now)
        }
    };
    match (own, mailed) {
        (Judged::Wrong, _) => (Factor::Otp, Err(Reason::WrongCode)),
        (Judged::Replayed, _) => (Factor::Otp, Err(Reason::ReplayedCode)),
        (Judged::Right(_), Err(reason)) => (Factor::Email, Err(reason)),
        (Judged::Right(moving), Ok(())) => {
            *person = after;
            (Factor::Otp, Ok(moving))
        }
    }
}

/// The new binding takes the place of the application's old one only now.
fn activate(
    person: &mut Person,
    application: &Application,
    (id, moving): (&str, Moving),
    now: Time,
) -> Vec<Event> {
    let replaced = |binding: &Binding| {
        binding.id != id && binding.is_app() && binding.application.as_deref() == Some(&application.id)
    };
    let removed = person.bindings.iter().filter(|binding| replaced(binding)).count();
    person.bindings.retain(|binding| !replaced(binding));
    for binding in person.bindings.iter_mut().filter(|binding| binding.id == id) {
        (binding.state, binding.moving, binding.used) = (State::Active, moving, Some(now));
    }
    person.user.must_bind = false;
    person.user.failures = person.user.failures.right();
    person.user.seen = Some(now);
    let gone = Event::success(EventKind::BindingRemoved).by(Factor::Otp).at(&application.id);
    let created = Event::success(EventKind::BindingCreated).by(Factor::Otp).at(&application.id);
    let gone = gone.saying("replaced by a new one");
    std::iter::repeat_n(gone, removed).chain([created]).collect()
}

/// In the stage of binding, or after the second step: by a code, not by a bypass.
fn may_bind(sign_in: &SignIn, now: Time) -> Result<(), NotNow> {
    match sign_in.proof {
        Some(Proof::Code(_) | Proof::Bound) => sign_in.waits_for(sign_in.stage, now),
        _ => sign_in.waits_for(Stage::Binding, now),
    }
}

/// Who showed no code in this sign-in has shown a password alone: that must not be enough to bind.
fn needs_mail(sign_in: &SignIn) -> bool {
    !matches!(sign_in.proof, Some(Proof::Code(_) | Proof::Bound))
}
