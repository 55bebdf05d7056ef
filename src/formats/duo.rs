//! Duo Mobile's `accounts.json`. Accounts that Duo asks by push alone have no code and are no entries.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "duo",
    aliases: &["duo-mobile"],
    words: "Duo Mobile (accounts.json)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    if source.is_json_with(&["\"otpGenerator\"", "\"otpSecret\""]) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let accounts = json.as_array().ok_or_else(|| FormatError::damaged(FORMAT.name, "it is no list"))?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, account) in (1..).zip(accounts).filter(|(_, account)| !account["otpGenerator"].is_null()) {
        let account = Fields::of(account);
        let names = (account.text("name").to_owned(), String::new());
        let read = parts::record(names, code(account.inner("otpGenerator")), Extras::default());
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

/// A counter makes it HOTP.
fn code(generator: Fields<'_>) -> Result<Parts<'static>, LinkError> {
    let counter = generator.number("counter");
    let kind = if counter.is_some() { "hotp" } else { "totp" };
    Ok(Parts { counter, ..Parts::new(kind, parts::base32(generator.text("otpSecret"))?) })
}
