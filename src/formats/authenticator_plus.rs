//! Authenticator Plus: its database, under a passphrase (`SQLCipher` 3). Its archive is one of `archive`'s.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    parts::{self, Parts},
    record::NamedReason,
    sqlite::{Database, Row},
    unlock::{SQLCIPHER_PAGE, sqlcipher, with_passphrase},
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "authenticator-plus",
    aliases: &["sqlcipher"],
    words: "Authenticator Plus's database, encrypted (SQLCipher 3)",
    recognises,
    decode,
    encode: None,
};

/// It looks like nothing but noise, in whole pages.
fn recognises(source: &Source<'_>) -> Fit {
    let pages = source.bytes.len() / SQLCIPHER_PAGE;
    let is_whole = source.bytes.len().is_multiple_of(SQLCIPHER_PAGE) && pages >= 2;
    if is_whole && source.looks_like_noise() { Fit::Perhaps } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let plain = with_passphrase(FORMAT.name, ask, |passphrase| {
        sqlcipher(source.bytes, passphrase.expose(), FORMAT.name)
    })?;
    let mut decoded = Decoded::new(FORMAT.name);
    let columns = &["email", "secret", "counter", "type", "issuer", "category"];
    Database::open(&plain, FORMAT.name)?
        .rows("accounts", columns, &mut |number, row| decoded.push(Spot::Entry(number), read(row)))?;
    Ok(decoded)
}

fn read(row: &Row) -> Result<Record, NamedReason> {
    let names = parts::names(row.text("issuer"), row.text("email"));
    let category = row.some("category").filter(|name| name != ALL);
    parts::record(names, code(row), Extras { tags: category.into_iter().collect(), ..Extras::default() })
}

fn code(row: &Row) -> Result<Parts<'static>, LinkError> {
    let secret = row.text("secret");
    match row.whole("type") {
        Some(0) => Ok(Parts::new("totp", parts::base32(secret)?)),
        Some(1) => Ok(Parts { counter: row.some("counter"), ..Parts::new("hotp", parts::base32(secret)?) }),
        Some(2) => Ok(Parts { digits: Some("8".into()), ..Parts::new("totp", Secret::from_hex(secret)?) }),
        _ => Err(LinkError::TypeUnknown),
    }
}

/// Where everything lies that the user put nowhere.
const ALL: &str = "All Accounts";
