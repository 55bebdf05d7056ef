//! The plain text of a vault on its way in: its seal checked, its blocks found.
//!
//! What the blocks are, and how a plain text is sealed, is `document`'s business.

use std::borrow::Cow;

use super::{
    document::{Block, Document, Head, SCHEMA, SEAL_LINE, damaged},
    error::VaultError,
    lines::Fields,
};
use crate::crypt::{Plain, mac::MacKey};

/// The longest name of a writer that is told, in characters.
const LONGEST_WRITER: usize = 64;

/// The plain text of a vault whose seal holds.
pub struct Opened {
    /// What stands before the first block.
    pub head: Head,
    plain: Plain,
    body_at: usize,
}

/// The beginning of a plain text as it stands there, its seal not yet checked.
pub(super) struct Start<'a> {
    /// The seal.
    pub(super) tag: &'a str,
    /// The vault's id, on which the key of the seal depends.
    pub(super) vault_id: String,
    /// Where the blocks begin.
    pub(super) body_at: usize,
    fields: Fields<'a>,
    schema: Option<i64>,
}

impl<'a> Start<'a> {
    /// Reads as much as the key of the seal needs.
    ///
    /// # Errors
    /// [`VaultError::Newer`]; [`VaultError::Forged`] or [`VaultError::Damaged`] when it is no vault at all.
    pub(super) fn read(plain: &'a [u8]) -> Result<Self, VaultError> {
        let (tag, sealed) = split_seal(plain).ok_or_else(forged)?;
        let end = memchr::memmem::find(sealed, b"\n[").map_or(sealed.len(), |at| at + 1);
        let text = std::str::from_utf8(&sealed[..end]).map_err(|_| damaged("it is not text"))?;
        let fields = Fields::new(text);
        let schema = fields.integer("schema").map_err(|error| damaged(&error.to_string()))?;
        let vault_id =
            fields.text_or_empty("vault_id").map_err(|error| damaged(&error.to_string()))?.into_owned();
        match schema {
            Some(schema) if schema > SCHEMA => Err(newer(fields, schema)),
            _ => Ok(Self { tag, vault_id, body_at: SEAL_LINE + end, fields, schema }),
        }
    }

    /// The whole head, which is worth something only under a seal that holds.
    pub(super) fn head(&self) -> Result<Head, VaultError> {
        match self.schema {
            Some(1..=SCHEMA) => Head::read(self.fields).map_err(|error| damaged(&error)),
            _ => Err(damaged("it names no schema")),
        }
    }
}

impl Opened {
    /// Checks schema and seal of a plain text.
    ///
    /// # Errors
    /// [`VaultError::Newer`], [`VaultError::Forged`], or [`VaultError::Damaged`] when it is no vault at all.
    pub fn new(plain: Plain, key: impl FnOnce(&str) -> MacKey) -> Result<Self, VaultError> {
        let start = Start::read(&plain)?;
        if !key(&start.vault_id).verify(&plain[SEAL_LINE..], start.tag) {
            return Err(forged());
        }
        let (head, body_at) = (start.head()?, start.body_at);
        std::str::from_utf8(&plain[body_at..]).map_err(|_| damaged("it is not text"))?;
        Ok(Self { head, plain, body_at })
    }

    /// The blocks of the accounts, without splitting the rest.
    pub fn accounts(&self) -> impl Iterator<Item = Fields<'_>> {
        blocks(self.body()).take_while(|(name, _)| *name == "[[accounts]]").map(|(_, text)| Fields::new(text))
    }

    /// Where each account's lines begin, and the lines.
    pub(super) fn account_places(&self) -> impl Iterator<Item = (usize, Fields<'_>)> {
        let body = self.body();
        let place = move |text: &str| text.as_ptr().addr() - body.as_ptr().addr();
        blocks(body)
            .take_while(|(name, _)| *name == "[[accounts]]")
            .map(move |(_, text)| (place(text), Fields::new(text)))
    }

    /// A part of what stands behind the head.
    pub(super) fn text_between(&self, begin: usize, end: usize) -> &str {
        let bytes = self.plain.get(self.body_at + begin..self.body_at + end).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The plain text, split into its blocks.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when two accounts bear the same id.
    pub fn document(&self) -> Result<Document<'_>, VaultError> {
        let mut document = Document::with_head(self.head.clone());
        for (name, text) in blocks(self.body()) {
            match name {
                "[[accounts]]" => document.accounts.push(Block::Read(text)),
                "[[trash]]" => document.trash.push(Block::Read(text)),
                "[[deleted]]" => document.deleted.push(Block::Read(text)),
                "[[journal]]" => document.journal.push(Block::Read(text)),
                other => document.other.push((other, text)),
            }
        }
        document.refuse_doubled_ids()?;
        Ok(document)
    }

    fn body(&self) -> &str {
        std::str::from_utf8(&self.plain[self.body_at..]).unwrap_or_default()
    }
}

fn split_seal(plain: &[u8]) -> Option<(&str, &[u8])> {
    let (line, sealed) = plain.split_at_checked(SEAL_LINE)?;
    let tag = line.strip_prefix(b"mac = \"")?.strip_suffix(b"\"\n")?;
    Some((std::str::from_utf8(tag).ok()?, sealed))
}

/// Each block's head and lines. No value spans lines, so a line that begins with `[` is a head.
fn blocks(body: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = memchr::memmem::rfind(body.as_bytes(), b"\n#").map_or(body, |at| &body[..=at]);
    let next_head = memchr::memmem::Finder::new("\n[");
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest.as_bytes()).filter(|_| rest.starts_with('['))?;
        let (head, after) = (&rest[..end], &rest[end + 1..]);
        let (text, next) = after.split_at(next_head.find(after.as_bytes()).map_or(after.len(), |at| at + 1));
        rest = next;
        Some((head, text.trim_end_matches('\n')))
    })
}

/// The seal of a later schema cannot be checked here, so anybody may have written this: the writer is named only
/// where the name is one.
fn newer(fields: Fields<'_>, schema: i64) -> VaultError {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-');
    let writer = fields.text_or_empty("writer").ok().filter(|writer| {
        (1..=LONGEST_WRITER).contains(&writer.len()) && writer.chars().all(plain) && writer.trim() == writer
    });
    let by = writer.map_or_else(|| format!("a later version (schema {schema})"), Cow::into_owned);
    VaultError::Newer { by }
}

/// Only who holds the identity can make a seal, so whatever else was encrypted to it came from somebody else.
pub(super) fn forged() -> VaultError {
    VaultError::Forged { advice: String::new() }
}
