//! What users change of themselves: the sheet of recovery codes, a binding, the address. Only who showed a code in this
//! session may; whether a session is such a one is [`Proof::is_shown`](super::sign_in::Proof::is_shown)'s.

use super::{
    attempt::{Rules, Ruling, Verdict, blocked, count, expire_lock, mailed},
    audit::{Event, EventKind, Reason},
    binding::Binding,
    factor::Factor,
    mail_code::{HeldBack, Purpose, Whose, masked},
    recovery::Recovery,
    sign_in::Message,
    time::Time,
    typed::Typed,
    user::Person,
};

/// Why a binding is not taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRemoved {
    /// There is none of this id.
    #[error("there is none of this id")]
    None,
    /// It is a thing that somebody lent to the user.
    #[error("a hardware token is taken back by the help desk: bring it there")]
    Token,
}

/// Why no code goes to a new address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// Locked, or disabled.
    #[error("no code is accepted now: wait, or ask the help desk")]
    Blocked,
    /// It is the address already.
    #[error("this is your address already")]
    Same,
    /// One was sent a moment ago, or five within the hour.
    #[error("a code was sent already: use it, or wait")]
    HeldBack(HeldBack),
}

/// A new sheet; the old one opens nothing any more.
pub fn print(person: &mut Person, sheet: Recovery) -> Vec<Event> {
    let event = Event::success(EventKind::RecoveryCreated).by(Factor::Recovery);
    let event = event.saying(format!("{} codes", sheet.codes.len()));
    person.recovery = Some(sheet);
    vec![event]
}

/// Takes one's own binding away.
pub fn unbind(person: &mut Person, id: &str) -> Result<(Binding, Vec<Event>), NotRemoved> {
    let at = person.bindings.iter().position(|binding| binding.id == id).ok_or(NotRemoved::None)?;
    if !person.bindings[at].is_app() {
        return Err(NotRemoved::Token);
    }
    let binding = person.bindings.remove(at);
    let mut event = Event::success(EventKind::BindingRemoved).by(Factor::Otp);
    event.application = binding.application.clone();
    Ok((binding, vec![event]))
}

/// Asks for a code that goes to a new address.
pub fn ask_address(
    person: &mut Person,
    address: &str,
    (rules, now, random): (Rules<'_>, Time, [u8; 8]),
) -> Result<Message, NotAsked> {
    if blocked(person, now).is_some() {
        return Err(NotAsked::Blocked);
    }
    if person.user.email.as_deref() == Some(address) {
        return Err(NotAsked::Same);
    }
    let place = place(address);
    let (pepper, purpose) = (rules.pepper, Purpose::Address);
    let whose = Whose { pepper, purpose, user: &person.user.id, sign_in: &place };
    let codes = person.sent.entry(purpose).or_default();
    let code = codes.ask(&whose, now, random).map_err(NotAsked::HeldBack)?;
    Ok(Message { code, to: address.to_owned(), shown: masked(address) })
}

/// Takes the new address once the code that went there is shown. A wrong one counts as anywhere; a right one lifts
/// nothing, for who asked chose where it went.
pub fn confirm_address(
    person: &mut Person,
    (address, code): (&str, &Typed),
    (rules, now): (Rules<'_>, Time),
) -> Ruling {
    let mut events = expire_lock(person, now);
    let found = match blocked(person, now) {
        Some(reason) => Err(reason),
        None => mailed(person, Purpose::Address, (&place(address), code), (rules.pepper, now)),
    };
    let verdict = match found {
        Ok(()) => {
            let old = person.user.email.replace(address.to_owned());
            // What went to the old address opens nothing any more.
            person.sent.retain(|purpose, _| *purpose == Purpose::Sms);
            let old = old.map_or_else(|| "none".to_owned(), |old| masked(&old));
            let detail = format!("from {old} to {}", masked(address));
            events.push(Event::success(EventKind::AddressChanged).by(Factor::Email).saying(detail));
            Verdict::Accepted(Factor::Email)
        }
        Err(reason) => {
            events.push(Event::failure(EventKind::AddressChanged, reason).by(Factor::Email));
            if reason == Reason::WrongCode {
                events.extend(count(person, now));
            }
            Verdict::Refused(reason)
        }
    };
    Ruling { verdict, events }
}

/// What a code for an address is tied to: the address, so that it confirms no other.
fn place(address: &str) -> String {
    format!("address:{address}")
}
