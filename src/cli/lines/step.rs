//! What a line leads to, words as commands of the command line, and numbered answers.

use clap::{FromArgMatches, Parser as _};

use crate::{
    cli::{
        args::{Cli, Command},
        context::Context,
        exit::{Done, Failure},
        tree::command_tree,
    },
    output,
    text::safe,
};

/// Runs one command of the command line; the room above gives it.
pub type Act = fn(&Context, Command) -> Done;

/// What a line leads to.
pub(super) enum Next {
    /// The same question again.
    Stay,
    /// The other room.
    Turn,
    /// The end.
    Quit,
}

/// Runs words as a command of the command line.
pub(super) fn command(cx: &Context, act: Act, words: &[&str]) -> Result<Next, Failure> {
    let all = std::iter::once("sesam").chain(words.iter().copied());
    let matches = command_tree().try_get_matches_from(all).map_err(|error| {
        let text = error.to_string();
        let line = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        Failure::usage(line).hint("help lists the words")
    })?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| Failure::usage(error.to_string()))?;
    if let Some(command) = cli.command {
        let cx = cx.with(cli.global);
        act(&cx, command)?;
        cx.say_notices();
    }
    Ok(Next::Stay)
}

/// Whether a word begins a command of the command line.
pub(super) fn is_command(word: &str) -> bool {
    Cli::try_parse_from(["sesam", word, "--help"])
        .is_err_and(|error| error.kind() == clap::error::ErrorKind::DisplayHelp)
}

/// Prints numbered lines.
pub(super) fn numbered(lines: impl Iterator<Item = String>) -> Result<(), Failure> {
    let lines = (1..).zip(lines).map(|(nth, line)| format!("{nth} {}", safe(&line)));
    let text = lines.collect::<Vec<_>>().join("\n");
    if !text.is_empty() {
        output::data(&(text + "\n"))?;
    }
    Ok(())
}

/// What a number of the last answer means.
pub(super) fn nth<'a, T>(all: &'a [T], word: &str) -> Result<&'a T, Failure> {
    let number = word.parse::<usize>().ok().filter(|number| *number > 0);
    let found = number.and_then(|number| all.get(number - 1));
    found.ok_or_else(|| {
        let several =
            if all.is_empty() { "search first".to_owned() } else { format!("say 1 to {}", all.len()) };
        Failure::not_found(format!("there is no number {word}: {several}"))
    })
}
