//! Steam: the files of its Android app, old (`Steamguard-…`) and new, and the maFiles of Steam Desktop Authenticator and
//! steamguard-cli, plain and under a passphrase (PBKDF2 or Argon2id, AES-256-CBC).
//!
//! An encrypted maFile does not say how it is encrypted: its `manifest.json` does. That one is read first, whatever its
//! place in the import, and holds no account of its own.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::Sealing,
    unlock::{Hash, Kdf, aes_cbc, base64, base64_blocks, base64_of, with_passphrase},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "steam",
    aliases: &["mafile", "sda", "steamguard-cli"],
    words: "Steam: SteamGuard JSON and maFiles; encrypted ones together with their manifest.json",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"shared_secret\"", "\"account_name\""])
        || source.is_json_with(&["\"entries\"", "\"filename\"", "steam"])
        || !source.beside.is_empty() && base64_blocks(source).is_some();
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    if let Some(message) = base64_blocks(source) {
        return accounts(&open(&message, source.beside, ask)?);
    }
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    if file.value("entries").is_some() && file.value("shared_secret").is_none() {
        manifest(file)
    } else {
        accounts(&json)
    }
}

/// The list of the files beside it: how they are encrypted, and no account.
fn manifest(file: Fields<'_>) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    for entry in file.items("entries").iter().map(Fields::of) {
        let cli = entry.inner("encryption");
        let (scheme, salt, iv) = if entry.value("encryption").is_some() {
            (cli.text("scheme"), cli.text("salt"), cli.text("iv"))
        } else {
            (PBKDF2, entry.text("encryption_salt"), entry.text("encryption_iv"))
        };
        let Some((salt, iv)) = base64(salt).zip(base64_of(iv)) else { continue };
        if decoded.sealings.len() == MAX_SEALINGS {
            return Err(FormatError::TooMuchWork(format!(
                "it lists more than {MAX_SEALINGS} encrypted files"
            )));
        }
        decoded.sealings.push(Sealing { scheme: scheme.to_owned(), salt, iv });
    }
    Ok(decoded)
}

/// Nothing names the file in its manifest, and nothing but the padding tells a wrong key: each is tried, and what opens
/// must be JSON too.
fn open(message: &[u8], beside: &[Sealing], ask: &mut dyn AskPassphrase) -> Result<Json, FormatError> {
    if beside.is_empty() {
        return Err(FormatError::ManifestNeeded);
    }
    let ways = beside.iter().map(|sealing| Ok((kdf(&sealing.scheme)?, sealing)));
    let ways = ways.collect::<Result<Vec<_>, FormatError>>()?;
    with_passphrase(FORMAT.name, ask, |passphrase| {
        for (kdf, sealing) in &ways {
            let plain = aes_cbc(&kdf.key(passphrase.expose(), &sealing.salt)?, &sealing.iv, message);
            if let Some(json) = plain.and_then(|plain| Json::inside(&plain, FORMAT.name).ok()) {
                return Ok(Some(json));
            }
        }
        Ok(None)
    })
}

fn kdf(scheme: &str) -> Result<Kdf, FormatError> {
    match scheme {
        PBKDF2 => Kdf::pbkdf2(Hash::Sha1, 50_000),
        "Argon2idAes256" => Kdf::argon2id(12 * 1024, 3, 12),
        _ => Err(FormatError::damaged(FORMAT.name, "its manifest names a way of encryption that is unknown")),
    }
}

/// One account, or those of the new Android app by their Steam ids.
fn accounts(json: &Json) -> Result<Decoded, FormatError> {
    let file = Fields::of(json);
    let mut decoded = Decoded::new(FORMAT.name);
    match file.value("accounts").and_then(|accounts| accounts.as_object()) {
        Some(accounts) => {
            for (number, account) in (1..).zip(accounts.values()) {
                push(Fields::of(account), number, &mut decoded)?;
            }
        }
        None => push(file, 1, &mut decoded)?,
    }
    Ok(decoded)
}

fn push(account: Fields<'_>, number: usize, decoded: &mut Decoded) -> Result<(), FormatError> {
    let names = ("Steam".to_owned(), account.text("account_name").to_owned());
    let read = parts::record(names, code(account), Extras::default());
    if let Ok(record) = &read {
        let lost = KEPT_IN_THE_FILE.iter().filter(|(key, _)| !account.text(key).is_empty());
        decoded.losses.extend(lost.map(|(key, reason)| record.loss(key, reason)));
    }
    decoded.push(Spot::Entry(number), read)
}

fn code(account: Fields<'_>) -> Result<Parts<'static>, LinkError> {
    Ok(Parts::new("steam", parts::base64(account.text("shared_secret"))?))
}

/// What makes no codes.
const KEPT_IN_THE_FILE: [(&str, &str); 2] = [
    ("identity_secret", "it confirms trades and makes no codes: keep the file for it"),
    (
        "revocation_code",
        "it takes the authenticator off the account and makes no codes: keep the file for it",
    ),
];
/// Steam Desktop Authenticator's, as steamguard-cli calls it.
const PBKDF2: &str = "LegacySdaCompatible";
/// Each costs the work of a passphrase.
const MAX_SEALINGS: usize = 64;
