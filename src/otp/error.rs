//! What can be wrong with a secret or a parameter. Links have their own error, which wraps this one.

/// Why a one-time password cannot be made, or cannot give a code.
///
/// No text holds secret material but the one character that does not belong there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OtpError {
    /// Another algorithm than the three of RFC 6238.
    #[error("algorithm must be SHA1, SHA256 or SHA512")]
    AlgorithmUnknown,
    /// A counter above 2^63-1, or no whole number.
    #[error("counter must be a whole number from 0 to 9223372036854775807")]
    CounterOutOfRange,
    /// The last counter was used.
    #[error("counter is at its end, 9223372036854775807: there is no next code")]
    CounterSpent,
    /// A code length outside 5 to 10.
    #[error("digits must be a whole number from 5 to 10")]
    DigitsOutOfRange,
    /// A time step outside a second to a day.
    #[error("period must be a whole number of seconds from 1 to 86400")]
    PeriodOutOfRange,
    /// A PIN that nobody can type.
    #[error("PIN must be 1 to 64 printable characters")]
    PinInvalid,
    /// mOTP and Yandex codes need the PIN.
    #[error("PIN is missing")]
    PinMissing,
    /// Nothing is left once spaces, dashes and padding are gone.
    #[error("secret is empty")]
    SecretEmpty,
    /// A character outside A-Z and 2-7.
    #[error("secret is not base32: \"{}\" at place {place}", character.escape_debug())]
    SecretNotBase32 {
        /// The first one that does not belong there.
        character: char,
        /// Its place in the text as it was given, from 1.
        place: usize,
    },
    /// Not base64, in which some apps write it.
    #[error("secret is not base64")]
    SecretNotBase64,
    /// A character outside 0-9 and a-f.
    #[error("secret is not hex: \"{}\" at place {place}", character.escape_debug())]
    SecretNotHex {
        /// The first one that does not belong there.
        character: char,
        /// Its place in the text as it was given, from 1.
        place: usize,
    },
    /// Half a byte is left over.
    #[error("secret is not hex: it has an odd number of digits")]
    SecretOddHex,
    /// More than 512 bytes.
    #[error("secret must be 1 to 512 bytes long")]
    SecretTooLong,
    /// A Yandex key has 16 bytes.
    #[error("secret of a Yandex account must be 16 to 512 bytes long")]
    SecretTooShort,
}

impl OtpError {
    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::AlgorithmUnknown => Some("look up at the issuer which of the three it uses; most use SHA1"),
            Self::CounterSpent => Some("bind the account again at its issuer"),
            Self::PinMissing => Some("enter the PIN that belongs to this account"),
            Self::SecretEmpty => Some("copy the secret again from the issuer's page"),
            Self::SecretNotBase32 { character: '0' | '1' | '8' | '9', .. } => {
                Some("base32 has the letters A to Z and the digits 2 to 7; a 0, 1 or 8 may be an O, I or B")
            }
            Self::SecretNotBase32 { .. } => Some("base32 has the letters A to Z and the digits 2 to 7"),
            Self::SecretNotHex { .. } => Some("hex has the digits 0 to 9 and the letters a to f"),
            Self::SecretOddHex => Some("a digit is missing or too many: copy the secret again"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_field_and_shows_no_control_character() {
        let error = OtpError::SecretNotBase32 { character: '8', place: 5 };
        assert_eq!(error.to_string(), "secret is not base32: \"8\" at place 5");
        assert!(error.hint().is_some());
        for character in ['\u{1b}', '\u{202e}', '\0', '\u{9b}'] {
            let text = OtpError::SecretNotHex { character, place: 1 }.to_string();
            assert!(text.is_ascii() && !text.contains(char::is_control), "{text}");
        }
    }
}
