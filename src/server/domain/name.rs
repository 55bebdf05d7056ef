//! The name of a user: one rule of spelling, so that all spellings of a name are one row and one counter.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// A name as it was written, and the key under which all its spellings are one.
///
/// Spellings that are one: any case (`ß` and `SS` too), full-width letters and other forms that Unicode calls
/// compatible (NFKC), blanks around it, several blanks in it. Accents stay: `jose` and `josé` are two people.
/// What cannot be seen is refused, not dropped: it would make two names look like one.
///
/// ```
/// use sesam::server::domain::name::UserName;
/// let one = UserName::parse("Hugo@Example.com")?;
/// assert_eq!(one.key(), UserName::parse(" ＨＵＧＯ@example.COM ")?.key());
/// # Ok::<(), sesam::server::domain::name::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName {
    shown: String,
    key: String,
}

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing but blanks.
    #[error("the name is empty")]
    Empty,
    /// A control character, or one that takes no place on a screen.
    #[error("the name has a character that cannot be seen")]
    Hidden,
    /// More than [`MAX_CHARACTERS`].
    #[error("the name has more than {MAX_CHARACTERS} characters")]
    TooLong,
}

impl UserName {
    /// Reads a name as somebody typed it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.len() > 4 * MAX_CHARACTERS {
            return Err(NameError::TooLong);
        }
        let shown = single_blanks(text);
        let key = single_blanks(&fold(&shown));
        if key.is_empty() {
            return Err(NameError::Empty);
        }
        if shown.chars().chain(key.chars()).any(is_hidden) {
            return Err(NameError::Hidden);
        }
        if shown.chars().count().max(key.chars().count()) > MAX_CHARACTERS {
            return Err(NameError::TooLong);
        }
        Ok(Self { shown, key })
    }

    /// As it was written, without blanks around it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What a row is found by.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// One rule of spelling for what is compared and looked for.
///
/// NFKC with full case folding between: `ẞ` reaches `ss` only by way of `ß` and `SS`, and folding may take
/// apart what NFKC had put together.
pub fn fold(text: &str) -> String {
    let once = |text: &str| -> String {
        let cased = text.nfkc().flat_map(char::to_lowercase).flat_map(char::to_uppercase);
        cased.flat_map(char::to_lowercase).nfkc().collect()
    };
    let mut folded = once(text);
    for _ in 0..4 {
        let again = once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

fn single_blanks(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split(char::is_whitespace).filter(|word| !word.is_empty()) {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

fn is_hidden(character: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, Unassigned};
    matches!(
        character.general_category(),
        Control | Format | LineSeparator | ParagraphSeparator | PrivateUse | Unassigned
    ) || matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}')
}

/// The longest name.
pub const MAX_CHARACTERS: usize = 128;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(text: &str) -> String {
        UserName::parse(text).unwrap().key
    }

    #[test]
    fn all_spellings_of_a_name_are_one() {
        for text in ["Alice", "ALICE", " alice ", "\u{ff21}lice", "\u{ff41}\u{ff4c}\u{ff49}ce", "\talice\n"] {
            assert_eq!(key(text), "alice", "{text:?}");
        }
        assert_eq!(key("Straße"), key("STRASSE"));
        assert_eq!(key("jose\u{301}"), key("JOSÉ"));
        assert_eq!(key("Hugo  \u{a0}Meier"), "hugo meier");
        assert_ne!(key("jose"), key("josé"));
        assert_ne!(key("al%"), key("alice"));
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        for text in ["ali\0ce", "a\u{1b}[31m", "a\u{200b}b", "a\u{202e}b", "\u{e0041}a", "a\u{7f}"] {
            assert_eq!(UserName::parse(text), Err(NameError::Hidden), "{text:?}");
        }
        assert_eq!(UserName::parse(" \u{3000}\n"), Err(NameError::Empty));
        assert_eq!(UserName::parse(&"a".repeat(129)), Err(NameError::TooLong));
        assert_eq!(UserName::parse(&"a".repeat(100_000)), Err(NameError::TooLong));
        assert_eq!(UserName::parse("Hugo").unwrap().to_string(), "Hugo");
    }

    proptest! {
        #[test]
        fn a_key_is_a_spelling_of_itself(text in "\\PC{0,40}") {
            if let Ok(name) = UserName::parse(&text) {
                prop_assert_eq!(UserName::parse(name.key()).map(|again| again.key), Ok(name.key.clone()));
                let upper: String = name.shown().to_uppercase();
                if let Ok(upper) = UserName::parse(&upper) {
                    prop_assert_eq!(upper.key, name.key);
                }
            }
        }
    }
}
