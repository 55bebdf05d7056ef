//! The tree of commands as clap holds it: help, man pages and completions come from it.

use clap::CommandFactory;

use super::args::Cli;

/// The tree of commands, from which arguments are parsed and help, man pages and completions are made.
pub fn command_tree() -> clap::Command {
    examples_first(Cli::command())
}

/// Whoever asks for help wants to copy an example.
fn examples_first(command: clap::Command) -> clap::Command {
    const TEMPLATE: &str = "{about}{after-help}\n\n{usage-heading} {usage}\n\n{all-args}";
    const PLAIN: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}";
    let template = if command.get_after_help().is_some() { TEMPLATE } else { PLAIN };
    command.help_template(template).mut_subcommands(examples_first)
}
