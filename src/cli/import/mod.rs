//! `sesam import`: reads anything it knows, says what it would do, and does it as one step.
//!
//! `args` says what can be typed, `read` names the sources and their passphrases, `report` turns the plan into words.
//! The plan and its carrying out are [`import`](crate::import)'s, which the wizard uses too.

mod args;
mod read;
mod report;

pub use self::args::{Duplicate, ImportArgs};
use super::{
    context::Context,
    exit::{Done, Exit, Failure},
};
use crate::{
    formats::FORMATS,
    import::Prepared,
    output,
    vault::intake::{OnDuplicate, Plan, Planned},
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
    let mut prepared = Prepared::new(batch, &vault)?;
    decide(cx, &mut prepared.plan, args.on_duplicate)?;
    let applied = if args.dry_run { None } else { Some(prepared.carry_out(&vault, &args.tags)?) };
    report::print(cx, &prepared.batch, &prepared.plan, applied.as_ref())?;
    Ok(if prepared.batch.is_whole() { Exit::Done } else { Exit::Partly })
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
    output::say(&crate::text::safe(&report::difference(entry)));
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
    let width = FORMATS.iter().map(|format| format.name.len() + 2).max().unwrap_or_default();
    for format in FORMATS {
        output::data(&format!("{:<width$}{}\n", format.name, format.words))?;
    }
    Ok(Exit::Done)
}
