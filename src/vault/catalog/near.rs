//! What was perhaps meant by a search that finds nothing.

use super::laid_out::Catalog;
use crate::text::fold;

/// Longer texts are no slips of the finger.
const LONGEST: usize = 32;

impl Catalog {
    /// The account among those given whose issuer is nearest to what was typed, if any is near.
    pub fn nearest(&self, typed: &str, among: &[u32]) -> Option<usize> {
        let typed: Vec<char> = fold(typed.trim()).chars().take(LONGEST + 1).collect();
        if typed.len() < 2 || typed.len() > LONGEST {
            return None;
        }
        let scored =
            among.iter().filter_map(|at| Some((steps(&typed, self.index.issuer(*at as usize))?, *at)));
        scored.min().map(|(_, at)| at as usize)
    }
}

/// The letters to change, or the letters left out where nothing else is wrong; `None` when it is too far.
fn steps(typed: &[char], name: &str) -> Option<usize> {
    let name: Vec<char> = name.chars().take(LONGEST).collect();
    let mut rest = name.iter();
    let left_out = typed.iter().all(|char| rest.any(|own| own == char));
    if left_out && name.first() == typed.first() {
        return Some(name.len() - typed.len());
    }
    let limit = (typed.len() / 3).clamp(1, 3);
    (name.len().abs_diff(typed.len()) <= limit)
        .then(|| distance(typed, &name))
        .filter(|steps| *steps <= limit)
}

/// Letters to insert, delete or replace (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, own) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = corner + usize::from(own != other);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let near = |typed: &str, name: &str| steps(&typed.chars().collect::<Vec<_>>(), name);
        assert_eq!(near("gthub", "github"), Some(1));
        assert_eq!(near("gihtub", "github"), Some(2));
        assert_eq!(near("githib", "github"), Some(1));
        assert_eq!(near("zzz", "github"), None);
    }
}
