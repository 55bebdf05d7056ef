//! Copying the code of an account, and what is said about it.

use super::revealing::reveal;
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
    let near_end = if hurried && !next { cx.config.copy.near_expiry } else { NearExpiry::Current };
    if let (NearExpiry::Wait, Some(window)) = (near_end, window) {
        cx.waiting = Some((account.id.clone(), window.until));
        return cx.say(format!("Copies the next code in {} s, when it holds.", window.remaining(now)));
    }
    let takes_next = next || near_end == NearExpiry::Next;
    let at = match window {
        Some(window) if takes_next => window.until,
        _ => now,
    };
    match account.otp.code(at) {
        Ok(code) => send(account, &code, (left, takes_next), cx),
        Err(error) => cx.fail(format!("{} gives no code: {error}.", account.name())),
    }
}

/// Copies the code that was waited for, once it holds.
pub fn copy_waiting(cx: &mut Context) {
    let is_due = |(_, at): &(AccountId, u64)| *at <= cx.unix_time();
    if !cx.waiting.as_ref().is_some_and(is_due) {
        return;
    }
    let Some((id, _)) = cx.waiting.take() else { return };
    if let Some(account) = cx.session.as_ref().and_then(|session| session.account(&id)) {
        copy(&account, false, cx);
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
    let copy = Copy { text: code.as_str(), name: &safe(name), left, is_next, is_secret: false };
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
