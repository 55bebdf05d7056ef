//! cotp: its plain export, a list of links, and its database under a passphrase (Argon2id, XChaCha20-Poly1305).

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Kdf, Plain, base64, base64_of, with_passphrase, xchacha20_poly1305},
    uri_list,
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "cotp",
    aliases: &[],
    words: "cotp, its export, its links and its encrypted database",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"nonce\"", "\"salt\"", "\"cipher\""])
        || source.is_json_with(&["\"elements\"", "\"version\""])
        || holds_links(source.text().unwrap_or_default());
    if fits { Fit::Sure } else { Fit::No }
}

/// Whether a text is `{"items":["otpauth://…` with perhaps a few words before the items.
fn holds_links(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(HEAD).collect();
    let begins = |rest: &str| {
        let pieces = [":", "[", "\"otpauth"];
        pieces.iter().try_fold(rest, |rest, piece| rest.trim_start().strip_prefix(piece)).is_some()
    };
    head.starts_with('{') && head.split("\"items\"").skip(1).any(begins)
}

/// The items begin within so many characters.
const HEAD: usize = 512;

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    if file.value("items").is_some() {
        return links(file);
    }
    if file.value("cipher").is_none() {
        return elements(&json);
    }
    let plain = open(file, ask)?;
    elements(&Json::inside(&plain, FORMAT.name)?)
}

fn open(file: Fields<'_>, ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let damaged = || FormatError::damaged(FORMAT.name, "it is cut off or was changed");
    let salt = base64(file.text("salt")).ok_or_else(damaged)?;
    let nonce = base64_of(file.text("nonce")).ok_or_else(damaged)?;
    let message = base64(file.text("cipher")).ok_or_else(damaged)?;
    let kdf = Kdf::argon2id(32_768, 4, 4)?;
    with_passphrase(FORMAT.name, ask, |passphrase| {
        Ok(xchacha20_poly1305(&kdf.key(passphrase.expose(), &salt)?, &nonce, &message))
    })
}

fn links(file: Fields<'_>) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, link) in (1..).zip(file.items("items")) {
        decoded.push(Spot::Entry(number), uri_list::read(link.as_str().unwrap_or_default(), false))?;
    }
    Ok(decoded)
}

/// Version 1 is a bare list.
fn elements(json: &Json) -> Result<Decoded, FormatError> {
    let elements = json.as_array().or_else(|| Fields::of(json).value("elements")?.as_array());
    let elements = elements.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no elements"))?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, element) in (1..).zip(elements) {
        decoded.push(Spot::Entry(number), read(Fields::of(element)))?;
    }
    Ok(decoded)
}

fn read(element: Fields<'_>) -> Result<Record, NamedReason> {
    let names = (element.text("issuer").to_owned(), element.text("label").to_owned());
    parts::record(names, code(element), Extras::default())
}

fn code(element: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    let (kind, secret) = (element.text("type"), element.text("secret"));
    let motp = kind.eq_ignore_ascii_case("motp");
    let secret = if motp { Secret::from_hex(secret)? } else { parts::base32(secret)? };
    Ok(Parts {
        algorithm: element.number("algorithm"),
        digits: element.number("digits"),
        period: element.number("period"),
        counter: element.number("counter"),
        pin: element.number("pin"),
        ..Parts::new(kind, secret)
    })
}
