//! Ente Auth's encrypted export: a list of links under a passphrase (Argon2id, libsodium's secretstream). Its plain
//! export is a list of links and nothing else.

use super::{
    AskPassphrase, Decoded, Fit, Format, FormatError, Source,
    json::{Fields, Json},
    unlock::{Kdf, Plain, base64, base64_of, secretstream, with_costly_passphrase},
    uri_list,
};

/// See the file.
pub const FORMAT: Format = Format {
    name: "ente",
    aliases: &["ente-auth"],
    words: "Ente Auth, encrypted (its plain export is a list of links)",
    recognises,
    decode,
    encode: None,
};

fn recognises(source: &Source<'_>) -> Fit {
    let fits = source.is_json_with(&["\"kdfParams\"", "\"encryptedData\"", "\"encryptionNonce\""]);
    if fits { Fit::Sure } else { Fit::No }
}

fn decode(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    if recognises(source) == Fit::No {
        return uri_list::lines(source, FORMAT.name);
    }
    let json = Json::parse(source, FORMAT.name)?;
    let plain = open(Fields::of(&json), ask)?;
    uri_list::lines(&Source::new(&plain)?, FORMAT.name)
}

fn open(file: Fields<'_>, ask: &mut dyn AskPassphrase) -> Result<Plain, FormatError> {
    let damaged = || FormatError::damaged(FORMAT.name, "it is cut off or was changed");
    let params = file.inner("kdfParams");
    let number = |key| params.whole(key).unwrap_or_default();
    let kdf = Kdf::argon2id(number("memLimit") / 1024, number("opsLimit"), 1)?;
    let salt = base64(params.text("salt")).ok_or_else(damaged)?;
    let header = base64_of(file.text("encryptionNonce")).ok_or_else(damaged)?;
    let stream = base64(file.text("encryptedData")).ok_or_else(damaged)?;
    with_costly_passphrase(FORMAT.name, &kdf, ask, |passphrase| {
        Ok(secretstream(&kdf.key(passphrase.expose(), &salt)?, &header, &stream))
    })
}
