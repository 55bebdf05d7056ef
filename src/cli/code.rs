//! `sesam code`: prints the code of one account.

use clap::Args;

use super::{
    context::Context,
    copy,
    exit::{Done, Exit, Failure},
    json, pick,
    shown::Shown,
    wanted::Wanted,
};
use crate::{
    otp::Code,
    output,
    vault::{Account, usage::Usage},
};

/// Print the code of an account
#[derive(Args, Clone, Default)]
#[command(
    after_help = "Examples:\n  sesam code github\n  sesam code --min-left 8 bastion\n  sesam code --json 'aws root'\n  \
                  sesam code -c github           onto the clipboard; see sesam copy --help"
)]
pub struct CodeArgs {
    /// The account: issuer, issuer:account, words that it contains, #tag or id:…
    #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
    pub query: Vec<String>,
    /// Of when.
    #[command(flatten)]
    pub wanted: Wanted,
    /// Copy it instead of printing it: the same as sesam copy
    #[arg(short, long, alias = "clipboard")]
    pub copy: bool,
}

/// Runs the command.
pub fn run(cx: &Context, args: &CodeArgs) -> Done {
    if args.copy {
        return copy::code(cx, &args.query, &args.wanted, None);
    }
    let vault = cx.open()?;
    let account = pick::one_of(cx, &vault, &args.query.join(" "))?;
    let (account, shown) = args.wanted.make(cx, &vault, account)?;
    print(cx, &account, &shown)?;
    if output::stdout_is_terminal() && !cx.global.read_only && cx.settings.config.privacy.usage {
        Usage::count(&vault, &account.id, cx.now());
    }
    Ok(Exit::Done)
}

fn print(cx: &Context, account: &Account, shown: &Shown) -> Result<(), Failure> {
    if cx.as_json() {
        return cx.print_json(&json::code(account, shown));
    }
    let code = shown.code.as_ref().map_or("", Code::as_str);
    Ok(output::data(&format!("{code}\n"))?)
}
