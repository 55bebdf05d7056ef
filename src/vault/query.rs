//! QUERY: how one account, or several, are named on a command line and in the search field.
//!
//! `id:01JD5W` (the beginning of an id), else exact `issuer:account`, issuer or account, else words that must all be
//! contained. `#tag` asks for a tag, `type:hotp` for a type, `is:fav` for favourites, `!word` for the opposite.

use std::borrow::Cow;

use super::lines::Fields;
use crate::text::{fold, words_match};

/// What a query needs to know of an account.
pub trait Named {
    /// The lasting id.
    fn id(&self) -> &str;
    /// Who issued it.
    fn issuer(&self) -> Cow<'_, str>;
    /// Whose it is.
    fn account(&self) -> Cow<'_, str>;
    /// Both names.
    fn names(&self) -> (Cow<'_, str>, Cow<'_, str>) {
        (self.issuer(), self.account())
    }
    /// Its tags.
    fn tags(&self) -> Vec<String>;
    /// Its note.
    fn note(&self) -> Cow<'_, str>;
    /// `totp`, `hotp` …
    fn type_name(&self) -> Cow<'_, str>;
    /// Whether it is a favourite.
    fn favourite(&self) -> bool;
}

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    text: String,
    folded: String,
    has_colon: bool,
    id: Option<String>,
    terms: Vec<Term>,
}

/// How well an account fits a query that asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// It is issuer, account, or `issuer:account`, to the letter.
    Exact,
    /// The same but for case and accents.
    Folded,
    /// It contains all words, or its id begins so.
    Words,
}

/// One word of a query, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    Favourite,
    Not(Box<Term>),
    Tag(String),
    Type(String),
    Word(String),
}

impl Query {
    /// Reads what was typed. Every text is a query; an empty one matches everything.
    pub fn new(text: &str) -> Self {
        let id = text.strip_prefix("id:").map(str::to_ascii_uppercase);
        Self {
            text: text.to_owned(),
            folded: fold(text).into_owned(),
            has_colon: text.contains(':'),
            id,
            terms: text.split_whitespace().map(Term::read).collect(),
        }
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words; none where an id is asked for.
    pub(super) fn terms(&self) -> &[Term] {
        if self.id.is_some() { &[] } else { &self.terms }
    }

    /// The beginning of an id, where one is asked for.
    pub(super) fn id_prefix(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether an account matches as a list is filtered: by id, or by all words.
    pub fn matches(&self, account: &impl Named) -> bool {
        match &self.id {
            Some(start) => account.id().starts_with(start.as_str()),
            None => self.terms.iter().all(|term| term.matches(account)),
        }
    }

    /// Which of the accounts are meant where one is asked for: those of the best [`Tier`]. Positions in the order
    /// given.
    pub fn select<'a, N: Named + 'a>(&self, accounts: &(impl Iterator<Item = N> + Clone)) -> Vec<usize> {
        for tiers in [&[Tier::Exact, Tier::Folded][..], &[Tier::Words]] {
            let tier = |(at, account): (usize, N)| self.tier(&account, tiers).map(|tier| (tier, at));
            let found: Vec<(Tier, usize)> = accounts.clone().enumerate().filter_map(tier).collect();
            if let Some((best, _)) = found.iter().min() {
                return found.iter().filter(|(tier, _)| tier == best).map(|(_, at)| *at).collect();
            }
        }
        Vec::new()
    }

    /// How well an account fits, as far as these tiers are asked about.
    pub fn tier(&self, account: &impl Named, tiers: &[Tier]) -> Option<Tier> {
        let asks_names = self.id.is_none() && !self.text.is_empty() && tiers.contains(&Tier::Exact);
        if asks_names {
            let (issuer, name) = account.names();
            if self.is_name(&self.text, (&issuer, &name), |text, name| text == name) {
                return Some(Tier::Exact);
            }
            if tiers.contains(&Tier::Folded) && self.is_name(&self.folded, (&issuer, &name), equals_folded) {
                return Some(Tier::Folded);
            }
        }
        (tiers.contains(&Tier::Words) && self.matches(account)).then_some(Tier::Words)
    }

    /// Whether a text is the issuer, the account, or both with a colon between.
    fn is_name(
        &self,
        text: &str,
        (issuer, account): (&str, &str),
        same: impl Fn(&str, &str) -> bool,
    ) -> bool {
        let both = || {
            let mut colons = text.match_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..]));
            colons.any(|(first, second)| same(first, issuer) && same(second, account))
        };
        same(text, issuer) || same(text, account) || (self.has_colon && both())
    }
}

/// Whether a name is the folded text once it is folded too. Plain names are not copied for it.
fn equals_folded(folded: &str, name: &str) -> bool {
    if name.is_ascii() { name.eq_ignore_ascii_case(folded) } else { fold(name) == folded }
}

impl Term {
    fn read(word: &str) -> Self {
        match (word.strip_prefix('!'), word.strip_prefix('#'), word.strip_prefix("type:")) {
            (Some(rest), ..) if !rest.is_empty() => Self::Not(Box::new(Self::read(rest))),
            (_, Some(tag), _) if !tag.is_empty() => Self::Tag(fold(tag).into_owned()),
            (.., Some(name)) if !name.is_empty() => Self::Type(name.to_ascii_lowercase()),
            _ if matches!(word, "is:fav" | "is:favourite") => Self::Favourite,
            _ => Self::Word(fold(word).into_owned()),
        }
    }

    fn matches(&self, account: &impl Named) -> bool {
        match self {
            Self::Favourite => account.favourite(),
            Self::Not(term) => !term.matches(account),
            Self::Tag(tag) => account.tags().iter().any(|own| fold(own) == tag.as_str()),
            Self::Type(name) => account.type_name() == name.as_str(),
            Self::Word(word) => {
                let words = std::slice::from_ref(word);
                words_match(&[&account.issuer(), &account.account(), &account.note()], words)
                    || account.tags().iter().any(|tag| words_match(&[tag], words))
            }
        }
    }
}

/// An account's block as it stands in the vault: nothing is read that the query does not ask for.
impl Named for Fields<'_> {
    fn id(&self) -> &str {
        self.raw("id").map_or("", |raw| raw.trim_matches('"'))
    }

    fn issuer(&self) -> Cow<'_, str> {
        self.text_or_empty("issuer").unwrap_or_default()
    }

    fn account(&self) -> Cow<'_, str> {
        self.text_or_empty("account").unwrap_or_default()
    }

    /// The account stands behind the issuer: one walk finds both.
    fn names(&self) -> (Cow<'_, str>, Cow<'_, str>) {
        let (issuer, behind) = self.text_and_rest("issuer");
        (issuer, behind.text_or_empty("account").unwrap_or_default())
    }

    fn tags(&self) -> Vec<String> {
        self.texts("tags").unwrap_or_default()
    }

    fn note(&self) -> Cow<'_, str> {
        self.text_or_empty("note").unwrap_or_default()
    }

    fn type_name(&self) -> Cow<'_, str> {
        self.text_or_empty("type").unwrap_or_default()
    }

    fn favourite(&self) -> bool {
        self.flag("favourite").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<usize> {
        let blocks = [
            "id = \"01AA\"\ntype = \"totp\"\nissuer = \"GitHub\"\naccount = \"hugo\"\ntags = [\"work\"]",
            "id = \"01AB\"\ntype = \"hotp\"\nissuer = \"GitHub Enterprise\"\naccount = \"hugo\"\nfavourite = true",
            "id = \"01B0\"\ntype = \"totp\"\nissuer = \"Crédit: Nord\"\naccount = \"é:1\"\nnote = \"shelf 2\"",
            "id = \"01B1\"\ntype = \"totp\"\nissuer = \"github\"\naccount = \"\"",
        ];
        Query::new(query).select(&blocks.iter().map(|block| Fields::new(block)))
    }

    #[test]
    fn exact_names_come_before_words() {
        assert_eq!(found("GitHub"), [0]);
        assert_eq!(found("GITHUB"), [0, 3], "exact but for case");
        assert_eq!(found("git"), [0, 1, 3]);
        assert_eq!(found("GitHub:hugo"), [0]);
        assert_eq!(found("hugo"), [0, 1]);
        assert_eq!(found("hugo git ent"), [1]);
        assert_eq!(found("Crédit: Nord:é:1"), [2], "colons in both names");
        assert_eq!(found("credit: nord:E:1"), [2]);
        assert!(found("nothing").is_empty());
    }

    #[test]
    fn terms_ask_for_tags_types_ids_and_their_opposite() {
        assert_eq!(found("#work"), [0]);
        assert_eq!(found("type:hotp"), [1]);
        assert_eq!(found("is:fav"), [1]);
        assert_eq!(found("git !is:fav !#work"), [3]);
        assert_eq!(found("shelf"), [2]);
        assert_eq!(found("id:01b"), [2, 3]);
        assert_eq!(found("id:01AA"), [0]);
    }
}
