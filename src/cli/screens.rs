//! `sesam screens`: the screens as text, drawn from the demo. README is made with it.

use clap::Args;

use super::exit::{Done, Exit, Failure};
use crate::{output, tui::shots};

/// Print the screens as text
#[derive(Args)]
pub struct ScreensArgs {
    /// Which one; all names without one
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Columns and rows
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "80x24")]
    pub size: String,
}

/// Runs the command.
pub fn run(args: &ScreensArgs) -> Done {
    let Some(name) = &args.name else {
        let names: Vec<&str> = shots::names().collect();
        output::data(&(names.join("\n") + "\n"))?;
        return Ok(Exit::Done);
    };
    let size = args
        .size
        .split_once('x')
        .and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    let (columns, rows) = size.ok_or_else(|| Failure::usage("--size is two numbers such as 80x24"))?;
    let shot = shots::shot(name, columns, rows);
    let text = shot.ok_or_else(|| {
        Failure::not_found("there is no screen of this name").hint("sesam screens lists them")
    })?;
    output::data(&text)?;
    Ok(Exit::Done)
}
