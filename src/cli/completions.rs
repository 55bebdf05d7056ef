//! Completions for shells. Account names complete only while the vault opens without a question.

use clap::{Args, Command, ValueEnum};
use clap_complete::{CompleteEnv, generate};

use super::exit::{Done, Exit, Failure};
use crate::output;

/// Print the completion script of a shell
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam completions bash > ~/.local/share/bash-completion/completions/sesam\n  sesam \
                        completions fish > ~/.config/fish/completions/sesam.fish\n  sesam completions zsh > \
                        ~/.zfunc/_sesam"
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: ShellName,
}

/// The shells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShellName {
    /// GNU bash.
    Bash,
    /// Elvish.
    Elvish,
    /// Fish.
    Fish,
    /// Nushell.
    Nushell,
    /// PowerShell.
    Powershell,
    /// Z shell.
    Zsh,
}

/// Runs the command for the tree of commands.
pub fn run(args: &CompletionsArgs, tree: Command) -> Done {
    let script = match args.shell {
        ShellName::Nushell => nushell(tree),
        shell => registration(shell)?,
    };
    output::data(&script)?;
    Ok(Exit::Done)
}

/// Answers a shell that asks for candidates, and ends the process then. Must come before anything else is parsed.
pub fn answer_shell(tree: fn() -> Command) {
    CompleteEnv::with_factory(tree).var("SESAM_COMPLETE").complete();
}

/// The script asks sesam itself for candidates at each press of the key.
fn registration(shell: ShellName) -> Result<String, Failure> {
    let name = match shell {
        ShellName::Bash => "bash",
        ShellName::Elvish => "elvish",
        ShellName::Fish => "fish",
        ShellName::Powershell => "powershell",
        ShellName::Nushell | ShellName::Zsh => "zsh",
    };
    let shells = clap_complete::env::Shells::builtins();
    let completer =
        shells.completer(name).ok_or_else(|| Failure::failed(format!("no completions for {name}")))?;
    let mut script = Vec::new();
    completer
        .write_registration("SESAM_COMPLETE", "sesam", "sesam", "sesam", &mut script)
        .map_err(|error| Failure::failed(error.to_string()))?;
    String::from_utf8(script).map_err(|error| Failure::failed(error.to_string()))
}

/// Nushell has no way to ask, so the tree is written out, and a command of its own fetches the names.
fn nushell(mut tree: Command) -> String {
    let mut script = Vec::new();
    generate(clap_complete_nushell::Nushell, &mut tree, "sesam", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let names = "  def \"nu-complete sesam accounts\" [] {\n    ^sesam --no-input list --fields name | lines\n  }\n\n";
    let with_names =
        script.replacen("module completions {\n", &format!("module completions {{\n\n{names}"), 1);
    with_names
        .replace("...query: string", "...query: string@\"nu-complete sesam accounts\"")
        .replace("...queries: string", "...queries: string@\"nu-complete sesam accounts\"")
        .replace("  query: string", "  query: string@\"nu-complete sesam accounts\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_gets_a_script_that_names_sesam() {
        for shell in ShellName::value_variants() {
            let script = if *shell == ShellName::Nushell {
                nushell(Command::new("sesam"))
            } else {
                registration(*shell).unwrap()
            };
            assert!(script.contains("sesam"), "{shell:?}");
        }
    }
}
