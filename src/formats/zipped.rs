//! Zip archives in memory: how many files are in one, what they are called, and one file at a time, of bounded size.
//!
//! Nothing is ever unpacked to the disk, so that a name can lead nowhere. Files under a passphrase are read in the old
//! way (`ZipCrypto`) and in that of `WinZip` (AES).

use std::io::{Cursor, ErrorKind, Read as _};

use zeroize::Zeroizing;
use zip::{ZipArchive, read::ZipReadOptions, result::ZipError};

use super::{
    AskPassphrase, FormatError, MAX_FILE_BYTES, SourcePassphrase,
    unlock::{Plain, with_passphrase},
};

/// An archive, and the passphrase once one is known to open it.
pub(super) struct Zipped<'f> {
    zip: ZipArchive<Cursor<&'f [u8]>>,
    passphrase: Option<SourcePassphrase>,
    /// How many bytes may still be unpacked.
    left: usize,
}

impl<'f> Zipped<'f> {
    /// Reads the list of files.
    pub(super) fn open(bytes: &'f [u8]) -> Result<Self, FormatError> {
        let listed = memchr::memmem::find_iter(bytes, LISTED).take(MAX_MEMBERS + 1).count();
        if listed > MAX_MEMBERS {
            return Err(FormatError::TooMuchWork(format!("it has more than {MAX_MEMBERS} files inside")));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        Ok(Self { zip, passphrase: None, left: MAX_UNPACKED })
    }

    /// The names of the files, without those of directories.
    pub(super) fn names(&self) -> Vec<(usize, String)> {
        let name = |index| Some((index, self.zip.name_for_index(index)?.ok()?.into_owned()));
        (0..self.zip.len()).filter_map(name).filter(|(_, name)| !name.ends_with('/')).collect()
    }

    /// A file; `format` says whose passphrase is asked for.
    pub(super) fn read(
        &mut self,
        index: usize,
        format: &'static str,
        ask: &mut dyn AskPassphrase,
    ) -> Result<Plain, FormatError> {
        let entry = self.zip.by_index_data(index).map_err(|_| damaged())?;
        if entry.size() > MAX_FILE_BYTES as u64 {
            return Err(too_large());
        }
        if !entry.encrypted() {
            return self.unpacked(index, None)?.ok_or_else(damaged);
        }
        if let Some(known) = self.passphrase.clone() {
            return self.unpacked(index, Some(&known))?.ok_or(FormatError::WrongPassphrase);
        }
        let (plain, known) = with_passphrase(format, ask, |passphrase| {
            Ok(self.unpacked(index, Some(passphrase))?.map(|plain| (plain, passphrase.clone())))
        })?;
        self.passphrase = Some(known);
        Ok(plain)
    }

    /// `None` for a wrong passphrase. `ZipCrypto` lets one in 256 wrong ones pass, which then unpack to nothing whole.
    fn unpacked(
        &mut self,
        index: usize,
        passphrase: Option<&SourcePassphrase>,
    ) -> Result<Option<Plain>, FormatError> {
        let is_aes = matches!(self.zip.get_aes_verification_key_and_salt(index), Ok(Some(_)));
        let options = ZipReadOptions::new().password(passphrase.map(|text| text.expose().as_bytes()));
        let file = match self.zip.by_index_with_options(index, options) {
            Ok(file) => file,
            Err(ZipError::InvalidPassword) => return Ok(None),
            Err(ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_)) => {
                return Err(FormatError::damaged(
                    "zip",
                    "it is packed or encrypted in a way that sesam does not read",
                ));
            }
            Err(_) => return Err(damaged()),
        };
        let limit = self.left.min(MAX_FILE_BYTES);
        let size = usize::try_from(file.size()).unwrap_or(limit).min(limit);
        let mut plain = Zeroizing::new(Vec::with_capacity(size + 1));
        match file.take(limit as u64 + 1).read_to_end(&mut plain) {
            Ok(_) if plain.len() > limit => Err(too_large()),
            Ok(_) => {
                self.left -= plain.len();
                Ok(Some(plain))
            }
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                Err(FormatError::damaged("zip", "it is packed in a way that sesam does not read"))
            }
            Err(_) if passphrase.is_some() && !is_aes => Ok(None),
            Err(_) => Err(damaged()),
        }
    }
}

/// Whether the bytes begin as an archive does, be it an empty one.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

fn damaged() -> FormatError {
    FormatError::damaged("zip", "it is cut off or was changed")
}

fn too_large() -> FormatError {
    FormatError::TooMuchWork(format!("what is packed inside is larger than {} MiB", MAX_FILE_BYTES >> 20))
}

/// What each file begins with in the list.
const LISTED: &[u8] = b"PK\x01\x02";
const MAX_MEMBERS: usize = 1000;
/// Over all files that are looked into.
const MAX_UNPACKED: usize = 2 * MAX_FILE_BYTES;
