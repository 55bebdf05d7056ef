//! A change from the command line: planned, shown, confirmed, applied, told.

use std::fmt::Write as _;

use clap::Args;
use serde_json::json;

use super::{
    connect::{Connected, failed},
    shapes,
};
use crate::{
    admin::action::{Action, Done as Applied, Level, Plan},
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
    },
    config::AskReason,
    output,
    text::safe_cut,
};

/// What every change takes.
#[derive(Args, Clone, Debug, Default)]
pub struct Care {
    /// Why: it goes to the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Say what would happen, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Plans one change, confirms it, does it.
pub(super) fn one(cx: &Context, server: &Connected, wanted: (&Action, &Care)) -> Done {
    if let Some((plan, _, done)) = applied(cx, server, wanted)? {
        tell(cx, server, (&plan, &done))?;
    }
    Ok(Exit::Done)
}

/// The same without a word about what was done: the plan, the reason and the result. `None` when it was only looked at.
pub(super) fn applied(
    cx: &Context,
    server: &Connected,
    (action, care): (&Action, &Care),
) -> Result<Option<(Plan, String, Applied)>, Failure> {
    let plan = server.provider.plan(action).map_err(failed)?;
    if care.dry_run {
        show(cx, server, &plan)?;
        return Ok(None);
    }
    server.writable(cx)?;
    let reason = reason(cx, (server, action), care)?;
    confirm(cx, server, &plan)?;
    let done = server.provider.apply(&plan, &reason).map_err(failed)?;
    Ok(Some((plan, reason, done)))
}

/// Prints a plan.
pub(super) fn show(cx: &Context, server: &Connected, plan: &Plan) -> Result<(), Failure> {
    if cx.as_json() {
        return cx.print_json(&shapes::plan(&server.name, plan));
    }
    output::data(&text(server, plan))?;
    Ok(())
}

/// Asks as much as the change needs.
fn confirm(cx: &Context, server: &Connected, plan: &Plan) -> Result<(), Failure> {
    match plan.level {
        Level::Usual => Ok(()),
        Level::Asked if cx.global.yes => Ok(()),
        // Who says more than is asked for has said enough: whether a name is wanted may depend on what is there.
        Level::Asked if cx.global.confirm.is_some() => cx.ask_word(&plan.title, &plan.confirm),
        Level::Asked => {
            output::say(text(server, plan).trim_end());
            cx.ask_yes(&format!("{}?", safe_cut(&plan.title, WIDEST)))
        }
        Level::Typed => {
            if cx.global.confirm.is_none() && cx.can_ask() {
                output::say(text(server, plan).trim_end());
            }
            cx.ask_word(&safe_cut(&plan.title, WIDEST), &plan.confirm)
        }
    }
}

/// The reason that goes to the audit log; servers want one, but those that keep none are asked for none.
pub(super) fn reason(
    cx: &Context,
    (server, action): (&Connected, &Action),
    care: &Care,
) -> Result<String, Failure> {
    if !server.provider.keeps_reason(action) {
        if care.reason.is_some() {
            cx.warn(&format!("{} keeps no reason for this: yours is not written down", server.name));
        }
        return Ok("none given".to_owned());
    }
    if let Some(reason) = &care.reason {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Failure::usage("the reason is empty").hint("--reason 'lost phone, ticket 4711'"));
        }
        return Ok(reason.to_owned());
    }
    if cx.settings.config.admin.reason == AskReason::Off {
        return Ok("none given".to_owned());
    }
    let reason = cx.ask_line("Reason (goes to the audit log):", "--reason TEXT")?;
    match (reason.is_empty(), cx.settings.config.admin.reason) {
        (true, AskReason::Require) => Err(Failure::usage("a reason is required")),
        (true, _) => Ok("none given".to_owned()),
        (false, _) => Ok(reason),
    }
}

/// Says what was done; what is shown once goes to stdout.
fn tell(cx: &Context, server: &Connected, (plan, done): (&Plan, &Applied)) -> Result<(), Failure> {
    if let Some(issued) = &done.passcode {
        if cx.as_json() {
            let (passcode, until) = (issued.passcode.as_str(), issued.valid_until.to_string());
            return cx.print_json(
                &json!({"schema": "sesam.passcode/1", "passcode": passcode, "valid_until": until}),
            );
        }
        cx.say(&format!("{}, good once until {:.0}:", done.sentence, issued.valid_until));
        return Ok(output::data(&format!("{}\n", issued.passcode.as_str()))?);
    }
    if cx.as_json() {
        let (action, user) = (shapes::word(&plan.action), plan.action.user());
        return cx.print_json(&json!({
            "schema": "sesam.change/1", "server": server.name, "action": action, "user": user, "result": "done",
        }));
    }
    cx.say(&done.sentence);
    Ok(())
}

/// A line for each effect. A name from the server makes no line of its own.
fn text(server: &Connected, plan: &Plan) -> String {
    let mut text = format!("{} on {} will:\n", safe_cut(&plan.title, WIDEST), server.name);
    for effect in &plan.effects {
        let _ = writeln!(text, "  - {}", safe_cut(effect, WIDEST));
    }
    if let Some(warning) = &plan.warning {
        let _ = writeln!(text, "{}", safe_cut(warning, WIDEST));
    }
    text
}

/// No line of a plan is longer, whatever a server calls its users.
const WIDEST: usize = 400;
