//! What is allowed but worth a word.

use std::fmt;

use super::{Digits, Kind, Otp};

/// A property below what RFC 4226 asks for, or outside of what apps agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weakness {
    /// Fewer than 6 digits are quickly guessed; more than 8 few apps show.
    Digits(Digits),
    /// Below the 128 bits of RFC 4226, section 4 (R6); holds the length in bytes.
    ShortSecret(usize),
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digits(digits) => write!(f, "codes have {digits} digits, usual are 6 to 8"),
            Self::ShortSecret(1) => f.write_str("secret has 1 byte, the standard asks for 16"),
            Self::ShortSecret(bytes) => write!(f, "secret has {bytes} bytes, the standard asks for 16"),
        }
    }
}

impl Otp {
    /// What makes these codes easier to guess, or harder to move to another app, than they should be.
    ///
    /// mOTP secrets have 8 bytes and Steam codes 5 characters by design: no word about those.
    pub fn weaknesses(&self) -> Vec<Weakness> {
        let mut found = Vec::new();
        let bytes = self.secret.expose().len();
        if bytes < 16 && !matches!(self.kind, Kind::Motp { .. }) {
            found.push(Weakness::ShortSecret(bytes));
        }
        if !(6..=8).contains(&self.digits.count()) && self.kind != Kind::Steam {
            found.push(Weakness::Digits(self.digits));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Secret;

    #[test]
    fn names_short_secrets_and_unusual_lengths() {
        let mut otp = Otp::totp(Secret::new(vec![1; 10]).unwrap());
        otp.digits = Digits::new(5).unwrap();
        let said: Vec<String> = otp.weaknesses().iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            ["secret has 10 bytes, the standard asks for 16", "codes have 5 digits, usual are 6 to 8"]
        );
    }

    #[test]
    fn says_nothing_about_what_is_so_by_design() {
        let eight = || Secret::new(vec![1; 8]).unwrap();
        assert_eq!(Otp::new(Kind::Motp { pin: None }, eight()).weaknesses(), []);
        assert_eq!(Otp::new(Kind::Steam, Secret::new(vec![1; 20]).unwrap()).weaknesses(), []);
        assert_eq!(Otp::totp(Secret::new(vec![1; 16]).unwrap()).weaknesses(), []);
    }
}
