//! `sesam vault merge`: a version of this vault that was changed on another machine comes in.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::{
    context::Context,
    exit::{Done, Exit},
};

/// Take in another version of this vault, such as a conflicted copy of a synced folder
#[derive(Args)]
#[command(
    after_help = "Account by account and field by field: the newer change wins, what was deleted stays deleted, \
                        the larger counter wins, and both accounts are kept where it cannot be told."
)]
pub struct MergeArgs {
    /// The other vault.age
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Runs the command.
pub fn run(cx: &Context, args: &MergeArgs) -> Done {
    cx.writable()?;
    let vault = cx.open()?;
    let merged = vault.merge_file(&args.file)?;
    if cx.as_json() {
        cx.print_json(&json!({
            "schema": "sesam.merge/1", "added": merged.added, "changed": merged.changed, "removed": merged.removed,
            "kept_both": merged.kept_both,
        }))?;
    }
    cx.say(&format!(
        "Merged: {} added, {} changed, {} deleted, {} kept twice",
        merged.added, merged.changed, merged.removed, merged.kept_both
    ));
    Ok(Exit::Done)
}
