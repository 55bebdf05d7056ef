//! `sesam vault rekey`: a new identity, for when the old one or an old passphrase may be known.

use clap::Args;
use serde_json::json;

use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit},
    },
    keyring::{KernelKeyring, SecretStore},
    vault::{Vault, rekey, unlock::IdentityFile},
};

/// Give the vault and its backups a new identity (asks)
#[derive(Args)]
pub struct RekeyArgs {}

/// Runs the command.
pub fn run(cx: &Context, _args: &RekeyArgs) -> Done {
    cx.writable()?;
    let place = cx.reachable_place()?;
    cx.ask_yes(
        "Encrypt the vault and its backups for a new identity? Printed recovery sheets become worthless.",
    )?;
    let file = IdentityFile::read(&place)?;
    let (unlocked, passphrase) = cx.unlock_with_passphrase(&place, &file)?;
    let vault = Vault::new(place, unlocked.identities, cx.world()?);
    let accounts = vault.read()?.accounts().count();
    let vault = rekey::rekey(&vault, &passphrase, cx.settings.config.vault.work_factor)?;
    let _ = KernelKeyring.forget(&file.keyring_name());
    cx.renew_remembered(&vault, &file);
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.rekey/1", "accounts": accounts}))?;
    }
    cx.say("The vault has a new identity.");
    cx.say(&format!(
        "Copies that lie elsewhere stay readable with the old one: if it leaked, bind these {accounts} accounts anew \
         where they are used."
    ));
    Ok(Exit::Done)
}
