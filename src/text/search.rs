//! Text folded for search, and whether all words of a search are found. Ranking lives with the lists.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use super::safe::is_hidden;

/// `text` without case, accents, width and invisible characters: what a search compares.
///
/// NFKD without the marks that sit on a letter, then full case folding, so that `ß` is `ss`. Letters with a
/// stroke, which Unicode does not take apart, are taken as their plain letter. Vowel signs that are letters
/// of their own (Devanagari, Thai) stay. A second fold changes nothing.
///
/// ```
/// use sesam::text::fold;
/// assert_eq!(fold("Straße"), "strasse");
/// assert_eq!(fold("Ｇｉｔ Crédit Łódź"), "git credit lodz");
/// ```
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let letters = text.nfkd().filter(|&c| canonical_combining_class(c) == 0 && !is_hidden(c));
    // Lower, upper, lower: `ẞ` reaches `ss` only by way of `ß` and `SS`.
    let folded =
        letters.flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    Cow::Owned(folded.filter(|&c| canonical_combining_class(c) == 0).map(without_stroke).collect())
}

/// Is every word found in at least one haystack? No words are always found.
///
/// `folded_words` have been through [`fold`]; the haystacks are as they are stored.
///
/// ```
/// use sesam::text::words_match;
/// assert!(words_match(&["GitHub", "hugo@example.com"], &["hugo", "git"]));
/// assert!(!words_match(&["GitHub", "hugo@example.com"], &["hugo", "lab"]));
/// ```
pub fn words_match<W: AsRef<str>>(haystacks: &[&str], folded_words: &[W]) -> bool {
    folded_words.iter().all(|word| haystacks.iter().any(|haystack| holds(haystack, word.as_ref())))
}

/// No copy is made of an ASCII haystack: this runs over every account of the vault at each key.
fn holds(haystack: &str, folded_word: &str) -> bool {
    if folded_word.is_empty() {
        return true;
    }
    if !haystack.is_ascii() {
        return fold(haystack).contains(folded_word);
    }
    let word = folded_word.as_bytes();
    haystack.as_bytes().windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

fn fold_ascii(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Borrowed(text)
}

fn without_stroke(letter: char) -> char {
    match letter {
        'đ' | 'ð' => 'd',
        'ħ' => 'h',
        'ł' => 'l',
        'ø' => 'o',
        'ŧ' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_case_accents_and_width() {
        let table = [
            ("GITHUB", "github"),
            ("ＧｉｔＨｕｂ", "github"),
            ("Crédit Agricole", "credit agricole"),
            ("GROẞE Straße", "grosse strasse"),
            ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
            ("İstanbul ısı", "istanbul isi"),
            ("ﬁrst", "first"),
            ("ｶﾞ", "カ"),
            ("Git\u{200B}Hub", "github"),
            ("Ørsted", "orsted"),
        ];
        for (raw, folded) in table {
            assert_eq!(fold(raw), folded, "{raw}");
        }
    }

    #[test]
    fn lower_case_ascii_is_not_copied() {
        assert!(matches!(fold("github 2"), Cow::Borrowed(_)));
    }

    #[test]
    fn words_match_in_any_order_and_any_haystack() {
        let account = ["Crédit Mutuel", "Hugo@Example.com", "#work"];
        assert!(words_match(&account, &["example", "credit"]));
        assert!(words_match::<&str>(&account, &[]));
        assert!(words_match(&account, &[""]));
        assert!(!words_match(&account, &["é"]), "words come folded");
        assert!(!words_match(&["ab"], &["abc"]));
        assert!(!words_match::<&str>(&[], &["a"]));
    }

    proptest! {
        #[test]
        fn a_second_fold_changes_nothing(text: String) {
            let once = fold(&text).into_owned();
            prop_assert_eq!(fold(&once), once.as_str());
        }

        #[test]
        fn a_text_is_found_by_its_own_words(text in "\\PC{1,20}") {
            let folded = fold(&text);
            let words: Vec<&str> = folded.split_whitespace().collect();
            prop_assert!(words_match(&[&text], &words));
        }
    }
}
