//! The same change for several users: one confirmation with their number, progress, a list of results.

use std::fmt::Write as _;
use std::{collections::BTreeSet, io::Read, path::PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::{
    act::{self, Care},
    connect::{Connected, failed},
    shapes,
};
use crate::{
    admin::action::{Action, Level, Plan, warnings},
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
    },
    output,
    text::{safe, safe_cut},
};

/// Whose accounts.
#[derive(Args, Clone, Debug, Default)]
pub struct Names {
    /// The users' names
    #[arg(value_name = "NAME", required_unless_present = "from")]
    pub names: Vec<String>,
    /// Names from a file, one a line; - is stdin
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
}

impl Names {
    /// All of them, each once, in the order in which they were given.
    fn all(&self, cx: &Context) -> Result<Vec<String>, Failure> {
        let mut all = self.names.clone();
        if let Some(path) = &self.from {
            let text = if path.as_os_str() == "-" {
                let mut text = String::new();
                let stdin = cx.take_stdin("--from", "Type names, one a line")?;
                let read = stdin.lock().take(MOST_BYTES).read_to_string(&mut text);
                read.map_err(|error| Failure::failed(format!("stdin: {error}")))?;
                text
            } else {
                std::fs::read_to_string(path)
                    .map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?
            };
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            all.extend(lines.map(str::to_owned));
        }
        let mut seen = BTreeSet::new();
        all.retain(|name| seen.insert(name.to_lowercase()));
        if all.is_empty() { Err(Failure::usage("no names were given")) } else { Ok(all) }
    }
}

/// Does it for each; one that fails stops no other.
pub(super) fn each(
    cx: &Context,
    server: &Connected,
    (names, care): (&Names, &Care),
    action: impl Fn(String) -> Action,
) -> Done {
    let names = names.all(cx)?;
    if let [name] = names.as_slice() {
        return act::one(cx, server, (&action(name.clone()), care));
    }
    let plans = plans(server, &names, action)?;
    if care.dry_run {
        for plan in &plans {
            act::show(cx, server, plan)?;
        }
        return Ok(Exit::Done);
    }
    server.writable(cx)?;
    let Some(first) = plans.first() else { return Ok(Exit::Done) };
    let reason = act::reason(cx, (server, &first.action), care)?;
    confirm(cx, server, &plans)?;
    let mut results = vec![];
    for (nth, plan) in (1..).zip(&plans) {
        cx.mention(&format!("{nth} of {}: {}", plans.len(), plan.title));
        let applied = server.provider.apply(plan, &reason);
        results.push((plan, applied.map(|done| done.sentence).map_err(failed)));
    }
    report(cx, server, &results)
}

/// All plans before the first change: a name that is wrong is told while nothing was done.
fn plans(
    server: &Connected,
    names: &[String],
    action: impl Fn(String) -> Action,
) -> Result<Vec<Plan>, Failure> {
    names.iter().map(|name| server.provider.plan(&action(name.clone())).map_err(failed)).collect()
}

fn confirm(cx: &Context, server: &Connected, plans: &[Plan]) -> Result<(), Failure> {
    let count = format!("{} users", plans.len());
    let bindings: u64 = plans.iter().map(|plan| plan.bindings).sum();
    let mut effects = format!("{} on {}: {count}", shapes::word(&plans[0].action), server.name);
    if bindings > 0 {
        let _ = write!(effects, ", {bindings} bindings go");
    }
    for (words, count) in warnings(plans.iter()).iter().filter(|_| cx.global.confirm.is_none()) {
        output::say(&format!("{count} of {}: {}", plans.len(), safe_cut(words, WIDEST)));
    }
    if plans.iter().any(|plan| plan.level == Level::Typed) {
        cx.ask_word(&effects, &count)
    } else {
        cx.ask_yes(&format!("{effects}?"))
    }
}

fn report(cx: &Context, server: &Connected, results: &[(&Plan, Result<String, Failure>)]) -> Done {
    let failures = results.iter().filter(|(_, result)| result.is_err()).count();
    if cx.as_json() {
        let object = |(plan, result): &(&Plan, Result<String, Failure>)| -> Value {
            let (user, action) = (plan.action.user(), shapes::word(&plan.action));
            let mut object =
                json!({"schema": "sesam.change/1", "server": server.name, "action": action, "user": user});
            match result {
                Ok(_) => object["result"] = json!("done"),
                Err(failure) => {
                    object["result"] = json!(failure.kind);
                    object["message"] = json!(failure.message);
                }
            }
            object
        };
        cx.print_json_list(results.iter().map(object).collect())?;
    } else {
        for (plan, result) in results {
            let user = plan.action.user().unwrap_or_default();
            let line = match result {
                Ok(sentence) => format!("done    {user}  {sentence}"),
                Err(failure) => format!("failed  {user}  {}", failure.message),
            };
            output::data(&format!("{}\n", safe(&line)))?;
        }
    }
    cx.say(&format!("{} of {} done", results.len() - failures, results.len()));
    Ok(if failures == 0 { Exit::Done } else { Exit::Partly })
}

const MOST_BYTES: u64 = 1 << 20;

/// No warning is longer, whatever a server calls its users.
const WIDEST: usize = 400;
