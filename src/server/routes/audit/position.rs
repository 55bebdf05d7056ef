//! Where a follower of the audit has come to: the last row that it has of every replica's chain. Pure.

use std::collections::BTreeMap;

use super::shown::{is_replica, number};

/// The last row of each chain; a chain that is not named has none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Position(pub(super) BTreeMap<String, i64>);

impl Position {
    /// As an id of an event: `a=12,b=7`; `-` is before everything.
    pub(super) fn write(&self) -> String {
        if self.0.is_empty() {
            return NOWHERE.to_owned();
        }
        let parts: Vec<String> = self.0.iter().map(|(replica, seq)| format!("{replica}={seq}")).collect();
        parts.join(",")
    }

    /// Reads an id; only what [`write`](Self::write) writes is taken.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text == NOWHERE {
            return Some(Self::default());
        }
        if text.len() > LONGEST {
            return None;
        }
        let mut chains = BTreeMap::new();
        for part in text.split(',') {
            let (replica, seq) = part.split_once('=')?;
            let replica = Some(replica).filter(|name| is_replica(name))?;
            chains.insert(replica.to_owned(), number(seq)?);
        }
        // In order and each once, or it was not written here.
        let position = Self(chains);
        (position.write() == text).then_some(position)
    }

    /// Whether it lies within chains that end there.
    pub(super) fn is_within(&self, heads: &BTreeMap<String, i64>) -> bool {
        self.0.iter().all(|(replica, seq)| heads.get(replica).is_some_and(|head| seq <= head))
    }

    /// The last row of one chain; 0 before the first.
    pub(super) fn of(&self, replica: &str) -> i64 {
        self.0.get(replica).copied().unwrap_or(0)
    }

    /// Moves on in one chain.
    pub(super) fn pass(&mut self, replica: &str, seq: i64) {
        self.0.insert(replica.to_owned(), seq);
    }
}

const NOWHERE: &str = "-";
/// A hundred replicas with long names.
const LONGEST: usize = 5000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_comes_back_and_another_text_is_none() {
        for text in ["-", "main=0", "a=12,b=9223372036854775807"] {
            assert_eq!(Position::read(text).unwrap().write(), text);
        }
        let hostile = [
            "",
            ",",
            "a",
            "a=",
            "=1",
            "a=-1",
            "a=+1",
            "a=01",
            "a= 1",
            "A=1",
            "a=1,",
            "a=1,a=2",
            "b=1,a=1",
            "a=1;b=2",
            "a=9223372036854775808",
            "a=1\nb=2",
            "a=1,-",
        ];
        for text in hostile {
            assert_eq!(Position::read(text), None, "{text}");
        }
        assert_eq!(Position::read(&"a".repeat(5001)), None);
    }

    #[test]
    fn a_position_ahead_of_a_chain_or_of_no_chain_is_outside() {
        let heads = BTreeMap::from([("a".to_owned(), 5)]);
        let within = |text| Position::read(text).unwrap().is_within(&heads);
        assert!(within("-") && within("a=0") && within("a=5"));
        assert!(!within("a=6") && !within("b=0"));
    }
}
