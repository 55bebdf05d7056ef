//! `sesam unlock`, `lock`, `unlocked`: the vault open for later calls, for a time or until it is forgotten, without an
//! agent.

use std::time::Duration;

use clap::Args;
use serde_json::json;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    locations,
    remember::unkept,
    time::parse_span,
};
use crate::{
    config::{Remember, print_duration},
    keyring::{KernelKeyring, KeyringError, SecretStore, SystemKeyring},
    vault::{
        VaultError,
        kept::{Remembered, keep_identities},
        unlock::IdentityFile,
    },
};

/// The longest that a vault is kept open.
const LONGEST: Duration = Duration::from_hours(30 * 24);

/// Keep the vault open for later calls
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam unlock --for 8h\n  sesam unlock --remember\n\nThe vault's identity is kept \
                        in the kernel's keyring, in memory alone, until the time is over or sesam lock ends it. With \
                        --remember it is kept in the system keyring, which your sign-in unlocks: each program that \
                        runs as you can read it there. The passphrase opens the vault in any case."
)]
pub struct UnlockArgs {
    /// For how long: 90s, 15m, 8h (default: the setting `lock.unlock_for`, 15m)
    #[arg(long = "for", value_name = "SPAN", value_parser = parse_span)]
    pub span: Option<Duration>,
    /// In the system keyring, until sesam lock --forget; with --for in the kernel's as well
    #[arg(long)]
    pub remember: bool,
}

/// Forget what unlock kept
#[derive(Args)]
pub struct LockArgs {
    /// In the system keyring too
    #[arg(long)]
    pub forget: bool,
}

/// Exit 0 if the vault opens without a question, 4 if not; prints nothing
#[derive(Args)]
pub struct UnlockedArgs {}

/// Runs `unlock`. Asks even when the vault is open already: the time begins anew only for who knows the passphrase.
pub fn unlock(cx: &Context, args: &UnlockArgs) -> Done {
    let span = kernel_span(cx, args)?;
    let place = cx.reachable_place()?;
    if args.remember {
        allowed(cx)?;
        cx.system_keyring().check().map_err(|error| unkept("the vault is not remembered", error.into()))?;
    }
    if span.is_some() {
        KernelKeyring.check().map_err(|error| not_kept(&error))?;
    }
    let file = IdentityFile::read(&place)?;
    let identities = cx.unlock(&place, &file)?;
    let vault = crate::vault::Vault::new(place, identities, cx.world()?);
    vault.read()?;
    cx.passphrase_was_used(&vault.place, &file, vault.identities());
    if args.remember {
        cx.remember(&vault.place, &file, vault.identities())?;
        cx.say("The system keyring opens the vault from now on; sesam lock --forget ends that");
    }
    let seconds = span.map(|span| u32::try_from(span.as_secs()).unwrap_or(u32::MAX).max(1));
    if let (Some(span), Some(seconds)) = (span, seconds) {
        keep_identities(&file, vault.identities(), seconds).map_err(|error| not_kept(&error))?;
        cx.say(&format!("The vault is open for {}", print_duration(span)));
    }
    if cx.as_json() {
        let remembered = cx.is_remembered(&vault.place);
        cx.print_json(&json!({
            "schema": "sesam.unlocked/1", "unlocked": true, "seconds": seconds, "remembered": remembered,
        }))?;
    }
    Ok(Exit::Done)
}

/// How long the kernel keeps it: not at all where only the system keyring was meant.
fn kernel_span(cx: &Context, args: &UnlockArgs) -> Result<Option<Duration>, Failure> {
    let usual = (!args.remember).then_some(cx.settings.config.lock.unlock_for);
    match args.span.or(usual) {
        Some(span) if span > LONGEST || span.is_zero() => {
            Err(Failure::usage("the vault is kept open for at least a second and at most 30 days"))
        }
        span => Ok(span),
    }
}

fn allowed(cx: &Context) -> Result<(), Failure> {
    cx.writable()?;
    if cx.settings.config.lock.remember == Remember::Never {
        return Err(Failure::new(
            Exit::Refused,
            "settings",
            "the setting lock.remember is never: nothing was kept",
        )
        .hint("sesam config set lock.remember ask"));
    }
    Ok(())
}

fn not_kept(error: &KeyringError) -> Failure {
    Failure::failed(format!("the vault cannot be kept open: {error}")).hint(error.hint())
}

/// Runs `lock`.
pub fn lock(cx: &Context, args: &LockArgs) -> Done {
    let place = cx.place()?;
    place.expect_vault()?;
    let file = IdentityFile::read(&place)?;
    let was_open = KernelKeyring.forget(&file.keyring_name()).unwrap_or(false);
    let forgotten = args.forget
        && forget(cx, &Remembered { place: &place, file: &file, state_dir: &locations::state_dir()? })?;
    let remembered = cx.is_remembered(&place);
    if cx.as_json() {
        cx.print_json(&json!({
            "schema": "sesam.unlocked/1", "unlocked": remembered, "was_unlocked": was_open, "remembered": remembered,
            "forgotten": forgotten,
        }))?;
    }
    cx.say(match (was_open, forgotten, remembered) {
        (_, true, _) => "Locked, and gone from the system keyring",
        (_, false, true) => "The system keyring still opens the vault; sesam lock --forget ends that",
        (true, false, false) => "Locked",
        (false, false, false) => "The vault was locked already",
    });
    Ok(Exit::Done)
}

fn forget(cx: &Context, remembered: &Remembered<'_>) -> Result<bool, Failure> {
    remembered
        .forget(&cx.system_keyring())
        .map_err(|error| unkept("the key of the vault is still in the system keyring", error))
}

/// Runs `unlocked`.
pub fn unlocked(cx: &Context, _args: &UnlockedArgs) -> Done {
    if let Some(vault) = cx.open_quietly(&SystemKeyring::for_script()) {
        return vault.read().map(|_| Exit::Done).map_err(Failure::from);
    }
    if cx.as_json() {
        return Err(VaultError::Locked.into());
    }
    cx.place()?.expect_vault()?;
    Ok(Exit::Locked)
}
