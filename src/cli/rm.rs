//! `sesam rm`: accounts into the trash, or away for good.

use clap::Args;
use serde_json::json;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    json as shapes, pick,
};
use crate::vault::{Account, AccountId, Outcome};

/// Delete accounts: into the trash for 30 days
#[derive(Args)]
pub struct RmArgs {
    /// The accounts, each named as for code; quote names with spaces
    #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
    pub queries: Vec<String>,
    /// Past the trash: they cannot be taken back (asks for a word)
    #[arg(long)]
    pub now: bool,
}

/// Runs the command.
pub fn run(cx: &Context, args: &RmArgs) -> Done {
    cx.writable()?;
    let vault = cx.open()?;
    let opened = vault.read()?;
    let accounts =
        args.queries.iter().map(|query| pick::one(cx, &opened, query)).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id.clone()).collect();
    if args.now {
        ask(cx, &accounts)?;
    }
    let what = format!("delete {}", summary(&accounts));
    let gone = vault.change(|document, now| {
        let reverse = document.trash(&ids, now);
        if reverse.is_empty() {
            return Ok(Outcome::Same(false));
        }
        if args.now {
            document.purge(&ids, now);
        } else {
            document.record(&what, reverse, now);
        }
        Ok(Outcome::Changed(true))
    })?;
    if !gone {
        return Err(crate::vault::VaultError::NoSuchAccount.into());
    }
    if cx.as_json() {
        let rows: Vec<_> = accounts.iter().map(shapes::name).collect();
        cx.print_json(&json!({"schema": "sesam.deleted/1", "purged": args.now, "accounts": rows}))?;
    }
    let hint = if args.now { "" } else { ", sesam undo brings it back" };
    cx.say(&format!("Deleted {}{hint}", summary(&accounts)));
    Ok(Exit::Done)
}

fn ask(cx: &Context, accounts: &[Account]) -> Result<(), Failure> {
    let effects =
        format!("{} and its secret are gone for good; only a backup still holds them.", summary(accounts));
    cx.ask_word(&effects, &summary(accounts))
}

/// The name of one account, the number of several.
fn summary(accounts: &[Account]) -> String {
    match accounts {
        [one] => one.name(),
        several => format!("{} accounts", several.len()),
    }
}
