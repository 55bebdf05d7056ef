//! Why nothing of a file could be read or written. What is wrong with one entry is a `Bad`.

use super::{MAX_ENTRIES, MAX_FILE_BYTES};
use crate::{crypt::CryptError, qr::PictureError};

/// Why a file as a whole could not be read or written. Holds nothing of what is in it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It is encrypted with the key of an account of the app.
    #[error("the file is encrypted for one account of the app and opens nowhere else")]
    AccountBound,
    /// It is of the format, and its bytes are not what was written.
    #[error("the {format} file does not check out: {what}")]
    Damaged {
        /// The name of the format.
        format: &'static str,
        /// What is wrong, as `it is cut off`.
        what: String,
    },
    /// None of the passphrases opened it, and a file of Steam would need another one beside it.
    #[error("no passphrase opened the file; an encrypted maFile of Steam needs its manifest.json as well")]
    ManifestNeeded,
    /// An age file to recipients, for which a key is needed.
    #[error("the file is encrypted to recipients, not under a passphrase")]
    NeedsIdentity,
    /// An age file in an age file.
    #[error("the file is encrypted twice")]
    Nested,
    /// Written by a later version of the app.
    #[error("the {format} file has the schema \"{schema}\", which this version does not read")]
    Newer {
        /// The name of the format.
        format: &'static str,
        /// What it calls itself.
        schema: String,
    },
    /// It is encrypted, and no passphrase was given.
    #[error("the file is encrypted, and no passphrase was given")]
    PassphraseNeeded,
    /// Encrypted with `OpenPGP`, as andOTP and Proton can.
    #[error("the file is encrypted with OpenPGP, which sesam leaves to gpg")]
    Pgp,
    /// A picture from which no code could be read.
    #[error("{0}")]
    Picture(PictureError),
    /// More than [`MAX_FILE_BYTES`].
    #[error("the file is larger than {} MiB", MAX_FILE_BYTES >> 20)]
    TooLarge,
    /// More than [`MAX_ENTRIES`].
    #[error("the file has more than {MAX_ENTRIES} entries")]
    TooManyEntries,
    /// Opening it would cost more than a file may ask for.
    #[error("the file asks for too much work: {0}")]
    TooMuchWork(String),
    /// No format fits; holds what the file is instead.
    #[error("the file {0}")]
    Unknown(&'static str),
    /// Nothing can be encrypted so.
    #[error("the file cannot be sealed: {0}")]
    Unsealable(CryptError),
    /// None of the passphrases opened it, and there may be a key file besides.
    #[error("that passphrase alone did not open the database")]
    WrongKey,
    /// None of the passphrases opened it.
    #[error("that passphrase did not open the file")]
    WrongPassphrase,
}

impl FormatError {
    /// [`FormatError::Damaged`] in these words.
    pub(super) fn damaged(format: &'static str, what: impl Into<String>) -> Self {
        Self::Damaged { format, what: what.into() }
    }

    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::AccountBound => Some("export it again, password protected or plain"),
            Self::Damaged { .. } | Self::Unknown("is empty") => {
                Some("export it again, or copy the whole file")
            }
            Self::ManifestNeeded => Some("if it is one, give both: sesam import manifest.json FILE.maFile"),
            Self::NeedsIdentity => Some("decrypt it first: age -d -i KEY FILE | sesam import -"),
            Self::Nested => Some("decrypt the outer one first: age -d FILE | sesam import -"),
            Self::Newer { .. } => Some("use a later version of sesam"),
            Self::Picture(error) => Some(error.hint()),
            Self::PassphraseNeeded => Some("give it with --source-passphrase-file or --source-passphrase-fd"),
            Self::Pgp => Some("decrypt it first: gpg -d FILE | sesam import -"),
            Self::TooLarge | Self::TooManyEntries => Some("split it into several files"),
            Self::Unknown(_) => Some("see what can be read with: sesam import --formats"),
            Self::WrongKey => Some(
                "if a key file or a security key belongs to it: save a copy in KeePassXC under a passphrase alone",
            ),
            Self::WrongPassphrase => Some("it is the passphrase of the export, not that of the vault"),
            Self::TooMuchWork(_) | Self::Unsealable(_) => None,
        }
    }
}
