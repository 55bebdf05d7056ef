//! Searching the catalog: all names lie folded in one text, so a word is found in all of them at once.

use memchr::memmem;

use super::{Catalog, RowKind};
use crate::{
    text::fold,
    vault::query::{Named as _, Query, Term},
};

/// Before each part of a row.
const PART: char = '\u{1f}';
/// Before the initials of a row.
const INITIALS: char = '\u{1e}';

/// Folded names of all rows, one behind the other.
#[derive(Default)]
pub(super) struct Index {
    text: String,
    starts: Vec<u32>,
}

/// How well a row fits: less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Beginning,
    WordStart,
    Inside,
    Initials,
}

impl Index {
    /// Adds a row: issuer, account, tags, note.
    pub(super) fn push(&mut self, parts: [&str; 4]) {
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        for part in parts {
            self.text.push(PART);
            self.text.push_str(&fold(part));
        }
        self.text.push(INITIALS);
        push_initials(&mut self.text, parts[0]);
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    fn row(&self, at: usize) -> &str {
        let end = self.starts.get(at + 1).map_or(self.text.len(), |end| *end as usize);
        &self.text[self.starts[at] as usize..end]
    }

    /// The issuer of a row, folded.
    pub(super) fn issuer(&self, at: usize) -> &str {
        self.row(at)[1..].split(PART).next().unwrap_or_default()
    }

    /// Calls back with each row that holds the needle, once and in order.
    fn rows_with(&self, needle: &str, mut each: impl FnMut(usize)) {
        let finder = memmem::Finder::new(needle.as_bytes());
        let (mut at, mut row) = (0, 0);
        while let Some(found) = finder.find(&self.text.as_bytes()[at..]).map(|found| at + found) {
            row += self.starts[row..].partition_point(|start| (*start as usize) <= found) - 1;
            each(row);
            row += 1;
            let Some(next) = self.starts.get(row) else { return };
            at = *next as usize;
        }
    }
}

impl Catalog {
    /// The accounts that a query means, as a search shows them: beginnings first, then beginnings of words, then the
    /// rest, each in the order given.
    pub fn search(&self, query: &Query, order: &[u32]) -> Vec<u32> {
        let mut fits: Vec<Option<u8>> = vec![Some(0); self.len()];
        for term in query.terms() {
            match term {
                Term::Word(word) => self.keep_word(word, &mut fits),
                term => keep(&mut fits, |at| self.matches(term, at)),
            }
        }
        if let Some(id) = query.id_prefix() {
            keep(&mut fits, |at| self.fields(at).id().starts_with(id));
        }
        let mut found: Vec<(u8, u32)> =
            order.iter().filter_map(|at| Some((fits[*at as usize]?, *at))).collect();
        found.sort_by_key(|(fit, _)| *fit);
        found.into_iter().map(|(_, at)| at).collect()
    }

    fn keep_word(&self, word: &str, fits: &mut [Option<u8>]) {
        let mut found: Vec<Option<Fit>> = vec![None; fits.len()];
        if word.chars().count() > 1 {
            self.index.rows_with(&format!("{INITIALS}{word}"), |at| found[at] = Some(Fit::Initials));
        }
        let found_in = |at: usize| if fits[at].is_some() { fit(self.index.row(at), word) } else { None };
        self.index.rows_with(word, |at| found[at] = found_in(at).or(found[at]));
        for (fit, found) in fits.iter_mut().zip(found) {
            *fit = fit.and_then(|before| Some(before.saturating_add(found? as u8)));
        }
    }

    fn matches(&self, term: &Term, at: usize) -> bool {
        match term {
            Term::Favourite => self.is_favourite(at),
            Term::Not(term) => !self.matches(term, at),
            Term::Tag(tag) => self
                .tags
                .iter()
                .enumerate()
                .any(|(place, own)| fold(&own.name) == *tag && self.has_tag(at, place)),
            Term::Type(name) if name == "hotp" => self.kind(at) == RowKind::Hotp,
            Term::Type(name) => self.fields(at).type_name() == name.as_str(),
            Term::Word(word) => fit(self.index.row(at), word).is_some(),
        }
    }
}

fn keep(fits: &mut [Option<u8>], matches: impl Fn(usize) -> bool) {
    for (at, fit) in fits.iter_mut().enumerate() {
        *fit = fit.filter(|_| matches(at));
    }
}

/// The best place of a word in a row; initials do not count here.
fn fit(row: &str, word: &str) -> Option<Fit> {
    let names = &row[..row.rfind(INITIALS).unwrap_or(row.len())];
    if names[1..].starts_with(word) {
        return Some(Fit::Beginning);
    }
    let mut places = memmem::find_iter(names.as_bytes(), word.as_bytes()).peekable();
    places.peek()?;
    let starts =
        places.any(|at| names[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric()));
    Some(if starts { Fit::WordStart } else { Fit::Inside })
}

/// The first letter of each word, and each capital behind a small letter: `gh` for GitHub.
fn push_initials(text: &mut String, name: &str) {
    let mut before = ' ';
    for char in name.chars() {
        let is_hump = char.is_uppercase() && before.is_lowercase();
        if char.is_alphanumeric() && (is_hump || !before.is_alphanumeric()) {
            let mut buffer = [0; 4];
            text.push_str(&fold(char.encode_utf8(&mut buffer)));
        }
        before = char;
    }
}
