//! `2FAuth`'s JSON.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::NamedReason,
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format =
    Format { name: "2fauth", aliases: &[], words: "2FAuth", recognises, decode, encode: None };

fn recognises(source: &Source<'_>) -> Fit {
    if source.is_json_with(&["\"data\"", "\"otp_type\"", "\"service\""]) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let accounts = Fields::of(&json).value("data").and_then(|data| data.as_array());
    let accounts = accounts.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no data"))?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, account) in (1..).zip(accounts) {
        let account = Fields::of(account);
        let read = read(account);
        if let (Ok(record), false) = (&read, account.text("icon_file").is_empty()) {
            decoded.losses.push(record.loss("icon", parts::NO_PICTURE));
        }
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

fn read(account: Fields<'_>) -> Result<Record, NamedReason> {
    let names = (account.text("service").to_owned(), account.text("account").to_owned());
    parts::record(names, code(account), Extras::default())
}

fn code(account: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    let kind = match account.text("otp_type") {
        "steamtotp" => "steam",
        other => other,
    };
    Ok(Parts {
        algorithm: account.number("algorithm"),
        digits: account.number("digits"),
        period: account.number("period"),
        counter: account.number("counter"),
        ..Parts::new(kind, parts::base32(account.text("secret"))?)
    })
}
