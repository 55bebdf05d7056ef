//! The audit's chain: every row is sealed together with the one before it, so that a row that is edited, deleted,
//! inserted or moved shows, and so does an end that was cut off. One chain per replica. Pure.
//!
//! The newest hash of each chain, its head, lies outside the audit's table under a seal of its own. Who puts the whole
//! database back to an older state takes the head along: that shows only against a head that was exported before.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The keys of the chain and of its heads.
#[derive(Clone)]
pub struct ChainKeys {
    /// Seals rows.
    pub rows: Zeroizing<[u8; 32]>,
    /// Seals heads and checkpoints.
    pub heads: Zeroizing<[u8; 32]>,
}

/// What one row says, in the order of its columns. An absent value is not an empty one.
pub type Fields = Vec<Option<String>>;

/// The last row of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number, from 1 without gaps; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// One row as it lies in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number.
    pub seq: i64,
    /// What it says.
    pub fields: Fields,
    /// The hash of the one before.
    pub prev: [u8; 32],
    /// Its own.
    pub hash: [u8; 32],
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// A row is not what was written.
    #[error("row {seq} of {replica} was changed")]
    Changed {
        /// Whose chain.
        replica: String,
        /// Which row.
        seq: i64,
    },
    /// Rows are missing, or there twice.
    #[error("row {expected} of {replica} is missing: {found} stands in its place")]
    Gap {
        /// Whose chain.
        replica: String,
        /// The number that should come.
        expected: i64,
        /// The one that comes.
        found: i64,
    },
    /// The head was changed or taken away.
    #[error("the head of {0} was changed or is missing")]
    Head(String),
    /// A row is not the one that was exported.
    #[error("row {seq} of {replica} is another than the one whose head was exported")]
    Other {
        /// Whose chain.
        replica: String,
        /// Which row.
        seq: i64,
    },
    /// An older state was put back.
    #[error(
        "{replica} ends at row {found}, but its row {exported} was exported: an older state was put back"
    )]
    RolledBack {
        /// Whose chain.
        replica: String,
        /// The row that was exported.
        exported: i64,
        /// The last row.
        found: i64,
    },
    /// The end was cut off, or rows were added behind it.
    #[error("{replica} ends at row {found} instead of {head}")]
    Truncated {
        /// Whose chain.
        replica: String,
        /// The last row by the head.
        head: i64,
        /// The last row by the table.
        found: i64,
    },
}

impl Head {
    /// Before the first row.
    pub const START: Self = Self { seq: 0, hash: [0; 32] };

    /// The next row of a chain.
    pub fn next(&self, keys: &ChainKeys, replica: &str, fields: Fields) -> Link {
        let seq = self.seq + 1;
        let hash = row_hash(keys, replica, (seq, &self.hash), &fields);
        Link { seq, fields, prev: self.hash, hash }
    }

    /// The seal of a head: without the key nobody moves it.
    pub fn seal(&self, keys: &ChainKeys, replica: &str) -> [u8; 32] {
        let mut mac = mac(&keys.heads);
        part(&mut mac, Some(replica.as_bytes()));
        mac.update(&self.seq.to_be_bytes());
        mac.update(&self.hash);
        mac.finalize().into_bytes().into()
    }

    /// The seal of a place behind which a chain begins, since older rows were given up. It is another one than a
    /// head's and a checkpoint's: those lie in the database for who wants to cut a beginning off.
    pub fn seal_start(&self, keys: &ChainKeys, replica: &str) -> [u8; 32] {
        let mut mac = mac(&keys.heads);
        part(&mut mac, Some(b"start"));
        part(&mut mac, Some(replica.as_bytes()));
        mac.update(&self.seq.to_be_bytes());
        mac.update(&self.hash);
        mac.finalize().into_bytes().into()
    }

    /// Whether a chain may begin behind this row.
    pub fn starts_under(&self, keys: &ChainKeys, replica: &str, seal: &[u8]) -> bool {
        self.seal_start(keys, replica).ct_eq(seal).into()
    }

    /// Whether a seal is the one of this head.
    pub fn is_sealed_by(&self, keys: &ChainKeys, replica: &str, seal: &[u8]) -> bool {
        self.seal(keys, replica).ct_eq(seal).into()
    }
}

impl Link {
    /// The head after this row.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

/// Follows one chain row by row. `from` is its start, or the checkpoint behind which older rows were given up.
#[derive(Clone, Debug)]
pub struct Follower<'a> {
    keys: &'a ChainKeys,
    replica: &'a str,
    at: Head,
}

impl<'a> Follower<'a> {
    /// Begins behind a head.
    pub fn new(keys: &'a ChainKeys, replica: &'a str, from: Head) -> Self {
        Self { keys, replica, at: from }
    }

    /// Checks the next row.
    pub fn step(&mut self, link: &Link) -> Result<(), Broken> {
        let replica = || self.replica.to_owned();
        if link.seq != self.at.seq + 1 {
            return Err(Broken::Gap { replica: replica(), expected: self.at.seq + 1, found: link.seq });
        }
        let hash = row_hash(self.keys, self.replica, (link.seq, &self.at.hash), &link.fields);
        if link.prev != self.at.hash || !bool::from(hash.ct_eq(&link.hash)) {
            return Err(Broken::Changed { replica: replica(), seq: link.seq });
        }
        self.at = link.head();
        Ok(())
    }

    /// Checks that the chain ends where its head says.
    pub fn end(self, head: Head, seal: &[u8]) -> Result<Head, Broken> {
        let replica = self.replica.to_owned();
        if !head.is_sealed_by(self.keys, self.replica, seal) {
            return Err(Broken::Head(replica));
        }
        if head != self.at {
            return Err(Broken::Truncated { replica, head: head.seq, found: self.at.seq });
        }
        Ok(self.at)
    }
}

impl fmt::Debug for ChainKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChainKeys(..)")
    }
}

fn row_hash(keys: &ChainKeys, replica: &str, (seq, prev): (i64, &[u8; 32]), fields: &Fields) -> [u8; 32] {
    let mut mac = mac(&keys.rows);
    mac.update(&[FORM]);
    mac.update(prev);
    part(&mut mac, Some(replica.as_bytes()));
    mac.update(&seq.to_be_bytes());
    for field in fields {
        part(&mut mac, field.as_deref().map(str::as_bytes));
    }
    mac.finalize().into_bytes().into()
}

/// A value with its length before it; nothing is told apart from empty.
fn part(mac: &mut Hmac<Sha256>, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u64::MAX, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX - 1));
    mac.update(&length.to_be_bytes());
    mac.update(bytes.unwrap_or_default());
}

fn mac(key: &[u8; 32]) -> Hmac<Sha256> {
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// Which fields a row has and in which order: another form is another byte.
const FORM: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> ChainKeys {
        ChainKeys { rows: Zeroizing::new([1; 32]), heads: Zeroizing::new([2; 32]) }
    }

    fn chain(count: i64) -> Vec<Link> {
        let (keys, mut head, mut links) = (keys(), Head::START, vec![]);
        for nth in 0..count {
            let link = head.next(&keys, "a", vec![Some(format!("event {nth}")), None]);
            head = link.head();
            links.push(link);
        }
        links
    }

    fn follow(links: &[Link], head: Head) -> Result<Head, Broken> {
        let keys = keys();
        let mut follower = Follower::new(&keys, "a", Head::START);
        links.iter().try_for_each(|link| follower.step(link))?;
        follower.end(head, &head.seal(&keys, "a"))
    }

    #[test]
    fn every_edited_deleted_inserted_swapped_or_truncated_row_is_found() {
        let links = chain(40);
        let head = links[39].head();
        assert_eq!(follow(&links, head), Ok(head));
        for at in 0..links.len() {
            let mut edited = links.clone();
            edited[at].fields[0] = Some("event".into());
            assert!(follow(&edited, head).is_err());
            let mut emptied = links.clone();
            emptied[at].fields[1] = Some(String::new());
            assert!(follow(&emptied, head).is_err(), "empty is not absent");
            let mut deleted = links.clone();
            deleted.remove(at);
            assert!(follow(&deleted, head).is_err());
            let mut inserted = links.clone();
            inserted.insert(at, links[at].clone());
            assert!(follow(&inserted, head).is_err());
            if at > 0 {
                let mut swapped = links.clone();
                swapped.swap(at, at - 1);
                assert!(follow(&swapped, head).is_err());
                let (one, other) = (swapped[at].seq, swapped[at - 1].seq);
                (swapped[at].seq, swapped[at - 1].seq) = (other, one);
                assert!(follow(&swapped, head).is_err(), "renumbered");
            }
            let cut = follow(&links[..at], head);
            let found = i64::try_from(at).unwrap();
            assert_eq!(cut, Err(Broken::Truncated { replica: "a".into(), head: 40, found }));
        }
    }

    #[test]
    fn a_head_cannot_be_moved_without_the_key_nor_to_another_chain() {
        let (keys, links) = (keys(), chain(3));
        let (old, new) = (links[1].head(), links[2].head());
        let follower = || {
            let mut follower = Follower::new(&keys, "a", Head::START);
            links[..2].iter().for_each(|link| follower.step(link).unwrap());
            follower
        };
        assert_eq!(follower().end(old, &new.seal(&keys, "a")), Err(Broken::Head("a".into())));
        assert_eq!(follower().end(old, &old.seal(&keys, "b")), Err(Broken::Head("a".into())));
        assert_eq!(follower().end(old, &[]), Err(Broken::Head("a".into())));
    }

    #[test]
    fn a_chain_goes_on_behind_a_checkpoint() {
        let (keys, links) = (keys(), chain(10));
        let mut follower = Follower::new(&keys, "a", links[4].head());
        assert!(links[5..].iter().all(|link| follower.step(link).is_ok()));
    }
}
