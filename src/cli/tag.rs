//! `sesam tag`: the words that group accounts.

use std::collections::BTreeMap;

use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    context::Context,
    exit::{Done, Exit, Failure},
    pick,
    table::{self, Style},
};
use crate::{
    output,
    vault::{Account, Outcome, Vault, VaultError, change::Reverse},
};

/// See and change tags
#[derive(Subcommand)]
pub enum TagCommand {
    /// List the tags with the number of their accounts
    List,
    /// Give a tag to accounts
    Add {
        /// The tag
        tag: String,
        /// The accounts, each named as for code
        #[arg(required = true, value_name = "QUERY", add = super::names::accounts())]
        queries: Vec<String>,
    },
    /// Take a tag from accounts, or from all of them
    Rm {
        /// The tag
        tag: String,
        /// The accounts, each named as for code; without any, all that have it
        #[arg(value_name = "QUERY", add = super::names::accounts())]
        queries: Vec<String>,
    },
    /// Give another name to a tag
    Rename {
        /// The tag
        tag: String,
        /// Its new name
        new: String,
    },
}

/// Runs the command.
pub fn run(cx: &Context, command: &TagCommand) -> Done {
    match command {
        TagCommand::List => list(cx),
        TagCommand::Add { tag, queries } => {
            let tag = checked(tag)?;
            change(cx, queries, &format!("tag {tag}"), |account| {
                if !account.tags.iter().any(|own| own == tag) {
                    account.tags.push(tag.to_owned());
                }
            })
        }
        TagCommand::Rm { tag, queries } => {
            let queries = if queries.is_empty() { vec![format!("#{tag}")] } else { queries.clone() };
            change(cx, &queries, &format!("untag {tag}"), |account| account.tags.retain(|own| own != tag))
        }
        TagCommand::Rename { tag, new } => {
            let new = checked(new)?;
            change(cx, &[format!("#{tag}")], &format!("rename tag {tag}"), |account| {
                account.tags.iter_mut().filter(|own| *own == tag).for_each(|own| *own = new.to_owned());
            })
        }
    }
}

fn checked(tag: &str) -> Result<&str, Failure> {
    let tag = tag.trim_start_matches('#');
    if tag.is_empty() || tag.contains(char::is_whitespace) || tag.contains(',') {
        return Err(Failure::usage("a tag is one word without commas"));
    }
    Ok(tag)
}

fn list(cx: &Context) -> Done {
    let opened = cx.open()?.read()?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for fields in opened.accounts() {
        for tag in pick::read(fields)?.tags {
            *counts.entry(tag).or_default() += 1;
        }
    }
    if cx.as_json() {
        let object = |(tag, count): (&String, &usize)| -> Value { json!({"tag": tag, "accounts": count}) };
        cx.print_json_list(counts.iter().map(object).collect())?;
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> =
        counts.iter().map(|(tag, count)| vec![tag.clone(), count.to_string()]).collect();
    let style = if output::stdout_is_terminal() { Style::Terminal { bold: false } } else { Style::Tabs };
    output::data(&table::draw(&["TAG", "ACCOUNTS"], &rows, style))?;
    Ok(Exit::Done)
}

/// Changes the tags of accounts as one step.
fn change(cx: &Context, queries: &[String], what: &str, edit: impl Fn(&mut Account)) -> Done {
    cx.writable()?;
    let vault = cx.open()?;
    let edits = select(cx, &vault, queries)?.into_iter().map(|old| {
        let mut new = old.clone();
        edit(&mut new);
        (old, new)
    });
    let edits: Vec<(Account, Account)> = edits.collect();
    let changed = vault.change(|document, now| {
        let mut reverse = Reverse::default();
        for (old, new) in &edits {
            reverse.absorb(document.put(old, new, now).or_else(ignore_vanished)?);
        }
        let changed = reverse.set.len();
        document.record(what, reverse, now);
        Ok(if changed == 0 { Outcome::Same(0) } else { Outcome::Changed(changed) })
    })?;
    if cx.as_json() {
        cx.print_json(&json!({"schema": "sesam.tagged/1", "accounts": changed}))?;
    }
    cx.say(&format!("Changed {changed} accounts"));
    Ok(Exit::Done)
}

fn ignore_vanished(error: VaultError) -> Result<Reverse, VaultError> {
    if matches!(error, VaultError::NoSuchAccount) { Ok(Reverse::default()) } else { Err(error) }
}

/// A `#tag` means all of its accounts, anything else exactly one.
fn select(cx: &Context, vault: &Vault, queries: &[String]) -> Result<Vec<Account>, Failure> {
    let opened = vault.read()?;
    let mut accounts = Vec::new();
    for query in queries {
        if let Some(tag) = query.strip_prefix('#') {
            let found = pick::matching(&opened, query);
            if found.is_empty() {
                return Err(Failure::not_found(format!("no account has the tag \"{tag}\"")));
            }
            accounts.extend(found.into_iter().map(pick::read).collect::<Result<Vec<_>, _>>()?);
        } else {
            accounts.push(pick::one(cx, &opened, query)?);
        }
    }
    accounts.dedup_by(|one, other| one.id == other.id);
    Ok(accounts)
}
