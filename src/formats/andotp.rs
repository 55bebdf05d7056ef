//! andOTP: plain, and encrypted in its new (PBKDF2, AES-256-GCM) and its old way (SHA-256, AES-256-GCM). GNOME
//! Authenticator wrote the same list before it took to links.
//!
//! Nothing marks an encrypted file: it is what looks like noise. Its first number is believed only within the limit of
//! the work; an old file begins with noise instead.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    otpclient,
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Hash, Kdf, aes_gcm, sha256, with_passphrase},
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "andotp",
    aliases: &[],
    words: "andOTP, plain or encrypted; GNOME Authenticator's older JSON",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let is_list = source.text().is_some_and(|text| text.trim_start().starts_with('['));
    if is_list {
        let fits = source.is_json_with(&["\"secret\"", "\"label\"", "\"type\"", "\"algorithm\""]);
        return if fits { Fit::Perhaps } else { Fit::No };
    }
    if source.looks_like_noise() { Fit::Perhaps } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let plain_text = source.text().is_some_and(|text| text.trim_start().starts_with('['));
    if plain_text {
        return list(&Json::parse(source, FORMAT.name)?);
    }
    open(source.bytes, ask)
}

/// A database of `OTPClient` may look the same: what is not andOTP's is tried as one.
fn open(file: &[u8], ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let new = New::read(file);
    let old = file.split_at_checked(12).filter(|(_, message)| message.len() > 16);
    if new.is_none() && old.is_none() {
        return Err(FormatError::damaged(FORMAT.name, "it is cut off"));
    }
    if let Some(cost) = new.as_ref().and_then(|new| new.kdf.cost()) {
        ask.costs(&cost);
    }
    with_passphrase(FORMAT.name, ask, |passphrase| {
        let passphrase = passphrase.expose();
        let by_new = match &new {
            Some(New { kdf, salt, nonce, message }) => {
                aes_gcm(&kdf.key(passphrase, salt)?, nonce, message, b"")
            }
            None => None,
        };
        let (nonce, message) = old.unwrap_or_default();
        match by_new.or_else(|| aes_gcm(&sha256(passphrase.as_bytes()), nonce, message, b"")) {
            Some(plain) => list(&Json::inside(&plain, FORMAT.name)?).map(Some),
            None => otpclient::open_bare(file, passphrase),
        }
    })
}

/// `rounds | salt | nonce | message`.
struct New<'f> {
    kdf: Kdf,
    salt: &'f [u8],
    nonce: &'f [u8],
    message: &'f [u8],
}

impl<'f> New<'f> {
    fn read(file: &'f [u8]) -> Option<Self> {
        let (rounds, rest) = file.split_first_chunk()?;
        let kdf = Kdf::pbkdf2(Hash::Sha1, u64::from(u32::from_be_bytes(*rounds))).ok()?;
        let (salt, rest) = rest.split_at_checked(12)?;
        let (nonce, message) = rest.split_at_checked(12)?;
        Some(Self { kdf, salt, nonce, message })
    }
}

fn list(json: &Json) -> Result<Decoded, FormatError> {
    let entries = json.as_array().ok_or_else(|| FormatError::damaged(FORMAT.name, "it is no list"))?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, entry) in (1..).zip(entries) {
        decoded.push(Spot::Entry(number), read(Fields::of(entry)))?;
    }
    Ok(decoded)
}

fn read(entry: Fields<'_>) -> Result<Record, NamedReason> {
    let icon = Some(entry.text("thumbnail")).filter(|name| *name != "Default").unwrap_or_default();
    let extras = Extras { tags: entry.texts("tags"), icon: icon.to_owned(), ..Extras::default() };
    parts::record(names(entry), code(entry), extras)
}

/// Old files have no issuer: it stands before the account in the label. Those of GNOME Authenticator have it as their
/// first tag.
fn names(entry: Fields<'_>) -> (String, String) {
    let label = entry.text("label");
    if entry.value("issuer").is_some() {
        return parts::names(entry.text("issuer"), label);
    }
    if let Some((issuer, account)) = label.split_once(" - ") {
        return (issuer.to_owned(), account.to_owned());
    }
    let tag = entry.items("tags").first().and_then(|tag| tag.as_str());
    parts::names(tag.unwrap_or_default(), label)
}

fn code(entry: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    let kind = entry.text("type");
    let mut secret = parts::base32(entry.text("secret"))?;
    if kind.eq_ignore_ascii_case("motp") {
        secret = hex_inside(&secret)?;
    }
    Ok(Parts {
        algorithm: entry.number("algorithm"),
        digits: entry.number("digits"),
        period: entry.number("period"),
        counter: entry.number("counter"),
        ..Parts::new(kind, secret)
    })
}

/// The base32 of mOTP holds the letters of the hex text.
fn hex_inside(secret: &Secret) -> Result<Secret, LinkError> {
    match std::str::from_utf8(secret.expose()) {
        Ok(text) => Ok(Secret::from_hex(text)?),
        Err(_) => Ok(secret.clone()),
    }
}
