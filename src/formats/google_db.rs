//! The database in which Google Authenticator keeps its accounts on the phone. Later ones encrypt the secrets.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    parts::{self, ENCRYPTED_ON_PHONE, Parts},
    record::NamedReason,
    sqlite::{Database, Row, has_words},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "google-db",
    aliases: &[],
    words: "Google Authenticator's database from a rooted phone (databases/databases)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = has_words(source.bytes, &["accounts", "email", "secret", "counter", "provider"]);
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    let columns = &["email", "secret", "counter", "type", "issuer", "isencrypted"];
    Database::open(source.bytes, FORMAT.name)?
        .rows("accounts", columns, &mut |number, row| decoded.push(Spot::Entry(number), read(row)))?;
    Ok(decoded)
}

fn read(row: &Row) -> Result<Record, NamedReason> {
    let names = parts::names(row.text("issuer"), row.text("email"));
    if row.whole("isencrypted").is_some_and(|flag| flag != 0) {
        return Err(NamedReason::new(names, ENCRYPTED_ON_PHONE));
    }
    parts::record(names, code(row), Extras::default())
}

fn code(row: &Row) -> Result<Parts<'static>, LinkError> {
    let secret = parts::base32(row.text("secret"));
    match row.whole("type") {
        None | Some(0) => Ok(Parts::new("totp", secret?)),
        Some(1) => Ok(Parts { counter: row.some("counter"), ..Parts::new("hotp", secret?) }),
        _ => Err(LinkError::TypeUnknown),
    }
}
