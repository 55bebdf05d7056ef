//! `LastPass` Authenticator's JSON.

use jiff::Timestamp;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "lastpass",
    aliases: &["lastpass-authenticator"],
    words: "LastPass Authenticator",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"accounts\"", "\"issuerName\"", "\"timeStep\""]);
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    let accounts = file.value("accounts").and_then(|accounts| accounts.as_array());
    let accounts = accounts.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no accounts"))?;
    let folders = parts::named(file.items("folders"), "id", "name");
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, account) in (1..).zip(accounts) {
        let account = Fields::of(account);
        let folder = account.inner("folderData").number("folderId").and_then(|id| folders.get(&id));
        let extras = Extras {
            tags: folder.map(|name| (*name).to_owned()).into_iter().collect(),
            favourite: account.flag("isFavorite"),
            ..Extras::default()
        };
        let own = |name: &'static str, first: &'static str| {
            Some(account.text(name)).filter(|text| !text.is_empty()).unwrap_or(account.text(first)).to_owned()
        };
        let names = (own("issuerName", "originalIssuerName"), own("userName", "originalUserName"));
        let mut read = parts::record(names, code(account), extras);
        if let Ok(record) = &mut read {
            let made = account.whole("creationTimestamp").and_then(|made| i64::try_from(made).ok());
            record.created = made.and_then(|made| Timestamp::from_millisecond(made).ok());
        }
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

fn code(account: Fields<'_>) -> Result<Parts<'static>, LinkError> {
    Ok(Parts {
        algorithm: account.number("algorithm"),
        digits: account.number("digits"),
        period: account.number("timeStep"),
        ..Parts::new("totp", parts::base32(account.text("secret"))?)
    })
}
