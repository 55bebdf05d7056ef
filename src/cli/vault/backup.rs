//! `sesam vault backup`: a copy of vault and identity somewhere else.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::{
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
        files,
    },
    crypt::sha256_hex,
    vault::{backups, disk, lock::VaultLock},
};

/// Copy the vault and its identity into a directory, both as encrypted as they are
#[derive(Args)]
#[command(after_help = "Without a directory the present version is kept in backups/ beside the vault.")]
pub struct BackupArgs {
    /// Where to; it is created if need be
    #[arg(value_name = "DIR")]
    pub directory: Option<PathBuf>,
    /// Overwrite an earlier copy there
    #[arg(long)]
    pub force: bool,
}

/// Runs the command. Only a vault that checks out is copied.
pub fn run(cx: &Context, args: &BackupArgs) -> Done {
    cx.writable()?;
    let vault = cx.open()?;
    let bytes = disk::read(&vault.place.vault(), disk::MAX_VAULT)?;
    let opened = vault.open_bytes(&bytes).map_err(|error| vault.advised(error))?;
    let path = if let Some(directory) = &args.directory {
        copy(&vault.place, directory, &bytes, args.force)?
    } else {
        disk::private_dir(&vault.place.backups())?;
        let _lock = VaultLock::take(&vault.place.lock(), &*cx.clock)?;
        let name = backups::name(opened.head.generation, &sha256_hex(&bytes));
        let path = vault.place.backups().join(name);
        disk::replace(&path, &path.with_extension("tmp"), &bytes)?;
        path
    };
    let accounts = opened.accounts().count();
    if cx.as_json() {
        let path = path.display().to_string();
        cx.print_json(&json!({"schema": "sesam.backup/1", "path": path, "generation": opened.head.generation, "accounts": accounts}))?;
    }
    cx.say(&format!(
        "Kept generation {} (accounts: {accounts}) as {}",
        opened.head.generation,
        path.display()
    ));
    Ok(Exit::Done)
}

fn copy(
    place: &crate::vault::Place,
    directory: &Path,
    vault: &[u8],
    force: bool,
) -> Result<PathBuf, Failure> {
    if std::fs::canonicalize(directory).is_ok_and(|there| there == place.dir()) {
        return Err(Failure::usage("that is the vault's own directory"));
    }
    disk::private_dir(directory)?;
    let identity = disk::read(&place.identity(), disk::MAX_IDENTITY)?;
    files::write_private(&directory.join("identity.age"), &identity, force)?;
    let path = directory.join("vault.age");
    files::write_private(&path, vault, force)?;
    Ok(path)
}
