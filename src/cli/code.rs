//! `sesam code`: prints the code of one account.

use std::time::Duration;

use clap::Args;

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    json, pick,
    shown::{Shown, no_code, shown_at},
    time::parse_time,
};
use crate::{
    otp::{Code, Kind},
    output,
    vault::{Account, Outcome, Vault, usage::Usage},
};

/// Print the code of an account
#[derive(Args, Default)]
#[command(
    after_help = "Examples:\n  sesam code github\n  sesam code --min-left 8 bastion\n  sesam code --json 'aws root'"
)]
pub struct CodeArgs {
    /// The account: issuer, issuer:account, words that it contains, #tag or id:…
    #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
    pub query: Vec<String>,
    /// The code after this one
    #[arg(long, conflicts_with = "min_left")]
    pub next: bool,
    /// The code at this time: seconds since 1970, RFC 3339 or 14:52
    #[arg(long, value_name = "TIME", conflicts_with = "min_left")]
    pub at: Option<String>,
    /// Wait for a code that is valid for at least N more seconds
    #[arg(long, value_name = "N")]
    pub min_left: Option<u64>,
    /// Show a HOTP code without counting it
    #[arg(long)]
    pub peek: bool,
}

/// Runs the command.
pub fn run(cx: &Context, args: &CodeArgs) -> Done {
    let vault = cx.open()?;
    let account = pick::one_of(cx, &vault, &args.query.join(" "))?;
    let (account, shown) = match account.otp.kind {
        Kind::Hotp { .. } => counted(cx, &vault, account, args)?,
        _ => timed(cx, account, args)?,
    };
    print(cx, &account, &shown)?;
    if output::stdout_is_terminal() && !cx.global.read_only && cx.settings.config.privacy.usage {
        Usage::count(&vault, &account.id, cx.now());
    }
    Ok(Exit::Done)
}

fn timed(cx: &Context, account: Account, args: &CodeArgs) -> Result<(Account, Shown), Failure> {
    if args.peek {
        cx.mention("--peek changes nothing for a code that time makes");
    }
    let mut at = match &args.at {
        Some(text) => parse_time(text, cx.now()).map_err(Failure::usage)?,
        None => cx.unix_time()?,
    };
    if let Some(least) = args.min_left {
        at = wait_for(cx, &account, at, least)?;
    }
    if args.next
        && let Some(window) = account.otp.window(at)
    {
        at = window.until;
    }
    let shown = shown_at(&account, at)?;
    Ok((account, shown))
}

fn wait_for(cx: &Context, account: &Account, at: u64, least: u64) -> Result<u64, Failure> {
    let Some(window) = account.otp.window(at) else { return Ok(at) };
    let period = window.until - window.from;
    if least > period {
        return Err(Failure::usage(format!(
            "--min-left {least} is more than the {period} s that a code is valid"
        )));
    }
    if window.remaining(at) >= least {
        return Ok(at);
    }
    cx.mention(&format!("waiting {} s for the next code", window.remaining(at)));
    cx.pause(Duration::from_secs(window.remaining(at)));
    Ok(cx.unix_time()?.max(window.until))
}

/// The next counter is on the disk before the code is shown: a crash skips a code and never repeats one.
fn counted(
    cx: &Context,
    vault: &Vault,
    account: Account,
    args: &CodeArgs,
) -> Result<(Account, Shown), Failure> {
    if args.next || args.at.is_some() || args.min_left.is_some() {
        let message = format!(
            "{} counts, it does not follow the time: --next, --at and --min-left do not fit",
            account.name()
        );
        return Err(Failure::usage(message).hint("use --peek to see the code without counting"));
    }
    let account = if args.peek {
        account
    } else {
        cx.writable()?;
        vault.change(|document, _| Ok(Outcome::Changed(document.count(&account.id)?)))?
    };
    let code = account.otp.code(0).map_err(|error| no_code(&account, &error))?;
    Ok((account, Shown { code: Some(code), next: None, window: None, at: 0 }))
}

fn print(cx: &Context, account: &Account, shown: &Shown) -> Result<(), Failure> {
    if cx.as_json() {
        return cx.print_json(&json::code(account, shown));
    }
    let code = shown.code.as_ref().map_or("", Code::as_str);
    Ok(output::data(&format!("{code}\n"))?)
}
