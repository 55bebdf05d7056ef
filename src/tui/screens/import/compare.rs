//! The codes of now, to hold against the other app: of the account that comes in, and of the one that is here.

use crate::{
    import::{Prepared, Row},
    otp::{Kind, Otp, grouped},
    tui::context::Context,
    vault::intake::{State, Twin},
};

/// The codes of the selected entry; nothing where it makes none by the clock.
pub(super) fn line(row: Row, prepared: &Prepared, cx: &Context) -> Option<String> {
    let Row::Planned(at) = row else { return None };
    let planned = &prepared.plan.entries[at];
    let link = &planned.incoming.link;
    let name = if link.issuer.is_empty() { &link.account } else { &link.issuer };
    let here = match &planned.state {
        State::Differs { from, .. } | State::Same(Twin::Account(from)) => prepared.existing.get(*from),
        _ => None,
    };
    let new = code(&link.otp, cx)?;
    Some(match here.and_then(|account| code(&account.otp, cx)) {
        Some(old) if old != new => format!("{name} old {old}  new {new}"),
        Some(_) => format!("{name} {new}, the same as here"),
        None => format!("{name} {new}"),
    })
}

/// The seconds until one of them changes.
pub(super) fn changes_in(row: Row, prepared: &Prepared, cx: &Context) -> Option<u64> {
    let Row::Planned(at) = row else { return None };
    let planned = &prepared.plan.entries[at];
    let here = match &planned.state {
        State::Differs { from, .. } => prepared.existing.get(*from).map(|account| &account.otp),
        _ => None,
    };
    let now = cx.unix_time();
    let left = |otp: &Otp| otp.window(now).map(|window| window.remaining(now));
    [Some(&planned.incoming.link.otp), here].into_iter().flatten().filter_map(left).min()
}

/// Listing never counts: a counter has no code to show here.
fn code(otp: &Otp, cx: &Context) -> Option<String> {
    if matches!(otp.kind, Kind::Hotp { .. }) {
        return None;
    }
    let code = otp.code(cx.unix_time()).ok()?;
    Some(grouped(code.as_str(), cx.config.codes.group))
}
