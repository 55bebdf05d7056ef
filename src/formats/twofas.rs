//! 2FAS, schemas 1 to 4: plain, or its services under a passphrase (PBKDF2, AES-256-GCM).

use std::collections::HashMap;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Hash, Kdf, Plain, aes_gcm, base64, with_passphrase},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "2fas",
    aliases: &["twofas"],
    words: "2FAS, plain or encrypted",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"services\"", "\"secret\""])
        || source.is_json_with(&["\"servicesEncrypted\"", "\"schemaVersion\""])
        || source.is_json_with(&["\"services\"", "\"schemaVersion\""]);
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    let sealed = file.text("servicesEncrypted");
    if sealed.is_empty() {
        let services = file.value("services").and_then(|services| services.as_array());
        return all(services.ok_or_else(|| damaged("it has no services"))?, file);
    }
    let services = Json::inside(&open(sealed, ask)?, FORMAT.name)?;
    all(services.as_array().ok_or_else(|| damaged("it has no services"))?, file)
}

/// `message:salt:nonce`, each base64.
fn open(sealed: &str, ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let parts: Option<Vec<_>> = sealed.split(':').map(base64).collect();
    let Some([message, salt, nonce]) = parts.as_deref() else {
        return Err(damaged("its encrypted services are cut off or changed"));
    };
    let kdf = Kdf::pbkdf2(Hash::Sha256, ROUNDS)?;
    with_passphrase(FORMAT.name, ask, |passphrase| {
        Ok(aes_gcm(&kdf.key(passphrase.expose(), salt)?, nonce, message, b""))
    })
}

fn all(services: &[serde_json::Value], file: Fields<'_>) -> Result<Decoded, FormatError> {
    let groups = parts::named(file.items("groups"), "id", "name");
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, service) in (1..).zip(services) {
        decoded.push(Spot::Entry(number), read(Fields::of(service), &groups))?;
    }
    Ok(decoded)
}

fn read(service: Fields<'_>, groups: &HashMap<String, &str>) -> Result<Record, NamedReason> {
    let group = groups.get(service.text("groupId"));
    let tags = group.map(|name| (*name).to_owned()).into_iter().collect();
    parts::record(names(service), code(service), Extras { tags, ..Extras::default() })
}

/// The name that the user sees is the issuer; the account stands in one of two fields, perhaps behind the issuer.
fn names(service: Fields<'_>) -> (String, String) {
    let otp = service.inner("otp");
    let first =
        |texts: [&'static str; 2]| texts.map(|key| otp.text(key)).into_iter().find(|text| !text.is_empty());
    let account = first(["account", "label"]).unwrap_or_default();
    let own = otp.text("issuer");
    let account = account.strip_prefix(own).and_then(|rest| rest.strip_prefix(':')).unwrap_or(account);
    let issuer = Some(service.text("name")).filter(|name| !name.is_empty()).unwrap_or(own);
    parts::names(issuer, account)
}

fn code(service: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    let otp = service.inner("otp");
    let kind = Some(otp.text("tokenType")).filter(|kind| !kind.is_empty()).unwrap_or("totp");
    Ok(Parts {
        algorithm: otp.number("algorithm"),
        digits: otp.number("digits"),
        period: otp.number("period"),
        counter: otp.number("counter"),
        ..Parts::new(kind, parts::base32(service.text("secret"))?)
    })
}

fn damaged(what: &str) -> FormatError {
    FormatError::damaged(FORMAT.name, what)
}

/// No file says it: the app always takes so many.
const ROUNDS: u64 = 10_000;
