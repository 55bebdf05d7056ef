//! Microsoft Authenticator's database `PhoneFactor`. Accounts that are asked by push alone have no code and are no
//! entries; later versions encrypt the secrets.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    parts::{self, ENCRYPTED_ON_PHONE, Parts},
    record::NamedReason,
    sqlite::{Database, Row, has_words},
    unlock::base64,
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "microsoft",
    aliases: &["phonefactor"],
    words: "Microsoft Authenticator's database from a rooted phone (databases/PhoneFactor)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    if has_words(source.bytes, &["accounts", "oath_secret_key"]) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    let columns = &["name", "username", "oath_secret_key", "encrypted_oath_secret_key", "account_type"];
    Database::open(source.bytes, FORMAT.name)?.rows(
        "accounts",
        columns,
        &mut |number, row| match read(row) {
            Some(read) => decoded.push(Spot::Entry(number), read),
            None => Ok(()),
        },
    )?;
    Ok(decoded)
}

fn read(row: &Row) -> Option<Result<Record, NamedReason>> {
    let names = (row.text("name").to_owned(), row.text("username").to_owned());
    if row.some("oath_secret_key").is_none() {
        let sealed = row.some("encrypted_oath_secret_key").is_some();
        return sealed.then(|| Err(NamedReason::new(names, ENCRYPTED_ON_PHONE)));
    }
    Some(parts::record(names, code(row), Extras::default()))
}

/// An account of Microsoft itself writes its secret in base64, and its codes have eight digits.
fn code(row: &Row) -> Result<Parts<'static>, LinkError> {
    let secret = row.text("oath_secret_key");
    if row.whole("account_type") != Some(1) {
        return Ok(Parts::new("totp", parts::base32(secret)?));
    }
    let bytes = base64(secret).ok_or(LinkError::SecretMissing)?;
    Ok(Parts { digits: Some("8".into()), ..Parts::new("totp", Secret::new(bytes)?) })
}
