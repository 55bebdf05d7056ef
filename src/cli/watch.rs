//! `sesam watch`: prints the codes again at each change, for status bars and other programs.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    json as shapes, pick,
    shown::{Shown, shown_at},
};
use crate::{
    otp::{Code, Kind},
    output,
    text::safe,
    vault::{Account, query::Query},
};

/// Print the codes again at each change
#[derive(Args)]
#[command(
    after_help = "Examples:\n  sesam watch github\n  sesam watch --format waybar '#work is:fav'\n  sesam watch --jsonl | jq .code"
)]
pub struct WatchArgs {
    /// Only accounts that match: words, #tag, type:totp, is:fav
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// How a line looks
    #[arg(long, value_enum, default_value_t = Format::Plain)]
    pub format: Format,
    /// Print once and end
    #[arg(long)]
    pub once: bool,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// TAB-separated: code, seconds left, issuer, account.
    Plain,
    /// One JSON object that waybar's custom module reads.
    Waybar,
}

/// Runs the command until the reader goes.
pub fn run(cx: &Context, args: &WatchArgs) -> Done {
    let vault = cx.open()?;
    let query = Query::new(&args.query.join(" "));
    let accounts = accounts(&vault.read()?, &query)?;
    if accounts.is_empty() {
        return Err(Failure::not_found("no account with codes that follow the time matches"));
    }
    loop {
        let now = cx.unix_time()?;
        output::data(&lines(cx, args.format, &accounts, now)?)?;
        if args.once {
            return Ok(Exit::Done);
        }
        let next = accounts
            .iter()
            .filter_map(|account| account.otp.window(now))
            .map(|window| window.remaining(now))
            .min();
        let wait = if args.format == Format::Waybar { 1 } else { next.unwrap_or(1).max(1) };
        cx.pause(until(cx, now + wait));
    }
}

/// The span until a full second of the clock on the wall, so that nothing drifts.
fn until(cx: &Context, second: u64) -> Duration {
    let now = cx.now();
    let target = i64::try_from(second).unwrap_or(i64::MAX) - cx.settings.config.codes.clock_offset;
    let millis = target.saturating_mul(1000).saturating_sub(now.as_millisecond());
    Duration::from_millis(u64::try_from(millis).unwrap_or(0).clamp(1, 86_400_000))
}

fn accounts(opened: &crate::vault::Opened, query: &Query) -> Result<Vec<Account>, Failure> {
    let matching = opened.accounts().filter(|fields| query.matches(fields)).map(pick::read);
    let timed = |account: &Result<Account, Failure>| {
        account.as_ref().map_or(true, |account| !matches!(account.otp.kind, Kind::Hotp { .. }))
    };
    matching.filter(timed).collect()
}

fn lines(cx: &Context, format: Format, accounts: &[Account], now: u64) -> Result<String, Failure> {
    let mut out = String::new();
    for account in accounts {
        let Ok(shown) = shown_at(account, now) else { continue };
        let line = match format {
            _ if cx.as_json() => shapes::code(account, &shown).to_string(),
            Format::Plain => plain(account, &shown),
            Format::Waybar => waybar(account, &shown).to_string(),
        };
        out.push_str(&if cx.as_json() || format == Format::Waybar {
            output::ascii_safe(&line)
        } else {
            line
        });
        out.push('\n');
        if format == Format::Waybar {
            break;
        }
    }
    if out.is_empty() { Err(Failure::failed("none of the accounts gives a code")) } else { Ok(out) }
}

fn plain(account: &Account, shown: &Shown) -> String {
    let left = shown.window.map_or(0, |window| window.remaining(shown.at));
    let code = shown.code.as_ref().map_or("", Code::as_str);
    format!("{code}\t{left}\t{}\t{}", safe(&account.issuer), safe(&account.account))
}

fn waybar(account: &Account, shown: &Shown) -> Value {
    let code = shown.code.as_ref().map_or("", Code::as_str);
    let (left, period) =
        shown.window.map_or((0, 1), |window| (window.remaining(shown.at), window.until - window.from));
    let class = if left < 5 {
        "alert"
    } else if left <= 10 {
        "warn"
    } else {
        "ok"
    };
    let name = format!("{} {}", safe(&account.issuer), safe(&account.account));
    json!({"text": grouped(code), "alt": class, "tooltip": format!("{}, {left} s left", name.trim()),
           "class": ["otp", class], "percentage": left * 100 / period})
}

/// `492 039`: two halves where the length is even, as people read codes aloud.
fn grouped(code: &str) -> String {
    if code.len() < 6 || !code.len().is_multiple_of(2) {
        return code.to_owned();
    }
    let (left, right) = code.split_at(code.len() / 2);
    format!("{left} {right}")
}
