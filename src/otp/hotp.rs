//! HOTP (RFC 4226): the HMAC of a counter, and its truncation.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::{Algorithm, Code, Otp};

/// The code of a counter, 5 to 10 digits.
pub(super) fn code(otp: &Otp, counter: u64) -> Code {
    let tag = mac(otp.algorithm, otp.secret.expose(), counter);
    Code::from_number(truncate(&tag), otp.digits)
}

/// HMAC over the counter as 8 bytes, most significant first: 20, 32 or 64 bytes.
pub(super) fn mac(algorithm: Algorithm, key: &[u8], counter: u64) -> Zeroizing<Vec<u8>> {
    match algorithm {
        Algorithm::Sha1 => mac_with::<Hmac<Sha1>>(key, counter),
        Algorithm::Sha256 => mac_with::<Hmac<Sha256>>(key, counter),
        Algorithm::Sha512 => mac_with::<Hmac<Sha512>>(key, counter),
    }
}

/// The place where truncation begins: the low four bits of the last byte (RFC 4226, section 5.3).
pub(super) fn offset(tag: &[u8]) -> usize {
    tag.last().map_or(0, |last| usize::from(last & 0x0f))
}

fn mac_with<M: KeyInit + Mac>(key: &[u8], counter: u64) -> Zeroizing<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(&counter.to_be_bytes());
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

/// 31 bits from the offset on.
fn truncate(tag: &[u8]) -> u32 {
    let four =
        tag[offset(tag)..].first_chunk().expect("offset is at most 15 and the shortest tag has 20 bytes");
    u32::from_be_bytes(*four) & 0x7fff_ffff
}

#[cfg(test)]
mod tests {
    use crate::otp::{Counter, Digits, Kind, Otp, Secret};

    fn code(counter: u64, digits: u8) -> String {
        let kind = Kind::Hotp { counter: Counter::new(counter).unwrap() };
        let mut otp = Otp::new(kind, Secret::new(b"12345678901234567890".to_vec()).unwrap());
        otp.digits = Digits::new(digits).unwrap();
        otp.code(0).unwrap().as_str().to_owned()
    }

    /// RFC 4226, appendix D: the truncated decimal and the HOTP of counters 0 to 9.
    const APPENDIX_D: [(&str, &str); 10] = [
        ("1284755224", "755224"),
        ("1094287082", "287082"),
        ("0137359152", "359152"),
        ("1726969429", "969429"),
        ("1640338314", "338314"),
        ("0868254676", "254676"),
        ("1918287922", "287922"),
        ("0082162583", "162583"),
        ("0673399871", "399871"),
        ("0645520489", "520489"),
    ];

    #[test]
    fn rfc_4226_appendix_d() {
        for (counter, (decimal, hotp)) in (0..).zip(APPENDIX_D) {
            assert_eq!(code(counter, 6), hotp, "counter {counter}");
            assert_eq!(code(counter, 10), decimal, "counter {counter}");
        }
    }
}
