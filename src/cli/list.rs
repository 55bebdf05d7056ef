//! `sesam list`: the accounts, with their codes on request. Listing never counts a HOTP.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    fields::{self, Column, Row},
    global::Color,
    json as shapes, pick,
    shown::{Shown, shown_at},
    table::{self, Style},
    time::parse_time,
};
use crate::{
    config,
    otp::Kind,
    output,
    vault::{Account, query::Query, usage::Usage},
};

/// List the accounts
#[derive(Args, Default)]
#[command(
    after_help = "Examples:\n  sesam list\n  sesam list --codes '#work'\n  sesam list --fields id,name | fzf"
)]
pub struct ListArgs {
    /// Only accounts that match: words, #tag, type:hotp, is:fav, !not, id:…
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// With codes
    #[arg(long)]
    pub codes: bool,
    /// The codes at this time: seconds since 1970, RFC 3339 or 14:52
    #[arg(long, value_name = "TIME", requires = "codes")]
    pub at: Option<String>,
    /// Which columns, separated by commas
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub fields: Vec<String>,
    /// In which order
    #[arg(long, value_enum, value_name = "ORDER")]
    pub sort: Option<Order>,
    /// End each row with a NUL byte
    #[arg(short = '0', long)]
    pub null: bool,
}

/// The orders of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// The most used first.
    Used,
    /// By issuer and account.
    Name,
    /// The last used first.
    Last,
    /// As they lie in the vault.
    Manual,
}

/// Runs the command.
pub fn run(cx: &Context, args: &ListArgs) -> Done {
    print(cx, args, &args.query.join(" ")).map(|_| Exit::Done)
}

/// Prints what matches; returns how many there were.
pub fn print(cx: &Context, args: &ListArgs, query: &str) -> Result<usize, Failure> {
    let vault = cx.open()?;
    let opened = vault.read()?;
    let usage = Usage::read(&vault);
    let query = Query::new(query);
    let matching = opened.accounts().filter(|fields| query.matches(fields));
    let mut accounts = matching.map(pick::read).collect::<Result<Vec<_>, _>>()?;
    sort(&mut accounts, cx, &usage, args.sort);
    let columns = columns(args)?;
    let codes = if fields::needs_codes(&columns) { codes(cx, &accounts, args)? } else { Vec::new() };
    if cx.as_json() {
        cx.print_json_list(objects(&accounts, &usage, &codes))?;
        return Ok(accounts.len());
    }
    let now = cx.now();
    let row = |(at, account): (usize, &Account)| {
        let row = Row { account, usage: &usage, shown: codes.get(at), now };
        columns.iter().map(|column| column.cell(&row)).collect()
    };
    let rows: Vec<Vec<String>> = accounts.iter().enumerate().map(row).collect();
    let heads: Vec<&str> = columns.iter().map(|column| column.head).collect();
    if rows.is_empty() && output::stdout_is_terminal() {
        cx.say(if query.is_empty() {
            "No accounts yet. Add one with: sesam add"
        } else {
            "Nothing matches."
        });
        return Ok(0);
    }
    output::data(&table::draw(&heads, &rows, style(cx, args)))?;
    Ok(accounts.len())
}

/// Favourites first, then the order that was asked for or set.
fn sort(accounts: &mut [Account], cx: &Context, usage: &Usage, order: Option<Order>) {
    let settings = &cx.settings.config.codes;
    let order = order.unwrap_or(match settings.sort {
        config::Sort::Used => Order::Used,
        config::Sort::Name => Order::Name,
        config::Sort::Last => Order::Last,
        config::Sort::Manual => Order::Manual,
    });
    let now = cx.now();
    match order {
        Order::Manual => {}
        Order::Name => accounts.sort_by_cached_key(|account| {
            (
                crate::text::fold(&account.issuer).into_owned(),
                crate::text::fold(&account.account).into_owned(),
            )
        }),
        Order::Used => accounts.sort_by(|one, other| {
            let score = |account: &Account| usage.score(account.id.as_str(), now);
            score(other).total_cmp(&score(one))
        }),
        Order::Last => {
            accounts.sort_by_key(|account| {
                std::cmp::Reverse(usage.of(account.id.as_str()).map(|used| used.last))
            });
        }
    }
    if settings.favourites_first {
        accounts.sort_by_key(|account| !account.favourite);
    }
}

fn columns(args: &ListArgs) -> Result<Vec<&'static Column>, Failure> {
    if !args.fields.is_empty() {
        return fields::named(&args.fields);
    }
    let usual: &[&str] = if args.codes {
        &["issuer", "account", "code", "left"]
    } else {
        &["issuer", "account", "type", "tags"]
    };
    fields::named(&usual.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
}

fn codes(cx: &Context, accounts: &[Account], args: &ListArgs) -> Result<Vec<Shown>, Failure> {
    let at = match &args.at {
        Some(text) => parse_time(text, cx.now()).map_err(Failure::usage)?,
        None => cx.unix_time()?,
    };
    let nothing = || Shown { code: None, next: None, window: None, at };
    let shown = |account: &Account| match account.otp.kind {
        Kind::Hotp { .. } => nothing(),
        _ => shown_at(account, at).unwrap_or_else(|_| nothing()),
    };
    Ok(accounts.iter().map(shown).collect())
}

fn objects(accounts: &[Account], usage: &Usage, codes: &[Shown]) -> Vec<Value> {
    let object = |(at, account): (usize, &Account)| {
        let mut object = shapes::account(account, usage);
        if let Some(shown) = codes.get(at) {
            let code = shapes::code(account, shown);
            for key in ["code", "remaining", "valid_from", "valid_until", "next"] {
                object[key] = code.get(key).cloned().unwrap_or(json!(null));
            }
        }
        object
    };
    accounts.iter().enumerate().map(object).collect()
}

fn style(cx: &Context, args: &ListArgs) -> Style {
    if args.null {
        return Style::Nul;
    }
    if !output::stdout_is_terminal() {
        return if cx.global.color == Color::Always { Style::Terminal { bold: true } } else { Style::Tabs };
    }
    let plain = super::locations::variable("NO_COLOR").is_some() || cx.global.color == Color::Never;
    Style::Terminal { bold: !plain }
}
