//! `sesam vault create`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::sheet;
use crate::{
    cli::{
        context::{Context, shown},
        exit::{Done, Exit, Failure},
    },
    crypt::passphrase::Passphrase,
    vault::{create, strength},
};

/// Create a vault
#[derive(Args, Default)]
#[command(
    after_help = "Examples:\n  sesam vault create\n  sesam vault create --passphrase-file - < passphrase.txt\n  \
                        sesam vault create --sheet recovery.txt"
)]
pub struct CreateArgs {
    /// Also write a recovery sheet to print; - is stdout
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
}

/// Runs the command.
pub fn run(cx: &Context, args: &CreateArgs) -> Done {
    cx.writable()?;
    if cx.global.demo {
        return Err(Failure::usage("--demo touches no file; leave it out to create a vault"));
    }
    let place = cx.place()?;
    create::refuse_existing(&place)?;
    let passphrase = new_passphrase(cx)?;
    let vault = create::create(place, &passphrase, cx.settings.config.vault.work_factor, cx.world()?)?;
    if let Some(path) = &args.sheet {
        sheet::write(cx, &vault.place, path, false)?;
    }
    if cx.as_json() {
        let path = vault.place.vault().display().to_string();
        cx.print_json(&json!({"schema": "sesam.vault/1", "path": path, "generation": 1, "accounts": 0}))?;
    }
    cx.say(&format!("Created {}", shown(&vault.place.vault())));
    if args.sheet.is_none() {
        cx.say("Nobody can reset the passphrase. Print a recovery sheet with: sesam vault sheet");
    }
    Ok(Exit::Done)
}

/// The passphrase of a new vault: given, or asked for twice.
fn new_passphrase(cx: &Context) -> Result<Passphrase, Failure> {
    if let Some(passphrase) = cx.given_passphrase()? {
        warn_if_weak(cx, &passphrase);
        return Ok(passphrase);
    }
    cx.ask_new_passphrase(|| {
        Failure::new(Exit::Locked, "locked", "a new vault needs a passphrase and nobody can be asked")
            .hint("sesam vault create --passphrase-file PATH")
    })
}

/// A given passphrase is taken as it is: a script has its own rules. But it is told.
pub fn warn_if_weak(cx: &Context, passphrase: &Passphrase) {
    let strength = strength::of(passphrase);
    if strength.is_weak() {
        cx.warn(&format!("the passphrase is {strength}; six random words are strong"));
    }
}
