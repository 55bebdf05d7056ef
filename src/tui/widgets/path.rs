//! A field for the path of a file: Tab completes it, and a path that was dropped on the terminal is understood.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use super::field::{Field, Took};
use crate::tui::key::Key;

/// The longest path, in characters.
const LIMIT: usize = 4_096;
/// So many names of a directory are looked at.
const LOOKED_AT: usize = 10_000;

/// A field for a path.
pub struct PathField(Field);

/// What Tab did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completed {
    /// Nothing begins so.
    Nothing,
    /// It is the name of the one file that begins so.
    Whole,
    /// So many names begin so; what they share stands there now.
    Several(usize),
}

impl PathField {
    /// An empty field.
    pub fn new() -> Self {
        Self(Field::new(LIMIT))
    }

    /// The field, to draw it.
    pub fn field(&self) -> &Field {
        &self.0
    }

    /// What it holds.
    pub fn text(&self) -> String {
        self.0.text().trim().to_owned()
    }

    /// The path that it names.
    pub fn path(&self) -> PathBuf {
        named(&self.text())
    }

    /// Takes a key; false where it is none for a field.
    pub fn key(&mut self, key: Key) -> bool {
        self.0.key(key)
    }

    /// Takes a pasted or dropped text.
    pub fn insert(&mut self, text: &str) -> Took {
        self.0.insert(text.trim())
    }

    /// Holds another text.
    pub fn set(&mut self, text: &str) {
        self.0.set(text);
    }

    /// Completes the name as far as it is certain.
    pub fn complete(&mut self) -> Completed {
        let text = self.text();
        let (parent, begun) = text.rsplit_once('/').map_or(("", text.as_str()), |(head, tail)| (head, tail));
        let shown = if text.contains('/') { format!("{parent}/") } else { String::new() };
        let directory = if shown.is_empty() { PathBuf::from(".") } else { named(&shown) };
        let names = begin_with(&directory, begun);
        let Some(shared) = names.iter().map(String::as_str).reduce(shared) else { return Completed::Nothing };
        let is_one = names.len() == 1;
        let slash = if is_one && directory.join(shared).is_dir() { "/" } else { "" };
        self.0.set(&format!("{shown}{shared}{slash}"));
        if is_one { Completed::Whole } else { Completed::Several(names.len()) }
    }
}

impl Default for PathField {
    fn default() -> Self {
        Self::new()
    }
}

/// The names in a directory that begin so. Hidden ones only where a dot was typed.
fn begin_with(directory: &Path, begun: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let names = entries.take(LOOKED_AT).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let fits = |name: &String| name.starts_with(begun) && (begun.starts_with('.') || !name.starts_with('.'));
    // A name with a control character cannot stand in a field of one line.
    names.filter(|name| fits(name) && !name.contains(char::is_control)).collect()
}

/// The common beginning of two names.
fn shared<'a>(one: &'a str, other: &str) -> &'a str {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    &one[..same.map(|(char, _)| char.len_utf8()).sum()]
}

/// The path that a text names: typed, quoted or escaped as terminals drop it, or a `file:` link.
pub fn named(text: &str) -> PathBuf {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("file://") {
        return PathBuf::from(percent_decoded(rest.strip_prefix("localhost").unwrap_or(rest)));
    }
    let quoted = |mark: char| text.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    if let Some(inner) = quoted('\'').or_else(|| quoted('"')) {
        return PathBuf::from(inner);
    }
    if Path::new(text).exists() || !text.contains('\\') {
        return at_home(text);
    }
    let mut chars = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(char) = chars.next() {
        plain.push(if char == '\\' { chars.next().unwrap_or('\\') } else { char });
    }
    at_home(&plain)
}

/// `%20` and its like as the bytes that they stand for.
fn percent_decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [first, others @ ..] = rest {
        let hex = others.get(..2).filter(|_| *first == b'%');
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn at_home(text: &str) -> PathBuf {
    match (text.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        (None, Some(home)) if OsStr::new(text) == "~" => home,
        _ => PathBuf::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_paths_are_understood_as_terminals_write_them() {
        for text in
            ["/tmp/a b'c", "'/tmp/a b'c'", "\"/tmp/a b'c\"", "/tmp/a\\ b\\'c", "file:///tmp/a%20b%27c"]
        {
            assert_eq!(named(text), Path::new("/tmp/a b'c"), "{text}");
        }
        assert!(named("~/x").is_absolute() || std::env::home_dir().is_none());
    }

    #[test]
    fn tab_completes_what_is_certain() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["export-a.json", "export-b.json", ".hidden"] {
            std::fs::File::create(dir.path().join(name)).unwrap();
        }
        std::fs::create_dir(dir.path().join("photos")).unwrap();
        let base = dir.path().display();
        let mut field = PathField::new();
        field.set(&format!("{base}/ex"));
        assert_eq!(field.complete(), Completed::Several(2));
        assert_eq!(field.text(), format!("{base}/export-"));
        field.insert("a");
        assert_eq!(field.complete(), Completed::Whole);
        assert_eq!(field.text(), format!("{base}/export-a.json"));
        field.set(&format!("{base}/p"));
        assert_eq!((field.complete(), field.text()), (Completed::Whole, format!("{base}/photos/")));
        field.set(&format!("{base}/nothing"));
        assert_eq!((field.complete(), field.text()), (Completed::Nothing, format!("{base}/nothing")));
        field.set(&format!("{base}/.h"));
        assert_eq!((field.complete(), field.text()), (Completed::Whole, format!("{base}/.hidden")));
    }
}
