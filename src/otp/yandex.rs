//! Yandex Key: HOTP with a key that the PIN completes, and letters instead of digits.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Algorithm, Code, OtpError, Period, Pin, Secret, hotp};

/// Eight letters, most significant first.
///
/// The first 16 bytes of the secret are the key; the ten more that Yandex issues hold the user's number, the
/// length of the PIN and a checksum.
pub(super) fn code(secret: &Secret, pin: &Pin, unix_seconds: u64) -> Result<Code, OtpError> {
    let hash = Sha256::new().chain_update(pin.expose()).chain_update(key(secret)?).finalize();
    let hash: Zeroizing<[u8; 32]> = Zeroizing::new(hash.into());
    // Yandex reads the hash as a number and writes it again, which loses one leading zero byte.
    let key = hash.strip_prefix(&[0]).unwrap_or(hash.as_slice());
    let tag = hotp::mac(Algorithm::Sha256, key, Period::default().step(unix_seconds));
    Ok(Code::new(letters(truncate(&tag))))
}

/// The 16 bytes that make the code.
///
/// # Errors
///
/// [`OtpError::SecretTooShort`].
pub(super) fn key(secret: &Secret) -> Result<&[u8; 16], OtpError> {
    secret.expose().first_chunk().ok_or(OtpError::SecretTooShort)
}

/// The length of the PIN, as the high bits of byte 24 of a full secret tell it.
pub(super) fn pin_length(secret: &Secret) -> Option<u8> {
    match secret.expose() {
        bytes if bytes.len() == 26 => Some((bytes[24] >> 4) + 1),
        _ => None,
    }
}

/// 63 bits from the offset on.
fn truncate(tag: &[u8]) -> u64 {
    let eight =
        tag[hotp::offset(tag)..].first_chunk().expect("offset is at most 15 and the tag has 32 bytes");
    u64::from_be_bytes(*eight) & 0x7fff_ffff_ffff_ffff
}

/// The number in base 26 with the digits a to z, the last eight of them.
fn letters(mut number: u64) -> String {
    let mut text = [b'a'; 8];
    for letter in text.iter_mut().rev() {
        *letter = b'a' + u8::try_from(number % 26).expect("a remainder of 26 is below 26");
        number /= 26;
    }
    text.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Kind, Otp};

    const VECTORS: [(&str, &str, u64, &str); 5] = [
        ("6SB2IKNM6OBZPAVBVTOHDKS4FAAAAAAADFUTQMBTRY", "5239", 1_641_559_648, "umozdicq"),
        ("LA2V6KMCGYMWWVEW64RNP3JA3IAAAAAAHTSG4HRZPI", "7586", 1_581_064_020, "oactmacq"),
        ("LA2V6KMCGYMWWVEW64RNP3JA3IAAAAAAHTSG4HRZPI", "7586", 1_581_090_810, "wemdwrix"),
        ("JBGSAU4G7IEZG6OY4UAXX62JU4AAAAAAHTSG4HXU3M", "5210481216086702", 1_581_091_469, "dfrpywob"),
        ("JBGSAU4G7IEZG6OY4UAXX62JU4AAAAAAHTSG4HXU3M", "5210481216086702", 1_581_093_059, "vunyprpd"),
    ];

    #[test]
    fn gives_what_yandex_key_gave() {
        for (secret, pin, time, code) in VECTORS {
            let secret = Secret::from_base32(secret).unwrap();
            assert_eq!(pin_length(&secret).map(usize::from), Some(pin.len()));
            let short = Secret::new(secret.expose()[..16].to_vec()).unwrap();
            for secret in [secret, short] {
                let otp = Otp::new(Kind::Yandex { pin: Some(Pin::new(pin).unwrap()) }, secret);
                assert_eq!(otp.code(time).unwrap().as_str(), code, "at {time}");
            }
        }
    }

    #[test]
    fn a_short_secret_is_an_error() {
        let kind = Kind::Yandex { pin: Some(Pin::new("1234").unwrap()) };
        let otp = Otp::new(kind, Secret::new(vec![1; 15]).unwrap());
        assert_eq!(otp.code(0), Err(OtpError::SecretTooShort));
    }
}
