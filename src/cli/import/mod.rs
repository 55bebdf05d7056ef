//! `sesam import`: reads anything it knows, says what it would do, and does it as one step.
//!
//! `args` says what can be typed, `read` turns files into accounts, `report` turns the plan into words. Formats are `formats`' business, the plan
//! itself is `vault::intake`'s.

mod args;
mod read;
mod report;

pub use self::args::{Duplicate, ImportArgs};
use self::read::Batch;
use super::{
    context::Context,
    exit::{Done, Exit, Failure},
};
use crate::{
    formats::FORMATS,
    output,
    vault::{
        Outcome, Vault,
        intake::{Applied, Choice, OnDuplicate, Plan, Planned, plan},
    },
};

/// Runs the command.
pub fn run(cx: &Context, args: &ImportArgs) -> Done {
    if args.formats {
        return formats(cx);
    }
    if !args.dry_run {
        cx.writable()?;
    }
    if args.on_duplicate == Duplicate::Ask && !cx.can_ask() {
        return Err(
            Failure::usage("--on-duplicate ask needs a terminal").hint("choose skip, replace or keep-both")
        );
    }
    let batch = read::files(cx, args)?;
    let vault = cx.open()?;
    let opened = vault.read()?;
    let existing = opened.document()?.read_accounts()?;
    let mut planned = plan(&existing, batch.incoming());
    decide(cx, &mut planned, args.on_duplicate)?;
    let applied = if args.dry_run { Applied::default() } else { write(&vault, &mut planned, args, &batch)? };
    report::print(cx, &batch, &planned, if args.dry_run { None } else { Some(&applied) })?;
    Ok(if batch.is_whole() { Exit::Done } else { Exit::Partly })
}

/// Nothing is written before the whole plan is made. If the vault changed meanwhile, the plan is made anew on what is
/// there now, with the same decisions.
fn write(vault: &Vault, planned: &mut Plan, args: &ImportArgs, batch: &Batch) -> Result<Applied, Failure> {
    let choices: Vec<Choice> = planned.entries.iter().map(|entry| entry.choice).collect();
    let (applied, fresh) = vault.change(|document, now| {
        let existing = document.read_accounts()?;
        let mut fresh = plan(&existing, batch.incoming());
        for (entry, choice) in fresh.entries.iter_mut().zip(&choices) {
            entry.choice = *choice;
        }
        let applied = fresh.apply(&existing, document, (&args.tags, now))?;
        if applied.reverse.is_empty() {
            return Ok(Outcome::Same((applied, fresh)));
        }
        document.record(&format!("import {}", batch.title()), applied.reverse.clone(), now);
        Ok(Outcome::Changed((applied, fresh)))
    })?;
    *planned = fresh;
    Ok(applied)
}

fn decide(cx: &Context, planned: &mut Plan, how: Duplicate) -> Result<(), Failure> {
    let mut failed = None;
    planned.choose(|entry| match how {
        Duplicate::Skip => OnDuplicate::Skip,
        Duplicate::Replace => OnDuplicate::Replace,
        Duplicate::KeepBoth => OnDuplicate::KeepBoth,
        Duplicate::Ask => ask(cx, entry).unwrap_or_else(|failure| {
            failed.get_or_insert(failure);
            OnDuplicate::Skip
        }),
    });
    failed.map_or(Ok(()), Err)
}

fn ask(cx: &Context, entry: &Planned) -> Result<OnDuplicate, Failure> {
    output::say(&crate::text::safe(&report::sentence(entry)));
    loop {
        let answer =
            cx.ask_line("(s)kip, (r)eplace or (k)eep both?", "--on-duplicate skip|replace|keep-both")?;
        match answer.chars().next() {
            Some('s') => return Ok(OnDuplicate::Skip),
            Some('r') => return Ok(OnDuplicate::Replace),
            Some('k') => return Ok(OnDuplicate::KeepBoth),
            _ => {}
        }
    }
}

fn formats(cx: &Context) -> Done {
    if cx.as_json() {
        let object = |format: &crate::formats::Format| serde_json::json!({"name": format.name, "aliases": format.aliases, "words": format.words, "writes": format.encode.is_some()});
        cx.print_json_list(FORMATS.iter().map(object).collect())?;
        return Ok(Exit::Done);
    }
    for format in FORMATS {
        output::data(&format!("{:<14}{}\n", format.name, format.words))?;
    }
    Ok(Exit::Done)
}
