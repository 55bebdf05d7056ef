//! The plan of an import in words, and as `sesam.import/1`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    cli::{context::Context, exit::Failure},
    formats::Spot,
    import::{At, Batch},
    output,
    text::safe,
    vault::{
        account::name_of,
        intake::{Applied, OnDuplicate, Plan, Planned, State},
    },
};

/// Prints what was found and, unless it is a dry run, what was done.
pub(super) fn print(
    cx: &Context,
    batch: &Batch,
    plan: &Plan,
    applied: Option<&Applied>,
) -> Result<(), Failure> {
    if cx.as_json() {
        return cx.print_json(&object(batch, plan));
    }
    if applied.is_none() {
        for (planned, at) in plan.entries.iter().zip(batch.places()) {
            output::data(&format!("{}\n", safe(&format!("{}: {}", place(batch, &at), sentence(planned)))))?;
        }
    }
    for (at, bad) in batch.bad() {
        let name = name_of(&bad.issuer, &bad.account);
        let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
        output::say(&safe(&format!("{}: bad: {name}{}", place(batch, &at), bad.reason)));
    }
    for ((field, reason), count) in lost(batch) {
        output::say(&format!("sesam: {field} left out of {count}: {reason}"));
    }
    for (name, error) in batch.unread() {
        output::say(&format!("sesam: {}", safe(&format!("{name}: {error}"))));
    }
    cx.say(&summary(batch, plan, applied));
    Ok(())
}

/// What of the accounts stays behind, and of how many.
fn lost(batch: &Batch) -> BTreeMap<(&'static str, &'static str), usize> {
    let mut lost = BTreeMap::new();
    for loss in batch.losses() {
        *lost.entry((loss.field, loss.reason)).or_default() += 1;
    }
    lost
}

/// One entry and what becomes of it.
pub(super) fn sentence(planned: &Planned) -> String {
    let link = &planned.incoming.link;
    let name = name_of(&link.issuer, &link.account);
    let reason = reason(planned);
    let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
    format!("{}: {name}{reason}", word(&planned.state))
}

/// An entry that differs, and in what: what becomes of it is about to be asked.
pub(super) fn difference(planned: &Planned) -> String {
    let link = &planned.incoming.link;
    let fields = match &planned.state {
        State::Differs { fields, .. } => fields.join(", "),
        _ => String::new(),
    };
    format!("{} is here with other values: {fields}", name_of(&link.issuer, &link.account))
}

fn summary(batch: &Batch, plan: &Plan, applied: Option<&Applied>) -> String {
    let (counts, bad) = (plan.counts(), batch.bad().len());
    let found = format!(
        "{} found: {} new, {} repaired, {} same, {} different, {bad} bad",
        plan.entries.len() + bad,
        counts.new,
        counts.repaired,
        counts.same,
        counts.differs
    );
    let trashed = if counts.trashed == 0 {
        String::new()
    } else {
        format!(", {} in the other app's trash", counts.trashed)
    };
    match applied {
        None => format!("{found}{trashed}. Nothing was written."),
        Some(applied) if applied.added + applied.replaced == 0 => {
            format!("{found}{trashed}. Nothing to add.")
        }
        Some(applied) => {
            let replaced = if applied.replaced == 0 {
                String::new()
            } else {
                format!(", {} replaced", applied.replaced)
            };
            format!("{found}{trashed}. Added {}{replaced}; sesam undo takes it back.", applied.added)
        }
    }
}

fn object(batch: &Batch, plan: &Plan) -> Value {
    let counts = plan.counts();
    let several = batch.sources.len() > 1;
    let bad = batch.bad();
    let good = plan.entries.iter().zip(batch.places()).map(|(planned, at)| {
        let link = &planned.incoming.link;
        (at, word(&planned.state), link.issuer.as_str(), link.account.as_str(), reason(planned))
    });
    let wrong = bad
        .iter()
        .map(|(at, bad)| (*at, "bad", bad.issuer.as_str(), bad.account.as_str(), bad.reason.clone()));
    let entries: Vec<Value> = good
        .chain(wrong)
        .map(|(at, state, issuer, account, reason)| {
            let mut entry = json!({"state": state, "issuer": issuer, "account": account, "reason": reason});
            match at.spot {
                Spot::Code(number) => entry["code"] = json!(number),
                Spot::Line(line) => entry["line"] = json!(line),
                Spot::Entry(number) => entry["entry"] = json!(number),
            }
            if several {
                entry["file"] = json!(at.file);
            }
            entry
        })
        .collect();
    let losses: Vec<Value> = batch
        .losses()
        .into_iter()
        .map(|loss| json!({"issuer": loss.issuer, "account": loss.account, "field": loss.field, "reason": loss.reason}))
        .collect();
    json!({
        "schema": "sesam.import/1", "source": batch.title(), "found": entries.len(), "new": counts.new,
        "repaired": counts.repaired, "same": counts.same, "differs": counts.differs, "trashed": counts.trashed,
        "bad": bad.len(), "entries": entries, "losses": losses,
    })
}

fn word(state: &State) -> &'static str {
    match state {
        State::Differs { .. } => "differs",
        State::New => "new",
        State::Repaired => "repaired",
        State::Same(_) => "same",
        State::Trashed => "trashed",
    }
}

fn reason(planned: &Planned) -> String {
    let notes = planned.incoming.link.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    match &planned.state {
        State::Differs { fields, .. } => {
            let what = match planned.choice.on_duplicate {
                OnDuplicate::KeepBoth => "both are kept",
                OnDuplicate::Replace => "it takes the place of the one here",
                OnDuplicate::Skip => "it is left out",
            };
            format!("other {}; {what}", fields.join(", "))
        }
        _ => notes,
    }
}

fn place(batch: &Batch, at: &At<'_>) -> String {
    let spot = at.spot;
    if batch.sources.len() > 1 { format!("{}, {spot}", at.file) } else { spot.to_string() }
}
