//! Why what was typed makes no account, in the words of the form.

use super::{rows::Row, text};
use crate::otp::OtpError;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The row to go to.
    pub(super) row: Row,
    /// The sentence.
    pub(super) words: String,
    /// Whether nothing was typed yet: no fault before somebody wants to save.
    pub(super) is_missing: bool,
}

impl Fault {
    /// Something that is not there yet.
    pub(super) fn missing(row: Row, words: &str) -> Self {
        Self { row, words: words.to_owned(), is_missing: true }
    }

    /// Something that cannot be.
    pub(super) fn of(row: Row, error: &OtpError) -> Self {
        if *error == OtpError::SecretEmpty {
            return Self::missing(row, "The secret is missing: type or paste it.");
        }
        Self { row, words: words(error), is_missing: false }
    }
}

/// `Not base32: "8" at place 5. Did you mean B?`
fn words(error: &OtpError) -> String {
    let sentence = error.to_string();
    let mut words = text::capital(sentence.strip_prefix("secret is ").unwrap_or(&sentence));
    if let Some(meant) = meant(error) {
        words.push_str(". Did you mean ");
        words.push_str(meant);
        words.push('?');
    }
    words
}

/// The letter that somebody took for a digit.
fn meant(error: &OtpError) -> Option<&'static str> {
    match error {
        OtpError::SecretNotBase32 { character: '0', .. } => Some("O"),
        OtpError::SecretNotBase32 { character: '1', .. } => Some("I or L"),
        OtpError::SecretNotBase32 { character: '8', .. } => Some("B"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_what_was_perhaps_meant() {
        let words = |character| words(&OtpError::SecretNotBase32 { character, place: 5 });
        assert_eq!(words('8'), "Not base32: \"8\" at place 5. Did you mean B?");
        assert_eq!(words('!'), "Not base32: \"!\" at place 5");
        assert!(words('\u{202e}').is_ascii());
    }
}
