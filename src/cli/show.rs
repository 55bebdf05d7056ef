//! `sesam show`: what is known of one account; its secret only when that is asked for.

use clap::Args;
use serde_json::json;

use super::{
    context::Context,
    exit::{Done, Exit},
    json as shapes, pick, table,
    time::ago,
};
use crate::{
    otp::{Form, Kind, format_link},
    output,
    text::is_mixed_script,
    vault::{Account, usage::Usage},
};

/// Show the details of an account
#[derive(Args)]
pub struct ShowArgs {
    /// The account: issuer, issuer:account, words that it contains, #tag or id:…
    #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
    pub query: Vec<String>,
    /// With the secret (asks)
    #[arg(long)]
    pub reveal: bool,
    /// Only the otpauth link, which holds the secret (asks)
    #[arg(long)]
    pub uri: bool,
}

/// Runs the command.
pub fn run(cx: &Context, args: &ShowArgs) -> Done {
    let vault = cx.open()?;
    let account = pick::one(cx, &vault.read()?, &args.query.join(" "))?;
    if args.reveal || args.uri {
        cx.ask_yes(&format!("Show the secret of {} here?", account.name()))?;
    }
    let link = format_link(&account.issuer, &account.account, &account.otp, Form::Full);
    let usage = Usage::read(&vault);
    if cx.as_json() {
        let mut object = shapes::account(&account, &usage);
        if args.reveal {
            object["secret"] = json!(account.otp.secret.to_base32().as_str());
        }
        if args.uri {
            object["uri"] = json!(link.as_str());
        }
        cx.print_json(&object)?;
    } else if args.uri {
        output::data(&format!("{}\n", *link))?;
    } else {
        output::data(&details(cx, &account, &usage, args.reveal))?;
    }
    Ok(Exit::Done)
}

fn details(cx: &Context, account: &Account, usage: &Usage, reveal: bool) -> String {
    let mut lines = vec![("Issuer", account.issuer.clone()), ("Account", account.account.clone())];
    lines.push(("Type", kind(account)));
    let mut add = |name, text: String| {
        if !text.is_empty() {
            lines.push((name, text));
        }
    };
    add("Tags", account.tags.join(", "));
    add("Note", account.note.clone());
    add("Favourite", if account.favourite { "yes".into() } else { String::new() });
    add("Added", account.created.strftime("%Y-%m-%d").to_string());
    add(
        "Used",
        usage.of(account.id.as_str()).map_or_else(String::new, |used| {
            format!("{} times, last {}", used.count, ago(used.last, cx.now()))
        }),
    );
    add("Id", account.id.to_string());
    if reveal {
        add("Secret", account.otp.secret.to_base32().to_string());
    }
    let warnings = account.otp.weaknesses().into_iter().map(|weakness| ("Careful", weakness.to_string()));
    lines.extend(warnings);
    if is_mixed_script(&account.issuer) {
        lines.push((
            "Careful",
            "the issuer mixes letters of several scripts (≠): it may pose as another one".into(),
        ));
    }
    table::labelled(&lines)
}

fn kind(account: &Account) -> String {
    let otp = &account.otp;
    let name = otp.type_name().to_uppercase();
    match &otp.kind {
        Kind::Totp { period } => format!("{name}  {}  {} digits  {period} s", otp.algorithm, otp.digits),
        Kind::Hotp { counter } => {
            format!("{name}  {}  {} digits  counter {counter}", otp.algorithm, otp.digits)
        }
        _ => name,
    }
}
