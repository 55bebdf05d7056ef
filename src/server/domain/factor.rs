//! The ways to do the second step, and the set of those that an application has switched on.

use std::fmt;

/// One way to do the second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// A one-time code of a bound authenticator or a hardware token: TOTP, HOTP.
    Otp,
    /// A code sent by e-mail. No authenticator in the sense of NIST SP 800-63B.
    Email,
    /// A code sent by SMS: a restricted authenticator in the sense of NIST SP 800-63B.
    Sms,
    /// One of ten codes on a sheet of paper.
    Recovery,
    /// A one-time code that an administrator issued.
    Passcode,
}

impl Factor {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Otp, Self::Email, Self::Sms, Self::Recovery, Self::Passcode];

    /// Those that an application switches on and off.
    pub const SWITCHABLE: [Self; 3] = [Self::Otp, Self::Email, Self::Sms];

    /// The word in the API and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Recovery => "recovery",
            Self::Passcode => "passcode",
        }
    }

    /// The factor of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.word() == word)
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A set of factors.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Factors(u8);

impl Factors {
    /// No factor.
    pub const NONE: Self = Self(0);

    /// Whether it is among them.
    pub fn has(self, factor: Factor) -> bool {
        self.0 & factor.bit() != 0
    }

    /// The set with it, or without it.
    #[must_use]
    pub fn with(self, factor: Factor, on: bool) -> Self {
        if on { Self(self.0 | factor.bit()) } else { Self(self.0 & !factor.bit()) }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of [`Factor::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Factor> {
        Factor::ALL.into_iter().filter(move |factor| self.has(*factor))
    }
}

impl FromIterator<Factor> for Factors {
    fn from_iter<I: IntoIterator<Item = Factor>>(factors: I) -> Self {
        factors.into_iter().fold(Self::NONE, |set, factor| set.with(factor, true))
    }
}

impl fmt::Debug for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reads_as_its_factor() {
        for factor in Factor::ALL {
            assert_eq!(Factor::from_word(factor.word()), Some(factor));
        }
        assert_eq!(Factor::from_word("OTP"), None);
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: Factors = [Factor::Sms, Factor::Otp].into_iter().collect();
        assert!(set.has(Factor::Otp) && set.has(Factor::Sms) && !set.has(Factor::Email));
        assert_eq!(set.iter().collect::<Vec<_>>(), [Factor::Otp, Factor::Sms]);
        assert_eq!(format!("{:?}", set.with(Factor::Sms, false)), "{Otp}");
        assert!(set.with(Factor::Otp, false).with(Factor::Sms, false).is_empty());
    }
}
