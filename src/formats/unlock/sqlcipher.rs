//! Databases of `SQLCipher` 3, page by page: each is encrypted under a nonce of its own (AES-256-CBC) and bears a tag
//! (HMAC-SHA1), both in the bytes that it reserves at its end.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::{
    Key, Plain,
    cipher::aes_cbc_bare,
    kdf::{Hash, Kdf},
};
use crate::formats::FormatError;

/// The size of a page in this version.
pub(crate) const PAGE: usize = 1024;

/// A sealed database, plain; `None` for a wrong passphrase. The first page tells: a tag of another that does not fit
/// is damage.
pub(crate) fn open(
    file: &[u8],
    passphrase: &str,
    format: &'static str,
) -> Result<Option<Plain>, FormatError> {
    let Some((salt, _)) = file.split_at_checked(SALT) else { return Ok(None) };
    let key = Kdf::pbkdf2(Hash::Sha1, 64_000)?.key(passphrase, salt)?;
    let mask: Vec<u8> = salt.iter().map(|byte| byte ^ 0x3a).collect();
    let tag_key = Kdf::pbkdf2(Hash::Sha1, 2)?.key(key.as_slice(), &mask)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
    for (number, page) in (1_u32..).zip(file.chunks_exact(PAGE)) {
        let start = if number == 1 { SALT } else { 0 };
        match opened(&page[start..], number, [&key, &tag_key]) {
            None if number == 1 => return Ok(None),
            None => return Err(FormatError::damaged(format, "one of its pages was changed")),
            Some(inside) => {
                plain.extend_from_slice(if number == 1 { MAGIC } else { b"" });
                plain.extend_from_slice(&inside);
                plain.extend_from_slice(&[0; RESERVED]);
            }
        }
    }
    Ok(Some(plain))
}

fn opened(page: &[u8], number: u32, [key, tag_key]: [&Key; 2]) -> Option<Plain> {
    let (message, reserved) = page.split_at_checked(page.len().checked_sub(RESERVED)?)?;
    let (iv, rest) = reserved.split_first_chunk()?;
    let mut mac = Hmac::<Sha1>::new_from_slice(tag_key.as_slice()).ok()?;
    for part in [message, iv, &number.to_le_bytes()] {
        mac.update(part);
    }
    mac.verify_slice(rest.get(..TAG)?).ok()?;
    aes_cbc_bare(key, iv, message)
}

const MAGIC: &[u8] = b"SQLite format 3\0";
const SALT: usize = 16;
const TAG: usize = 20;
const RESERVED: usize = 48;
