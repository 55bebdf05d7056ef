//! `sesam unlock`, `lock`, `unlocked`: the vault open for later calls, for a time, without an agent.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    open::keep_identities,
    time::parse_span,
};
use crate::{
    config::print_duration,
    keyring::{KernelKeyring, SecretStore},
    vault::{VaultError, unlock::IdentityFile},
};

/// The longest that a vault is kept open.
const LONGEST: Duration = Duration::from_hours(30 * 24);

/// Keep the vault open for later calls
#[derive(Args)]
#[command(
    after_help = "The vault's identity is kept in the kernel's keyring, in memory alone, until the time is over \
                        or sesam lock ends it."
)]
pub struct UnlockArgs {
    /// For how long: 90s, 15m, 8h (default: the setting `lock.unlock_for`, 15m)
    #[arg(long = "for", value_name = "SPAN", value_parser = parse_span)]
    pub span: Option<Duration>,
}

/// Forget what unlock kept
#[derive(Args)]
pub struct LockArgs {}

/// Exit 0 if the vault opens without a question, 4 if not; prints nothing
#[derive(Args)]
pub struct UnlockedArgs {}

/// Runs `unlock`. Asks even when the vault is open already: the time begins anew only for who knows the passphrase.
pub fn unlock(cx: &Context, args: &UnlockArgs) -> Done {
    let span = args.span.unwrap_or(cx.settings.config.lock.unlock_for);
    if span > LONGEST || span.is_zero() {
        return Err(Failure::usage("the vault is kept open for at least a second and at most 30 days"));
    }
    let place = cx.reachable_place()?;
    KernelKeyring.check().map_err(|error| {
        Failure::failed(format!("the vault cannot be kept open: {error}"))
            .hint("give the passphrase with each call: --passphrase-file, --passphrase-fd or vault.passphrase_command")
    })?;
    let file = IdentityFile::read(&place)?;
    let identities = cx.unlock(&place, &file)?;
    let vault = crate::vault::Vault::new(place, identities, cx.world()?);
    vault.read()?;
    let seconds = u32::try_from(span.as_secs()).unwrap_or(u32::MAX).max(1);
    keep_identities(&file, vault.identities(), seconds)?;
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.unlocked/1", "unlocked": true, "seconds": seconds}))?;
    }
    cx.say(&format!("The vault is open for {}", print_duration(span)));
    Ok(Exit::Done)
}

/// Runs `lock`.
pub fn lock(cx: &Context, _args: &LockArgs) -> Done {
    let place = cx.place()?;
    place.expect_vault()?;
    let file = IdentityFile::read(&place)?;
    let was_open = KernelKeyring.forget(&file.keyring_name()).unwrap_or(false);
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.unlocked/1", "unlocked": false, "was_unlocked": was_open}))?;
    }
    cx.say(if was_open { "Locked" } else { "The vault was locked already" });
    Ok(Exit::Done)
}

/// Runs `unlocked`.
pub fn unlocked(cx: &Context, _args: &UnlockedArgs) -> Done {
    if let Some(vault) = cx.open_quietly() {
        return vault.read().map(|_| Exit::Done).map_err(Failure::from);
    }
    if cx.as_json() {
        return Err(VaultError::Locked.into());
    }
    cx.place()?.expect_vault()?;
    Ok(Exit::Locked)
}
