//! The entries of a table in a file, each with its full name and its place.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::origin::Origin;
use super::toml_text::Lines;

/// A value of a file with its full key and its place.
pub(super) struct Entry<'a> {
    /// The last part of the name.
    pub(super) own: &'a str,
    pub(super) name: String,
    pub(super) value: &'a DeValue<'a>,
    pub(super) origin: Origin,
}

/// The entries of a table as they stand in the file.
pub(super) fn entries<'a>(parent: &str, table: &'a DeTable<'a>, lines: &Lines<'_>) -> Vec<Entry<'a>> {
    let mut sorted: Vec<_> = table.iter().collect();
    sorted.sort_by_key(|(name, _)| name.span().start);
    let entry = |(name, value): (&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)| {
        let own = name.get_ref().as_ref();
        Entry {
            own,
            name: if parent.is_empty() { own.to_owned() } else { format!("{parent}.{own}") },
            value: value.get_ref(),
            origin: Origin::File(lines.place(name.span().start)),
        }
    };
    sorted.into_iter().map(entry).collect()
}
