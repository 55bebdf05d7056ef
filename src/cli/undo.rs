//! `sesam undo` and `sesam redo`: the last changes back, and again, also after a restart.

use clap::Args;
use serde_json::json;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
};
use crate::vault::Outcome;

/// Take the last change back
#[derive(Args)]
pub struct UndoArgs {
    /// How many changes
    #[arg(value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub steps: u32,
}

/// Do again what was taken back
#[derive(Args)]
pub struct RedoArgs {
    /// How many changes
    #[arg(value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub steps: u32,
}

#[derive(Clone, Copy)]
enum Turn {
    Back,
    Again,
}

/// Runs `undo`.
pub fn undo(cx: &Context, args: &UndoArgs) -> Done {
    step(cx, args.steps, Turn::Back)
}

/// Runs `redo`.
pub fn redo(cx: &Context, args: &RedoArgs) -> Done {
    step(cx, args.steps, Turn::Again)
}

fn step(cx: &Context, steps: u32, turn: Turn) -> Done {
    cx.writable()?;
    let vault = cx.open()?;
    let turned = vault.change(|document, now| {
        let next = || match turn {
            Turn::Back => document.undo(now),
            Turn::Again => document.redo(now),
        };
        let turned: Vec<String> = std::iter::from_fn(next).take(steps as usize).collect();
        Ok(if turned.is_empty() { Outcome::Same(turned) } else { Outcome::Changed(turned) })
    })?;
    let (done, nothing) = match turn {
        Turn::Back => ("Undone", "there is nothing to undo"),
        Turn::Again => ("Done again", "there is nothing to do again"),
    };
    if turned.is_empty() {
        return Err(Failure::not_found(nothing));
    }
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.steps/1", "steps": turned}))?;
    }
    for what in &turned {
        cx.say(&format!("{done}: {what}"));
    }
    Ok(Exit::Done)
}
