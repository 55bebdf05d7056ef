//! Trying passphrases on a file, and saying beforehand what a try costs.

use super::kdf::Kdf;
use crate::formats::{AskPassphrase, FormatError, SourcePassphrase};

/// Tries passphrases until one opens the file or there is no other. `open` gives `None` for a wrong one; an error ends
/// it at once.
pub(crate) fn with_passphrase<T>(
    format: &'static str,
    ask: &mut dyn AskPassphrase,
    mut open: impl FnMut(&SourcePassphrase) -> Result<Option<T>, FormatError>,
) -> Result<T, FormatError> {
    let mut tried = 0;
    while let Some(passphrase) = ask.passphrase(format, tried) {
        tried += 1;
        if let Some(opened) = open(&passphrase)? {
            return Ok(opened);
        }
    }
    Err(if tried == 0 { FormatError::PassphraseNeeded } else { FormatError::WrongPassphrase })
}

/// As [`with_passphrase`], for a file that says itself what a try costs: that is named first where it is felt.
pub(crate) fn with_costly_passphrase<T>(
    format: &'static str,
    kdf: &Kdf,
    ask: &mut dyn AskPassphrase,
    open: impl FnMut(&SourcePassphrase) -> Result<Option<T>, FormatError>,
) -> Result<T, FormatError> {
    if let Some(cost) = kdf.cost() {
        ask.costs(&cost);
    }
    with_passphrase(format, ask, open)
}
