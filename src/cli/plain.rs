//! `sesam` without a command: the first run, or the accounts with their codes as a plain list.

use serde_json::json;

use super::{
    context::{Context, shown},
    exit::{Done, Exit, Failure},
    global::Global,
    list::{self, ListArgs},
    vault::create::{self, CreateArgs},
};
use crate::output;

/// Runs sesam without a command.
pub fn run(cx: &Context) -> Done {
    if !output::stdout_is_terminal() {
        let message = "the full-screen view needs a terminal. Try: sesam list, sesam code NAME, sesam --help";
        return Err(Failure::usage(message));
    }
    if !cx.global.demo && !cx.place()?.has_vault() {
        return first_run(cx);
    }
    list::print(cx, &ListArgs { codes: true, ..ListArgs::default() }, "")?;
    Ok(Exit::Done)
}

fn first_run(cx: &Context) -> Done {
    let place = cx.place()?;
    output::say("Welcome. No vault was found here.");
    output::say("");
    output::say("  1  Create a new vault");
    output::say("  2  Open a vault that lies elsewhere");
    output::say("  3  Look around first with demo data (nothing is saved)");
    output::say("");
    output::say(&format!("The vault is a standard age file: {}", shown(&place.vault())));
    output::say("Nothing is sent anywhere.");
    match cx.ask_line("1, 2 or 3?", "sesam vault create --passphrase-file PATH")?.as_str() {
        "1" => {
            create::run(cx, &CreateArgs::default())?;
            output::say("Add your first account with: sesam add, or sesam import FILE");
        }
        "2" => output::say(
            "Name its directory with --vault PATH, SESAM_VAULT, or: sesam config set vault.path PATH",
        ),
        "3" => output::say("Try: sesam --demo list --codes"),
        _ => output::say("Nothing was done."),
    }
    Ok(Exit::Done)
}

/// `sesam --version`, with `--json` the versions of the shapes too.
pub fn version(global: &Global) -> Done {
    let version = env!("CARGO_PKG_VERSION");
    if !(global.json || global.jsonl) {
        output::data(&format!("sesam {version}\n"))?;
        return Ok(Exit::Done);
    }
    let object = json!({
        "name": "sesam", "version": version, "vault_schema": crate::vault::document::SCHEMA,
        "schemas": ["sesam.account/1", "sesam.accounts/1", "sesam.code/1", "sesam.import/1", "sesam.export/1", "sesam.error/1", "sesam.vault/1", "sesam.doctor/1"],
    });
    output::data(&format!("{object:#}\n"))?;
    Ok(Exit::Done)
}
