//! Bitwarden and Bitwarden Authenticator: JSON, JSON under a passphrase (PBKDF2 or Argon2id, AES-256-CBC with HMAC), and
//! tables. Only logins with a one-time code are entries; a JSON that is bound to an account opens nowhere else.

use std::collections::HashMap;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source, Spot,
    csv::{self, Table},
    json::{Fields, Json},
    login::Login,
    parts,
    unlock::{
        Hash, Kdf, Key, Plain, aes_cbc, base64, base64_of, hkdf_expand, mac_is, sha256,
        with_costly_passphrase,
    },
};
use crate::otp::Extras;

/// See the file.
pub const FORMAT: Format = Format {
    name: "bitwarden",
    aliases: &[],
    words: "Bitwarden and Bitwarden Authenticator: JSON, password-protected JSON, CSV",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"encrypted\"", "\"items\""])
        || source.is_json_with(&["\"folders\"", "\"items\"", "\"login\""])
        || source.is_json_with(&["\"encrypted\"", "\"encKeyValidation_DO_NOT_EDIT\""])
        || csv::has_columns(source, &["folder", "favorite", "type", "name", "login_totp"]);
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    match source.text() {
        Some(text) if !text.trim_start().starts_with('{') => return table(&Table::parse(text, FORMAT.name)?),
        _ => {}
    }
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    if !file.flag("encrypted") {
        return items(file);
    }
    if !file.flag("passwordProtected") {
        return Err(FormatError::AccountBound);
    }
    let plain = open(file, ask)?;
    let json = Json::inside(&plain, FORMAT.name)?;
    items(Fields::of(&json))
}

fn open(file: Fields<'_>, ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let damaged = || FormatError::damaged(FORMAT.name, "it is cut off or was changed");
    let check = Sealed::read(file.text("encKeyValidation_DO_NOT_EDIT")).ok_or_else(damaged)?;
    let data = Sealed::read(file.text("data")).ok_or_else(damaged)?;
    let number = |key| file.whole(key).unwrap_or_default();
    let salt = file.text("salt").as_bytes(); // the text as it stands: Bitwarden does not decode it
    let (kdf, salt) = match file.whole("kdfType") {
        Some(0) => (Kdf::pbkdf2(Hash::Sha256, number("kdfIterations"))?, salt.to_vec()),
        Some(1) => {
            let memory = number("kdfMemory").saturating_mul(1024);
            let kdf = Kdf::argon2id(memory, number("kdfIterations"), number("kdfParallelism"))?;
            (kdf, sha256(salt).to_vec())
        }
        _ => return Err(FormatError::damaged(FORMAT.name, "it does not say how its key is made")),
    };
    let keys = with_costly_passphrase(FORMAT.name, &kdf, ask, |passphrase| {
        let master = kdf.key(passphrase.expose(), &salt)?;
        let keys = (hkdf_expand(&master, b"enc"), hkdf_expand(&master, b"mac"));
        Ok(check.open(&keys).map(|_| keys))
    })?;
    data.open(&keys).ok_or_else(damaged)
}

/// `2.iv|message|mac`, each base64.
struct Sealed {
    iv: [u8; 16],
    message: Vec<u8>,
    mac: Vec<u8>,
}

impl Sealed {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("2.")?.split('|');
        let (iv, message, mac) = (base64_of(parts.next()?)?, base64(parts.next()?)?, base64(parts.next()?)?);
        Some(Self { iv, message, mac })
    }

    fn open(&self, (enc, mac): &(Key, Key)) -> Option<Plain> {
        let genuine = mac_is(mac, [&self.iv, &self.message], &self.mac);
        if genuine { aes_cbc(enc, &self.iv, &self.message) } else { None }
    }
}

fn items(file: Fields<'_>) -> Result<Decoded, FormatError> {
    let items = file.value("items").and_then(|items| items.as_array());
    let items = items.ok_or_else(|| FormatError::damaged(FORMAT.name, "it has no items"))?;
    let mut groups = parts::named(file.items("folders"), "id", "name");
    groups.extend(parts::named(file.items("collections"), "id", "name"));
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, item) in (1..).zip(items) {
        let item = Fields::of(item);
        let login = item.inner("login");
        if login.text("totp").trim().is_empty() {
            continue;
        }
        let login = Login {
            totp: login.text("totp"),
            title: item.text("name"),
            username: login.text("username"),
            extras: Extras {
                tags: tags(item, &groups),
                note: item.text("notes").to_owned(),
                favourite: item.flag("favorite"),
                trashed: item.value("deletedDate").is_some(),
                ..Extras::default()
            },
            created: item.text("creationDate").parse().ok(),
        };
        decoded.push(Spot::Entry(number), login.record())?;
    }
    Ok(decoded)
}

fn tags(item: Fields<'_>, groups: &HashMap<String, &str>) -> Vec<String> {
    let ids = [vec![item.text("folderId").to_owned()], item.texts("collectionIds")].concat();
    ids.iter().filter_map(|id| groups.get(id)).map(|name| (*name).to_owned()).collect()
}

fn table(table: &Table) -> Result<Decoded, FormatError> {
    let mut decoded = Decoded::new(FORMAT.name);
    for (line, row) in &table.rows {
        let field = |name| table.field(row, name);
        if field("login_totp").trim().is_empty() {
            continue;
        }
        let folder = Some(field("folder")).filter(|folder| !folder.is_empty());
        let login = Login {
            totp: field("login_totp"),
            title: field("name"),
            username: field("login_username"),
            extras: Extras {
                tags: folder.map(str::to_owned).into_iter().collect(),
                note: field("notes").to_owned(),
                favourite: matches!(field("favorite"), "1" | "true"),
                ..Extras::default()
            },
            created: None,
        };
        decoded.push(Spot::Line(*line), login.record())?;
    }
    Ok(decoded)
}
