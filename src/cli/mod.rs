//! The command line: one file per command, over the same rooms as the screens.
//!
//! | file | what lives there |
//! |---|---|
//! | [`args`], [`global`], [`tree`] | what can be typed |
//! | [`context`], [`locations`] | what a command may use, and where things lie |
//! | [`exit`], [`ask`], [`prompt`], [`secrets`] | how a command ends, asks, and takes secrets in |
//! | [`open`], [`remember`] | the unlocked vault, and the system keyring that may open it |
//! | [`pick`], [`parameters`], [`wanted`] | the account that is meant, what describes one, which code |
//! | [`shown`], [`table`], [`fields`], [`json`], [`time`] | rows for people, objects for programs |
//! | [`terminal`] | what the terminal is, and which symbols go to it |
//! | [`files`], [`names`] | files that a person named, names that a shell completes |
//! | [`short`], [`plain`] | the short way of `sesam code NAME`, and sesam without a command |
//! | all others | one command each |

pub mod add;
pub mod admin;
pub mod args;
pub mod ask;
pub mod askpass;
pub mod code;
pub mod completions;
pub mod config;
pub mod context;
pub mod copy;
pub mod doctor;
pub mod edit;
pub mod exit;
pub mod export;
pub mod fields;
pub mod files;
pub mod global;
pub mod import;
pub mod json;
pub mod lines;
pub mod list;
pub mod locations;
pub mod man;
pub mod names;
pub mod open;
pub mod parameters;
pub mod pick;
mod picture;
pub mod plain;
pub mod prompt;
pub mod qr;
pub mod remember;
pub mod rename;
pub mod rm;
pub mod screens;
pub mod search;
pub mod secrets;
pub mod short;
pub mod show;
pub mod shown;
pub mod table;
pub mod tag;
pub mod terminal;
pub mod time;
pub mod trash;
pub mod tree;
pub mod undo;
pub mod unlock;
pub mod vault;
pub mod wanted;
pub mod watch;

mod guard;

use std::{ffi::OsString, process::ExitCode};

use clap::{
    FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};

use self::{
    args::{Cli, Command},
    context::Context,
    exit::{Done, Ended, Exit, Failure},
    tree::command_tree,
};
use crate::clipboard::{keeper::KEEPER, serve};

/// Runs the program with its arguments, prints what went wrong, and gives the exit code.
pub fn main(arguments: &[OsString]) -> ExitCode {
    guard::harden();
    if let [_, word, rest @ ..] = arguments
        && word == KEEPER
    {
        return serve::keep(rest);
    }
    let ended = match short::code(arguments) {
        Some(done) => done,
        None => parsed(arguments),
    };
    let exit = ended.unwrap_or_else(|exit| exit);
    #[cfg(unix)]
    if exit == Exit::Interrupted {
        // A shell that runs us in a script ends it only when we end by the signal.
        let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT);
    }
    ExitCode::from(exit as u8)
}

fn parsed(arguments: &[OsString]) -> Ended {
    completions::answer_shell(command_tree);
    let matches = command_tree().try_get_matches_from(arguments_of(arguments));
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return refused(&error, arguments),
    };
    let as_json = cli.global.json || cli.global.jsonl;
    run(cli).map_err(|failure| {
        failure.print(as_json);
        failure.exit
    })
}

/// A link named `sesam-askpass` is `sesam askpass`: ssh runs a program without arguments of ours.
fn arguments_of(arguments: &[OsString]) -> Vec<OsString> {
    let name =
        arguments.first().map(std::path::Path::new).and_then(|path| path.file_stem()).unwrap_or_default();
    let mut all = arguments.to_vec();
    if name == "sesam-askpass" {
        all.insert(1, "askpass".into());
    }
    all
}

fn refused(error: &clap::Error, arguments: &[OsString]) -> Ended {
    let as_json = arguments.iter().any(|argument| argument == "--json" || argument == "--jsonl");
    if !error.use_stderr() {
        return crate::output::data(&error.to_string()).map(|()| Exit::Done).map_err(|unprinted| {
            let failure = Failure::from(unprinted);
            failure.print(as_json);
            failure.exit
        });
    }
    if as_json {
        let rendered = error.to_string();
        let line = rendered.lines().next().unwrap_or_default().trim_start_matches("error: ");
        Failure::usage(line).print(true);
    } else if let Some(ours) = word_of_ours(error) {
        Failure::usage("there is no such command").hint(format!("did you mean `{ours}`?")).print(false);
    } else {
        crate::output::say(crate::text::safe_lines(&error.to_string()).trim_end());
    }
    Err(Exit::Usage)
}

/// What people type who come from another program.
fn word_of_ours(error: &clap::Error) -> Option<&'static str> {
    const FOREIGN: [(&str, &str); 8] = [
        ("extract", "code"),
        ("generate", "code"),
        ("token", "code"),
        ("insert", "add"),
        ("accounts", "list"),
        ("password", "vault passwd"),
        ("backup", "vault backup"),
        ("restore", "vault restore"),
    ];
    let typed =
        (error.kind() == ErrorKind::InvalidSubcommand).then(|| error.get(ContextKind::InvalidSubcommand))?;
    let Some(ContextValue::String(typed)) = typed else { return None };
    FOREIGN.iter().find(|(word, _)| word == typed).map(|(_, ours)| *ours)
}

fn run(cli: Cli) -> Done {
    if cli.global.version {
        return plain::version(&cli.global);
    }
    let cx = Context::new(cli.global)?;
    let done = match cli.command {
        Some(command) => act(&cx, command),
        None if plain::wants_lines(&cx) => lines::run(&cx, act),
        None => plain::run(&cx),
    };
    cx.say_notices();
    done
}

fn act(cx: &Context, command: Command) -> Done {
    match command {
        Command::Code(args) => code::run(cx, &args),
        Command::Copy(args) => copy::run(cx, &args),
        Command::List(args) => list::run(cx, &args),
        Command::Show(args) => show::run(cx, &args),
        Command::Search(args) => search::run(cx, &args),
        Command::Add(args) => add::run(cx, &args),
        Command::Edit(args) => edit::run(cx, &args),
        Command::Rename(args) => rename::run(cx, &args),
        Command::Rm(args) => rm::run(cx, &args),
        Command::Undo(args) => undo::undo(cx, &args),
        Command::Redo(args) => undo::redo(cx, &args),
        Command::Trash(command) => trash::run(cx, &command),
        Command::Tag(command) => tag::run(cx, &command),
        Command::Import(args) => import::run(cx, &args),
        Command::Export(args) => export::run(cx, &args),
        Command::Qr(args) => qr::run(cx, &args),
        Command::Watch(args) => watch::run(cx, &args),
        Command::Askpass(args) => askpass::run(cx, &args),
        Command::Unlock(args) => unlock::unlock(cx, &args),
        Command::Lock(args) => unlock::lock(cx, &args),
        Command::Unlocked(args) => unlock::unlocked(cx, &args),
        Command::Vault(command) => vault::run(cx, &command),
        Command::Init(args) => vault::create::run(cx, &args),
        Command::Passwd(args) => vault::passwd::run(cx, &args),
        Command::Admin(args) => admin::run(cx, &args),
        Command::Config(command) => config::run(cx, &command),
        Command::Doctor(args) => doctor::run(cx, &args),
        Command::Completions(args) => completions::run(&args, command_tree()),
        Command::Screens(args) => screens::run(&args),
        Command::Man(args) => man::run(&args, command_tree()),
    }
}
