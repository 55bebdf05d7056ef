//! What other apps encrypt with: keys made within limits, ciphers opened.
//!
//! | file | what lives there |
//! |---|---|
//! | `kdf` | a key out of a passphrase; a file that asks for too much work is refused before any is done |
//! | `cipher` | authenticated and block ciphers of one key |
//! | `secretstream` | libsodium's stream of one message |
//! | `sqlcipher` | databases sealed page by page |
//! | `tries` | passphrases tried, and what a try costs said beforehand |
//!
//! No format does cryptography of its own. What is opened here is wiped when dropped.

mod cipher;
mod kdf;
mod secretstream;
mod sqlcipher;
mod tries;

use zeroize::Zeroizing;

use super::Source;
pub(super) use cipher::{
    aes_cbc, aes_cbc_bare, aes_gcm, chacha20, mac_is, salted, twofish_cbc_bare, xchacha20_poly1305,
};
pub(super) use kdf::{Hash, Kdf, hkdf_expand, sha256};
pub(super) use secretstream::open as secretstream;
pub(super) use sqlcipher::{PAGE as SQLCIPHER_PAGE, open as sqlcipher};
pub(super) use tries::{with_costly_passphrase, with_passphrase};

/// A key of 256 bits.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// Plain bytes.
pub(super) type Plain = Zeroizing<Vec<u8>>;

/// Base64 in either alphabet, with or without padding and spaces.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let bare: Zeroizing<Vec<u8>> = Zeroizing::new(
        text.bytes()
            .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => other,
            })
            .collect(),
    );
    BASE64_LENIENT.decode(&bare).ok()
}

/// The bytes of a text that is nothing but base64 of whole blocks of AES: of several apps the whole file is that.
pub(super) fn base64_blocks(source: &Source<'_>) -> Option<Vec<u8>> {
    let text = source.text()?.trim();
    let has = |kind: fn(&u8) -> bool| text.bytes().any(|byte| kind(&byte));
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    let fits = text.len() <= MAX_BLOCKS_TEXT && mixed;
    let blocks = fits.then(|| base64(text)).flatten()?;
    (blocks.len() >= 48 && blocks.len() % 16 == 0).then_some(blocks)
}

/// Files of these apps are small; they are held until all others were read.
const MAX_BLOCKS_TEXT: usize = 1 << 20;

static BASE64_LENIENT: std::sync::LazyLock<data_encoding::Encoding> = std::sync::LazyLock::new(|| {
    let mut specification = data_encoding::BASE64_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().expect("base64 without a check of its last bits is an encoding")
});

/// Bytes of a known number out of base64.
pub(super) fn base64_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    base64(text)?.try_into().ok()
}

/// Bytes out of hex.
pub(super) fn hex(text: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}
