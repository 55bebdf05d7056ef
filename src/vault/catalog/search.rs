//! Searching the catalog: all names lie folded in one text, so a word is found in all of them at once.

use memchr::memmem;

use super::{
    index::INITIALS,
    laid_out::{Catalog, RowKind},
};
use crate::{
    text::fold,
    vault::query::{Named as _, Query, Term},
};

/// How well a row fits: less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Beginning,
    WordStart,
    Inside,
    Initials,
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
