//! `sesam vault recover`: from the printed sheet back to `identity.age`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
    },
    crypt::Identity,
    qr::{MAX_PICTURE_BYTES, is_picture},
    vault::{
        Place, Vault, backups, disk,
        lock::VaultLock,
        sheet::read_sheet,
        unlock::{self, IdentityFile},
    },
};

/// The largest sheet that is read, in bytes: that of a picture.
const LARGEST: u64 = MAX_PICTURE_BYTES as u64;
const LARGEST_TEXT: usize = 1 << 20;

/// Bring identity.age back from the recovery sheet: a picture of it, its text or its words
#[derive(Args)]
#[command(after_help = "The sheet opens with the passphrase that the vault had when it was printed.")]
pub struct RecoverArgs {
    /// A photograph or a scan of the sheet, its text, or what was typed from it; - is stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Runs the command.
pub fn run(cx: &Context, args: &RecoverArgs) -> Done {
    cx.writable()?;
    let place = cx.place()?;
    let typed = cx.whole_text(&args.file, "recover -", LARGEST)?;
    if typed.len() > LARGEST_TEXT && !is_picture(&typed) {
        return Err(Failure::failed(format!(
            "the text of a sheet is not larger than {} KiB",
            LARGEST_TEXT >> 10
        )));
    }
    let bytes = read_sheet(&typed).map_err(|error| {
        let failure = Failure::failed(error.to_string());
        error.hint().map_or(Failure::failed(error.to_string()), |hint| failure.hint(hint))
    })?;
    let same = disk::read(&place.identity(), disk::MAX_IDENTITY).is_ok_and(|own| own == bytes);
    let file = IdentityFile::from_bytes(args.file.clone(), bytes).map_err(Failure::failed)?;
    let identities = cx.unlock(&place, &file)?;
    let opens = opens_something(&place, &identities);
    if !same {
        replace(cx, &place, &file, opens)?;
    }
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.recovered/1", "opens_vault": opens}))?;
    }
    cx.say(if same { "identity.age is the one on the sheet already" } else { "identity.age is back" });
    report(cx, &place, &identities)
}

fn replace(cx: &Context, place: &Place, file: &IdentityFile, opens: bool) -> Result<(), Failure> {
    if place.has_vault() && !opens {
        cx.ask_yes("The identity on the sheet opens neither this vault nor its backups. Put it in force all the same?")?;
    }
    disk::private_dir(place.dir())?;
    let _lock = VaultLock::take(&place.lock(), &*cx.clock)?;
    unlock::set_damaged_aside(place)?;
    unlock::put_in_force(place, file.bytes())?;
    Ok(())
}

fn opens_something(place: &Place, identities: &[Identity]) -> bool {
    let vault = disk::read(&place.vault(), disk::MAX_VAULT);
    vault.is_ok_and(|bytes| backups::open_bytes(&bytes, identities).is_ok())
        || backups::list(place).iter().any(|backup| backup.open(identities).is_ok())
}

fn report(cx: &Context, place: &Place, identities: &[Identity]) -> Done {
    if !place.has_vault() {
        cx.say(&format!(
            "Now put a copy of vault.age into {}, or run: sesam vault restore FILE",
            place.dir().display()
        ));
        return Ok(Exit::Done);
    }
    let vault = Vault::new(place.clone(), identities.to_vec(), cx.world()?);
    let accounts = vault.read()?.accounts().count();
    cx.say(&format!("The vault opens: {accounts} accounts"));
    Ok(Exit::Done)
}
