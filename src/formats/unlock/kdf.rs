//! Keys out of passphrases. The parameters come from a file that somebody else wrote: each has a limit.

use aes::{
    Aes256, Block,
    cipher::{BlockCipherEncrypt as _, KeyInit as _},
};
use hkdf::Hkdf;
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use super::Key;
use crate::formats::FormatError;

/// How a key is made, within the limits: no other can be had.
pub(crate) enum Kdf {
    /// `KeePass`'s own: AES-256 over and over, as many rounds as it says, and SHA-256.
    Aes(u32),
    Argon2(argon2::Algorithm, argon2::Version, argon2::Params),
    Pbkdf2(Hash, u32),
    Scrypt(scrypt::Params),
}

/// The hash under PBKDF2's HMAC.
#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

impl Kdf {
    /// Argon2id, version 1.3 (RFC 9106): memory in KiB, passes, lanes.
    pub(crate) fn argon2id(memory: u64, passes: u64, lanes: u64) -> Result<Self, FormatError> {
        within("Argon2's passes", passes, MAX_ARGON2_PASSES)?;
        Self::argon2((argon2::Algorithm::Argon2id, argon2::Version::V0x13), [memory, passes, lanes])
    }

    /// Any Argon2: memory in KiB, passes, lanes. There may be more passes the less memory each goes over:
    /// `KeePass` measures the machine.
    pub(crate) fn argon2(
        (algorithm, version): (argon2::Algorithm, argon2::Version),
        [memory, passes, lanes]: [u64; 3],
    ) -> Result<Self, FormatError> {
        let work = MAX_ARGON2_MEMORY * MAX_ARGON2_PASSES;
        within("Argon2's memory in KiB times its passes", memory.saturating_mul(passes), work)?;
        let memory = within("Argon2's memory in KiB", memory, MAX_ARGON2_MEMORY)?;
        let passes = within("Argon2's passes", passes, work)?;
        let lanes = within("Argon2's lanes", lanes, MAX_ARGON2_LANES)?;
        let params = argon2::Params::new(memory, passes, lanes, Some(KEY_BYTES));
        params.map(|params| Self::Argon2(algorithm, version, params)).map_err(|_| nonsense("Argon2"))
    }

    /// AES-256 over and over.
    pub(crate) fn aes(rounds: u64) -> Result<Self, FormatError> {
        within("AES-KDF's rounds", rounds, MAX_AES_ROUNDS).map(Self::Aes)
    }

    /// PBKDF2 (RFC 8018) with the HMAC of this hash.
    pub(crate) fn pbkdf2(hash: Hash, rounds: u64) -> Result<Self, FormatError> {
        match within("PBKDF2's rounds", rounds, MAX_PBKDF2)? {
            0 => Err(nonsense("PBKDF2")),
            rounds => Ok(Self::Pbkdf2(hash, rounds)),
        }
    }

    /// scrypt (RFC 7914): N, r and p.
    pub(crate) fn scrypt(cost: u64, block_size: u64, lanes: u64) -> Result<Self, FormatError> {
        within("scrypt's N times r", cost.saturating_mul(block_size), MAX_SCRYPT)?;
        let lanes = within("scrypt's p", lanes, MAX_SCRYPT_LANES)?;
        let block_size = u32::try_from(block_size).ok().filter(|size| *size > 0 && lanes > 0);
        let log_n = Some(cost).filter(|cost| cost.is_power_of_two()).map(u64::ilog2);
        log_n
            .and_then(|log_n| u8::try_from(log_n).ok())
            .zip(block_size)
            .and_then(|(log_n, r)| scrypt::Params::new(log_n, r, lanes, KEY_BYTES).ok())
            .map(Self::Scrypt)
            .ok_or_else(|| nonsense("scrypt"))
    }

    /// What it costs, where that is felt: some 256 MiB, or more than a second.
    pub(crate) fn cost(&self) -> Option<String> {
        let mib = |kib: u64| kib >> 10;
        match self {
            Self::Aes(rounds) if *rounds >= 20_000_000 => Some(format!("AES {rounds} times")),
            Self::Argon2(_, _, params) => {
                let (memory, passes) = (u64::from(params.m_cost()), u64::from(params.t_cost()));
                let is_felt = memory >= FELT_KIB || memory * passes >= 4 * FELT_KIB;
                is_felt.then(|| format!("Argon2 over {} MiB, {passes} times", mib(memory)))
            }
            Self::Pbkdf2(_, rounds) if *rounds >= 2_000_000 => Some(format!("PBKDF2 with {rounds} rounds")),
            Self::Scrypt(params) => {
                let memory = (u64::from(params.r()) << params.log_n()) * 128 / 1024;
                (memory >= FELT_KIB).then(|| format!("scrypt over {} MiB, {} times", mib(memory), params.p()))
            }
            Self::Aes(_) | Self::Pbkdf2(..) => None,
        }
    }

    /// The key.
    ///
    /// # Errors
    /// [`FormatError::TooMuchWork`] for a salt that is too short.
    pub(crate) fn key(&self, passphrase: impl AsRef<[u8]>, salt: &[u8]) -> Result<Key, FormatError> {
        let (passphrase, mut key) = (passphrase.as_ref(), Key::default());
        let out = key.as_mut_slice();
        match self {
            Self::Aes(rounds) => return aes_rounds(*rounds, passphrase, salt),
            Self::Argon2(algorithm, version, params) => {
                argon2::Argon2::new(*algorithm, *version, params.clone())
                    .hash_password_into(passphrase, salt, out)
                    .map_err(|_| nonsense("Argon2"))?;
            }
            Self::Pbkdf2(Hash::Sha1, rounds) => pbkdf2_hmac::<Sha1>(passphrase, salt, *rounds, out),
            Self::Pbkdf2(Hash::Sha256, rounds) => pbkdf2_hmac::<Sha256>(passphrase, salt, *rounds, out),
            Self::Pbkdf2(Hash::Sha512, rounds) => pbkdf2_hmac::<Sha512>(passphrase, salt, *rounds, out),
            Self::Scrypt(params) => {
                scrypt::scrypt(passphrase, salt, params, out).map_err(|_| nonsense("scrypt"))?;
            }
        }
        Ok(key)
    }
}

/// Both halves of the key go through AES on their own.
fn aes_rounds(rounds: u32, key: &[u8], seed: &[u8]) -> Result<Key, FormatError> {
    let cipher = Aes256::new_from_slice(seed).map_err(|_| nonsense("AES-KDF"))?;
    let mut halves = [Block::default(); 2];
    for (half, bytes) in halves.iter_mut().zip(key.chunks_exact(16)) {
        half.copy_from_slice(bytes);
    }
    for _ in 0..rounds {
        cipher.encrypt_blocks(&mut halves);
    }
    let made = Zeroizing::new(halves.concat());
    halves.fill(Block::default());
    Ok(sha256(&made))
}

/// A key out of a key, by the second half of HKDF alone, as Bitwarden does it.
pub(crate) fn hkdf_expand(key: &Key, info: &[u8]) -> Key {
    let mut made = Key::default();
    Hkdf::<Sha256>::from_prk(key.as_slice())
        .expect("32 bytes are as long as a hash of SHA-256")
        .expand(info, made.as_mut_slice())
        .expect("32 bytes are fewer than 255 hashes");
    made
}

/// SHA-256 as a key.
pub(crate) fn sha256(bytes: &[u8]) -> Key {
    Zeroizing::new(Sha256::digest(bytes).into())
}

fn within(what: &str, value: u64, limit: u64) -> Result<u32, FormatError> {
    match u32::try_from(value) {
        Ok(small) if value <= limit => Ok(small),
        _ => Err(FormatError::TooMuchWork(format!("{what} is {value}, and {limit} is the limit"))),
    }
}

/// Parameters that no app writes: no work comes of them.
fn nonsense(what: &str) -> FormatError {
    FormatError::TooMuchWork(format!("its parameters of {what} are none that exist"))
}

const KEY_BYTES: usize = 32;
const FELT_KIB: u64 = 256 << 10;
const MAX_SCRYPT: u64 = (1 << 18) * 8;
const MAX_SCRYPT_LANES: u64 = 4;
const MAX_PBKDF2: u64 = 10_000_000;
const MAX_ARGON2_MEMORY: u64 = 1 << 20;
const MAX_ARGON2_PASSES: u64 = 10;
const MAX_AES_ROUNDS: u64 = 300_000_000;
const MAX_ARGON2_LANES: u64 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const KEEPASS: (argon2::Algorithm, argon2::Version) =
        (argon2::Algorithm::Argon2d, argon2::Version::V0x13);

    #[test]
    fn what_is_felt_is_named() {
        assert_eq!(Kdf::argon2id(1 << 20, 4, 1).unwrap().cost().unwrap(), "Argon2 over 1024 MiB, 4 times");
        assert_eq!(Kdf::scrypt(1 << 18, 8, 1).unwrap().cost().unwrap(), "scrypt over 256 MiB, 1 times");
        assert!(Kdf::pbkdf2(Hash::Sha256, 600_000).unwrap().cost().is_none());
        assert!(Kdf::argon2id(64 << 10, 3, 4).unwrap().cost().is_none());
    }

    #[test]
    fn a_file_that_asks_for_too_much_is_refused_before_any_work() {
        for refused in [
            Kdf::scrypt(1 << 19, 8, 1),
            Kdf::scrypt(u64::MAX, u64::MAX, 1),
            Kdf::scrypt(1 << 10, 8, 5),
            Kdf::scrypt(1000, 8, 1),
            Kdf::scrypt(0, 0, 0),
            Kdf::argon2id((1 << 20) + 1, 1, 1),
            Kdf::argon2id(64, 11, 1),
            Kdf::argon2id(64, 1, 17),
            Kdf::argon2id(0, 0, 0),
            Kdf::argon2(KEEPASS, [64, 1 << 18, 1]),
            Kdf::argon2(KEEPASS, [u64::MAX, u64::MAX, 1]),
            Kdf::argon2(KEEPASS, [(1 << 20) + 1, 0, 1]),
            Kdf::aes(300_000_001),
            Kdf::pbkdf2(Hash::Sha1, 10_000_001),
            Kdf::pbkdf2(Hash::Sha256, u64::MAX),
            Kdf::pbkdf2(Hash::Sha256, 0),
        ] {
            assert!(matches!(refused, Err(FormatError::TooMuchWork(_))));
        }
        assert!(Kdf::argon2id(64, 1, 1).unwrap().key("x", b"short").is_err());
        assert!(Kdf::argon2(KEEPASS, [64, 1000, 1]).is_ok());
        assert!(Kdf::aes(1).unwrap().key([0; 32], b"short").is_err());
    }

    #[test]
    fn gives_the_keys_of_the_standards() {
        let key = |kdf: Kdf, passphrase, salt: &[u8]| {
            crate::crypt::hex(kdf.key(passphrase, salt).unwrap().as_slice())
        };
        let rfc6070 = key(Kdf::pbkdf2(Hash::Sha1, 4096).unwrap(), "password", b"salt");
        assert!(rfc6070.starts_with("4b007901b765489abead49d926f721d065a429c1"));
        let rfc7914 = key(Kdf::scrypt(16, 1, 1).unwrap(), "", b"");
        assert!(rfc7914.starts_with("77d6576238657b203b19ca42c18a0497"));
    }
}
