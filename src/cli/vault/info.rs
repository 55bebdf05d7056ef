//! `sesam vault info`: what there is to know of the vault without its secrets.

use clap::Args;
use serde_json::json;

use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit},
        table,
    },
    crypt::passphrase::work_factor,
    output,
    vault::{advice::local_time, backups, unlock::IdentityFile},
};

/// Show path, generation, number of accounts and backups
#[derive(Args)]
pub struct InfoArgs {}

/// Runs the command.
pub fn run(cx: &Context, _args: &InfoArgs) -> Done {
    let vault = cx.open()?;
    let opened = vault.read()?;
    let document = opened.document()?;
    let place = &vault.place;
    let all = backups::list(place);
    let size = std::fs::metadata(place.vault()).map_or(0, |facts| facts.len());
    let factor = IdentityFile::read(place).ok().and_then(|file| work_factor(file.bytes()).ok());
    let remembered = cx.is_remembered(place);
    let head = &opened.head;
    if cx.as_json() {
        cx.print_json(&json!({
            "schema": "sesam.vault/1", "path": place.vault().display().to_string(), "id": head.vault_id,
            "generation": head.generation, "written": head.written.map(|time| time.to_string()), "writer": head.writer,
            "accounts": document.accounts.len(), "trash": document.trash.len(), "size": size,
            "backups": all.len(), "newest_backup": all.first().map(|backup| backup.time().to_string()),
            "work_factor": factor, "remembered": remembered,
        }))?;
        return Ok(Exit::Done);
    }
    let newest = all
        .first()
        .map(|backup| format!(", the newest of {}", local_time(backup.time())))
        .unwrap_or_default();
    let lines = [
        ("Vault", place.vault().display().to_string()),
        ("Accounts", format!("{}, and {} in the trash", document.accounts.len(), document.trash.len())),
        (
            "Generation",
            format!(
                "{}, written {} by {}",
                head.generation,
                head.written.map_or_else(String::new, local_time),
                head.writer
            ),
        ),
        ("Size", format!("{size} bytes")),
        ("Backups", format!("{}{newest}", all.len())),
        (
            "Passphrase",
            factor.map_or_else(|| "unknown".into(), |factor| format!("scrypt with 2^{factor} rounds")),
        ),
        ("Remembered", if remembered { "yes, in the system keyring" } else { "no" }.to_owned()),
    ];
    output::data(&table::labelled(&lines))?;
    Ok(Exit::Done)
}
