//! The columns of a list: their names, heads, and how an account fills them.

use jiff::Timestamp;

use super::{exit::Failure, shown::Shown, time::ago};
use crate::{
    otp::{Code, Kind},
    text::is_mixed_script,
    vault::{Account, usage::Usage},
};

/// One row of a list with what its columns need.
pub struct Row<'a> {
    /// The account.
    pub account: &'a Account,
    /// Its use.
    pub usage: &'a Usage,
    /// Its code, where codes are asked for.
    pub shown: Option<&'a Shown>,
    /// The time, for words like `6 min ago`.
    pub now: Timestamp,
}

/// A column: name for `--fields`, head, cell.
pub struct Column {
    /// The name on the command line.
    pub name: &'static str,
    /// The head on a terminal.
    pub head: &'static str,
    cell: fn(&Row<'_>) -> String,
}

/// Every column there is.
pub const COLUMNS: &[Column] = &[
    Column { name: "id", head: "ID", cell: |row| row.account.id.to_string() },
    Column { name: "name", head: "NAME", cell: |row| row.account.name() },
    Column { name: "issuer", head: "ISSUER", cell: |row| marked(&row.account.issuer) },
    Column { name: "account", head: "ACCOUNT", cell: |row| row.account.account.clone() },
    Column { name: "type", head: "TYPE", cell: |row| row.account.otp.type_name().to_owned() },
    Column { name: "algorithm", head: "ALGORITHM", cell: |row| row.account.otp.algorithm.to_string() },
    Column { name: "digits", head: "DIGITS", cell: |row| row.account.otp.digits.to_string() },
    Column {
        name: "period",
        head: "PERIOD",
        cell: |row| row.account.otp.period().map(|p| p.to_string()).unwrap_or_default(),
    },
    Column { name: "counter", head: "COUNTER", cell: |row| counter(row.account) },
    Column { name: "tags", head: "TAGS", cell: |row| row.account.tags.join(",") },
    Column { name: "note", head: "NOTE", cell: |row| row.account.note.clone() },
    Column {
        name: "favourite",
        head: "FAV",
        cell: |row| if row.account.favourite { "*".into() } else { String::new() },
    },
    Column { name: "created", head: "CREATED", cell: |row| row.account.created.to_string() },
    Column {
        name: "used",
        head: "USED",
        cell: |row| row.usage.of(row.account.id.as_str()).map_or(0, |u| u.count).to_string(),
    },
    Column { name: "last", head: "LAST USED", cell: |row| last_used(row) },
    Column { name: "code", head: "CODE", cell: |row| row.shown.map(code).unwrap_or_default() },
    Column {
        name: "next",
        head: "NEXT",
        cell: |row| {
            row.shown.and_then(|s| s.next.as_ref()).map(|c| c.as_str().to_owned()).unwrap_or_default()
        },
    },
    Column { name: "left", head: "LEFT", cell: |row| row.shown.map(left).unwrap_or_default() },
];

impl Column {
    /// The text of the cell, as stored: the table makes it safe.
    pub fn cell(&self, row: &Row<'_>) -> String {
        (self.cell)(row)
    }
}

/// The columns with these names.
///
/// # Errors
/// Wrong usage with all names.
pub fn named(names: &[String]) -> Result<Vec<&'static Column>, Failure> {
    let column = |name: &String| {
        COLUMNS.iter().find(|column| column.name == name).ok_or_else(|| {
            let all: Vec<&str> = COLUMNS.iter().map(|column| column.name).collect();
            Failure::usage(format!("there is no field \"{name}\""))
                .hint(format!("the fields are: {}", all.join(", ")))
        })
    };
    names.iter().map(column).collect()
}

/// Whether a column needs codes to be made.
pub fn needs_codes(columns: &[&Column]) -> bool {
    columns.iter().any(|column| ["code", "next", "left"].contains(&column.name))
}

/// An issuer that mixes scripts within a word may pose as another one.
fn marked(issuer: &str) -> String {
    if is_mixed_script(issuer) { format!("{issuer} ≠") } else { issuer.to_owned() }
}

fn counter(account: &Account) -> String {
    match account.otp.kind {
        Kind::Hotp { counter } => counter.value().to_string(),
        _ => String::new(),
    }
}

fn last_used(row: &Row<'_>) -> String {
    row.usage.of(row.account.id.as_str()).map(|used| ago(used.last, row.now)).unwrap_or_default()
}

fn code(shown: &Shown) -> String {
    shown.code.as_ref().map_or("-", Code::as_str).to_owned()
}

fn left(shown: &Shown) -> String {
    shown.window.map(|window| window.remaining(shown.at).to_string()).unwrap_or_default()
}
