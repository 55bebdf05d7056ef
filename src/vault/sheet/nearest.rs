//! The word that was probably meant where one was mistyped.

use crate::words::{LONGEST, words};

/// The word that was probably meant: at most two letters away, rather one with the same first letter.
pub(super) fn nearest(word: &str) -> Option<&'static str> {
    if word.chars().count() > LONGEST + 2 {
        return None;
    }
    let rank = |other: &str| (distance(word, other), word.chars().next() != other.chars().next());
    let near = words().map(|other| (rank(other), other)).min_by_key(|(rank, _)| *rank);
    near.filter(|((distance, _), _)| *distance <= 2).map(|(_, other)| other)
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (above, a) in (1..).zip(one.chars()) {
        let mut diagonal = std::mem::replace(&mut row[0], above);
        for (at, b) in (1..).zip(other.chars()) {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[at];
            row[at] = replaced.min(row[at] + 1).min(row[at - 1] + 1);
        }
    }
    row[row.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_at_most_two_letters_away() {
        let cases = [("abacsu", Some("abacus")), ("zom", Some("zoom")), ("qqqqqq", None), ("", None)];
        for (typed, meant) in cases {
            assert_eq!(nearest(typed), meant, "{typed}");
        }
        assert_eq!(nearest(&"abacus".repeat(100_000)), None);
    }
}
