//! The keys of the server: those of the key file, and what is derived from them for each use.

use std::{collections::BTreeMap, fmt};

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::notes::NoteKey;
use crate::server::domain::pepper::Pepper;

/// All keys, by version. The newest seals; older ones still open what they sealed.
///
/// What is not sealed but compared (short codes, recovery codes, the audit's chain) hangs on the first key, so that a
/// new one breaks none of it.
#[derive(Clone)]
pub struct Keys(BTreeMap<u32, Zeroizing<[u8; 32]>>);

/// Why a set of keys is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no key")]
pub struct NoKey;

impl Keys {
    /// From the keys of a file. There must be one.
    pub fn new(keys: BTreeMap<u32, Zeroizing<[u8; 32]>>) -> Result<Self, NoKey> {
        if keys.is_empty() { Err(NoKey) } else { Ok(Self(keys)) }
    }

    /// The version that seals.
    pub fn newest(&self) -> u32 {
        *self.0.keys().next_back().expect("there is a key")
    }

    /// The key for seeds of a version.
    pub fn seeds(&self, version: u32) -> Option<Zeroizing<[u8; 32]>> {
        Some(derive(self.0.get(&version)?, "sesamd/seeds/v1"))
    }

    /// The key of short codes.
    pub fn pepper(&self) -> Pepper {
        Pepper::new(*derive(self.first(), "sesamd/codes/v1"))
    }

    /// The secret that goes into the hash of a recovery code.
    pub fn paper(&self) -> Zeroizing<[u8; 32]> {
        derive(self.first(), "sesamd/recovery/v1")
    }

    /// The key of what lies in the database for a while.
    pub fn notes(&self) -> NoteKey {
        NoteKey::new(derive(self.first(), "sesamd/notes/v1"))
    }

    /// The key of the audit's chain.
    pub fn chain(&self) -> Zeroizing<[u8; 32]> {
        derive(self.first(), "sesamd/audit/v1")
    }

    /// The key of the audit's checkpoints.
    pub fn checkpoints(&self) -> Zeroizing<[u8; 32]> {
        derive(self.first(), "sesamd/checkpoints/v1")
    }

    /// What tells that it is the right file, and nothing of the keys: sixteen hex digits.
    pub fn fingerprint(&self) -> String {
        let tag = derive(self.first(), "sesamd/fingerprint/v1");
        data_encoding::HEXLOWER.encode(&tag[..8])
    }

    fn first(&self) -> &[u8; 32] {
        self.0.values().next().expect("there is a key")
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

fn derive(key: &[u8; 32], purpose: &str) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0; 32]);
    let hkdf = Hkdf::<Sha256>::new(None, key);
    hkdf.expand(purpose.as_bytes(), derived.as_mut_slice()).expect("32 bytes are within HKDF's reach");
    derived
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(versions: &[(u32, u8)]) -> Keys {
        Keys::new(versions.iter().map(|(v, byte)| (*v, Zeroizing::new([*byte; 32]))).collect()).unwrap()
    }

    #[test]
    fn each_use_has_a_key_of_its_own() {
        let keys = keys(&[(1, 7)]);
        let all = [keys.seeds(1).unwrap(), keys.paper(), keys.chain(), keys.checkpoints()];
        for (nth, one) in all.iter().enumerate() {
            assert!(all[nth + 1..].iter().all(|other| **other != **one));
        }
        assert_eq!(keys.fingerprint().len(), 16);
        assert!(!format!("{keys:?}").contains('7'));
    }

    #[test]
    fn a_new_key_seals_and_breaks_nothing() {
        let (old, both) = (keys(&[(1, 7)]), keys(&[(1, 7), (2, 9)]));
        assert_eq!((old.newest(), both.newest()), (1, 2));
        assert_eq!(old.seeds(1), both.seeds(1));
        assert_eq!((old.chain(), old.fingerprint()), (both.chain(), both.fingerprint()));
        assert_eq!(both.seeds(3), None);
        assert!(Keys::new(BTreeMap::new()).is_err());
    }
}
