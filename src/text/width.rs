//! How many columns a text takes, and cutting and padding to columns. What may be shown is in `safe`.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{is_plain, safe};

/// The columns that `text` takes in a terminal, grapheme by grapheme.
///
/// ```
/// use sesam::text::width;
/// assert_eq!(width("GitHub"), 6);
/// assert_eq!(width("银行"), 4);
/// ```
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    if is_plain(text) {
        return text.chars().count();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// `text` made [`safe`] and, if it takes more than `columns`, cut between graphemes and ended with `…`.
///
/// ```
/// use sesam::text::safe_cut;
/// assert_eq!(safe_cut("GitHub", 6), "GitHub");
/// assert_eq!(safe_cut("GitHub Enterprise", 8), "GitHub …");
/// ```
pub fn safe_cut(text: &str, columns: usize) -> String {
    let safe = safe(text);
    if width(&safe) <= columns {
        return safe.into_owned();
    }
    let Some(room) = columns.checked_sub(1) else {
        return String::new();
    };
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in safe.graphemes(true) {
        used += width(grapheme);
        if used > room {
            break;
        }
        cut.push_str(grapheme);
    }
    cut.push('…');
    cut
}

/// Whether terminals disagree about the columns of a grapheme: joined emoji, emoji made by a variation selector, and
/// scripts that run from right to left.
pub fn is_uncertain(grapheme: &str) -> bool {
    !grapheme.is_ascii() && (grapheme.contains(['\u{200d}', '\u{fe0f}']) || super::is_right_to_left(grapheme))
}

/// `text` followed by spaces up to `columns`; a longer text stays whole.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    let mut padded = String::with_capacity(text.len() + missing);
    padded.push_str(text);
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization as _;

    use super::*;

    #[test]
    fn plain_symbols_are_safe_and_one_column_wide() {
        for char in ('\0'..='\u{2fff}').filter(|char| is_plain(&char.to_string())) {
            let text = format!("a{char}b{char}");
            let slow: usize = text.graphemes(true).map(UnicodeWidthStr::width).sum();
            assert_eq!((width(&text), slow), (4, 4), "{char}");
            assert_eq!(text.graphemes(true).count(), 4, "{char}");
            assert!(text.nfc().eq(text.chars()) && !super::super::safe::is_hidden(char), "{char}");
        }
    }

    #[test]
    fn a_family_is_two_columns_wide() {
        assert_eq!(width("👨‍👩‍👧‍👦"), 2);
        assert_eq!(width("e\u{301}"), 1);
    }

    #[test]
    fn cuts_by_columns_and_never_inside_a_grapheme() {
        assert_eq!(safe_cut("银行银行", 6), "银行…");
        assert_eq!(safe_cut("银行银行", 4), "银…");
        assert_eq!(safe_cut("a👨‍👩‍👧‍👦b", 2), "a…");
        assert_eq!(safe_cut("q\u{301}q\u{301}q\u{301}", 2), "q\u{301}…");
    }

    #[test]
    fn the_smallest_rooms() {
        assert_eq!(safe_cut("ab", 0), "");
        assert_eq!(safe_cut("", 0), "");
        assert_eq!(safe_cut("ab", 1), "…");
        assert_eq!(safe_cut("a", 1), "a");
    }

    #[test]
    fn pads_by_columns() {
        assert_eq!(pad("银行", 6), "银行  ");
        assert_eq!(pad("long", 2), "long");
    }

    proptest! {
        #[test]
        fn fits_and_is_safe(text: String, columns in 0_usize..40) {
            let cut = safe_cut(&text, columns);
            prop_assert!(width(&cut) <= columns);
            prop_assert_eq!(safe(&cut), cut.as_str());
            prop_assert_eq!(width(&pad(&cut, columns)), columns);
        }
    }
}
