//! `sesam vault passwd`: another passphrase for the same vault.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::create::warn_if_weak;
use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
    },
    keyring::{KernelKeyring, SecretStore},
    vault::{Vault, rekey, unlock::IdentityFile},
};

/// Change the passphrase
#[derive(Args)]
#[command(
    after_help = "The old passphrase opens nothing in the directory afterwards. Copies that lie elsewhere still \
                        open with it: where it may be known, use sesam vault rekey."
)]
pub struct PasswdArgs {
    /// File whose first line is the new passphrase; - is stdin
    #[arg(long, value_name = "PATH")]
    pub new_passphrase_file: Option<PathBuf>,
}

/// Runs the command.
pub fn run(cx: &Context, args: &PasswdArgs) -> Done {
    cx.writable()?;
    let place = cx.reachable_place()?;
    let file = IdentityFile::read(&place)?;
    let (unlocked, _) = cx.unlock_with_passphrase(&place, &file)?;
    let vault = Vault::new(place, unlocked.identities, cx.world()?);
    vault.read()?;
    let passphrase = match &args.new_passphrase_file {
        Some(path) => {
            let passphrase = cx.passphrase_in(path, "--new-passphrase-file")?;
            warn_if_weak(cx, &passphrase);
            passphrase
        }
        None => cx.ask_new_passphrase(|| {
            Failure::usage("nobody can be asked for the new passphrase")
                .hint("give it with --new-passphrase-file PATH")
        })?,
    };
    rekey::change_passphrase(&vault, &passphrase, cx.settings.config.vault.work_factor)?;
    let _ = KernelKeyring.forget(&file.keyring_name());
    cx.renew_remembered(&vault, &file);
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.passwd/1", "changed": true}))?;
    }
    cx.say("The passphrase is changed. A recovery sheet printed before still opens with the old one: print a new one.");
    Ok(Exit::Done)
}
