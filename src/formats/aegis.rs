//! Aegis: plain, or under a passphrase with one slot for each (scrypt, AES-256-GCM).

use std::collections::HashMap;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Kdf, Key, Plain, aes_gcm, base64, hex, with_passphrase},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "aegis",
    aliases: &[],
    words: "Aegis, plain or encrypted",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"header\"", "\"slots\"", "\"db\""]);
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let json = Json::parse(source, FORMAT.name)?;
    let file = Fields::of(&json);
    match file.value("db") {
        Some(db) if db.is_object() => entries(Fields::of(db)),
        Some(db) if db.is_string() => {
            let plain = open(file, ask)?;
            let json = Json::inside(&plain, FORMAT.name)?;
            entries(Fields::of(&json))
        }
        _ => Err(damaged("it has no db")),
    }
}

/// The database under the first slot that a passphrase opens.
fn open(file: Fields<'_>, ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let header = file.inner("header");
    let by_passphrase =
        header.items("slots").iter().map(Fields::of).filter(|slot| slot.whole("type") == Some(1));
    let slots = by_passphrase.take(MAX_SLOTS).map(Slot::read).collect::<Result<Vec<_>, _>>()?;
    if slots.is_empty() {
        return Err(damaged("it has no slot for a passphrase: export it again with one"));
    }
    let params = header.inner("params");
    let (nonce, tag) =
        hex(params.text("nonce")).zip(hex(params.text("tag"))).ok_or_else(|| damaged(HEADER))?;
    let sealed = base64(file.text("db")).ok_or_else(|| damaged("its db is not base64"))?;
    let sealed = [sealed, tag].concat();
    if let Some(cost) = slots.iter().find_map(|slot| slot.kdf.cost()) {
        ask.costs(&cost);
    }
    let master = with_passphrase(FORMAT.name, ask, |passphrase| {
        for slot in &slots {
            if let Some(master) = slot.open(passphrase.expose())? {
                return Ok(Some(master));
            }
        }
        Ok(None)
    })?;
    aes_gcm(&master, &nonce, &sealed, b"")
        .ok_or_else(|| damaged("its content was changed after it was written"))
}

/// The master key under one passphrase.
struct Slot {
    kdf: Kdf,
    salt: Vec<u8>,
    nonce: Vec<u8>,
    sealed: Vec<u8>,
}

impl Slot {
    fn read(slot: Fields<'_>) -> Result<Self, FormatError> {
        let number = |key| slot.whole(key).unwrap_or_default();
        let kdf = Kdf::scrypt(number("n"), number("r"), number("p"))?;
        let params = slot.inner("key_params");
        let bytes = |text| hex(text).ok_or_else(|| damaged(HEADER));
        let sealed = [bytes(slot.text("key"))?, bytes(params.text("tag"))?].concat();
        Ok(Self { kdf, salt: bytes(slot.text("salt"))?, nonce: bytes(params.text("nonce"))?, sealed })
    }

    fn open(&self, passphrase: &str) -> Result<Option<Key>, FormatError> {
        let key = self.kdf.key(passphrase, &self.salt)?;
        let master = aes_gcm(&key, &self.nonce, &self.sealed, b"");
        Ok(master.and_then(|master| Some(Key::new(master.as_slice().try_into().ok()?))))
    }
}

fn entries(db: Fields<'_>) -> Result<Decoded, FormatError> {
    if let Some(version) = db.whole("version").filter(|version| *version > NEWEST) {
        return Err(FormatError::Newer { format: FORMAT.name, schema: version.to_string() });
    }
    let entries = db.value("entries").and_then(|entries| entries.as_array());
    let known = parts::named(db.items("groups"), "uuid", "name");
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, entry) in (1..).zip(entries.ok_or_else(|| damaged("it has no entries"))?) {
        let entry = Fields::of(entry);
        let read = read(entry, &known);
        if let (Ok(record), true) = (&read, entry.value("icon").is_some()) {
            decoded.losses.push(record.loss("icon", parts::NO_PICTURE));
        }
        decoded.push(Spot::Entry(number), read)?;
    }
    Ok(decoded)
}

fn read(entry: Fields<'_>, known: &HashMap<String, &str>) -> Result<Record, NamedReason> {
    let extras = Extras {
        tags: groups(entry, known),
        note: entry.text("note").to_owned(),
        favourite: entry.flag("favorite"),
        ..Extras::default()
    };
    parts::record(parts::names(entry.text("issuer"), entry.text("name")), code(entry), extras)
}

/// The names of an entry's groups: by id since version 3, one by its name before.
fn groups(entry: Fields<'_>, groups: &HashMap<String, &str>) -> Vec<String> {
    let ids = entry.texts("groups");
    let names = ids.iter().filter_map(|id| groups.get(id)).copied().chain([entry.text("group")]);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn code(entry: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    let info = entry.inner("info");
    let kind = entry.text("type");
    // Aegis has written MD5 for entries that were moved from mOTP; it computes them with SHA1.
    let algorithm = info.number("algo").map(|name| if name == "MD5" { "SHA1".to_owned() } else { name });
    Ok(Parts {
        algorithm,
        digits: info.number("digits"),
        period: info.number("period"),
        counter: info.number("counter"),
        pin: info.number("pin"),
        ..Parts::new(kind, parts::base32(info.text("secret"))?)
    })
}

fn damaged(what: &str) -> FormatError {
    FormatError::damaged(FORMAT.name, what)
}

const HEADER: &str = "its header was changed after it was written";
/// The schema of the database that is known.
const NEWEST: u64 = 3;
/// Each costs the work of a passphrase.
const MAX_SLOTS: usize = 8;
