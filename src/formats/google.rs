//! Google Authenticator's export: lines of `otpauth-migration://` links, as its QR codes hold them.

use super::{AskPassphrase, Decoded, Fit, Format, FormatError, Source, migration::is_migration, uri_list};

/// See the file. It is not written here.
pub const FORMAT: Format = Format {
    name: "google",
    aliases: &["google-authenticator", "migration"],
    words: "Google Authenticator's export, otpauth-migration links in any order",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let first = source.text().and_then(|text| text.lines().map(str::trim).find(|line| !line.is_empty()));
    if first.is_some_and(is_migration) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    uri_list::lines(source, FORMAT.name)
}
