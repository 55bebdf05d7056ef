//! Sources in: files, and bytes that somebody has already.

use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{
    batch::{Batch, Source, Unread},
    store,
};
use crate::{
    formats::{self, AskPassphrase, Decoded, Format, FormatError, Given, MAX_FILE_BYTES, SourcePassphrase},
    vault::error::plain_words,
};

/// Where accounts come from.
#[derive(Clone)]
pub enum Supply {
    /// Bytes, and what the person calls them.
    Bytes(String, Zeroizing<Vec<u8>>),
    /// A file.
    File(PathBuf),
}

/// What a source holds.
pub enum Content {
    /// Bytes of a format that is to be found.
    Bytes(Zeroizing<Vec<u8>>),
    /// Bytes that must be a picture.
    Picture(Zeroizing<Vec<u8>>),
    /// Entries: other programs have read it already.
    Decoded(Decoded),
}

/// Who knows the passphrases, told which source they are asked for.
pub trait Asker: AskPassphrase {
    /// What is asked from now on is asked about this source.
    fn about(&mut self, source: &str);
}

impl Asker for Given {
    fn about(&mut self, _source: &str) {}
}

/// Reads all sources, each with each of the passphrases.
pub fn read(supplies: &[Supply], format: Option<&Format>, passphrases: &[SourcePassphrase]) -> Batch {
    let contents = supplies.iter().map(|supply| (supply.name(), content(supply))).collect();
    decode(contents, format, &mut Given(passphrases.to_vec()))
}

/// Reads what the bytes of all sources hold. A source of which another may say how it is encrypted is read when all
/// others were.
pub fn decode(
    sources: Vec<(String, Result<Content, Unread>)>,
    format: Option<&Format>,
    ask: &mut dyn Asker,
) -> Batch {
    let several = sources.len() > 1;
    let (mut read, mut waiting, mut sealings) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (name, content)) in sources.into_iter().enumerate() {
        let decoded = match content {
            Ok(Content::Decoded(decoded)) => Ok(decoded),
            Ok(Content::Bytes(bytes)) if several && formats::waits(&bytes) => {
                waiting.push((number, bytes));
                Ok(Decoded::default())
            }
            Ok(Content::Bytes(bytes)) => {
                ask.about(&name);
                formats::decode(&bytes, format.or_else(|| mafile(&name, &bytes)), ask).map_err(Unread::from)
            }
            Ok(Content::Picture(bytes)) => {
                formats::decode(&bytes, formats::by_name("picture"), ask).map_err(Unread::from)
            }
            Err(error) => Err(error),
        };
        read.push(Source { name, decoded });
        if let Some(Ok(decoded)) = read.last_mut().map(|source| source.decoded.as_mut()) {
            sealings.append(&mut decoded.sealings);
        }
    }
    for (number, bytes) in waiting {
        ask.about(&read[number].name);
        let format = format.or_else(|| mafile(&read[number].name, &bytes));
        read[number].decoded = formats::decode_beside(&bytes, &sealings, format, ask).map_err(Unread::from);
    }
    Batch::new(read)
}

/// An encrypted maFile shows by nothing but its name that it is one.
pub(super) fn mafile(name: &str, bytes: &[u8]) -> Option<&'static Format> {
    let named = Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("maFile"));
    formats::by_name("steam").filter(|_| named && formats::waits(bytes))
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

fn content(supply: &Supply) -> Result<Content, Unread> {
    match supply {
        Supply::Bytes(_, bytes) => Ok(Content::Bytes(bytes.clone())),
        Supply::File(path) => content_of(path, false),
    }
}

/// What a file holds, or the store of passwords in a directory. `may_ask`: the program that decrypts the store may
/// ask on the terminal.
///
/// # Errors
/// [`Unread`]: it is neither, too large, or the system refuses.
pub fn content_of(path: &Path, may_ask: bool) -> Result<Content, Unread> {
    if path.is_dir() {
        store::read(path, may_ask).map(Content::Decoded)
    } else {
        bytes_of(path).map(Content::Bytes)
    }
}

/// The bytes of a file. A pipe without a name is one that a shell has just made (`<(…)`); any other pipe or a device
/// may never end.
pub(super) fn bytes_of(path: &Path) -> Result<Zeroizing<Vec<u8>>, Unread> {
    let unread = |error: std::io::Error| Unread::System(plain_words(&error));
    let facts = fs::metadata(path).map_err(unread)?;
    if !facts.is_file() && is_endless(&facts, path) {
        return Err(if is_pipe(&facts) { Unread::Pipe } else { Unread::Device });
    }
    if facts.len() > MAX_FILE_BYTES as u64 {
        return Err(FormatError::TooLarge.into());
    }
    // One more than the limit is read, so that it shows when a file grows meanwhile.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(facts.len()).unwrap_or(0) + 1));
    let file = File::open(path).map_err(unread)?;
    file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unread)?;
    Ok(bytes)
}

fn is_endless(facts: &fs::Metadata, path: &Path) -> bool {
    !is_pipe(facts) || path.canonicalize().is_ok()
}

#[cfg(unix)]
fn is_pipe(facts: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&facts.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_facts: &fs::Metadata) -> bool {
    false
}
