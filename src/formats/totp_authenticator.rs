//! TOTP Authenticator (`BinaryBoot`): its backup, which is base64 of AES-256-CBC under its own password or the user's,
//! and the preferences in which it keeps the same list.
//!
//! Nothing marks the backup. The old file of totp-cli looks the same, and so does an encrypted maFile of Steam, which
//! opens only beside its manifest: without one, what no passphrase opens may be any of the three.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    markup::{is_xml_with, preferences},
    parts::{self, Parts},
    record::NamedReason,
    totp_cli,
    unlock::{aes_cbc, base64_blocks, sha256, with_passphrase},
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "totp-authenticator",
    aliases: &["binaryboot"],
    words: "TOTP Authenticator (BinaryBoot), its backup and its preferences",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    if source.text().is_some_and(|text| is_xml_with(text, &["<map>", LIST])) {
        return Fit::Sure;
    }
    if base64_blocks(source).is_some() { Fit::Perhaps } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let Some(message) = base64_blocks(source) else {
        let text = source.text().unwrap_or_default();
        let list = preferences(text).find(|(name, _)| *name == LIST).map(|(_, list)| list);
        let list = list.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no list of accounts"))?;
        return entries(&Json::inside(list.as_bytes(), FORMAT.name)?);
    };
    if let Some(list) = open(&message, OWN_PASSWORD) {
        return entries(&list);
    }
    let opened = with_passphrase(FORMAT.name, ask, |passphrase| {
        let backup = open(&message, passphrase.expose()).map(|list| entries(&list));
        backup.or_else(|| totp_cli::open_old(&message, passphrase.expose())).transpose()
    });
    match opened {
        Err(FormatError::WrongPassphrase) => Err(FormatError::ManifestNeeded),
        other => other,
    }
}

/// The list is JSON inside the name of the first field of an object.
fn open(message: &[u8], passphrase: &str) -> Option<Json> {
    let plain = aes_cbc(&sha256(passphrase.as_bytes()), &[0; 16], message)?;
    let outer = Json::inside(&plain, FORMAT.name).ok()?;
    let (list, _) = outer.as_object()?.iter().next()?;
    Json::inside(list.as_bytes(), FORMAT.name).ok()
}

fn entries(list: &Json) -> Result<Decoded, FormatError> {
    let items = list.as_array().ok_or_else(|| FormatError::damaged(FORMAT.name, "it is no list"))?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, item) in (1..).zip(items) {
        let read = match item.as_str().map(|text| Json::inside(text.as_bytes(), FORMAT.name)) {
            None => read(Fields::of(item)),
            Some(Ok(inner)) => read(Fields::of(&inner)),
            Some(Err(error)) => Err(NamedReason::new(Default::default(), error)),
        };
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

fn read(item: Fields<'_>) -> Result<Record, NamedReason> {
    let names = (item.text("issuer").to_owned(), item.text("name").to_owned());
    let extras = Extras { favourite: item.flag("isFavorite"), ..Extras::default() };
    parts::record(names, code(item), extras)
}

fn code(item: Fields<'_>) -> Result<Parts<'static>, LinkError> {
    let key = item.text("key");
    let secret = match item.whole("base") {
        Some(16) => Secret::from_hex(key)?,
        Some(64) => parts::base64(key)?,
        _ => parts::base32(key)?,
    };
    Ok(Parts { digits: item.number("digits"), period: item.number("period"), ..Parts::new("totp", secret) })
}

const LIST: &str = "STATIC_TOTP_CODES_LIST";
/// What the app encrypts with until the user chooses a password.
const OWN_PASSWORD: &str = "TotpAuthenticator";
