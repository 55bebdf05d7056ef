//! A code as somebody typed it: cleaned once, by one rule, and compared in constant time.

use std::fmt;

use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// What was typed where a code belongs: ASCII letters and digits, letters in upper case.
///
/// Blanks and dashes between them are people's, not the code's, and go: `492 039` is `492039`. Anything else
/// is no code. Digits of other scripts are not taken for digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed(Zeroizing<String>);

impl Typed {
    /// The code, or `None` for what can be none.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut code = Zeroizing::new(String::with_capacity(text.len()));
        for character in text.chars().filter(|c| !matches!(c, ' ' | '\t' | '-')) {
            if !character.is_ascii_alphanumeric() {
                return None;
            }
            code.push(character.to_ascii_uppercase());
        }
        (!code.is_empty()).then_some(Self(code))
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether all of it is decimal digits.
    pub fn is_number(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Compares in constant time; only lengths may be told apart.
    pub fn matches(&self, code: &str) -> Choice {
        self.0.as_bytes().ct_eq(code.as_bytes())
    }
}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed(..)")
    }
}

const MAX_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_dashes_are_no_part_of_a_code() {
        assert_eq!(Typed::parse(" 492 039\t").unwrap().as_str(), "492039");
        assert_eq!(Typed::parse("abcd-efgh").unwrap().as_str(), "ABCDEFGH");
        assert!(Typed::parse("492039").unwrap().is_number());
    }

    #[test]
    fn what_can_be_no_code_is_none() {
        for text in ["", "  ", "+92039", "492039\0", "٤٩٢٠٣٩", "4.2", "49\n2039", &"1".repeat(65)] {
            assert_eq!(Typed::parse(text), None, "{text:?}");
        }
        assert!(!format!("{:?}", Typed::parse("492039")).contains("49"));
    }
}
