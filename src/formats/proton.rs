//! Proton Authenticator, plain or encrypted (Argon2id, AES-256-GCM), and the JSON of Proton Pass.

use jiff::Timestamp;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    json::{Fields, Json},
    login::Login,
    unlock::{Kdf, Plain, aes_gcm, base64, with_passphrase},
};
use crate::otp::Extras;

/// See the file.
pub const FORMAT: Format = Format {
    name: "proton",
    aliases: &["proton-authenticator", "proton-pass"],
    words: "Proton Authenticator, plain or encrypted; the JSON of Proton Pass",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"entries\"", "\"entry_type\""])
        || source.is_json_with(&["\"vaults\"", "\"items\"", "\"totpUri\""]);
    let sealed = source.is_json_with(&["\"version\"", "\"salt\"", "\"content\""]);
    match (fits, sealed) {
        (true, _) => Fit::Sure,
        (_, true) => Fit::Perhaps,
        _ => Fit::No,
    }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    if file.value("vaults").is_some() {
        return pass(file);
    }
    if file.value("content").is_none() {
        return entries(file);
    }
    let plain = open(file, ask)?;
    let json = Json::inside(&plain, FORMAT.name)?;
    entries(Fields::of(&json))
}

fn open(file: Fields<'_>, ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let damaged = || FormatError::damaged(FORMAT.name, "it is cut off or was changed");
    let salt = base64(file.text("salt")).ok_or_else(damaged)?;
    let content = base64(file.text("content")).ok_or_else(damaged)?;
    let (nonce, message) = content.split_at_checked(12).ok_or_else(damaged)?;
    let kdf = Kdf::argon2id(19_456, 2, 1)?;
    with_passphrase(FORMAT.name, ask, |passphrase| {
        Ok(aes_gcm(&kdf.key(passphrase.expose(), &salt)?, nonce, message, b"proton.authenticator.export.v1"))
    })
}

/// The name of an entry is the account: the link holds that of an earlier day.
fn entries(file: Fields<'_>) -> Result<Decoded, FormatError> {
    let entries = file.value("entries").and_then(|entries| entries.as_array());
    let entries = entries.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no entries"))?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, entry) in (1..).zip(entries) {
        let (entry, content) = (Fields::of(entry), Fields::of(entry).inner("content"));
        let name = content.text("name");
        let extras = Extras { note: entry.text("note").to_owned(), ..Extras::default() };
        let login = Login { totp: content.text("uri"), title: "", username: name, extras, created: None };
        let mut read = login.record();
        if let (Ok(record), false) = (&mut read, name.is_empty()) {
            record.link.account = name.to_owned();
        }
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

/// Proton Pass: logins in vaults, with more codes in fields of the user's own.
fn pass(file: Fields<'_>) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    let vaults = file.value("vaults").and_then(|vaults| vaults.as_object());
    let mut number = 0;
    for vault in vaults.into_iter().flat_map(|vaults| vaults.values()).map(Fields::of) {
        for item in vault.items("items").iter().map(Fields::of) {
            number += 1;
            let data = item.inner("data");
            let own =
                data.items("extraFields").iter().map(|field| Fields::of(field).inner("data").text("totpUri"));
            for totp in [data.inner("content").text("totpUri")].into_iter().chain(own) {
                if !totp.trim().is_empty() {
                    decoded.push(Spot::Entry(number), pass_login(item, vault, totp).record())?;
                }
            }
        }
    }
    Ok(decoded)
}

fn pass_login<'a>(item: Fields<'a>, vault: Fields<'a>, totp: &'a str) -> Login<'a> {
    let (metadata, content) = (item.inner("data").inner("metadata"), item.inner("data").inner("content"));
    let names = ["itemUsername", "username", "itemEmail"].map(|key| content.text(key));
    let created = item.whole("createTime").and_then(|seconds| i64::try_from(seconds).ok());
    Login {
        totp,
        title: metadata.text("name"),
        username: names.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        extras: Extras {
            tags: Some(vault.text("name").to_owned()).filter(|name| !name.is_empty()).into_iter().collect(),
            note: metadata.text("note").to_owned(),
            favourite: item.flag("pinned"),
            trashed: item.whole("state") == Some(2),
            ..Extras::default()
        },
        created: created.and_then(|seconds| Timestamp::from_second(seconds).ok()),
    }
}
