//! The PIN of mOTP and Yandex accounts.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::OtpError;

/// What the user adds to the secret: 1 to 64 printable characters, as typed.
///
/// The apps ask for digits (4 for mOTP, 4 to 16 for Yandex), but a PIN is only ever hashed. Its memory is
/// cleared, `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// The PIN, or [`OtpError::PinInvalid`].
    pub fn new(text: &str) -> Result<Self, OtpError> {
        let printable = !text.contains(char::is_control);
        if printable && (1..=64).contains(&text.chars().count()) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(OtpError::PinInvalid)
        }
    }

    /// The PIN as typed.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Pin {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Pin {}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_1_to_64_printable_characters() {
        for text in ["1", "5210481216086702", "pässword", &"9".repeat(64)] {
            assert_eq!(Pin::new(text).unwrap().expose(), text);
        }
        for text in ["", "12\n", "1\0", &"9".repeat(65)] {
            assert_eq!(Pin::new(text), Err(OtpError::PinInvalid), "{text:?}");
        }
    }
}
