//! Who asks about themselves, and whether they showed a code when they signed in.

use std::net::{IpAddr, Ipv4Addr};

use crate::server::{
    routes::{authority::Member, refusal::Refusal},
    service::Service,
    store::{Ask, Case},
};

/// A decision about the one who asks.
pub(super) fn ask(member: &Member) -> Ask {
    Ask { user: member.session.user.clone(), scene: member.scene.clone(), ..Ask::default() }
}

/// A session that was begun with a password alone changes nothing.
pub(super) fn proven(member: &Member) -> Result<(), Refusal> {
    if member.session.proof.is_shown() {
        return Ok(());
    }
    Err(Refusal::forbidden("this session was begun without a code: sign in again and show one"))
}

/// One more try, where codes are made and judged.
pub(super) fn one_more(service: &Service, member: &Member) -> Result<(), Refusal> {
    let address = member.scene.address.as_deref().and_then(|text| text.parse().ok());
    let address: IpAddr = address.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
    service.limits.one_more(address, &member.session.user).map_err(Refusal::too_often)
}

/// News for the user, where there is an address.
pub(super) fn tell(case: &mut Case, what: &str) {
    if let Some(to) = &case.person.user.email {
        case.out.letters.push(crate::server::mail::texts::notice(to, (what, "you"), case.now));
    }
}
