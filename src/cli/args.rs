//! What can be typed: the list of commands. Parsing acts on nothing.
//!
//! Each command's own arguments stand in its own file. Help, man pages and completions come from this tree.

use clap::{Parser, Subcommand};

use super::{
    add, askpass, code, completions, config, copy, doctor, edit, export, global::Global, import, list, man,
    qr, rename, rm, search, show, tag, trash, undo, unlock, vault, watch,
};

/// The second factor in a terminal.
///
/// sesam keeps the secrets of one-time passwords in a vault, a standard age file that only its owner can open, and
/// shows the codes that they make.
#[derive(Parser)]
#[command(
    name = "sesam",
    disable_version_flag = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  sesam code github              print the code\n  sesam copy github              put it on the clipboard\n  sesam add --uri -              add the otpauth \
                  link that stdin gives\n  sesam import accounts.txt      bring accounts in\n  sesam unlock --for 8h   \
                  \x20      ask for the passphrase once a day",
    subcommand_help_heading = "Commands"
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without it and with a terminal, the accounts are shown.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands; each is explained where its arguments are.
#[derive(Subcommand)]
#[expect(
    missing_docs,
    reason = "a doc here would take the place of the help that stands beside the arguments"
)]
pub enum Command {
    #[command(visible_aliases = ["otp", "totp"])]
    Code(code::CodeArgs),
    Copy(copy::CopyArgs),
    #[command(visible_alias = "ls")]
    List(list::ListArgs),
    #[command(visible_alias = "get")]
    Show(show::ShowArgs),
    #[command(visible_alias = "find")]
    Search(search::SearchArgs),
    #[command(visible_alias = "new")]
    Add(Box<add::AddArgs>),
    Edit(Box<edit::EditArgs>),
    #[command(visible_alias = "mv")]
    Rename(rename::RenameArgs),
    #[command(visible_aliases = ["remove", "delete"])]
    Rm(rm::RmArgs),
    Undo(undo::UndoArgs),
    Redo(undo::RedoArgs),
    #[command(subcommand)]
    Trash(trash::TrashCommand),
    #[command(subcommand)]
    Tag(tag::TagCommand),
    Import(import::ImportArgs),
    Export(export::ExportArgs),
    Qr(qr::QrArgs),
    Watch(watch::WatchArgs),
    Askpass(askpass::AskpassArgs),
    Unlock(unlock::UnlockArgs),
    Lock(unlock::LockArgs),
    Unlocked(unlock::UnlockedArgs),
    #[command(subcommand)]
    Vault(vault::VaultCommand),
    /// Create a vault: short for `vault create`
    #[command(hide = true)]
    Init(vault::create::CreateArgs),
    /// Change the passphrase: short for `vault passwd`
    #[command(hide = true)]
    Passwd(vault::passwd::PasswdArgs),
    Admin(super::admin::AdminArgs),
    #[command(subcommand)]
    Config(config::ConfigCommand),
    Doctor(doctor::DoctorArgs),
    #[command(visible_alias = "gen-completions")]
    Completions(completions::CompletionsArgs),
    #[command(hide = true)]
    Screens(super::screens::ScreensArgs),
    #[command(hide = true)]
    Man(man::ManArgs),
}
