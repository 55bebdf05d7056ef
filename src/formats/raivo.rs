//! Raivo: the JSON in its archive, in which every value is a text, and the page for people beside it.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    markup::{between, is_xml_with, unescaped},
    parts::{self, Parts},
    record::NamedReason,
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "raivo",
    aliases: &["raivo-otp"],
    words: "Raivo OTP (raivo-otp-export.json and .html)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let list = source.text().is_some_and(|text| text.trim_start().starts_with('['))
        && source.is_json_with(&["\"kind\"", "\"timer\"", "\"account\"", "\"issuer\""]);
    let page = source.text().is_some_and(|text| is_xml_with(text, &["Raivo OTP data export", SEED]));
    if list || page { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    if let Some(text) = source.text().filter(|text| text.trim_start().starts_with('<')) {
        return page(text);
    }
    let json = Json::parse(source, FORMAT.name)?;
    let accounts = json.as_array().ok_or_else(|| FormatError::damaged(FORMAT.name, "it is no list"))?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, account) in (1..).zip(accounts) {
        decoded.push(Spot::Entry(number), read(Fields::of(account)))?;
    }
    Ok(decoded)
}

fn read(account: Fields<'_>) -> Result<Record, NamedReason> {
    let names = (account.text("issuer").to_owned(), account.text("account").to_owned());
    let extras = Extras {
        favourite: account.flag("pinned") || matches!(account.text("pinned"), "true" | "1"),
        icon: account.text("iconValue").to_owned(),
        ..Extras::default()
    };
    parts::record(names, code(account), extras)
}

fn code(account: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    Ok(Parts {
        algorithm: account.number("algorithm"),
        digits: account.number("digits"),
        period: account.number("timer"),
        counter: account.number("counter"),
        ..Parts::new(account.text("kind"), parts::base32(account.text("secret"))?)
    })
}

/// Two headings name an account, lines of code hold the rest, each behind its name.
fn page(text: &str) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, account) in (1..).zip(text.split("<h3>").skip(1)) {
        let first = |open: &'static str, close: &'static str| {
            between(account, (open, close)).next().map(unescaped).unwrap_or_default()
        };
        let issuer = account.split_once("</h3>").map(|(issuer, _)| unescaped(issuer)).unwrap_or_default();
        let names = (issuer.to_string(), first("<h4 class=\"subtitle\">", "</h4>").to_string());
        let number_in =
            |text: &str| text.split(' ').next().map(str::to_owned).filter(|text| !text.is_empty());
        let kind = first("Type: <code>", CODE);
        let code = parts::base32(&first(SEED, CODE)).map(|secret| Parts {
            algorithm: number_in(&first("Algorithm: <code>", CODE)),
            digits: number_in(&first("Length: <code>", CODE)),
            period: number_in(&first("Timer: <code>", CODE)),
            counter: number_in(&first("Counter: <code>", CODE)),
            ..Parts::new(&kind, secret)
        });
        decoded.push(Spot::Entry(number), parts::record(names, code, Extras::default()))?;
    }
    Ok(decoded)
}

const SEED: &str = "Seed: <code>";
const CODE: &str = "</code>";
