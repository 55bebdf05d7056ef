//! The settings while their sources are read. Which source says what is in `load` and `load_servers`.

use std::collections::BTreeMap;

use super::entry::Entry;
use super::kind::Kind;
use super::loaded::Loaded;
use super::nearest::Nearest;
use super::origin::Origin;
use super::warning::Warning;

/// What the sources read so far make of the settings.
#[derive(Default)]
pub(super) struct Draft {
    /// The settings, where each comes from, and what was passed over.
    pub(super) loaded: Loaded,
    /// Server → where it was first named.
    pub(super) servers: BTreeMap<String, Origin>,
}

impl Draft {
    pub(super) fn note(&mut self, name: String, written: String, origin: Origin) {
        self.loaded.set.insert(name, (written, origin));
    }

    pub(super) fn wrong(&mut self, name: &str, kind: Kind, (kept, origin): (&str, Origin)) {
        let kept = self.loaded.set.get(name).map_or(kept, |(value, _)| value).to_owned();
        self.warn(Warning::Value { origin, key: name.to_owned(), expected: kind.expected(), kept });
    }

    pub(super) fn not_a_table(&mut self, entry: Entry<'_>) {
        let expected = format!("a table: [{}]", entry.name);
        let kept = "its defaults".to_owned();
        self.warn(Warning::Value { origin: entry.origin, key: entry.name, expected, kept });
    }

    pub(super) fn warn(&mut self, warning: Warning) {
        self.loaded.warnings.push(warning);
    }

    /// A file full of unknown keys gets no more proposals after a while: comparing costs.
    pub(super) fn nearest(&self, find: impl Fn() -> Nearest) -> Nearest {
        if self.loaded.warnings.len() < MOST_PROPOSALS { find() } else { Nearest(None) }
    }
}

const MOST_PROPOSALS: usize = 100;
