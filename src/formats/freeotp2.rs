//! `FreeOTP` 2: its `externalBackup.xml` is no XML but a map that Java wrote. A master key lies under a passphrase
//! (PBKDF2, AES-256-GCM), every secret under the master key, the parameters of its code beside it.

use std::collections::HashMap;

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Record, Source, Spot,
    json::{Fields, Json},
    parts::{self, Parts},
    record::NamedReason,
    unlock::{Hash, Kdf, Key, Plain, aes_gcm, with_costly_passphrase},
};
use crate::otp::{Extras, LinkError, Secret};

/// See the file.
pub const FORMAT: Format = Format {
    name: "freeotp2",
    aliases: &[],
    words: "FreeOTP 2 (externalBackup.xml), encrypted",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let is_map = source.bytes.starts_with(JAVA)
        && memchr::memmem::find(source.bytes, b"java.util.HashMap").is_some_and(|at| at < 16);
    if is_map { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    let map = Map::read(source.bytes).ok_or_else(|| damaged("it is cut off or was changed"))?;
    let json = Json::inside(map.text("masterKey").as_bytes(), FORMAT.name)?;
    let master = open(Fields::of(&json), ask)?;
    let mut decoded = Decoded::new(FORMAT.name);
    for (number, id) in (1..).zip(map.ids()) {
        decoded.push(Spot::Entry(number), read(&map, id, &master))?;
    }
    Ok(decoded)
}

fn open(file: Fields<'_>, ask: &mut dyn AskPassphrase) -> Result<Key, FormatError> {
    let hash = match file.text("mAlgorithm") {
        "PBKDF2withHmacSHA1" => Hash::Sha1,
        "PBKDF2withHmacSHA256" => Hash::Sha256,
        "PBKDF2withHmacSHA512" => Hash::Sha512,
        _ => return Err(damaged("its key is made in an unknown way")),
    };
    let kdf = Kdf::pbkdf2(hash, file.whole("mIterations").unwrap_or_default())?;
    let salt = parts::signed_bytes(file.items("mSalt")).map_err(|_| damaged("its salt was changed"))?;
    with_costly_passphrase(FORMAT.name, &kdf, ask, |passphrase| {
        let plain = unsealed(file.inner("mEncryptedKey"), &kdf.key(passphrase.expose(), &salt)?);
        Ok(plain.and_then(|plain| Some(Key::new(plain.as_slice().try_into().ok()?))))
    })
}

/// The nonce stands in DER before the length of the tag; what the key is for is authenticated with it.
fn unsealed(sealed: Fields<'_>, key: &Key) -> Option<Plain> {
    let message = parts::signed_bytes(sealed.items("mCipherText")).ok()?;
    let parameters = parts::signed_bytes(sealed.items("mParameters")).ok()?;
    let nonce = match parameters.as_slice() {
        [0x30, _, 4, 12, rest @ ..] | [4, 12, rest @ ..] => rest.get(..12)?,
        _ => return None,
    };
    aes_gcm(key, nonce, &message, sealed.text("mToken").as_bytes())
}

fn read(map: &Map<'_>, id: &str, master: &Key) -> Result<Record, NamedReason> {
    let bad = |what: &str| NamedReason::new(Default::default(), what);
    let token = Json::inside(map.text(&format!("{id}{TOKEN}")).as_bytes(), FORMAT.name);
    let token = token.map_err(|_| bad("its parameters cannot be read"))?;
    let token = Fields::of(&token);
    let first = |keys: [&'static str; 3]| {
        keys.map(|key| token.text(key)).into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    };
    let issuer = first(["issuerAlt", "issuerExt", "issuerInt"]);
    let names = (issuer.to_owned(), first(["labelAlt", "label", "label"]).to_owned());
    let Some(secret) = secret(map.text(id), master) else {
        return Err(NamedReason::new(names, "its secret was changed after it was written"));
    };
    let code = secret.map(|secret| Parts {
        algorithm: token.number("algo"),
        digits: token.number("digits"),
        period: token.number("period"),
        counter: token.number("counter"),
        ..Parts::new(if issuer == "Steam" { "steam" } else { token.text("type") }, secret)
    });
    let extras = Extras { icon: first(["imageAlt", "image", "image"]).to_owned(), ..Extras::default() };
    parts::record(names, code, extras)
}

fn secret(text: &str, master: &Key) -> Option<Result<Secret, LinkError>> {
    let outer = Json::inside(text.as_bytes(), FORMAT.name).ok()?;
    let inner = Json::inside(Fields::of(&outer).text("key").as_bytes(), FORMAT.name).ok()?;
    let plain = unsealed(Fields::of(&inner), master)?;
    Some(Secret::new(plain.to_vec()).map_err(LinkError::from))
}

/// Texts by texts, as Java writes a map of them; in the order of the file.
struct Map<'f> {
    keys: Vec<&'f str>,
    values: HashMap<&'f str, &'f str>,
}

impl<'f> Map<'f> {
    fn read(file: &'f [u8]) -> Option<Self> {
        let start = memchr::memmem::find(file, CONTENT)? + CONTENT.len() + 8; // capacity and size
        let mut rest = file.get(start..)?;
        let (mut keys, mut values) = (Vec::new(), HashMap::new());
        while rest.first() == Some(&STRING) {
            let key = take_text(&mut rest)?;
            values.insert(key, take_text(&mut rest)?);
            keys.push(key);
        }
        Some(Self { keys, values })
    }

    fn text(&self, key: &str) -> &'f str {
        self.values.get(key).copied().unwrap_or_default()
    }

    /// The keys of the secrets.
    fn ids(&self) -> impl Iterator<Item = &'f str> {
        self.keys.iter().copied().filter(|key| *key != "masterKey" && !key.ends_with(TOKEN))
    }
}

fn take_text<'f>(rest: &mut &'f [u8]) -> Option<&'f str> {
    let (head, behind) = rest.split_first_chunk::<3>()?;
    let length = usize::from(u16::from_be_bytes([head[1], head[2]]));
    let (text, behind) = behind.split_at_checked(length).filter(|_| head[0] == STRING)?;
    *rest = behind;
    std::str::from_utf8(text).ok()
}

fn damaged(what: &str) -> FormatError {
    FormatError::damaged(FORMAT.name, what)
}

const JAVA: &[u8] = b"\xac\xed\x00\x05";
/// The end of the fields of a map, and a block of eight bytes.
const CONTENT: &[u8] = b"\x77\x08";
const STRING: u8 = 0x74;
const TOKEN: &str = "-token";
