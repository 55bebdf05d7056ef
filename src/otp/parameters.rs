//! The numbers of a one-time password, each in a type that holds only values in range.

use std::{fmt, str::FromStr};

use super::OtpError;

/// The length of a code: 5 to 10. RFC 4226 asks for 6 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digits(u8);

impl Digits {
    /// The length, or [`OtpError::DigitsOutOfRange`].
    pub fn new(count: u8) -> Result<Self, OtpError> {
        if (5..=10).contains(&count) { Ok(Self(count)) } else { Err(OtpError::DigitsOutOfRange) }
    }

    /// The length in characters.
    pub fn count(self) -> u8 {
        self.0
    }

    pub(super) const FIVE: Self = Self(5);
    pub(super) const EIGHT: Self = Self(8);
}

impl Default for Digits {
    fn default() -> Self {
        Self(6)
    }
}

impl FromStr for Digits {
    type Err = OtpError;

    fn from_str(text: &str) -> Result<Self, OtpError> {
        let count = whole_number(text).and_then(|n| u8::try_from(n).ok());
        Self::new(count.ok_or(OtpError::DigitsOutOfRange)?)
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The time step X in seconds: 1 to 86,400 (a day).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period(u32);

impl Period {
    /// The time step, or [`OtpError::PeriodOutOfRange`].
    pub fn new(seconds: u32) -> Result<Self, OtpError> {
        if (1..=86_400).contains(&seconds) { Ok(Self(seconds)) } else { Err(OtpError::PeriodOutOfRange) }
    }

    /// The time step in seconds, never 0.
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// The number of whole steps since 1970 (T in RFC 6238).
    pub(super) fn step(self, unix_seconds: u64) -> u64 {
        unix_seconds / u64::from(self.0)
    }

    pub(super) const TEN_SECONDS: Self = Self(10);
}

impl Default for Period {
    fn default() -> Self {
        Self(30)
    }
}

impl FromStr for Period {
    type Err = OtpError;

    fn from_str(text: &str) -> Result<Self, OtpError> {
        let seconds = whole_number(text).and_then(|n| u32::try_from(n).ok());
        Self::new(seconds.ok_or(OtpError::PeriodOutOfRange)?)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The moving factor of HOTP: 0 to 2^63-1, so that it also fits a signed column and a TOML integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counter(u64);

impl Counter {
    /// The counter, or [`OtpError::CounterOutOfRange`].
    pub fn new(value: u64) -> Result<Self, OtpError> {
        if value <= i64::MAX.unsigned_abs() { Ok(Self(value)) } else { Err(OtpError::CounterOutOfRange) }
    }

    /// The moving factor.
    pub fn value(self) -> u64 {
        self.0
    }

    /// The counter after this one, or [`OtpError::CounterSpent`] at the end: it never starts again.
    pub fn next(self) -> Result<Self, OtpError> {
        Self::new(self.0 + 1).map_err(|_| OtpError::CounterSpent)
    }
}

impl FromStr for Counter {
    type Err = OtpError;

    fn from_str(text: &str) -> Result<Self, OtpError> {
        Self::new(whole_number(text).ok_or(OtpError::CounterOutOfRange)?)
    }
}

impl fmt::Display for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Decimal digits alone: `u64::from_str` would take a `+` as well.
fn whole_number(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_five_to_ten() {
        for text in ["5", "6", "08", "10"] {
            assert!(text.parse::<Digits>().is_ok(), "{text}");
        }
        for text in ["", "0", "-1", "+6", "4", "11", "256", "262", "6.0", "six"] {
            assert_eq!(text.parse::<Digits>(), Err(OtpError::DigitsOutOfRange), "{text}");
        }
    }

    #[test]
    fn a_period_is_a_second_to_a_day() {
        for text in ["1", "15", "30", "86400"] {
            assert!(text.parse::<Period>().is_ok(), "{text}");
        }
        for text in ["", "0", "-30", "30.5", "86401", "4294967326", "18446744073709551615"] {
            assert_eq!(text.parse::<Period>(), Err(OtpError::PeriodOutOfRange), "{text}");
        }
    }

    #[test]
    fn a_counter_ends_at_two_to_the_63_and_never_wraps() {
        let last: Counter = "9223372036854775807".parse().unwrap();
        assert_eq!(last.next(), Err(OtpError::CounterSpent));
        assert_eq!(Counter::default().next().unwrap().value(), 1);
        for text in ["", "-1", "9223372036854775808", "18446744073709551615", "99999999999999999999"] {
            assert_eq!(text.parse::<Counter>(), Err(OtpError::CounterOutOfRange), "{text}");
        }
    }
}
