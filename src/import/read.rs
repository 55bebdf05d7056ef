//! Sources in: files, and bytes that somebody has already.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::batch::{Batch, Source, Unread};
use crate::formats::{
    self, AskPassphrase, Decoded, Format, FormatError, Given, MAX_FILE_BYTES, SourcePassphrase,
};

/// Where accounts come from.
#[derive(Clone)]
pub enum Supply {
    /// Bytes, and what the person calls them.
    Bytes(String, Zeroizing<Vec<u8>>),
    /// A file.
    File(PathBuf),
}

/// What a source seems to be, before anybody is asked for anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It opens under a passphrase; the words of its format.
    Encrypted(&'static str),
    /// The words of its format, and how many entries it has.
    Plain(&'static str, usize),
    /// Nothing of it can be read, and why.
    Unread(String),
}

/// Looks at a source without a passphrase.
pub fn look(supply: &Supply) -> Look {
    let told = |error: &Unread| {
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        Look::Unread(format!("{error}{hint}"))
    };
    let bytes = match bytes(supply) {
        Ok(bytes) => bytes,
        Err(error) => return told(&error),
    };
    let words = formats::Source::new(&bytes).ok().and_then(|source| formats::detect(&source));
    let words = words.map_or("", |format| format.words);
    match formats::decode(&bytes, None, &mut Given::default()) {
        Ok(decoded) => Look::Plain(words, decoded.entries.len() + decoded.bad.len()),
        Err(FormatError::PassphraseNeeded) => Look::Encrypted(words),
        Err(error) => told(&error.into()),
    }
}

/// Reads all sources, each with each of the passphrases.
pub fn read(supplies: &[Supply], format: Option<&Format>, passphrases: &[SourcePassphrase]) -> Batch {
    let one = |supply: &Supply| {
        let mut given = Given(passphrases.to_vec());
        Source { name: supply.name(), decoded: decoded(supply, format, &mut given) }
    };
    let mut batch = Batch { sources: supplies.iter().map(one).collect() };
    batch.name_missing_parts();
    batch
}

fn decoded(supply: &Supply, format: Option<&Format>, ask: &mut dyn AskPassphrase) -> Result<Decoded, Unread> {
    Ok(formats::decode(&bytes(supply)?, format, ask)?)
}

impl Supply {
    /// What the person calls it.
    pub fn name(&self) -> String {
        match self {
            Self::Bytes(name, _) => name.clone(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

impl Batch {
    /// Names the parts of an export that none of the sources has.
    pub fn name_missing_parts(&mut self) {
        let mut decoded: Vec<&mut Decoded> =
            self.sources.iter_mut().filter_map(|source| source.decoded.as_mut().ok()).collect();
        formats::name_missing_parts(&mut decoded);
    }
}

fn bytes(supply: &Supply) -> Result<Zeroizing<Vec<u8>>, Unread> {
    match supply {
        Supply::Bytes(_, bytes) => Ok(bytes.clone()),
        Supply::File(path) => whole(path),
    }
}

/// The bytes of a file. Only of a plain one: a pipe or a device may never end, and nobody could stop the reading.
fn whole(path: &Path) -> Result<Zeroizing<Vec<u8>>, Unread> {
    let unread = |error: std::io::Error| Unread::System(crate::vault::error::plain_words(&error));
    let kind = fs::metadata(path).map_err(unread)?.file_type();
    if kind.is_dir() {
        return Err(Unread::System("it is a directory, not a file".to_owned()));
    }
    if !kind.is_file() {
        return Err(Unread::System("it is no plain file; save what comes out of it as one first".to_owned()));
    }
    let file = File::open(path).map_err(unread)?;
    let length = file.metadata().map_err(unread)?.len();
    if length > MAX_FILE_BYTES as u64 {
        return Err(FormatError::TooLarge.into());
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1));
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}
