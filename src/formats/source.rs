//! A file as it came: its bytes, its text in whatever encoding, and words for what no format takes.

use std::borrow::Cow;

use zeroize::Zeroize;

use super::{FormatError, MAX_FILE_BYTES, record::Sealing};

/// The bytes of a file and, if it is one, its text. The text is decoded once, for all formats to look at.
pub struct Source<'a> {
    /// The file as it is.
    pub bytes: &'a [u8],
    /// What other files of the same import say of how files are encrypted.
    pub beside: &'a [Sealing],
    text: Option<Cow<'a, str>>,
    lossy: bool,
}

impl<'a> Source<'a> {
    /// Takes a file.
    ///
    /// # Errors
    /// [`FormatError::TooLarge`], and [`FormatError::Unknown`] when there is nothing in it.
    pub fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FormatError::TooLarge);
        }
        let (text, lossy) = decode_text(bytes);
        if text.as_deref().map_or(bytes.is_empty(), |text| text.trim().is_empty()) {
            return Err(FormatError::Unknown("is empty"));
        }
        Ok(Self { bytes, beside: &[], text, lossy })
    }

    /// The text without byte order mark, `None` for a binary file. Bytes that are no UTF-8 are U+FFFD.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether bytes of the text were replaced.
    pub fn is_lossy(&self) -> bool {
        self.lossy
    }

    /// Whether it could be a JSON text in which these words stand.
    pub(super) fn is_json_with(&self, words: &[&str]) -> bool {
        self.text().is_some_and(|text| {
            text.trim_start().starts_with(['{', '['])
                && words.iter().all(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
        })
    }

    /// Encrypted bytes: no text, of no other kind, and hardly any byte value more often than chance allows.
    pub(super) fn looks_like_noise(&self) -> bool {
        let is_text = self.text().is_some() && !self.is_lossy();
        let bytes = self.bytes.get(16..).unwrap_or_default();
        let bytes = &bytes[..bytes.len().min(4096)];
        if is_text || bytes.len() < 64 || !self.looks_like().contains("no format") {
            return false;
        }
        let mut seen = [0_usize; 256];
        for byte in bytes {
            seen[usize::from(*byte)] += 1;
        }
        let most = seen.iter().max().copied().unwrap_or_default();
        let control = bytes.iter().filter(|byte| **byte < 32).count();
        most <= 8 + bytes.len() / 64 && control * 16 > bytes.len() && control * 4 < bytes.len()
    }

    /// Whether it is a message of `OpenPGP` (RFC 9580, section 10.3), armored or not, to a key or under a passphrase.
    pub fn is_pgp(&self) -> bool {
        let armored = self.bytes.trim_ascii_start().starts_with(b"-----BEGIN PGP MESSAGE");
        // the first packet: tag and length in the old or in the new way, version, and what only that version has there
        let packet = match self.bytes {
            [0x84 | 0xc1, _, rest @ ..] | [0x85, _, _, rest @ ..] => match rest {
                [3, _, _, _, _, _, _, _, _, algorithm, ..] => matches!(algorithm, 1 | 16 | 18 | 25),
                _ => false,
            },
            [0x8c | 0xc3, length, 4, cipher, 3, hash, ..] => {
                (13..=46).contains(length) && matches!(cipher, 1..=13) && matches!(hash, 1..=14)
            }
            _ => false,
        };
        armored || packet
    }

    /// What the file is when no format takes it: the end of a sentence that begins with `the file`.
    pub fn looks_like(&self) -> &'static str {
        if let Some((_, words)) = BEGINNINGS.iter().find(|(start, _)| self.bytes.starts_with(start)) {
            return words;
        }
        match self.text() {
            None => "is binary and of no format that sesam reads",
            Some(text) if text.trim_start().starts_with(['{', '[']) => {
                "is JSON of no format that sesam reads"
            }
            Some(text) if text.contains("<WinAuth ") => {
                "holds the settings of WinAuth, which open on its own machine: export a text from WinAuth"
            }
            Some(text) if text.trim_start().starts_with('<') => {
                "is a web page, SVG or XML that sesam does not read"
            }
            Some(_) => "is a text of no format that sesam reads",
        }
    }
}

impl Drop for Source<'_> {
    fn drop(&mut self) {
        if let Some(Cow::Owned(text)) = &mut self.text {
            text.zeroize();
        }
    }
}

/// The text, and whether bytes were replaced. A NUL is in no text but UTF-16, which must show by its mark.
fn decode_text(bytes: &[u8]) -> (Option<Cow<'_, str>>, bool) {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if memchr::memchr(0, bytes).is_some() => (None, false),
        _ if BEGINNINGS.iter().any(|(start, _)| bytes.starts_with(start)) => (None, false),
        _ => {
            let text = String::from_utf8_lossy(bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes));
            let lossy = matches!(text, Cow::Owned(_));
            (Some(text), lossy)
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Option<Cow<'_, str>>, bool) {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2 * 3);
    let mut lossy = !rest.is_empty();
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        lossy |= decoded.is_err();
        text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    (Some(Cow::Owned(text)), lossy)
}

/// What to say of a database without the table of any app.
pub(super) const NO_ACCOUNTS: &str = "is an SQLite database without accounts: if a file that ends in -wal lay beside it, \
     copy both and run: sqlite3 FILE 'PRAGMA wal_checkpoint(TRUNCATE)'";

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Files that people take for an export, by their first bytes.
const BEGINNINGS: [(&[u8], &str); 14] = [
    (b"\x7fELF", "is a program"),
    (b"MZ\x90", "is a program"),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"BM\x00", PICTURE),
    (b"%PDF", "is a PDF, which sesam does not read"),
    (b"PK\x03\x04", "is a zip archive: unpack it first"),
    (b"ANDROID BACKUP\n", "is a backup of Android: unpack it first, and give the files of the app"),
    (b"bplist00", "is a property list of Apple, in which no app exports its accounts"),
    (b"\x1f\x8b", "is a gzip archive: unpack it first"),
    (b"SQLite format 3\0", NO_ACCOUNTS),
    (b"-----BEGIN PGP", "is encrypted with PGP: decrypt it first"),
    (b"\x03\xd9\xa2\x9a\x65", "is a database of KeePass 1: open it in KeePassXC and save it as .kdbx"),
];
const PICTURE: &str = "is a picture: without --from, its QR codes are read";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_text_with_and_without_a_mark() {
        let utf16 = |units: &dyn Fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}é🔑".encode_utf16().flat_map(units).collect()
        };
        let files: [Vec<u8>; 4] = [
            "é🔑".into(),
            "\u{feff}é🔑".into(),
            utf16(&|unit| unit.to_le_bytes()),
            utf16(&|unit| unit.to_be_bytes()),
        ];
        for file in files {
            let source = Source::new(&file).unwrap();
            assert_eq!((source.text(), source.is_lossy()), (Some("é🔑"), false), "{file:?}");
        }
    }

    #[test]
    fn replaces_what_is_no_text_and_says_so() {
        for file in [b"caf\xe9".as_slice(), b"\xff\xfea\0b", b"\xff\xfe\x00\xd8"] {
            assert!(Source::new(file).unwrap().is_lossy(), "{file:?}");
        }
        assert_eq!(Source::new(b"a\0b").unwrap().text(), None);
    }
}
