//! Tables of hardware tokens: see [`crate::tokens::table`] for whose.

use super::{AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot, pskc::record};
use crate::tokens::{TokenError, table};

/// See the file.
pub const FORMAT: Format = Format {
    name: "oath-csv",
    aliases: &["token-csv"],
    words: "tables of hardware tokens: serial, secret, type …; Microsoft Entra, privacyIDEA, Token2, Feitian",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    match source.text().and_then(table::begins_table) {
        Some(true) => Fit::Sure,
        Some(false) => Fit::Perhaps,
        None => Fit::No,
    }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let tokens = table::read(source.text().unwrap_or_default()).map_err(|error| match error {
        TokenError::TooMany => FormatError::TooManyEntries,
        other => FormatError::damaged(FORMAT.name, other.to_string()),
    })?;
    let mut decoded = Decoded::new(FORMAT.name);
    for token in tokens {
        decoded.push(Spot::Line(token.at), record(token))?;
    }
    Ok(decoded)
}
