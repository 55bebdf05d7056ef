//! From a QUERY to the one account that is meant.

use std::io::BufRead;

use super::{
    context::Context,
    exit::{Exit, Failure},
};
use crate::{
    output,
    text::safe,
    vault::{
        Account, Opened, Vault, VaultError,
        account::name_of,
        lines::Fields,
        query::{Named, Query},
    },
};

/// Candidates that are named on stderr; more would scroll away.
const NAMED: usize = 20;

/// Reads an account's block.
pub fn read(fields: Fields<'_>) -> Result<Account, Failure> {
    Account::read(fields).map_err(|error| {
        let what = format!("account {}: {error}", fields.id());
        VaultError::Damaged { what, advice: String::new() }.into()
    })
}

/// The one account that a query means.
///
/// # Errors
/// Nothing found (3); several, named (5), unless a person can choose.
pub fn one(cx: &Context, opened: &Opened, query: &str) -> Result<Account, Failure> {
    settle(cx, query, &matching(opened, query), opened.accounts().next().is_none())
}

/// The same from a vault that is not read as a whole.
pub fn one_of(cx: &Context, vault: &Vault, query: &str) -> Result<Account, Failure> {
    let found = vault.find(&Query::new(query))?;
    settle(cx, query, &found.fields(), found.accounts == 0)
}

fn settle(cx: &Context, query: &str, found: &[Fields<'_>], empty: bool) -> Result<Account, Failure> {
    match found {
        [] => Err(none(query, empty)),
        [one] => read(*one),
        several if cx.can_ask() && output::stdin_is_terminal() && !cx.as_json() => read(choose(several)?),
        several => Err(ambiguous(query, several)),
    }
}

/// Every account that a query means where one is asked for.
pub fn matching<'a>(opened: &'a Opened, query: &str) -> Vec<Fields<'a>> {
    let query = Query::new(query);
    let all: Vec<Fields<'a>> = opened.accounts().collect();
    query.select(&all.iter().copied()).into_iter().map(|at| all[at]).collect()
}

fn none(query: &str, empty: bool) -> Failure {
    let failure = Failure::not_found(format!("no account matches \"{query}\""));
    if empty {
        failure.hint("the vault is empty; add an account with: sesam add")
    } else {
        failure.hint("sesam list shows all")
    }
}

fn ambiguous(query: &str, several: &[Fields<'_>]) -> Failure {
    let message = format!("{} accounts match \"{query}\"", several.len());
    let mut failure = Failure::new(Exit::Ambiguous, "ambiguous", message);
    failure.candidates = several.iter().map(label).collect();
    failure.hint("name one of them, or its id:… from sesam list --fields id,name")
}

fn label(fields: &Fields<'_>) -> String {
    name_of(&fields.issuer(), &fields.account())
}

fn choose<'a>(several: &[Fields<'a>]) -> Result<Fields<'a>, Failure> {
    for (at, fields) in several.iter().take(NAMED).enumerate() {
        output::say(&format!("{:3}  {}", at + 1, safe(&label(fields))));
    }
    output::ask(&format!("Which one (1-{})?", several.len().min(NAMED)));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.map_err(|error| Failure::failed(format!("could not read the answer: {error}")))?;
    let number = answer.trim().parse::<usize>().ok().filter(|number| (1..=several.len()).contains(number));
    number
        .map(|number| several[number - 1])
        .ok_or_else(|| Failure::new(Exit::Failed, "cancelled", "nothing was chosen"))
}
