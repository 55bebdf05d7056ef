//! Finding accounts while the vault streams by: what a single code needs never lies in memory as a whole.
//!
//! What is found counts only once the end was reached and the seal holds. For everything but one account there is
//! `document`.

use std::io::Read;

use zeroize::Zeroizing;

use super::{
    document::{Head, SEAL_LINE, damaged},
    error::VaultError,
    lines::Fields,
    opened::{Opened, Start, forged},
    query::{Query, Tier},
};
use crate::crypt::{
    mac::{MacKey, RunningMac},
    read_error,
};

/// How much is read at once, in bytes: as much as age decrypts at once.
const PIECE: usize = 64 * 1024;
/// The head of each account's block.
const ACCOUNT: &[u8] = b"[[accounts]]\n";
/// The longest head of a vault, in bytes.
const LONGEST_HEAD: usize = 1 << 20;

/// The accounts that a query means where one is asked for.
#[derive(Default)]
pub struct Found {
    /// Their blocks.
    pub blocks: Vec<Zeroizing<String>>,
    /// How many accounts were looked at.
    pub accounts: usize,
}

impl Found {
    /// Streams a plain text and keeps the accounts that the query means in these tiers, the best tier alone.
    pub(super) fn in_stream(
        plain: impl Read,
        key: impl FnOnce(&str) -> MacKey,
        (query, tiers): (&Query, &[Tier]),
    ) -> Result<(Self, Head), VaultError> {
        let (mut best, mut found) = (None, Self::default());
        let head = stream(plain, key, &mut |fields| {
            found.accounts += 1;
            let Some(tier) = query.tier(&fields, tiers).filter(|tier| best.is_none_or(|best| *tier <= best))
            else {
                return;
            };
            if best != Some(tier) {
                found.blocks.clear();
                best = Some(tier);
            }
            found.blocks.push(Zeroizing::new(fields.as_str().to_owned()));
        })?;
        Ok((found, head))
    }

    /// The same in a vault that lies in memory.
    pub(super) fn in_opened(opened: &Opened, query: &Query) -> Self {
        let all: Vec<Fields<'_>> = opened.accounts().collect();
        let found = query.select(&all.iter().copied()).into_iter();
        let blocks = found.map(|at| Zeroizing::new(all[at].as_str().to_owned())).collect();
        Self { blocks, accounts: all.len() }
    }

    /// Their lines.
    pub fn fields(&self) -> Vec<Fields<'_>> {
        self.blocks.iter().map(|block| Fields::new(block)).collect()
    }
}

/// Hands each account's block to `each` and checks the seal at the end.
fn stream(
    plain: impl Read,
    key: impl FnOnce(&str) -> MacKey,
    each: &mut dyn FnMut(Fields<'_>),
) -> Result<Head, VaultError> {
    let mut window = Window { plain, buffer: Zeroizing::new(Vec::with_capacity(2 * PIECE)), mac: None };
    while !has_body(&window.buffer) && window.buffer.len() < LONGEST_HEAD && window.more()? {}
    let start = Start::read(&window.buffer)?;
    let mut mac = key(&start.vault_id).running();
    mac.update(&window.buffer[SEAL_LINE..]);
    let (tag, body_at, head) = (start.tag.to_owned(), start.body_at, start.head());
    window.mac = Some(mac);
    window.buffer.drain(..body_at);
    window.accounts(each)?;
    if window.mac.is_none_or(|mac| !mac.verify(&tag)) {
        return Err(forged());
    }
    head
}

fn has_body(plain: &[u8]) -> bool {
    memchr::memmem::find(plain, b"\n[").is_some()
}

/// What of the stream is not yet done with.
struct Window<R> {
    plain: R,
    buffer: Zeroizing<Vec<u8>>,
    mac: Option<RunningMac>,
}

impl<R: Read> Window<R> {
    /// Reads the next piece; false at the end.
    fn more(&mut self) -> Result<bool, VaultError> {
        let old = self.buffer.len();
        let mut piece = self.plain.by_ref().take(PIECE as u64);
        let read = piece.read_to_end(&mut self.buffer);
        let read = read.map_err(|error| VaultError::of_vault_file(&read_error(&error)))?;
        if let Some(mac) = &mut self.mac {
            mac.update(&self.buffer[old..]);
        }
        Ok(read > 0)
    }

    /// Drops what is done with and reads on. Always true: what there is then is all there will be.
    fn refill(&mut self, done: &mut usize, ended: &mut bool) -> Result<bool, VaultError> {
        self.buffer.drain(..*done);
        *done = 0;
        *ended = !self.more()?;
        Ok(true)
    }

    fn accounts(&mut self, each: &mut dyn FnMut(Fields<'_>)) -> Result<(), VaultError> {
        let next_head = memchr::memmem::Finder::new("\n[");
        let (mut done, mut ended) = (0, false);
        while ended || self.buffer.len() - done >= ACCOUNT.len() || self.refill(&mut done, &mut ended)? {
            let rest = &self.buffer[done..];
            if !rest.starts_with(ACCOUNT) {
                break;
            }
            let end = match next_head.find(rest) {
                Some(at) => at + 1,
                None if ended => memchr::memmem::find(rest, b"\n#").unwrap_or(rest.len()),
                None => {
                    self.refill(&mut done, &mut ended)?;
                    continue;
                }
            };
            each(block(&rest[..end])?);
            done += end;
        }
        self.buffer.clear();
        while self.more()? {
            self.buffer.clear();
        }
        Ok(())
    }
}

/// The lines of a block behind its head.
fn block(bytes: &[u8]) -> Result<Fields<'_>, VaultError> {
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
    Ok(Fields::new(text.split_once('\n').map_or("", |(_, lines)| lines.trim_end_matches('\n'))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        crypt::Identity,
        otp::{Otp, Secret},
        vault::{Account, Document, query::Named},
    };

    /// Gives a few bytes at a time, as a slow stream does.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let size = self.1.min(buffer.len()).min(self.0.len());
            let (now, later) = self.0.split_at(size);
            buffer[..size].copy_from_slice(now);
            self.0 = later;
            Ok(size)
        }
    }

    fn sample(accounts: usize) -> (Identity, crate::crypt::Plain) {
        let identity = Identity::generate();
        let mut document = Document::empty("00ff");
        let account = |number: usize| {
            let secret = Secret::new(vec![7; 20]).unwrap();
            Account::new(&format!("Issuer {number}"), "é", Otp::totp(secret), jiff::Timestamp::UNIX_EPOCH)
        };
        let all: Vec<Account> = (0..accounts).map(account).collect();
        document.add(&all);
        if accounts > 3 {
            document.trash(&[all[1].id.clone()], jiff::Timestamp::UNIX_EPOCH);
        }
        let plain = document.seal(&MacKey::of_vault(&identity, "00ff"));
        (identity, plain)
    }

    fn found(plain: &[u8], identity: &Identity, query: &str) -> Result<Found, VaultError> {
        let key = |id: &str| MacKey::of_vault(identity, id);
        let tiers = [Tier::Exact, Tier::Folded, Tier::Words];
        Found::in_stream(Drops(plain, 1000), key, (&Query::new(query), &tiers)).map(|(found, _)| found)
    }

    #[test]
    fn finds_what_the_whole_document_holds() {
        for accounts in [0, 1, 4, 2_000] {
            let (identity, plain) = sample(accounts);
            let opened = Opened::new(plain.clone(), |id| MacKey::of_vault(&identity, id)).unwrap();
            let all: Vec<Fields<'_>> = opened.accounts().collect();
            for text in ["Issuer 0", "issuer 2", "issuer 19 é", "e", "nothing", "id:0", "Issuer 1"] {
                let ids = |blocks: Vec<Fields<'_>>| {
                    blocks.iter().map(|block| block.id().to_owned()).collect::<Vec<_>>()
                };
                let found = found(&plain, &identity, text).unwrap();
                let expected =
                    Query::new(text).select(&all.iter().copied()).into_iter().map(|at| all[at]).collect();
                assert_eq!(ids(found.fields()), ids(expected), "{text} of {accounts}");
                assert_eq!(found.accounts, all.len());
            }
        }
    }

    #[test]
    fn a_changed_byte_anywhere_is_found_at_the_end() {
        let (identity, plain) = sample(4);
        for at in (0..plain.len()).step_by(7) {
            let mut changed = plain.clone();
            changed[at] ^= 1;
            assert!(found(&changed, &identity, "Issuer 0").is_err(), "byte {at}");
        }
        assert!(found(&plain[..plain.len() - 1], &identity, "Issuer 0").is_err());
        assert!(found(b"", &identity, "Issuer 0").is_err());
    }
}
