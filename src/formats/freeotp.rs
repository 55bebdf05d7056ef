//! `FreeOTP+` (JSON) and the older `FreeOTP` (the Android preferences `tokens.xml`, which hold the same JSON).
//!
//! Both keep the counter of the code that was shown last, one below that of the next.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    markup,
    parts::{self, Parts},
    record::NamedReason,
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "freeotp-plus",
    aliases: &["freeotp+", "freeotp"],
    words: "FreeOTP+ (JSON) and FreeOTP 1 (tokens.xml)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let preferences = source.text().is_some_and(|text| {
        text.trim_start().starts_with('<') && text.contains("<map>") && text.contains("&quot;secret&quot;")
    });
    let fits = preferences || source.is_json_with(&["\"tokenOrder\"", "\"tokens\""]);
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    match source.text() {
        Some(text) if text.trim_start().starts_with('<') => return preferences(text),
        _ => {}
    }
    let json = Json::parse(source, FORMAT.name)?;
    let tokens = Fields::of(&json).value("tokens").and_then(|tokens| tokens.as_array());
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, token) in
        (1..).zip(tokens.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no tokens"))?)
    {
        decoded.push(Spot::Entry(number), read(Fields::of(token)))?;
    }
    Ok(decoded)
}

fn preferences(text: &str) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, value) in (1..).zip(markup::between(text, ("<string", "</string>"))) {
        let (name, value) = value.split_once('>').unwrap_or_default();
        if name.contains("\"tokenOrder\"") {
            continue;
        }
        let read = match Json::inside(markup::unescaped(value).as_bytes(), FORMAT.name) {
            Ok(json) => read(Fields::of(&json)),
            Err(error) => Err(NamedReason::new(Default::default(), error)),
        };
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

fn read(token: Fields<'_>) -> Result<Record, NamedReason> {
    let first = |keys: [&'static str; 2]| {
        keys.map(|key| token.text(key)).into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    };
    let names = (first(["issuerAlt", "issuerExt"]).to_owned(), first(["labelAlt", "label"]).to_owned());
    let extras = Extras { icon: first(["imageAlt", "image"]).to_owned(), ..Extras::default() };
    parts::record(names, code(token), extras)
}

fn code(token: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    let kind = if token.text("issuerExt") == "Steam" { "steam" } else { token.text("type") };
    let next = token.whole("counter").map(|last| last.saturating_add(1).to_string());
    let counter = next.or_else(|| token.number("counter"));
    Ok(Parts {
        algorithm: token.number("algo"),
        digits: token.number("digits"),
        period: token.number("period"),
        counter,
        ..Parts::new(kind, Secret::new(parts::signed_bytes(token.items("secret"))?)?)
    })
}
