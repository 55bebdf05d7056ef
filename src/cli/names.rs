//! The names of accounts, for shells that complete them: only while the vault opens without a question.

use std::time::Duration;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::{context::Context, global::Global, pick};
use crate::{
    keyring::SystemKeyring,
    text::{fold, safe},
};

/// The most names that are offered.
const OFFERED: usize = 200;
/// How long a shell waits for a keyring.
const PATIENCE: Duration = Duration::from_millis(200);

/// Completes the names of accounts.
pub fn accounts() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &std::ffi::OsStr| candidates(&current.to_string_lossy()))
}

fn candidates(current: &str) -> Vec<CompletionCandidate> {
    let global = Global {
        vault: std::env::var_os("SESAM_VAULT").map(Into::into),
        no_input: true,
        quiet: true,
        ..Global::default()
    };
    let vault = Context::quiet(global).and_then(|cx| cx.open_quietly(&SystemKeyring::within(PATIENCE)));
    let Some(opened) = vault.and_then(|vault| vault.read().ok()) else { return Vec::new() };
    let start = fold(current).into_owned();
    let accounts = opened.accounts().filter_map(|fields| pick::read(fields).ok());
    let names = accounts.map(|account| account.name()).filter(|name| fold(name).contains(&start));
    names.take(OFFERED).map(|name| CompletionCandidate::new(safe(&name).into_owned())).collect()
}
