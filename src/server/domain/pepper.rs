//! A keyed digest for codes that are too short for a hash: who has the database alone cannot try them out.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::typed::Typed;

/// A key that lies outside the database.
#[derive(Clone)]
pub struct Pepper(Zeroizing<[u8; 32]>);

/// What is stored of a short code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CodeDigest(pub [u8; 32]);

impl Pepper {
    /// From the bytes of the key.
    pub fn new(key: [u8; 32]) -> Self {
        Self(Zeroizing::new(key))
    }

    /// The digest of a code that is for one purpose and one user.
    pub fn digest(&self, purpose: &str, user: &str, code: &Typed) -> CodeDigest {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_slice()).expect("HMAC takes any key");
        for part in [purpose, user, code.as_str()] {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part.as_bytes());
        }
        CodeDigest(mac.finalize().into_bytes().into())
    }
}

impl CodeDigest {
    /// Compares in constant time.
    pub fn matches(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for CodeDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeDigest(..)")
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(..)")
    }
}

/// A number of `digits` decimal digits from eight random bytes, filled up with zeros. The bias is below 2^-33.
pub fn digits_of(random: [u8; 8], digits: u32) -> Zeroizing<String> {
    let number = u64::from_be_bytes(random) % 10_u64.pow(digits);
    Zeroizing::new(format!("{number:0width$}", width = digits as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_belongs_to_its_key_purpose_user_and_code() {
        let code = Typed::parse("123456").unwrap();
        let own = Pepper::new([1; 32]).digest("mail", "u1", &code);
        let others = [
            Pepper::new([2; 32]).digest("mail", "u1", &code),
            Pepper::new([1; 32]).digest("mailu", "1", &code),
            Pepper::new([1; 32]).digest("mail", "u2", &code),
            Pepper::new([1; 32]).digest("mail", "u1", &Typed::parse("123457").unwrap()),
        ];
        assert!(others.iter().all(|other| !bool::from(own.matches(other))));
        assert!(bool::from(own.matches(&Pepper::new([1; 32]).digest("mail", "u1", &code))));
    }

    #[test]
    fn digits_keep_leading_zeros() {
        assert_eq!(digits_of([0; 8], 6).as_str(), "000000");
        assert_eq!(digits_of([0, 0, 0, 0, 0, 0, 0, 42], 8).as_str(), "00000042");
        assert_eq!(digits_of([255; 8], 6).len(), 6);
    }
}
