//! The plain text of a vault as a whole: head, accounts, trash, tombstones, journal. Knows no file and no clock.
//!
//! Blocks that nobody touches are carried over as they stand, unknown keys included, so a save costs what changed
//! and a later version's additions survive. How a single account reads is `account`'s business.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    account::{Account, AccountId, push_line},
    error::VaultError,
    lines::{Fields, quoted, quoted_list},
};
use crate::crypt::{Plain, mac::MacKey};

/// The schema that this version writes, and the newest that it reads.
pub const SCHEMA: i64 = 1;
/// Sizes of vaults are multiples of this, so that a size does not tell the number of accounts.
const PADDING: usize = 4096;

/// A block of lines, as read from the vault or as written anew.
pub enum Block<'a> {
    /// Untouched text of the vault.
    Read(&'a str),
    /// Text of this process, wiped when dropped.
    Written(Zeroizing<String>),
}

impl Block<'_> {
    /// Its lines.
    pub fn fields(&self) -> Fields<'_> {
        Fields::new(self.text())
    }

    /// Its text.
    pub fn text(&self) -> &str {
        match self {
            Self::Read(text) => text,
            Self::Written(text) => text,
        }
    }

    /// The id in it, or an empty text.
    pub fn id(&self) -> &str {
        self.fields().raw("id").map_or("", |raw| raw.trim_matches('"'))
    }
}

/// What stands before the first block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// 32 hex digits, the same for the life of the vault.
    pub vault_id: String,
    /// Counts the saves.
    pub generation: u64,
    /// SHA-256 of the vault file that this one follows; two after a merge; none at the first.
    pub previous: Vec<String>,
    /// When it was written.
    pub written: Option<Timestamp>,
    /// By which program, `sesam 0.1.0`.
    pub writer: String,
    unknown: Vec<String>,
}

/// The plain text of a vault, split into its blocks.
pub struct Document<'a> {
    /// What stands before the first block.
    pub head: Head,
    /// The accounts in the person's own order.
    pub accounts: Vec<Block<'a>>,
    /// Deleted accounts that can be taken back, each with the time of its deletion.
    pub trash: Vec<Block<'a>>,
    /// Ids that are gone for good, each with the time.
    pub deleted: Vec<Block<'a>>,
    /// Steps that can be taken back.
    pub journal: Vec<Block<'a>>,
    pub(super) other: Vec<(&'a str, &'a str)>,
}

impl<'a> Document<'a> {
    /// A vault without accounts.
    pub fn empty(vault_id: &str) -> Self {
        let head = Head {
            vault_id: vault_id.to_owned(),
            generation: 0,
            previous: Vec::new(),
            written: None,
            writer: String::new(),
            unknown: Vec::new(),
        };
        Self::with_head(head)
    }

    pub(super) fn with_head(head: Head) -> Self {
        Self { head, accounts: vec![], trash: vec![], deleted: vec![], journal: vec![], other: vec![] }
    }

    pub(super) fn refuse_doubled_ids(&self) -> Result<(), VaultError> {
        let mut seen = HashSet::with_capacity(self.accounts.len() + self.trash.len());
        let blocks = self.accounts.iter().chain(&self.trash);
        let all_new = blocks.map(Block::id).all(|id| !id.is_empty() && seen.insert(id));
        if all_new { Ok(()) } else { Err(damaged("two accounts bear the same id, or one bears none")) }
    }

    /// Every account, in order.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] with the place of the first block that is no account.
    pub fn read_accounts(&self) -> Result<Vec<Account>, VaultError> {
        read_blocks(&self.accounts)
    }

    /// Every account in the trash, oldest first.
    pub fn read_trash(&self) -> Result<Vec<Account>, VaultError> {
        read_blocks(&self.trash)
    }

    /// The account with this id.
    pub fn account(&self, id: &AccountId) -> Result<Account, VaultError> {
        let block =
            self.accounts.iter().find(|block| block.id() == id.as_str()).ok_or(VaultError::NoSuchAccount)?;
        Account::read(block.fields()).map_err(|error| damaged(&format!("account {id}: {error}")))
    }

    /// The plain text with its seal, as it is encrypted.
    pub fn seal(&self, key: &MacKey) -> Plain {
        let mut out = Zeroizing::new(String::with_capacity(self.rough_size()));
        out.push_str(&"0".repeat(SEAL_LINE));
        self.head.write(&mut out);
        let rooms = [
            ("[[accounts]]", &self.accounts),
            ("[[trash]]", &self.trash),
            ("[[deleted]]", &self.deleted),
            ("[[journal]]", &self.journal),
        ];
        for (name, blocks) in rooms {
            for block in blocks {
                write_block(&mut out, name, block.text());
            }
        }
        for (name, text) in &self.other {
            write_block(&mut out, name, text);
        }
        pad(&mut out);
        let tag = key.tag(&out.as_bytes()[SEAL_LINE..]);
        let mut bytes = Plain::new(std::mem::take(&mut *out).into_bytes());
        bytes[..SEAL_LINE].copy_from_slice(format!("mac = \"{tag}\"\n").as_bytes());
        bytes
    }

    /// Takes over what this version does not know, from both versions of a merge, each once. A table, which can
    /// stand there only once, and a line of the head come from the version whose text is the greater.
    pub fn adopt_unknown(&mut self, ours: &Document<'a>, theirs: &Document<'a>) {
        self.other = ours.other.iter().chain(&theirs.other).copied().collect();
        self.other.sort_unstable();
        self.other.dedup_by(|later, earlier| {
            let same = later == earlier || (later.0 == earlier.0 && !later.0.starts_with("[["));
            if same {
                *earlier = *later;
            }
            same
        });
        let mut lines = [ours.head.unknown.as_slice(), &theirs.head.unknown].concat();
        let key = |line: &str| line.split(" = ").next().map(str::to_owned);
        lines.sort_unstable_by(|one, other| key(one).cmp(&key(other)).then(other.cmp(one)));
        lines.dedup_by(|later, earlier| key(later) == key(earlier));
        self.head.unknown = lines;
    }

    /// Whether another document says the same: the accounts in the same order, all else in any.
    pub fn says_the_same(&self, other: &Document<'_>) -> bool {
        let same_accounts = self.accounts.len() == other.accounts.len()
            && self.accounts.iter().zip(&other.accounts).all(|(one, other)| said(one) == said(other));
        let rooms =
            [(&self.trash, &other.trash), (&self.deleted, &other.deleted), (&self.journal, &other.journal)];
        same_accounts
            && rooms.iter().all(|(one, other)| all_said(one) == all_said(other))
            && self.other.iter().collect::<BTreeSet<_>>() == other.other.iter().collect()
            && self.head.unknown.iter().collect::<BTreeSet<_>>() == other.head.unknown.iter().collect()
    }

    fn rough_size(&self) -> usize {
        let blocks = [&self.accounts, &self.trash, &self.deleted, &self.journal];
        let texts: usize = blocks.into_iter().flatten().map(|block| block.text().len() + 20).sum();
        texts + self.other.iter().map(|(_, text)| text.len() + 40).sum::<usize>() + 2 * PADDING
    }
}

/// The line of the seal, `mac = "` + 64 hex digits + `"` + newline, in bytes. What is sealed begins behind it.
pub(super) const SEAL_LINE: usize = 7 + 64 + 2;

impl Head {
    pub(super) fn read(fields: Fields<'_>) -> Result<Self, String> {
        let known = ["schema", "vault_id", "generation", "previous", "written", "writer"];
        let unknown = fields.lines().filter(|(key, _)| !known.contains(key));
        let generation = fields.integer("generation").map_err(|e| e.to_string())?.unwrap_or(0);
        let previous = match fields.raw("previous") {
            Some(raw) if raw.starts_with('[') => fields.texts("previous").map_err(|e| e.to_string())?,
            Some(_) => vec![fields.text_or_empty("previous").map_err(|e| e.to_string())?.into_owned()],
            None => Vec::new(),
        };
        Ok(Self {
            vault_id: fields.text_or_empty("vault_id").map_err(|e| e.to_string())?.into_owned(),
            generation: u64::try_from(generation).map_err(|_| "its generation is negative".to_owned())?,
            previous,
            written: fields.time("written").map_err(|e| e.to_string())?,
            writer: fields.text_or_empty("writer").map_err(|e| e.to_string())?.into_owned(),
            unknown: unknown.map(|(key, raw)| format!("{key} = {raw}\n")).collect(),
        })
    }

    fn write(&self, out: &mut String) {
        push_line(out, "schema", &SCHEMA.to_string());
        push_line(out, "vault_id", &quoted(&self.vault_id));
        push_line(out, "generation", &self.generation.to_string());
        match self.previous.as_slice() {
            [] => {}
            [one] => push_line(out, "previous", &quoted(one)),
            several => push_line(out, "previous", &quoted_list(several)),
        }
        if let Some(written) = self.written {
            push_line(out, "written", &written.to_string());
        }
        push_line(out, "writer", &quoted(&self.writer));
        self.unknown.iter().for_each(|line| out.push_str(line));
    }
}

/// The lines of a block, whatever their order.
fn said<'b>(block: &'b Block<'_>) -> BTreeSet<(&'b str, &'b str)> {
    block.fields().lines().collect()
}

/// The lines of each block, whatever the order of lines and blocks.
fn all_said<'b>(blocks: &'b [Block<'_>]) -> BTreeSet<BTreeSet<(&'b str, &'b str)>> {
    blocks.iter().map(said).collect()
}

fn read_blocks(blocks: &[Block<'_>]) -> Result<Vec<Account>, VaultError> {
    let read = |(at, block): (usize, &Block<'_>)| {
        Account::read(block.fields()).map_err(|error| damaged(&format!("account {}: {error}", at + 1)))
    };
    blocks.iter().enumerate().map(read).collect()
}

fn write_block(out: &mut String, name: &str, text: &str) {
    for part in ["\n", name, "\n", text.trim_end_matches('\n'), "\n"] {
        out.push_str(part);
    }
}

fn pad(out: &mut String) {
    out.push_str("\n#");
    let missing = PADDING - (out.len() + 1) % PADDING;
    out.extend(std::iter::repeat_n('.', missing % PADDING));
    out.push('\n');
}

pub(super) fn damaged(what: &str) -> VaultError {
    VaultError::Damaged { what: what.to_owned(), advice: String::new() }
}
