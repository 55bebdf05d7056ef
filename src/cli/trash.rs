//! `sesam trash`: what was deleted in the last 30 days.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    json as shapes,
    table::{self, Style},
    time::ago,
};
use crate::{
    output,
    vault::{Account, AccountId, Outcome, Vault, VaultError, query::Query},
};

/// See, restore or empty the trash
#[derive(Subcommand)]
pub enum TrashCommand {
    /// List what lies in the trash
    List,
    /// Bring an account back
    Restore {
        /// The account: issuer, issuer:account, words that it contains or id:…
        #[arg(required = true, value_name = "QUERY")]
        query: Vec<String>,
    },
    /// Remove everything in the trash for good (asks for a word)
    Empty,
}

/// An account in the trash and since when it lies there.
struct Deleted {
    account: Account,
    at: jiff::Timestamp,
}

/// Runs the command.
pub fn run(cx: &Context, command: &TrashCommand) -> Done {
    match command {
        TrashCommand::List => list(cx),
        TrashCommand::Restore { query } => restore(cx, &query.join(" ")),
        TrashCommand::Empty => empty(cx),
    }
}

fn list(cx: &Context) -> Done {
    let trash = read(&cx.open()?)?;
    if cx.as_json() {
        let object = |deleted: &Deleted| -> Value {
            let mut object = shapes::account(&deleted.account, &crate::vault::usage::Usage::default());
            object["deleted"] = json!(deleted.at.to_string());
            object
        };
        cx.print_json_list(trash.iter().map(object).collect())?;
        return Ok(Exit::Done);
    }
    let row = |deleted: &Deleted| {
        let account = &deleted.account;
        vec![account.issuer.clone(), account.account.clone(), ago(deleted.at, cx.now())]
    };
    let rows: Vec<Vec<String>> = trash.iter().map(row).collect();
    if rows.is_empty() {
        cx.say("The trash is empty.");
        return Ok(Exit::Done);
    }
    let style = if output::stdout_is_terminal() { Style::Terminal { bold: false } } else { Style::Tabs };
    output::data(&table::draw(&["ISSUER", "ACCOUNT", "DELETED"], &rows, style))?;
    Ok(Exit::Done)
}

fn restore(cx: &Context, query: &str) -> Done {
    cx.writable()?;
    let vault = cx.open()?;
    let opened = vault.read()?;
    let document = opened.document()?;
    let blocks: Vec<_> = document.trash.iter().map(|block| block.fields()).collect();
    let found = Query::new(query).select(&blocks.iter().copied());
    let account = match found.as_slice() {
        [] => return Err(Failure::not_found(format!("nothing in the trash matches \"{query}\""))),
        [one] => super::pick::read(blocks[*one])?,
        several => {
            return Err(several_match(query, several.iter().map(|at| super::pick::read(blocks[*at])))?);
        }
    };
    let ids = [account.id.clone()];
    vault.change(|document, now| {
        let reverse = document.restore(&ids, now);
        if reverse.is_empty() {
            return Err(VaultError::NoSuchAccount);
        }
        document.record(&format!("restore {}", account.name()), reverse, now);
        Ok(Outcome::Changed(()))
    })?;
    if cx.as_json() {
        cx.print_json(&shapes::name(&account))?;
    }
    cx.say(&format!("Restored {}", account.name()));
    Ok(Exit::Done)
}

fn several_match(
    query: &str,
    accounts: impl ExactSizeIterator<Item = Result<Account, Failure>>,
) -> Result<Failure, Failure> {
    let message = format!("{} deleted accounts match \"{query}\"", accounts.len());
    let mut failure = Failure::new(Exit::Ambiguous, "ambiguous", message);
    failure.candidates = accounts
        .map(|account| {
            Ok(format!("{} id:{}", account.as_ref().map(Account::name).unwrap_or_default(), account?.id))
        })
        .collect::<Result<_, Failure>>()?;
    Ok(failure)
}

fn empty(cx: &Context) -> Done {
    cx.writable()?;
    let vault = cx.open()?;
    let trash = read(&vault)?;
    if trash.is_empty() {
        cx.say("The trash is empty.");
        return Ok(Exit::Done);
    }
    let word = if trash.len() == 1 { "1 account".to_owned() } else { format!("{} accounts", trash.len()) };
    cx.ask_word(&format!("{word} in the trash will be gone for good; only backups still hold them."), &word)?;
    let ids: Vec<AccountId> = trash.iter().map(|deleted| deleted.account.id.clone()).collect();
    let gone = vault.change(|document, now| Ok(Outcome::Changed(document.purge(&ids, now))))?;
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.purged/1", "accounts": gone}))?;
    }
    cx.say(&format!("Removed {gone} for good"));
    Ok(Exit::Done)
}

fn read(vault: &Vault) -> Result<Vec<Deleted>, Failure> {
    let opened = vault.read()?;
    let document = opened.document()?;
    let times = document.trash.iter().map(|block| block.fields().time("deleted").ok().flatten());
    let accounts = document.read_trash()?;
    Ok(accounts
        .into_iter()
        .zip(times)
        .map(|(account, at)| Deleted { account, at: at.unwrap_or_default() })
        .collect())
}
