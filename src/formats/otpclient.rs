//! `OTPClient`: its plain JSON and its databases, version 1 (PBKDF2), 2 and 3 (Argon2id), all AES-256-GCM with a nonce of
//! sixteen bytes and the head of the file authenticated.
//!
//! Older versions took the number of the characters of a passphrase for that of its bytes: one that is not ASCII is
//! tried in both lengths. A database of version 1 has no mark: [`andotp`](super::andotp) finds it among what is noise.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Hash, Kdf, Plain, aes_gcm, with_costly_passphrase},
};
use crate::otp::{Extras, LinkError};

/// See the file.
pub const FORMAT: Format = Format {
    name: "otpclient",
    aliases: &[],
    words: "OTPClient, plain JSON or its database",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let list = source.text().is_some_and(|text| text.trim_start().starts_with('['))
        && source.is_json_with(&["\"algo\"", "\"label\"", "\"type\"", "\"secret\"", "\"digits\""]);
    if list || source.bytes.starts_with(MARK) { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    if source.text().is_some_and(|text| text.trim_start().starts_with('[')) {
        return list(&Json::parse(source, FORMAT.name)?);
    }
    let database = if source.bytes.starts_with(MARK) {
        Database::marked(source.bytes)?
    } else {
        Database::bare(source.bytes).ok_or_else(cut_off)?
    };
    let plain = with_costly_passphrase(FORMAT.name, &database.kdf, ask, |passphrase| {
        database.open(passphrase.expose())
    })?;
    inside(&plain)
}

/// What a database without a mark holds, if this is one and under this passphrase.
pub(super) fn open_bare(file: &[u8], passphrase: &str) -> Result<Option<Decoded>, FormatError> {
    let Some(database) = Database::bare(file) else { return Ok(None) };
    database.open(passphrase)?.map(|plain| inside(&plain)).transpose()
}

/// `head | message`, with what stands in the head.
struct Database<'f> {
    kdf: Kdf,
    nonce: &'f [u8],
    salt: &'f [u8],
    head: &'f [u8],
    message: &'f [u8],
}

impl<'f> Database<'f> {
    /// Version 3 is packed and big-endian, version 2 a structure as C lays it out on a small-endian machine.
    fn marked(file: &'f [u8]) -> Result<Self, FormatError> {
        let word = |at: usize| file.get(at..)?.first_chunk::<4>().copied();
        let read = |at: usize, number: fn([u8; 4]) -> u32| {
            let numbers = [0, 4, 8].map(|offset| word(at + 48 + offset).map(number).map(u64::from));
            let (head, message) = file.split_at_checked(at + 60).ok_or_else(cut_off)?;
            let [Some(passes), Some(memory), Some(lanes)] = numbers else { return Err(cut_off()) };
            let kdf = Kdf::argon2id(memory, passes, lanes)?;
            let (nonce, salt) = head[at..at + 48].split_at(NONCE);
            Ok(Self { kdf, nonce, salt, head, message })
        };
        match (word(9).map(u32::from_be_bytes), word(12).map(u32::from_le_bytes)) {
            (Some(3), _) => read(13, u32::from_be_bytes),
            (Some(2), Some(2)) => read(16, u32::from_le_bytes),
            (Some(version @ 4..=255), _) => {
                Err(FormatError::Newer { format: FORMAT.name, schema: version.to_string() })
            }
            _ => Err(cut_off()),
        }
    }

    /// Version 1: whatever is long enough may be one.
    fn bare(file: &'f [u8]) -> Option<Self> {
        let (head, message) = file.split_at_checked(48).filter(|(_, message)| message.len() > 16)?;
        let (nonce, salt) = head.split_at(NONCE);
        let kdf = Kdf::pbkdf2(Hash::Sha512, 100_000).ok()?;
        Some(Self { kdf, nonce, salt, head, message })
    }

    fn open(&self, passphrase: &str) -> Result<Option<Plain>, FormatError> {
        let whole = passphrase.as_bytes();
        let old = &whole[..passphrase.chars().count()];
        for passphrase in [whole, old].into_iter().take(if whole == old { 1 } else { 2 }) {
            let key = self.kdf.key(passphrase, self.salt)?;
            if let Some(plain) = aes_gcm(&key, self.nonce, self.message, self.head) {
                return Ok(Some(plain));
            }
        }
        Ok(None)
    }
}

/// The text ends as texts in C do.
fn inside(plain: &[u8]) -> Result<Decoded, FormatError> {
    let end = plain.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    list(&Json::inside(&plain[..end], FORMAT.name)?)
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
    let tags = Some(entry.text("group").to_owned()).filter(|group| !group.is_empty());
    let extras = Extras { tags: tags.into_iter().collect(), ..Extras::default() };
    let steam = is_steam(entry);
    let issuer = if steam { "Steam" } else { entry.text("issuer") };
    parts::record((issuer.to_owned(), entry.text("label").to_owned()), code(entry), extras)
}

fn code(entry: Fields<'_>) -> Result<Parts<'_>, LinkError> {
    Ok(Parts {
        algorithm: entry.number("algo"),
        digits: entry.number("digits"),
        period: entry.number("period"),
        counter: entry.number("counter"),
        ..Parts::new(
            if is_steam(entry) { "steam" } else { entry.text("type") },
            parts::base32(entry.text("secret"))?,
        )
    })
}

/// The app knows Steam by its issuer alone.
fn is_steam(entry: Fields<'_>) -> bool {
    entry.text("issuer").eq_ignore_ascii_case("steam")
}

fn cut_off() -> FormatError {
    FormatError::damaged(FORMAT.name, "it is cut off or was changed")
}

const MARK: &[u8] = b"OTPClient";
const NONCE: usize = 16;
