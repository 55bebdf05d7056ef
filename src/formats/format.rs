//! What a format is: its names, and how it recognises, reads and writes. Which formats there are is in the table of
//! the room.

use zeroize::Zeroizing;

use super::{AskPassphrase, Decoded, FormatError, Loss, Record, Source};
use crate::crypt::{Recipient, passphrase::Passphrase};

/// A format: how its files are told from others, read, and written.
pub struct Format {
    /// Its word on the command line and in JSON.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// Who writes it, in one line.
    pub words: &'static str,
    /// Whether a file looks like this one. Cheap: it looks, and decrypts nothing.
    pub recognises: fn(&Source<'_>) -> Fit,
    /// Reads a file. An entry that is wrong becomes a [`Bad`](super::Bad) and never stops the others.
    pub decode: fn(&Source<'_>, &mut dyn AskPassphrase) -> Result<Decoded, FormatError>,
    /// Writes a file, where sesam does.
    pub encode: Option<Encode>,
}

/// How a format is written.
#[derive(Clone, Copy)]
pub enum Encode {
    /// As plain text, which anybody can read.
    Plain(fn(&[Record]) -> Encoded),
    /// Sealed.
    Sealed(fn(&[Record], &Seal) -> Result<Encoded, FormatError>),
}

/// What protects a file that is written.
pub enum Seal {
    /// A passphrase, and log2 of scrypt's N where the format uses scrypt.
    Passphrase(Passphrase, u8),
    /// Recipients of age. A format that knows none refuses them.
    Recipients(Vec<Recipient>),
}

/// A file to be written. It may be plain, so it is wiped.
pub struct Encoded {
    /// The file.
    pub bytes: Zeroizing<Vec<u8>>,
    /// How many records are in it.
    pub written: usize,
    /// What of them is not.
    pub losses: Vec<Loss>,
}

/// How well a file fits a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Another format.
    No,
    /// It could be read as this one, if no other fits better.
    Perhaps,
    /// Only this one begins so.
    Sure,
}
