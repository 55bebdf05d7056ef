//! The command line of sesamd: one file per command. Data goes to stdout, the rest to stderr.

mod audit;
mod backup;
mod dev;
mod failure;
mod init;
mod key;
mod serve;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use self::failure::Failure;
use crate::output;

/// A small MFA server: users bind authenticators, applications ask whether a code is right, the help desk helps.
#[derive(Debug, Parser)]
#[command(name = "sesamd", version, arg_required_else_help = true)]
struct Arguments {
    /// The settings
    #[arg(long, global = true, value_name = "FILE", default_value = "sesamd.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write settings, make the key and the database, and print a token for the first administrator
    Init,
    /// Serve until SIGTERM or Ctrl-C
    Serve(serve::Arguments),
    /// Administrators' keys
    #[command(subcommand)]
    Admin(Admin),
    #[command(subcommand)]
    User(user::UserCommand),
    /// The audit and its chains
    #[command(subcommand)]
    Audit(Audit),
    /// Copy the database (SQLite) into a new file while sesamd runs; the key file is not in it
    Backup(backup::Arguments),
    /// Put a backup (SQLite) where no database is; no code that was used before counts then
    Restore(backup::Arguments),
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make an API key and print it
    Key(key::Arguments),
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Follow every chain of the audit from its first row to its head
    Verify(audit::Arguments),
    /// Print where every chain ends now: keep the lines elsewhere, for `audit verify --head`
    Heads,
    /// Give up old rows at a signed checkpoint; the rest still verifies
    Prune(audit::PruneArguments),
}

/// Runs the command that was typed.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    log();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(arguments));
            runtime.shutdown_background(); // nobody waits for a webhook that does not answer
            done
        }
        Err(error) => Err(Failure { sentence: format!("no threads: {error}"), hint: None, code: 1 }),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::say(&format!("\u{d7} {}.", failure.sentence));
            if let Some(hint) = failure.hint {
                output::say(&format!("  hint: {hint}"));
            }
            ExitCode::from(failure.code)
        }
    }
}

/// The commands, for man pages.
pub fn tree() -> clap::Command {
    Arguments::command()
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let path = arguments.config;
    match arguments.command {
        Command::Init => init::run(&path).await,
        Command::Serve(serve) => serve::run(&path, serve).await,
        Command::Admin(Admin::Key(key)) => key::run(&path, key).await,
        Command::User(command) => user::run(&path, command).await,
        Command::Audit(Audit::Verify(verify)) => audit::run(&path, verify).await,
        Command::Backup(file) => backup::backup(&path, file).await,
        Command::Restore(file) => backup::restore(&path, file).await,
        Command::Audit(Audit::Heads) => audit::heads(&path).await,
        Command::Audit(Audit::Prune(prune)) => audit::prune(&path, prune).await,
    }
}

/// A line for each thing that happens, on stderr, without colours; what strangers wrote is escaped.
fn log() {
    let lines = tracing_subscriber::fmt().with_ansi(false).with_target(false).with_writer(std::io::stderr);
    let _ = lines.with_max_level(tracing::Level::WARN).try_init();
}
