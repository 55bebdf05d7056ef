//! The known name that is nearest to a mistyped one.

use std::fmt;

use super::keys::{KEYS, SECTIONS, SERVER_KEYS};

/// A proposal, if any is near enough. Shown as `, did you mean lock.after?` or as nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest(pub Option<&'static str>);

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |name| write!(f, ", did you mean {name}?"))
    }
}

impl Nearest {
    /// The nearest of all keys and sections; also a right key in the wrong section.
    pub(super) fn to_key(typed: &str) -> Self {
        Self::among(typed, KEYS.iter().map(|key| key.name).chain(SECTIONS))
    }

    /// The nearest key of a server.
    pub(super) fn to_server_key(typed: &str) -> Self {
        Self::among(typed, SERVER_KEYS.iter().map(|key| key.name))
    }

    fn among(typed: &str, known: impl Iterator<Item = &'static str>) -> Self {
        if typed.chars().count() > LONGEST_TYPED {
            return Self(None);
        }
        let allowed = (last_part(typed).chars().count() / 3).clamp(1, 3);
        let near = known.map(|name| (steps_between(typed, name), name)).min();
        Self(near.filter(|(steps, _)| *steps <= allowed).map(|(_, name)| name))
    }
}

/// Steps between whole names, or between their last parts and one for the other section.
fn steps_between(typed: &str, name: &str) -> usize {
    distance(typed, name).min(distance(last_part(typed), last_part(name)) + 1)
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = vec![0; b.len() + 1];
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            next[j] = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

/// In characters. What is longer is no slip of the finger, and comparing it would cost.
const LONGEST_TYPED: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_understood() {
        for (typed, meant) in [
            ("vualt", Some("vault")),
            ("lock.aftre", Some("lock.after")),
            ("after", Some("lock.after")),
            ("ui.clear_after", Some("copy.clear_after")),
            ("codes.favorites_first", Some("codes.favourites_first")),
            ("x", None),
            ("clipboard_clear_seconds", None),
            ("", None),
        ] {
            assert_eq!(Nearest::to_key(typed), Nearest(meant), "{typed}");
        }
        assert_eq!(Nearest::to_server_key("readonly"), Nearest(Some("read_only")));
    }

    #[test]
    fn distances() {
        for (a, b, steps) in [("", "", 0), ("ab", "ba", 1), ("kitten", "sitting", 3), ("abc", "", 3)] {
            assert_eq!(distance(a, b), steps, "{a} {b}");
        }
    }
}
