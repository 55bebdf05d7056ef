//! Key packages of hardware tokens in XML (RFC 6030), plain, under a password or under a key that was agreed on.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot, record::NamedReason,
    unlock::with_passphrase,
};
use crate::{
    otp::Extras,
    tokens::{Token, TokenError, pskc::Container},
};

/// See the file.
pub const FORMAT: Format = Format {
    name: "pskc",
    aliases: &["rfc6030"],
    words: "PSKC (RFC 6030): seeds of hardware tokens, YubiKeys; plain or encrypted",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let is_xml = source.text().is_some_and(|text| text.trim_start().starts_with('<'));
    let named = || memchr::memmem::find(source.bytes, b"KeyContainer").is_some_and(|at| at < 4096);
    if is_xml && named() { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let container = Container::read(source.text().unwrap_or_default()).map_err(|error| in_words(&error))?;
    let tokens = match &container.lock {
        None => container.tokens(None).map_err(|error| in_words(&error))?,
        Some(_) => with_passphrase(FORMAT.name, ask, |typed| match container.tokens(Some(typed.expose())) {
            Ok(tokens) => Ok(Some(tokens)),
            Err(TokenError::WrongKey) => Ok(None),
            Err(error) => Err(in_words(&error)),
        })?,
    };
    let mut decoded = Decoded::new(FORMAT.name);
    for token in tokens {
        decoded.push(Spot::Entry(token.at), record(token))?;
    }
    Ok(decoded)
}

fn in_words(error: &TokenError) -> FormatError {
    match error {
        TokenError::TooMany => FormatError::TooManyEntries,
        TokenError::TooMuchWork(_) => FormatError::TooMuchWork(error.to_string()),
        _ => FormatError::damaged(FORMAT.name, error.to_string()),
    }
}

/// A token has no names of its own but those of its maker and its owner, and its number, which goes into the note.
pub(super) fn record(token: Token) -> Result<Record, NamedReason> {
    let issuer = if token.issuer.is_empty() { token.manufacturer } else { token.issuer };
    let note =
        if token.serial.is_empty() { String::new() } else { format!("serial number {}", token.serial) };
    let names = (issuer, if token.user.is_empty() { token.serial } else { token.user });
    let otp = token.otp.map_err(|error| NamedReason::new(names.clone(), error))?;
    Record::new(names.clone(), otp, Extras { note, ..Extras::default() })
        .map_err(|error| NamedReason::new(names, error))
}
