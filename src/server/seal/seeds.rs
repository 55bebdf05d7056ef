//! Seeds at rest: XChaCha20-Poly1305, bound to the place where they lie, so that a row that was moved opens nothing.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use super::keys::Keys;
use crate::otp::Secret;

/// Where a seed lies.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// The user whose it is; empty for a token that nobody has yet.
    pub user: &'a str,
    /// The row.
    pub row: &'a str,
    /// What it is for.
    pub purpose: &'a str,
}

/// Why a seed cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// The key of this version is not in the key file.
    #[error("the key file has no key {0}, with which a seed was sealed")]
    KeyMissing(u32),
    /// It was changed, moved, or sealed under another key.
    #[error("a sealed seed does not belong where it lies, or the key file is another")]
    Forged,
}

/// Seals a seed. `nonce` is new for each call.
pub fn seal(keys: &Keys, secret: &Secret, place: Place<'_>, nonce: [u8; 24]) -> Vec<u8> {
    let version = keys.newest();
    let key = keys.seeds(version).expect("the newest key is there");
    let cipher = XChaCha20Poly1305::new(key.as_slice().into());
    let payload = Payload { msg: secret.expose(), aad: &place.bytes(version) };
    let sealed = cipher.encrypt(XNonce::from_slice(&nonce), payload).expect("a seed is short");
    [version.to_be_bytes().as_slice(), &nonce, &sealed].concat()
}

/// Opens a sealed seed at the place where it was found.
pub fn open(keys: &Keys, sealed: &[u8], place: Place<'_>) -> Result<Secret, SeedError> {
    let (version, rest) = sealed.split_first_chunk::<4>().ok_or(SeedError::Forged)?;
    let (nonce, rest) = rest.split_first_chunk::<24>().ok_or(SeedError::Forged)?;
    let version = u32::from_be_bytes(*version);
    let key = keys.seeds(version).ok_or(SeedError::KeyMissing(version))?;
    let cipher = XChaCha20Poly1305::new(key.as_slice().into());
    let payload = Payload { msg: rest, aad: &place.bytes(version) };
    let opened = cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SeedError::Forged)?;
    Secret::new(opened).map_err(|_| SeedError::Forged)
}

impl Place<'_> {
    /// Each part with its length before it: no two places read alike.
    fn bytes(&self, version: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in [self.table, self.user, self.row, self.purpose] {
            bytes.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            bytes.extend(part.as_bytes());
        }
        bytes.extend(version.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use zeroize::Zeroizing;

    use super::*;

    const PLACE: Place<'_> = Place { table: "bindings", user: "u1", row: "b1", purpose: "otp" };

    fn keys(versions: &[u8]) -> Keys {
        let key = |version: &u8| (u32::from(*version), Zeroizing::new([*version; 32]));
        Keys::new(versions.iter().map(key).collect::<BTreeMap<_, _>>()).unwrap()
    }

    fn secret() -> Secret {
        Secret::new(b"12345678901234567890".to_vec()).unwrap()
    }

    #[test]
    fn a_seed_opens_in_its_own_place_alone() {
        let sealed = seal(&keys(&[1]), &secret(), PLACE, [3; 24]);
        assert_eq!(open(&keys(&[1]), &sealed, PLACE), Ok(secret()));
        for other in [
            Place { table: "tokens", ..PLACE },
            Place { user: "u2", ..PLACE },
            Place { row: "b2", ..PLACE },
            Place { user: "u1b", row: "1", ..PLACE },
            Place { purpose: "pin", ..PLACE },
        ] {
            assert_eq!(open(&keys(&[1]), &sealed, other), Err(SeedError::Forged));
        }
        assert!(!sealed.windows(8).any(|window| window == b"12345678"));
    }

    #[test]
    fn every_changed_and_every_missing_byte_is_seen() {
        let sealed = seal(&keys(&[1]), &secret(), PLACE, [3; 24]);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&keys(&[1]), &changed, PLACE).is_err(), "{at}");
            assert!(open(&keys(&[1]), &sealed[..at], PLACE).is_err(), "{at}");
        }
    }

    #[test]
    fn an_older_key_still_opens_and_a_missing_one_is_named() {
        let sealed = seal(&keys(&[1]), &secret(), PLACE, [3; 24]);
        assert_eq!(open(&keys(&[1, 2]), &sealed, PLACE), Ok(secret()));
        assert_eq!(open(&keys(&[2]), &sealed, PLACE), Err(SeedError::KeyMissing(1)));
    }
}
