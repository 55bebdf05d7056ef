//! totp-cli: what its `dump` writes (YAML), what stands in its age file (JSON), and its file of before version 1.2.8
//! (base64 of AES-256-CBC), which [`totp_authenticator`](super::totp_authenticator) finds.
//!
//! The YAML is read as far as Go's writer writes this one shape: namespaces, accounts, and texts in four spellings.

use sha1::{Digest as _, Sha1};
use zeroize::Zeroizing;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    unlock::{Key, aes_cbc_bare},
    yaml,
};
use crate::otp::Extras;

/// See the file.
pub const FORMAT: Format = Format {
    name: "totp-cli",
    aliases: &[],
    words: "totp-cli, its dump and its credentials, old and new",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let text = source.text().unwrap_or_default().trim_start();
    let json = text.starts_with('[')
        && (source.is_json_with(&["\"accounts\"", "\"token\""])
            || source.is_json_with(&["\"Accounts\"", "\"Token\""]));
    let dump = text.starts_with("- name:") && text.contains("\n  accounts:") && text.contains(" token:");
    if json || dump { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, _: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let text = source.text().unwrap_or_default();
    if text.trim_start().starts_with('[') {
        return namespaces(&Json::parse(source, FORMAT.name)?);
    }
    let mut decoded = Decoded::new(FORMAT.name);
    let mut namespace = Zeroizing::new(String::new());
    let mut account: Option<(usize, Account)> = None;
    for line in yaml::lines(text) {
        let line = line.map_err(|number| {
            FormatError::damaged(FORMAT.name, format!("line {number} is none that totp-cli writes"))
        })?;
        if line.begins_item {
            if let Some((number, account)) = account.take() {
                account.push(&namespace, Spot::Line(number), &mut decoded)?;
            }
            match line.depth {
                0 => namespace = line.value.clone(),
                _ => account = Some((line.number, Account::default())),
            }
        }
        if let Some((_, account)) = &mut account {
            account.take(line.key, &line.value);
        }
    }
    if let Some((number, account)) = account {
        account.push(&namespace, Spot::Line(number), &mut decoded)?;
    }
    Ok(decoded)
}

/// What an older totp-cli encrypted: the first block is where the cipher begins, the key half of a hash in hex. It is
/// opened if JSON comes out.
pub(super) fn open_old(message: &[u8], passphrase: &str) -> Option<Result<Decoded, FormatError>> {
    let hash = Zeroizing::new(crate::crypt::hex(&Sha1::digest(passphrase.as_bytes())));
    let key = Key::new(hash.as_bytes().first_chunk().copied()?);
    let (iv, message) = message.split_first_chunk()?;
    let plain = aes_cbc_bare(&key, iv, message)?;
    let end = plain.iter().position(|byte| matches!(byte, 0..=16 if !byte.is_ascii_whitespace()));
    let json = Json::inside(&plain[..end.unwrap_or(plain.len())], FORMAT.name).ok()?;
    Some(namespaces(&json))
}

/// Version 1 is an object of objects, version 2 a list.
fn namespaces(json: &Json) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    let mut number = 0;
    let mut push = |account: Account, namespace: &str| {
        number += 1;
        account.push(namespace, Spot::Entry(number), &mut decoded)
    };
    for (namespace, accounts) in json.as_object().into_iter().flatten() {
        for (name, token) in accounts.as_object().into_iter().flatten() {
            let mut account = Account::default();
            account.take("name", name);
            account.take("token", token.as_str().unwrap_or_default());
            push(account, namespace)?;
        }
    }
    for namespace in json.as_array().into_iter().flatten().map(Fields::of) {
        for own in namespace.items("accounts").iter().chain(namespace.items("Accounts")).map(Fields::of) {
            let mut account = Account::default();
            for key in KEYS {
                account.take(key, &own.number(key).unwrap_or_default());
            }
            account.take("name", own.text("Name"));
            account.take("token", own.text("Token"));
            push(account, [namespace.text("name"), namespace.text("Name")].concat().as_str())?;
        }
    }
    Ok(decoded)
}

/// The texts of one account in the order of [`KEYS`].
#[derive(Default)]
struct Account([Zeroizing<String>; 6]);

impl Account {
    fn take(&mut self, key: &str, value: &str) {
        if let Some(at) = KEYS.iter().position(|own| *own == key).filter(|_| !value.is_empty()) {
            self.0[at] = Zeroizing::new(value.to_owned());
        }
    }

    fn push(self, namespace: &str, at: Spot, decoded: &mut Decoded) -> Result<(), FormatError> {
        let [name, token, prefix, algorithm, length, period] = &self.0;
        let own = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty() && text != "0");
        let code = parts::base32(token).map(|secret| Parts {
            algorithm: own(algorithm),
            digits: own(length),
            period: own(period),
            ..Parts::new("totp", secret)
        });
        let read = parts::record((namespace.to_owned(), name.to_string()), code, Extras::default());
        if let (Ok(record), false) = (&read, prefix.is_empty()) {
            decoded.losses.push(record.loss("prefix", "a text before the code has no place in a vault"));
        }
        decoded.push(at, read)
    }
}

const KEYS: [&str; 6] = ["name", "token", "prefix", "algorithm", "length", "timePeriod"];
