//! `sesam rename`: another issuer and account name.

use clap::Args;

use super::{
    context::Context,
    edit,
    exit::{Done, Exit, Failure},
    json as shapes,
    parameters::{check_name, split_name},
    pick,
};
use crate::vault::usage::Usage;

/// Rename an account
#[derive(Args)]
pub struct RenameArgs {
    /// The account: issuer, issuer:account, words that it contains or id:…
    #[arg(value_name = "QUERY", add = super::names::accounts())]
    pub query: String,
    /// The new name: issuer:account
    #[arg(value_name = "NEW")]
    pub new: String,
}

/// Runs the command.
pub fn run(cx: &Context, args: &RenameArgs) -> Done {
    cx.writable()?;
    let (issuer, name) = split_name(&args.new);
    check_name("issuer", &issuer)?;
    check_name("account", &name)?;
    if issuer.is_empty() && name.is_empty() {
        return Err(Failure::usage("an account needs a name"));
    }
    let vault = cx.open()?;
    let before = pick::one(cx, &vault.read()?, &args.query)?;
    let (old, mut account) = (before.name(), before.clone());
    account.issuer = issuer;
    if args.new.contains(':') {
        account.account = name;
    }
    edit::put(&vault, (&before, &account), &format!("rename {old}"))?;
    if cx.as_json() {
        cx.print_json(&shapes::account(&account, &Usage::read(&vault)))?;
    }
    cx.say(&format!("Renamed {old} to {}", account.name()));
    Ok(Exit::Done)
}
