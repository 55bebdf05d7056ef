//! Changing one key of a file's text. Everything else stays as it is, byte for byte: comments too.
//!
//! Reading and writing the file is the caller's.

use std::ops::Range;
use std::path::Path;

use toml_edit::{Document, DocumentMut, Item, TableLike};

use super::error::ConfigError;
use super::keys::kind_of;
use super::nearest::Nearest;
use super::origin::Origin;
use super::refuse::fault;
use super::toml_text::Lines;
use super::value::Value;

/// Returns `text` with `key` at `value`, as it is typed on the command line. A default is written too.
///
/// A key that is there is replaced in its place; else it comes after its own commented line, or after the
/// head of its section, or with a new section at the end. The value goes through the same checks as the
/// file's; a secret is refused.
///
/// ```
/// use sesam::config::set;
/// let text = "[ui] # looks\ntheme = \"nord\" # at night\n";
/// assert_eq!(set(text, "ui.theme", "mono").unwrap(), "[ui] # looks\ntheme = \"mono\" # at night\n");
/// ```
pub fn set(text: &str, key: &str, value: &str) -> Result<String, ConfigError> {
    refuse(key, value.trim())?;
    let kind = kind_of(key).ok_or_else(|| unknown(key))?;
    let path = path_of(key);
    let wrong = || ConfigError::Value { key: key.to_owned(), expected: kind.expected() };
    let written = kind.write(&kind.parse(value).ok_or_else(wrong)?);
    let document = parse(text)?;
    let changed = replace(text, &document, (&path, &written))
        .or_else(|| insert_line(text, &document, (&path, &written)))
        .filter(|changed| reads_as(changed, &path, Some(&written)));
    match changed {
        Some(changed) => Ok(changed),
        None => rebuild(text, &path, Some(&written)),
    }
}

/// Returns `text` without `key`, whose line goes with its comment at the end.
pub fn unset(text: &str, key: &str) -> Result<String, ConfigError> {
    kind_of(key).ok_or_else(|| unknown(key))?;
    let path = path_of(key);
    let document = parse(text)?;
    if item(&document, &path).is_none() {
        return Ok(text.to_owned());
    }
    let changed = find(&document, &path).and_then(|found| cut_lines(text, &found));
    match changed.filter(|changed| reads_as(changed, &path, None)) {
        Some(changed) => Ok(changed),
        None => rebuild(text, &path, None),
    }
}

/// Before anything else, so that a secret is named as one even under a key that there is not.
fn refuse(key: &str, typed: &str) -> Result<(), ConfigError> {
    let own = key.rsplit('.').next().unwrap_or(key);
    match fault(own, &Value::Text(typed.to_owned())) {
        Some(fault) if !key.starts_with("keys.") => Err(fault.into_error(Origin::Flag, key)),
        _ => Ok(()),
    }
}

fn unknown(key: &str) -> ConfigError {
    ConfigError::UnknownKey { key: key.to_owned(), nearest: Nearest::to_key(key) }
}

fn parse(text: &str) -> Result<Document<&str>, ConfigError> {
    Document::parse(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        Lines::new(Path::new(""), text).syntax(offset, error.message())
    })
}

/// The parts of a full key; a server's name is one part, dots and all.
fn path_of(key: &str) -> Vec<&str> {
    if let Some((name, own)) = key.strip_prefix("admin.servers.").and_then(|rest| rest.rsplit_once('.')) {
        return vec!["admin", "servers", name, own];
    }
    key.split_once('.').map_or_else(|| vec![key], |(section, own)| vec![section, own])
}

/// Where a key and its value stand in the text.
struct Found {
    key: Range<usize>,
    value: Range<usize>,
    /// Is it one of several on a line, in braces?
    in_braces: bool,
}

fn item<'a>(document: &'a Document<&str>, path: &[&str]) -> Option<&'a Item> {
    path.iter().try_fold(document.as_item(), |item, part| item.as_table_like()?.get(part))
}

fn find(document: &Document<&str>, path: &[&str]) -> Option<Found> {
    let (own, parents) = path.split_last()?;
    let mut item = document.as_item();
    let mut in_braces = false;
    for parent in parents {
        item = item.as_table_like()?.get(parent)?;
        in_braces |= item.is_inline_table();
    }
    let (key, value) = item.as_table_like()?.get_key_value(own)?;
    Some(Found { key: key.span()?, value: value.as_value()?.span()?, in_braces })
}

fn replace(text: &str, document: &Document<&str>, (path, written): (&[&str], &str)) -> Option<String> {
    let mut changed = text.to_owned();
    changed.replace_range(find(document, path)?.value, written);
    Some(changed)
}

/// The text without the lines from the key to the end of its value.
fn cut_lines(text: &str, found: &Found) -> Option<String> {
    if found.in_braces {
        return None;
    }
    let start = text[..found.key.start].rfind('\n').map_or(0, |at| at + 1);
    Some([&text[..start], &text[end_of_line(text, found.value.end)..]].concat())
}

/// `None` where the section is written in a way that has no lines to add to (dotted, in braces).
fn insert_line(text: &str, document: &Document<&str>, (path, written): (&[&str], &str)) -> Option<String> {
    let (own, parents) = path.split_last()?;
    let line = format!("{} = {written}", toml_edit::Key::new(*own).display_repr());
    let mut item = document.as_item();
    for parent in parents {
        match item.as_table_like()?.get(parent) {
            Some(inner) => item = inner,
            None => return Some(with_section(text, parents, &line)),
        }
    }
    let table = item.as_table().filter(|table| !table.is_dotted())?;
    if table.is_implicit() {
        return Some(with_section(text, parents, &line));
    }
    let head = if parents.is_empty() { 0 } else { end_of_line(text, table.span()?.start) };
    let at = commented_line(text, head, own).unwrap_or(head);
    let mut changed = text.to_owned();
    let newline = newline_of(text);
    let before = if at > 0 && !text[..at].ends_with('\n') { newline } else { "" };
    changed.insert_str(at, &format!("{before}{line}{newline}"));
    Some(changed)
}

fn with_section(text: &str, parents: &[&str], line: &str) -> String {
    let newline = newline_of(text);
    let names: Vec<String> =
        parents.iter().map(|part| toml_edit::Key::new(*part).display_repr().into_owned()).collect();
    let gap = if text.is_empty() { "" } else { newline };
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    format!("{text}{end}{gap}[{}]{newline}{line}{newline}", names.join("."))
}

/// Where the line after `# own = …` begins, if the section that begins at `head` has one.
fn commented_line(text: &str, head: usize, own: &str) -> Option<usize> {
    let mut at = head;
    for line in text[head..].split_inclusive('\n') {
        at += line.len();
        let setting = line.trim_start();
        if setting.starts_with('[') || setting.trim_start_matches(['#', ' ']).starts_with('[') {
            return None;
        }
        let name = setting.strip_prefix('#').and_then(|comment| comment.split_once('='));
        if name.is_some_and(|(name, _)| name.trim() == own) {
            return Some(at);
        }
    }
    None
}

fn end_of_line(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |at| from + at + 1)
}

fn newline_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Does the text say this, and is it TOML at all?
fn reads_as(text: &str, path: &[&str], written: Option<&str>) -> bool {
    let Ok(document) = parse(text) else { return false };
    find(&document, path).map(|found| &text[found.value]) == written
}

/// The way for unusual files: through the tree, which keeps comments but may move some.
fn rebuild(text: &str, path: &[&str], written: Option<&str>) -> Result<String, ConfigError> {
    let not_a_table = || ConfigError::Value { key: path[0].to_owned(), expected: "a table".to_owned() };
    let mut document: DocumentMut = parse(text)?.into_mut();
    let Some((own, parents)) = path.split_last() else {
        return Ok(text.to_owned());
    };
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for parent in parents {
        let inner = table.entry(parent).or_insert_with(toml_edit::table);
        table = inner.as_table_like_mut().ok_or_else(not_a_table)?;
    }
    match written.map(str::parse::<toml_edit::Value>) {
        Some(Ok(value)) => drop(table.insert(own, Item::Value(value))),
        _ => drop(table.remove(own)),
    }
    Ok(document.to_string())
}
