//! All names in one folded text, row behind row, so that a word is found in all of them at once.

use memchr::memmem;

use crate::text::fold;

/// Before each part of a row.
const PART: char = '\u{1f}';
/// Before the initials of a row.
pub(super) const INITIALS: char = '\u{1e}';

/// Folded names of all rows, one behind the other.
#[derive(Default)]
pub(super) struct Index {
    text: String,
    starts: Vec<u32>,
}

impl Index {
    /// Adds a row: issuer, account, tags, note.
    pub(super) fn push(&mut self, parts: [&str; 4]) {
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        for part in parts {
            self.text.push(PART);
            self.text.push_str(&fold(part));
        }
        self.text.push(INITIALS);
        push_initials(&mut self.text, parts[0]);
    }

    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    /// The whole row.
    pub(super) fn row(&self, at: usize) -> &str {
        let end = self.starts.get(at + 1).map_or(self.text.len(), |end| *end as usize);
        &self.text[self.starts[at] as usize..end]
    }

    /// The issuer of a row, folded.
    pub(super) fn issuer(&self, at: usize) -> &str {
        self.row(at)[1..].split(PART).next().unwrap_or_default()
    }

    /// Calls back with each row that holds the needle, once and in order.
    pub(super) fn rows_with(&self, needle: &str, mut each: impl FnMut(usize)) {
        let finder = memmem::Finder::new(needle.as_bytes());
        let (mut at, mut row) = (0, 0);
        while let Some(found) = finder.find(&self.text.as_bytes()[at..]).map(|found| at + found) {
            row += self.starts[row..].partition_point(|start| (*start as usize) <= found) - 1;
            each(row);
            row += 1;
            let Some(next) = self.starts.get(row) else { return };
            at = *next as usize;
        }
    }
}

/// The first letter of each word, and each capital behind a small letter: `gh` for GitHub.
fn push_initials(text: &mut String, name: &str) {
    let mut before = ' ';
    for char in name.chars() {
        let is_hump = char.is_uppercase() && before.is_lowercase();
        if char.is_alphanumeric() && (is_hump || !before.is_alphanumeric()) {
            let mut buffer = [0; 4];
            text.push_str(&fold(char.encode_utf8(&mut buffer)));
        }
        before = char;
    }
}
