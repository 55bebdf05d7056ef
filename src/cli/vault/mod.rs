//! `sesam vault`: the file itself, its keys, its copies.

pub mod backup;
pub mod create;
pub mod info;
pub mod merge;
pub mod passwd;
pub mod recover;
pub mod rekey;
pub mod restore;
pub mod sheet;
pub mod verify;

use clap::Subcommand;

use super::{
    context::Context,
    exit::{Done, Exit},
};
use crate::output;

/// Create, check, back up and restore the vault
#[derive(Subcommand)]
#[expect(
    missing_docs,
    reason = "a doc here would take the place of the help that stands beside the arguments"
)]
pub enum VaultCommand {
    Create(create::CreateArgs),
    Info(info::InfoArgs),
    Passwd(passwd::PasswdArgs),
    Rekey(rekey::RekeyArgs),
    Verify(verify::VerifyArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Recover(recover::RecoverArgs),
    Sheet(sheet::SheetArgs),
    Merge(merge::MergeArgs),
    /// Print where the vault lies
    Path,
}

/// Runs the command.
pub fn run(cx: &Context, command: &VaultCommand) -> Done {
    match command {
        VaultCommand::Create(args) => create::run(cx, args),
        VaultCommand::Info(args) => info::run(cx, args),
        VaultCommand::Passwd(args) => passwd::run(cx, args),
        VaultCommand::Rekey(args) => rekey::run(cx, args),
        VaultCommand::Verify(args) => verify::run(cx, args),
        VaultCommand::Backup(args) => backup::run(cx, args),
        VaultCommand::Restore(args) => restore::run(cx, args),
        VaultCommand::Recover(args) => recover::run(cx, args),
        VaultCommand::Sheet(args) => sheet::run(cx, args),
        VaultCommand::Merge(args) => merge::run(cx, args),
        VaultCommand::Path => {
            output::data(&format!("{}\n", crate::text::safe(&cx.place()?.vault().display().to_string())))?;
            Ok(Exit::Done)
        }
    }
}
