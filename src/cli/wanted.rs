//! Which code of an account is wanted: of now, of another time, the next one; counted or only looked at.

use std::time::Duration;

use clap::Args;

use super::{
    context::Context,
    exit::Failure,
    shown::{Shown, no_code, shown_at},
    time::parse_time,
};
use crate::{
    otp::Kind,
    vault::{Account, Outcome, Vault},
};

/// Of when a code is.
#[derive(Args, Clone, Default)]
pub struct Wanted {
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

impl Wanted {
    /// The code of an account. That of a counting one is counted, unless it is only looked at.
    pub(super) fn make(
        &self,
        cx: &Context,
        vault: &Vault,
        account: Account,
    ) -> Result<(Account, Shown), Failure> {
        match account.otp.kind {
            Kind::Hotp { .. } => counted(cx, vault, account, self),
            _ => timed(cx, account, self),
        }
    }

    /// Nothing is said of the time: the code of now is meant.
    pub(super) fn is_now(&self) -> bool {
        !self.next && self.at.is_none() && self.min_left.is_none()
    }
}

fn timed(cx: &Context, account: Account, wanted: &Wanted) -> Result<(Account, Shown), Failure> {
    if wanted.peek {
        cx.mention("--peek changes nothing for a code that time makes");
    }
    let mut at = match &wanted.at {
        Some(text) => parse_time(text, cx.now()).map_err(Failure::usage)?,
        None => cx.unix_time()?,
    };
    if let Some(least) = wanted.min_left {
        at = wait_for(cx, &account, at, least)?;
    }
    if wanted.next
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
    wanted: &Wanted,
) -> Result<(Account, Shown), Failure> {
    if !wanted.is_now() {
        let message = format!(
            "{} counts, it does not follow the time: --next, --at and --min-left do not fit",
            account.name()
        );
        return Err(Failure::usage(message).hint("use --peek to see the code without counting"));
    }
    let account = if wanted.peek {
        account
    } else {
        cx.writable()?;
        vault.change(|document, _| Ok(Outcome::Changed(document.count(&account.id)?)))?
    };
    let code = account.otp.code(0).map_err(|error| no_code(&account, &error))?;
    Ok((account, Shown { code: Some(code), next: None, window: None, at: 0 }))
}
