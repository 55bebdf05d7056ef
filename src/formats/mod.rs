//! Foreign files: one file per format, each of which recognises, decodes and perhaps encodes it.
//!
//! | file | what lives there |
//! |---|---|
//! | `format` | what a format is |
//! | [`record`], [`source`], [`ask`], [`error`], `limits` | what every format takes and gives |
//! | [`json`] | JSON as apps write it: bounded, wiped, numbers that may be texts |
//! | `parts`, `unlock`, `migration` | what several formats need: a code out of its parameters, foreign ciphers, Google's links |
//! | `zipped`, `sqlite` | archives and databases in memory |
//! | `csv`, `login`, `markup`, `yaml` | tables, logins of password managers, the little of HTML, XML and YAML that is needed |
//! | [`picture`] | QR codes on a picture, each of which holds one of the others |
//! | [`uri_list`], [`sesam_json`], [`age`] and the others of [`FORMATS`] | one format each |
//! | [`pass`] | what the entries of a store of `pass` hold; a store is a directory, not a file |
//! | `kdbx` | the databases of `KeePass`, a room of its own |
//!
//! A new format is one file with one `pub const` [`Format`], and one line in [`FORMATS`]. Which of the records
//! are new to a vault is `vault::intake`'s business; files, prompts and options are `cli`'s.

pub mod aegis;
pub mod age;
pub mod andotp;
pub mod archive;
pub mod ask;
pub mod authenticator;
pub mod authenticator_plus;
pub mod authy;
pub mod battlenet;
pub mod bitwarden;
pub mod cotp;
mod csv;
pub mod duo;
pub mod ente;
pub mod error;
mod format;
pub mod freeotp;
pub mod freeotp2;
pub mod google;
pub mod google_db;
pub mod json;
pub mod kdbx;
pub mod keepassxc;
pub mod lastpass;
mod limits;
mod login;
mod markup;
pub mod microsoft;
mod migration;
pub mod oath_csv;
pub mod onepassword;
pub mod otpclient;
mod parts;
pub mod pass;
pub mod picture;
pub mod proton;
pub mod pskc;
pub mod raivo;
pub mod record;
pub mod sesam_json;
pub mod source;
mod sqlite;
pub mod steam;
pub mod stratum;
pub mod stratum_db;
pub mod table;
pub mod totp_authenticator;
pub mod totp_cli;
pub mod twofas;
pub mod twofauth;
mod unlock;
pub mod uri_list;
pub mod web_page;
mod yaml;
mod zipped;

pub use ask::{AskPassphrase, Given, SourcePassphrase};
pub use error::FormatError;
pub use format::{Encode, Encoded, Fit, Format, Seal};
pub use limits::{MAX_ENTRIES, MAX_FILE_BYTES};
pub use migration::name_missing_parts;
pub use record::{Bad, Decoded, Entry, Loss, Part, Record, Sealing, Spot};
pub use source::Source;

/// Every format. Of two that fit equally well the first is taken.
pub const FORMATS: &[Format] = &[
    age::around(in_age),
    onepassword::FORMAT,
    archive::around(in_zip),
    picture::around(in_picture),
    sesam_json::FORMAT,
    google::FORMAT,
    aegis::FORMAT,
    twofas::FORMAT,
    ente::FORMAT,
    stratum::FORMAT,
    bitwarden::FORMAT,
    proton::FORMAT,
    freeotp::FORMAT,
    freeotp2::FORMAT,
    cotp::FORMAT,
    lastpass::FORMAT,
    steam::FORMAT,
    authenticator::FORMAT,
    authy::FORMAT,
    battlenet::FORMAT,
    totp_authenticator::FORMAT,
    totp_cli::FORMAT,
    duo::FORMAT,
    kdbx::FORMAT,
    pskc::FORMAT,
    oath_csv::FORMAT,
    microsoft::FORMAT,
    google_db::FORMAT,
    stratum_db::FORMAT,
    authenticator_plus::FORMAT,
    keepassxc::FORMAT,
    raivo::FORMAT,
    twofauth::FORMAT,
    otpclient::FORMAT,
    andotp::FORMAT,
    table::FORMAT,
    web_page::FORMAT,
    uri_list::FORMAT,
];

/// An age file holds any of the others: it is told here how they are found.
fn in_age(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    age::decode(source, detect, ask)
}

/// And so does a zip archive.
fn in_zip(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    archive::decode(source, detect, ask)
}

/// So does a QR code on a picture.
fn in_picture(source: &Source<'_>, ask: &mut dyn AskPassphrase) -> Result<Decoded, FormatError> {
    picture::decode(source, detect, ask)
}

/// The format with this name or alias, in any case.
pub fn by_name(name: &str) -> Option<&'static Format> {
    let named = |format: &&Format| {
        std::iter::once(&format.name).chain(format.aliases).any(|word| word.eq_ignore_ascii_case(name))
    };
    FORMATS.iter().find(named)
}

/// The format that fits a file best.
pub fn detect(source: &Source<'_>) -> Option<&'static Format> {
    let fits = FORMATS.iter().rev().map(|format| ((format.recognises)(source), format));
    fits.filter(|(fit, _)| *fit > Fit::No).max_by_key(|(fit, _)| *fit).map(|(_, format)| format)
}

/// Reads a file of the named format, or of the one that fits.
///
/// ```
/// use sesam::formats::{Given, decode};
/// let file = b"otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n";
/// let decoded = decode(file, None, &mut Given::default())?;
/// assert_eq!((decoded.format, decoded.entries.len()), ("uri", 1));
/// # Ok::<(), sesam::formats::FormatError>(())
/// ```
///
/// # Errors
/// [`FormatError`]: nothing of the file could be read.
pub fn decode(
    bytes: &[u8],
    format: Option<&Format>,
    ask: &mut dyn AskPassphrase,
) -> Result<Decoded, FormatError> {
    decode_beside(bytes, &[], format, ask)
}

/// As [`decode`], with what the other files of the same import say in [`Decoded::sealings`].
///
/// # Errors
/// As [`decode`].
pub fn decode_beside(
    bytes: &[u8],
    beside: &[Sealing],
    format: Option<&Format>,
    ask: &mut dyn AskPassphrase,
) -> Result<Decoded, FormatError> {
    let mut source = Source::new(bytes)?;
    source.beside = beside;
    if source.is_pgp() {
        return Err(FormatError::Pgp);
    }
    match format.or_else(|| detect(&source)) {
        Some(format) => (format.decode)(&source, ask),
        None => Err(FormatError::Unknown(source.looks_like())),
    }
}

/// Whether another file of the same import may say how this one is encrypted: it is to be read after the others.
pub fn waits(bytes: &[u8]) -> bool {
    Source::new(bytes).is_ok_and(|source| unlock::base64_blocks(&source).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_alias_is_one_format() {
        let words: Vec<&str> =
            FORMATS.iter().flat_map(|f| f.aliases.iter().chain([&f.name])).copied().collect();
        for word in &words {
            assert_eq!(words.iter().filter(|other| *other == word).count(), 1, "{word}");
            assert!(by_name(&word.to_uppercase()).is_some());
        }
        assert!(by_name("floppy").is_none());
        assert!(FORMATS.iter().all(|format| !format.words.is_empty() && !format.words.contains('\n')));
    }

    #[test]
    fn no_flag_is_needed() {
        let cases: [(&[u8], Option<&str>); 10] = [
            (b"\xff\xd8\xff\xe0", Some("picture")),
            (b"otpauth://totp/a?secret=AA", Some("uri")),
            (b"\xef\xbb\xbf\r\n# mine\r\n  STEAM://AA\r\n", Some("uri")),
            (b"my accounts\notpauth://totp/a?secret=AA", Some("uri")),
            (b"{\"schema\":\"sesam.accounts/1\",\"accounts\":[]}", Some("json")),
            (b"{\"x\":\"otpauth://totp/a\"}", None),
            (b"{\"version\": 1, \"items\": [\n \"otpauth://totp/a?secret=AA\"]}", Some("cotp")),
            (b"age-encryption.org/v1\n-> X25519", Some("age")),
            (b"\n-----BEGIN AGE ENCRYPTED FILE-----\r\n", Some("age")),
            (b"https://example.com/\n", None),
        ];
        for (file, name) in cases {
            let found = detect(&Source::new(file).unwrap()).map(|format| format.name);
            assert_eq!(found, name, "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn a_file_of_no_format_gets_one_clear_sentence() {
        let cases: [(&[u8], &str); 9] = [
            (b"", "is empty"),
            (b" \r\n\t", "is empty"),
            (b"\x7fELF\x02\x01", "a program"),
            (b"PK\x03\x04", "the zip file does not check out"),
            (b"\x89PNG\r\n\x1a\n", "the picture is damaged"),
            (b"\0\0\0\x18ftypheic", "the picture is HEIC"),
            (b"o\0t\0p\0a\0", "binary"),
            (b"hello\n", "a text of no format"),
            (b"{\"db\":1}", "JSON of no format"),
        ];
        for (file, words) in cases {
            let error = decode(file, None, &mut Given::default()).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
        let large = vec![b' '; MAX_FILE_BYTES + 1];
        let error = decode(&large, None, &mut Given::default()).unwrap_err();
        assert_eq!(error.to_string(), "the file is larger than 32 MiB");
    }
}
