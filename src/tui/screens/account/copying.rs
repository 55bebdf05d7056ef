//! Copying the code of an account, and what is said about it.

use super::reveal;
use crate::{
    config::NearExpiry,
    otp::{Code, Kind, grouped},
    text::safe,
    tui::{clip::Copy, context::Context, widgets::countdown},
    vault::{Account, AccountId},
};

/// Copies the code of an account, or the one after it.
pub(super) fn copy(account: &Account, next: bool, cx: &mut Context) {
    if matches!(account.otp.kind, Kind::Hotp { .. }) {
        return copy_counted(account, next, cx);
    }
    let now = cx.unix_time();
    let window = account.otp.window(now);
    let left = window.map(|window| window.remaining(now));
    let hurried = left.is_some_and(|left| left < countdown::ALERT);
    let takes_next = next || (hurried && cx.config.copy.near_expiry != NearExpiry::Current);
    let at = match window {
        Some(window) if takes_next => window.until,
        _ => now,
    };
    match account.otp.code(at) {
        Ok(code) => send(account, &code, (left, takes_next), cx),
        Err(error) => cx.fail(format!("{} gives no code: {error}.", account.name())),
    }
}

/// A counter's code is copied once it was counted: copying alone uses none up.
fn copy_counted(account: &Account, next: bool, cx: &mut Context) {
    match cx.desk.counted_code(&account.id).cloned() {
        Some(code) if !next => send(account, &code, (None, false), cx),
        _ => cx.say("A counter's code comes with +, and each + uses one up."),
    }
}

fn send(account: &Account, code: &Code, (left, is_next): (Option<u64>, bool), cx: &mut Context) {
    let name = if account.issuer.is_empty() { &account.account } else { &account.issuer };
    let copy = Copy { text: code.as_str(), name: &safe(name), left, is_next };
    match cx.clip.copy(&copy) {
        Ok(words) if left.is_some_and(|left| left < countdown::ALERT) && !is_next => cx.warn(words),
        Ok(words) => cx.done(words),
        Err(words) => {
            let shown = grouped(code.as_str(), cx.config.codes.group);
            cx.fail(format!("{words} The code: {shown}"));
        }
    }
    reveal(account.id.clone(), cx);
    count_use(account.id.clone(), cx);
}

fn count_use(id: AccountId, cx: &mut Context) {
    if cx.config.privacy.usage
        && !cx.mode.read_only
        && let Some(session) = &cx.session
    {
        cx.jobs.count_use(&session.vault, id, cx.clock.now());
    }
}
