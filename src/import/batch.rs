//! What the sources of one import gave, with the places of all entries.

use crate::{
    formats::{Bad, Decoded, FormatError, Loss, Spot},
    vault::intake::Incoming,
};

/// What all sources together gave.
#[derive(Default)]
pub struct Batch {
    /// One for each source, in the order in which they were named.
    pub sources: Vec<Source>,
}

/// What one source gave.
pub struct Source {
    /// What the person calls it: the path, or `-`.
    pub name: String,
    /// Its format and entries; none when nothing of it could be read.
    pub decoded: Result<Decoded, Unread>,
}

/// Why nothing of a source could be read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// Its bytes are no accounts.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// There are no bytes.
    #[error("{0}")]
    System(String),
}

/// Where an entry stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// The name of the source.
    pub file: &'a str,
    /// The place in it.
    pub spot: Spot,
}

impl Unread {
    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Format(error) => error.hint(),
            Self::System(_) => None,
        }
    }
}

impl Batch {
    /// Every account that can be taken in, in order.
    pub fn incoming(&self) -> Vec<Incoming> {
        let entries = self.decoded().flat_map(|(_, decoded)| &decoded.entries);
        entries
            .map(|entry| Incoming { link: entry.record.link.clone(), created: entry.record.created })
            .collect()
    }

    /// Where each of [`Batch::incoming`] stood.
    pub fn places(&self) -> Vec<At<'_>> {
        self.decoded()
            .flat_map(|(file, decoded)| decoded.entries.iter().map(move |entry| At { file, spot: entry.at }))
            .collect()
    }

    /// Every entry that cannot be taken in.
    pub fn bad(&self) -> Vec<(At<'_>, &Bad)> {
        self.decoded()
            .flat_map(|(file, decoded)| decoded.bad.iter().map(move |bad| (At { file, spot: bad.at }, bad)))
            .collect()
    }

    /// What of the accounts has no place in a vault.
    pub fn losses(&self) -> Vec<&Loss> {
        self.decoded().flat_map(|(_, decoded)| &decoded.losses).collect()
    }

    /// Whether every source and every entry could be read.
    pub fn is_whole(&self) -> bool {
        let read = |source: &Source| source.decoded.as_ref().is_ok_and(|decoded| decoded.bad.is_empty());
        self.sources.iter().all(read)
    }

    /// The sources of which nothing could be read.
    pub fn unread(&self) -> impl Iterator<Item = (&str, &Unread)> {
        self.sources.iter().filter_map(|source| Some((source.name.as_str(), source.decoded.as_ref().err()?)))
    }

    /// The format, or `several`.
    pub fn title(&self) -> &'static str {
        let mut names = self.decoded().map(|(_, decoded)| decoded.format);
        let first = names.next().unwrap_or("nothing");
        if names.all(|name| name == first) { first } else { "several" }
    }

    fn decoded(&self) -> impl Iterator<Item = (&str, &Decoded)> {
        self.sources.iter().filter_map(|source| Some((source.name.as_str(), source.decoded.as_ref().ok()?)))
    }
}
