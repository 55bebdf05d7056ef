//! `sesam admin user list`: users as rows of chosen fields.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use serde_json::Value;

use super::{
    connect::{Connected, failed},
    shapes,
};
use crate::{
    admin::model::{Person, State, Uses},
    cli::{
        context::Context,
        exit::{Done, Exit},
        table::{self, Style},
        time::ago,
    },
    output,
};

/// Which users, and what of them.
#[derive(Args)]
pub struct ListArgs {
    /// Words and filters
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = ["ok", "locked", "bypass", "unbound", "disabled"])]
    pub state: Option<String>,
    /// What to print of each, in this order
    #[arg(long, value_name = "FIELD,FIELD", value_delimiter = ',', value_parser = FIELDS)]
    pub fields: Vec<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// All of them, page by page
    #[arg(long, conflicts_with = "limit")]
    pub page_all: bool,
}

/// Lists.
pub(super) fn list(cx: &Context, server: &Connected, args: &ListArgs) -> Done {
    let mut query = args.filter.join(" ");
    if let Some(state) = &args.state {
        let _ = write!(query, " state:{state}");
    }
    let most = if args.page_all { usize::MAX } else { args.limit };
    let (people, more) = users(server, query.trim(), most)?;
    if cx.as_json() {
        let rows: Vec<Value> = people.iter().map(|person| shapes::user(&server.name, person)).collect();
        cx.print_json_list(rows)?;
    } else {
        let usual = ["name", "display", "factors", "state", "last", "fails"].map(str::to_owned);
        let fields = if args.fields.is_empty() { &usual[..] } else { &args.fields };
        let heads: Vec<&str> = fields.iter().map(|field| head(field)).collect();
        let now = cx.now();
        let is_told = server.provider.uses() == Uses::Everywhere;
        let shown = |person: &Person, field: &str| match field {
            "last" if !is_told => "-".to_owned(),
            field => cell(person, field, now),
        };
        let row = |person: &Person| fields.iter().map(|field| shown(person, field)).collect();
        let rows: Vec<Vec<String>> = people.iter().map(row).collect();
        output::data(&table::draw(&heads, &rows, Style::here()))?;
    }
    if more {
        cx.say(&format!("{} shown, there are more: --page-all", people.len()));
    }
    Ok(if people.is_empty() { Exit::NotFound } else { Exit::Done })
}

/// So many users at most, and whether there are more.
pub(super) fn users(
    server: &Connected,
    query: &str,
    most: usize,
) -> Result<(Vec<Person>, bool), crate::cli::exit::Failure> {
    let (mut people, mut cursor): (Vec<Person>, Option<String>) = (vec![], None);
    loop {
        let page = server.provider.users(query, cursor.as_deref()).map_err(failed)?;
        people.extend(page.items);
        cursor = page.next;
        if people.len() > most {
            people.truncate(most);
            return Ok((people, true));
        }
        if cursor.is_none() || people.len() == most {
            return Ok((people, cursor.is_some()));
        }
    }
}

fn cell(person: &Person, field: &str, now: Timestamp) -> String {
    let when = |time: Option<Timestamp>| time.map_or(String::new(), |time| format!("{time:.0}"));
    match field {
        "id" => person.id.clone(),
        "name" => person.name.clone(),
        "display" => person.display.clone().unwrap_or_default(),
        "email" => person.email.clone().unwrap_or_default(),
        "factors" => kinds(person),
        "bindings" => person.bindings.len().to_string(),
        "state" => state(person),
        "locked" => when(person.locked_until),
        "bypass" => when(person.bypass_until),
        "last" => person.last_success.map_or("never".into(), |time| ago(time, now)),
        _ => person.failures.to_string(),
    }
}

fn head(field: &str) -> &'static str {
    match field {
        "id" => "ID",
        "name" => "USER",
        "display" => "NAME",
        "email" => "EMAIL",
        "factors" => "FACTORS",
        "bindings" => "BINDINGS",
        "state" => "STATE",
        "locked" => "LOCKED UNTIL",
        "bypass" => "BYPASS UNTIL",
        "last" => "LAST OK",
        _ => "FAILS",
    }
}

fn kinds(person: &Person) -> String {
    let kinds: BTreeSet<String> = person.bindings.iter().map(|one| one.kind.to_uppercase()).collect();
    let kinds: Vec<String> = kinds.into_iter().collect();
    if kinds.is_empty() { "(none)".to_owned() } else { kinds.join(" ") }
}

/// The state, with its end.
pub(super) fn state(person: &Person) -> String {
    let until = match person.state {
        State::Locked => person.locked_until,
        State::Bypass => person.bypass_until,
        _ => None,
    };
    match until {
        Some(until) => format!("{} until {until:.0}", person.state.word()),
        None => person.state.word().to_owned(),
    }
}

const FIELDS: [&str; 11] =
    ["id", "name", "display", "email", "factors", "bindings", "state", "locked", "bypass", "last", "fails"];
