//! The Authenticator extension of browsers: its JSON, plain and encrypted in three ways. Its text file is a list of
//! links, which [`uri_list`](super::uri_list) reads.
//!
//! At first each secret was encrypted by the passphrase, then by a random key that the passphrase encrypts, and now
//! whole entries by the hash of the passphrase (Argon2id). The cipher is always that of `CryptoJS`: `Salted__`, a salt,
//! AES-256-CBC with key and start out of MD5.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Kdf, Plain, base64, salted, with_passphrase},
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "authenticator",
    aliases: &["authenticator-extension"],
    words: "Authenticator (the extension of browsers), plain or encrypted",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let object = source.text().is_some_and(|text| text.trim_start().starts_with('{'));
    let fits = source.is_json_with(&["\"encrypted\"", "\"hash\"", "\"index\"", "\"secret\""])
        || source.is_json_with(&["\"OTPStorage\"", "\"secret\""])
        || source.is_json_with(&["\"EncOTPStorage\"", "\"keyId\""]);
    if object && fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    let entries = json.as_object().into_iter().flatten().map(|(_, entry)| Fields::of(entry));
    let entries: Vec<_> =
        entries.filter(|entry| entry.value("secret").is_some() || entry.text("dataType") == SEALED).collect();
    let keys = match entries.iter().find(|entry| is_sealed(**entry)) {
        None => Keys::default(),
        Some(_) => Keys::open(file, &entries, ask)?,
    };
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, entry) in (1..).zip(entries) {
        decoded.push(Spot::Entry(number), keys.read(entry))?;
    }
    Ok(decoded)
}

fn is_sealed(entry: Fields<'_>) -> bool {
    entry.flag("encrypted") || entry.text("dataType") == SEALED
}

/// What opens the entries, once the passphrase is known.
#[derive(Default)]
struct Keys {
    /// For secrets: the passphrase itself, or the random key that it encrypts.
    secrets: Plain,
    /// For whole entries, by the ids of the keys.
    entries: HashMap<String, Plain>,
}

impl Keys {
    /// The passphrase is the right one if it opens anything at all.
    fn open(
        file: Fields<'_>,
        entries: &[Fields<'_>],
        ask: &mut dyn AskPassphrase,
    ) -> Result<Self, FormatError> {
        let mut ids: Vec<_> =
            entries.iter().map(|entry| entry.text("keyId")).filter(|id| !id.is_empty()).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > MAX_KEYS {
            return Err(FormatError::TooMuchWork(format!("it has more than {MAX_KEYS} keys")));
        }
        let kdf = Kdf::argon2id(19 * 1024, 2, 1)?;
        with_passphrase(FORMAT.name, ask, |passphrase| {
            let passphrase = passphrase.expose();
            let mut keys = Self::default();
            for id in &ids {
                let hash = kdf.key(passphrase, file.inner(id).text("salt").as_bytes());
                let hash =
                    hash.map_err(|_| FormatError::damaged(FORMAT.name, "the salt of its key was changed"))?;
                let text = data_encoding::BASE64_NOPAD.encode(hash.as_slice());
                keys.entries.insert((*id).to_owned(), Plain::new(text.into_bytes()));
            }
            keys.secrets = match file.inner("key").text("enc") {
                "" => Plain::new(passphrase.as_bytes().to_vec()),
                sealed => salted(passphrase.as_bytes(), &base64(sealed).unwrap_or_default())
                    .map(|key| Plain::new(crate::crypt::hex(&key).into_bytes()))
                    .unwrap_or_default(),
            };
            let opens = entries.iter().any(|entry| is_sealed(*entry) && keys.unsealed(*entry).is_some());
            Ok(opens.then_some(keys))
        })
    }

    /// A whole entry, or a secret alone, as JSON.
    fn unsealed(&self, entry: Fields<'_>) -> Option<Unsealed> {
        if entry.text("dataType") == SEALED {
            let plain = salted(self.entries.get(entry.text("keyId"))?, &base64(entry.text("data"))?)?;
            return Some(Unsealed::Entry(Json::inside(&plain, FORMAT.name).ok()?));
        }
        let plain = salted(&self.secrets, &base64(entry.text("secret"))?)?;
        let text = std::str::from_utf8(&plain).ok().filter(|text| text.len() >= 8 && text.is_ascii())?;
        Some(Unsealed::Secret(Zeroizing::new(text.to_owned())))
    }

    fn read(&self, entry: Fields<'_>) -> Result<Record, NamedReason> {
        if !is_sealed(entry) {
            return record(entry, entry.text("secret"));
        }
        match self.unsealed(entry) {
            Some(Unsealed::Entry(inner)) => record(Fields::of(&inner), Fields::of(&inner).text("secret")),
            Some(Unsealed::Secret(secret)) => record(entry, &secret),
            None => Err(NamedReason::new(names(entry), "it is under another passphrase or was changed")),
        }
    }
}

enum Unsealed {
    Entry(Json),
    Secret(Zeroizing<String>),
}

fn record(entry: Fields<'_>, secret: &str) -> Result<Record, NamedReason> {
    let extras = Extras { favourite: entry.flag("pinned"), ..Extras::default() };
    parts::record(names(entry), code(entry, secret), extras)
}

/// Behind two colons the extension keeps the site that an account belongs to.
fn names(entry: Fields<'_>) -> (String, String) {
    let issuer = entry.text("issuer");
    let issuer = issuer.split_once("::").map_or(issuer, |(issuer, _)| issuer);
    (issuer.to_owned(), entry.text("account").to_owned())
}

/// Old files say Steam and Battle.net before the secret, and hex by being no base32.
fn code(entry: Fields<'_>, secret: &str) -> Result<Parts<'static>, LinkError> {
    let said = entry.number("type").unwrap_or_default();
    let (said, secret) = match secret.split_once('-') {
        Some(("blz" | "bliz", secret)) => ("battle", secret),
        Some(("stm", secret)) => ("steam", secret),
        _ => (said.as_str(), secret),
    };
    let (kind, hex) = match said {
        "" | "totp" | "battle" | "1" | "3" => ("totp", false),
        "hotp" | "2" => ("hotp", false),
        "steam" | "4" => ("steam", false),
        "hex" | "5" => ("totp", true),
        "hhex" | "6" => ("hotp", true),
        _ => return Err(LinkError::TypeUnknown),
    };
    let key = match (hex, parts::base32(secret)) {
        (false, Ok(key)) => key,
        (false, Err(error)) => Secret::from_hex(secret).map_err(|_| error)?,
        (true, _) => Secret::from_hex(secret)?,
    };
    let battle = matches!(said, "battle" | "3").then(|| "8".to_owned());
    let algorithm = entry.number("algorithm").map(|name| match name.as_str() {
        "1" => "SHA1".to_owned(),
        "2" => "SHA256".to_owned(),
        "3" => "SHA512".to_owned(),
        _ => name,
    });
    Ok(Parts {
        algorithm,
        digits: battle.or_else(|| entry.number("digits")),
        period: entry.number("period"),
        counter: entry.number("counter"),
        ..Parts::new(kind, key)
    })
}

const SEALED: &str = "EncOTPStorage";
/// Each costs the work of a passphrase.
const MAX_KEYS: usize = 4;
