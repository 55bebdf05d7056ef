//! `sesam search`: a list by words that says with its exit code whether there was anything.

use clap::Args;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    list::{self, ListArgs},
};

/// List the accounts that contain all words; exit 3 if there are none
#[derive(Args)]
pub struct SearchArgs {
    /// Words, #tag, type:hotp, is:fav, !not
    #[arg(required = true, value_name = "WORDS")]
    pub words: Vec<String>,
}

/// Runs the command.
pub fn run(cx: &Context, args: &SearchArgs) -> Done {
    let words = args.words.join(" ");
    match list::print(cx, &ListArgs::default(), &words)? {
        0 => Err(Failure::not_found(format!("no account matches \"{words}\""))),
        _ => Ok(Exit::Done),
    }
}
