//! What the sources of one import gave, with the places of all entries.

use crate::{
    formats::{self, Bad, Decoded, FormatError, Loss, Spot},
    vault::intake::Incoming,
};

/// What all sources together gave.
#[derive(Default)]
pub struct Batch {
    /// One for each source, in the order in which they were named.
    pub sources: Vec<Source>,
    /// Where the accounts stood that were taken out of the sources: the number of the source, and the place in it.
    taken: Vec<(usize, Spot)>,
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
    /// It is a device, which may never end.
    #[error("it is a device, not a file")]
    Device,
    /// It is a directory.
    #[error("it is a directory, and no store of pass or gopass")]
    Directory,
    /// Its bytes are no accounts.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The program that decrypts a store does not run.
    #[error("could not run {program}: {why}")]
    NoProgram {
        /// Its name.
        program: &'static str,
        /// What the system says.
        why: String,
    },
    /// It is a pipe with a name: nobody may ever write to it.
    #[error("it is a named pipe, not a file")]
    Pipe,
    /// The system gives no bytes, and why.
    #[error("could not read it: {0}")]
    System(String),
    /// The program, which is named here, decrypted no entry of a store.
    #[error("{0} decrypted none of its entries")]
    Undecrypted(&'static str),
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
            Self::Device | Self::Pipe => Some("read from it with: sesam import - < PATH"),
            Self::Directory => Some("name a file, or the directory in which .gpg-id or .age-recipients lies"),
            Self::Format(error) => error.hint(),
            Self::NoProgram { .. } => Some("install it: it decrypts the store"),
            Self::System(_) => None,
            Self::Undecrypted(_) => {
                Some("see that its key is at hand: gpg --list-secret-keys, or gopass show NAME")
            }
        }
    }
}

impl Batch {
    /// What was read from these sources.
    pub fn new(sources: Vec<Source>) -> Self {
        let mut batch = Self { sources, taken: Vec::new() };
        let mut decoded: Vec<&mut Decoded> =
            batch.sources.iter_mut().filter_map(|source| source.decoded.as_mut().ok()).collect();
        formats::name_missing_parts(&mut decoded);
        batch
    }

    /// Takes every account out that can come in, in order; their places stay.
    pub fn take_incoming(&mut self) -> Vec<Incoming> {
        let mut incoming = Vec::new();
        for (number, source) in self.sources.iter_mut().enumerate() {
            let Ok(decoded) = &mut source.decoded else { continue };
            for entry in std::mem::take(&mut decoded.entries) {
                self.taken.push((number, entry.at));
                incoming.push(Incoming { link: entry.record.link, created: entry.record.created });
            }
        }
        incoming
    }

    /// Where each of the accounts stood that were taken out.
    pub fn places(&self) -> impl Iterator<Item = At<'_>> {
        self.taken.iter().map(|(number, spot)| At { file: &self.sources[*number].name, spot: *spot })
    }

    /// The same, by the number of the source.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, Spot)> {
        self.taken.iter().copied()
    }

    /// How many entries cannot be taken in.
    pub fn count_bad(&self) -> usize {
        self.decoded().map(|(_, decoded)| decoded.bad.len()).sum()
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
