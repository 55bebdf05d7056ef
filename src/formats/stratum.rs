//! Stratum, once Authenticator Pro: plain, under a passphrase (strong: Argon2id and AES-256-GCM; legacy: PBKDF2 and
//! AES-256-CBC), and its list as a web page.

use std::collections::HashMap;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    markup,
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Hash, Kdf, Plain, aes_cbc, aes_gcm, with_passphrase},
    uri_list,
};
use crate::otp::{Extras, LinkError, OtpError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "stratum",
    aliases: &["authenticator-pro"],
    words: "Stratum (Authenticator Pro), plain or encrypted, and its HTML list",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let sealed = source.bytes.starts_with(STRONG) || source.bytes.starts_with(LEGACY);
    if sealed || source.is_json_with(&["\"Authenticators\"", "\"Secret\""]) {
        return Fit::Sure;
    }
    let listed = source.text().is_some_and(|text| markup::between(text, CODE).any(is_link));
    if listed { Fit::Sure } else { Fit::No }
}

fn is_link(text: &str) -> bool {
    ["otpauth://", "motp://", "steam://"].iter().any(|scheme| text.starts_with(scheme))
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    if let Some(sealed) = source.bytes.strip_prefix(STRONG) {
        return backup(&Json::inside(&open_strong(sealed, ask)?, FORMAT.name)?);
    }
    if let Some(sealed) = source.bytes.strip_prefix(LEGACY) {
        return backup(&open_legacy(sealed, ask)?);
    }
    match source.text() {
        Some(text) if text.trim_start().starts_with('<') => page(text),
        _ => backup(&Json::parse(source, FORMAT.name)?),
    }
}

fn open_strong(sealed: &[u8], ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let (salt, rest) = sealed.split_at_checked(16).ok_or_else(cut_off)?;
    let (nonce, message) = rest.split_at_checked(12).ok_or_else(cut_off)?;
    let kdf = Kdf::argon2id(65_536, 3, 4)?;
    with_passphrase(FORMAT.name, ask, |passphrase| {
        Ok(aes_gcm(&kdf.key(passphrase.expose(), salt)?, nonce, message, b""))
    })
}

/// Nothing but its padding tells a wrong passphrase: what opens must be JSON too.
fn open_legacy(sealed: &[u8], ask: &mut dyn AskPassphrase) -> Result<Json, FormatError> {
    let (salt, rest) = sealed.split_at_checked(20).ok_or_else(cut_off)?;
    let (iv, message) = rest.split_first_chunk().ok_or_else(cut_off)?;
    if message.is_empty() || message.len() % 16 != 0 {
        return Err(cut_off());
    }
    let kdf = Kdf::pbkdf2(Hash::Sha1, 64_000)?;
    with_passphrase(FORMAT.name, ask, |passphrase| {
        let plain = aes_cbc(&kdf.key(passphrase.expose(), salt)?, iv, message);
        Ok(plain.and_then(|plain| Json::inside(&plain, FORMAT.name).ok()))
    })
}

fn backup(json: &Json) -> Result<Decoded, FormatError> {
    let file = Fields::of(json);
    let accounts = file.value("Authenticators").and_then(|accounts| accounts.as_array());
    let accounts = accounts.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no Authenticators"))?;
    let tags = tags(file);
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, account) in (1..).zip(accounts) {
        let account = Fields::of(account);
        let read = read(account, &tags);
        if let (Ok(record), true) = (&read, account.text("Icon").starts_with(OWN_PICTURE)) {
            decoded.losses.push(record.loss("icon", parts::NO_PICTURE));
        }
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

/// The categories of each account, which is known by its secret.
fn tags(file: Fields<'_>) -> HashMap<&str, Vec<&str>> {
    let names = parts::named(file.items("Categories"), "Id", "Name");
    let mut tags: HashMap<&str, Vec<&str>> = HashMap::new();
    for pair in file.items("AuthenticatorCategories").iter().map(Fields::of) {
        if let Some(name) = names.get(pair.text("CategoryId")) {
            tags.entry(pair.text("AuthenticatorSecret")).or_default().push(name);
        }
    }
    tags
}

fn read(account: Fields<'_>, tags: &HashMap<&str, Vec<&str>>) -> Result<Record, NamedReason> {
    let tags = tags.get(account.text("Secret")).into_iter().flatten();
    let extras = Extras {
        tags: tags.map(|tag| (*tag).to_owned()).collect(),
        icon: Some(account.text("Icon"))
            .filter(|icon| !icon.starts_with(OWN_PICTURE))
            .unwrap_or_default()
            .to_owned(),
        ..Extras::default()
    };
    let names = (account.text("Issuer").to_owned(), account.text("Username").to_owned());
    parts::record(names, code(account), extras)
}

fn code(account: Fields<'_>) -> Result<Parts<'static>, LinkError> {
    let (kind, secret) = kind(account.whole("Type"), account.text("Secret"))?;
    Ok(Parts {
        algorithm: Some(algorithm(account.whole("Algorithm"))?.to_owned()),
        digits: account.number("Digits"),
        period: account.number("Period"),
        counter: account.number("Counter"),
        pin: account.number("Pin"),
        ..Parts::new(kind, secret)
    })
}

/// The number of a type, and the secret as that type writes it.
pub(super) fn kind(number: Option<u64>, secret: &str) -> Result<(&'static str, Secret), LinkError> {
    Ok(match number {
        Some(1) => ("hotp", parts::base32(secret)?),
        Some(2) => ("totp", parts::base32(secret)?),
        Some(3) => ("motp", Secret::from_hex(secret)?),
        Some(4) => ("steam", parts::base32(secret)?),
        Some(5) => ("yandex", parts::base32(secret)?),
        _ => return Err(LinkError::TypeUnknown),
    })
}

/// The number of an algorithm.
pub(super) fn algorithm(number: Option<u64>) -> Result<&'static str, LinkError> {
    match number {
        None | Some(0) => Ok("SHA1"),
        Some(1) => Ok("SHA256"),
        Some(2) => Ok("SHA512"),
        _ => Err(OtpError::AlgorithmUnknown.into()),
    }
}

/// The web page for people: one link in each row.
fn page(text: &str) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, link) in (1..).zip(markup::between(text, CODE)) {
        decoded.push(Spot::Entry(number), uri_list::read(&markup::unescaped(link), false))?;
    }
    Ok(decoded)
}

fn cut_off() -> FormatError {
    FormatError::damaged(FORMAT.name, "it is cut off")
}

const STRONG: &[u8] = b"AUTHENTICATORPRO";
const LEGACY: &[u8] = b"AuthenticatorPro";
const CODE: (&str, &str) = ("<code>", "</code>");
/// The first character of the name of a picture that the user put in.
pub(super) const OWN_PICTURE: char = '@';
