//! How a container seals its secrets (RFC 6030, section 6): AES in CBC mode, and a tag over what was sealed.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::{
    BlockCipherDecrypt, BlockModeDecrypt as _, KeyInit, KeyIvInit as _, block_padding::NoPadding,
};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, Mac as _};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::{TokenError, xml::Node};

/// What a key is needed for to open a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lock {
    /// A password.
    Password(Pbkdf2),
    /// A key that maker and owner agreed on; holds its name.
    Key(String),
}

/// How a password becomes a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pbkdf2 {
    salt: Vec<u8>,
    rounds: u32,
    length: usize,
    is_sha256: bool,
}

pub(super) type Bytes = Zeroizing<Vec<u8>>;

/// Reads how a container is locked.
pub(super) fn lock(node: &Node) -> Result<Lock, TokenError> {
    let Some(method) = node.find(&["DerivedKey", "KeyDerivationMethod"]) else {
        return Ok(Lock::Key(node.text(&["KeyName"]).to_owned()));
    };
    let own = method.find(&["PBKDF2-params"]).ok_or(TokenError::Cipher)?;
    let rounds: u64 = own.text(&["IterationCount"]).parse().map_err(|_| TokenError::Broken)?;
    let prf = own.find(&["PRF"]).map_or("", |prf| prf.attribute("Algorithm")).to_ascii_lowercase();
    let length = own.text(&["KeyLength"]).parse().unwrap_or(16);
    if !(prf.is_empty() || prf.ends_with("hmac-sha1") || prf.ends_with("hmac-sha256"))
        || ![16, 24, 32].contains(&length)
    {
        return Err(TokenError::Cipher);
    }
    let few = u32::try_from(rounds).ok().filter(|rounds| (1..=MAX_ROUNDS).contains(rounds));
    Ok(Lock::Password(Pbkdf2 {
        salt: base64(own.text(&["Salt", "Specified"])).ok_or(TokenError::Broken)?.to_vec(),
        rounds: few.ok_or(TokenError::TooMuchWork(rounds))?,
        length,
        is_sha256: prf.ends_with("sha256"),
    }))
}

impl Lock {
    /// The keys that a typed text may mean: a password, or a key in hex, in base64 or as it stands.
    pub(super) fn keys(&self, typed: &str) -> Vec<Bytes> {
        match self {
            Self::Password(own) => {
                let mut key = Zeroizing::new(vec![0; own.length]);
                let derive = if own.is_sha256 { pbkdf2_hmac::<Sha256> } else { pbkdf2_hmac::<Sha1> };
                derive(typed.as_bytes(), &own.salt, own.rounds, &mut key);
                vec![key]
            }
            Self::Key(_) => {
                let typed = typed.trim();
                let hex = HEXLOWER_PERMISSIVE.decode(typed.as_bytes()).ok().map(Zeroizing::new);
                let as_it_is = Zeroizing::new(typed.as_bytes().to_vec());
                let all = [hex, base64(typed), Some(as_it_is)].into_iter().flatten();
                all.filter(|key| [16, 24, 32].contains(&key.len())).collect()
            }
        }
    }
}

/// What stands in an encrypted value, sealed.
pub(super) struct Sealed<'n> {
    algorithm: &'n str,
    bytes: Bytes,
}

impl<'n> Sealed<'n> {
    pub(super) fn read(node: &'n Node) -> Option<Self> {
        let algorithm = node.find(&["EncryptionMethod"])?.attribute("Algorithm");
        Some(Self { algorithm, bytes: base64(node.text(&["CipherData", "CipherValue"]))? })
    }

    /// The plain bytes; `None` when the key does not fit.
    pub(super) fn open(&self, key: &[u8]) -> Result<Option<Bytes>, TokenError> {
        let name = self.algorithm.rsplit(['#', '/']).next().unwrap_or_default();
        match (name, key.len()) {
            ("aes128-cbc", 16) => Ok(self.cbc::<Aes128>(key)),
            ("aes192-cbc", 24) => Ok(self.cbc::<Aes192>(key)),
            ("aes256-cbc", 32) => Ok(self.cbc::<Aes256>(key)),
            ("aes128-cbc" | "aes192-cbc" | "aes256-cbc", _) => Ok(None),
            _ => Err(TokenError::Cipher),
        }
    }

    /// The last byte counts what fills the last block; what that is does not matter (XML Encryption, 5.2).
    fn cbc<C: BlockCipherDecrypt + KeyInit>(&self, key: &[u8]) -> Option<Bytes> {
        let (iv, message) = self.bytes.split_at_checked(16)?;
        let cipher = cbc::Decryptor::<C>::new_from_slices(key, iv).ok()?;
        let mut plain = Zeroizing::new(cipher.decrypt_padded_vec::<NoPadding>(message).ok()?);
        let filling = usize::from(*plain.last()?);
        let end = plain.len().checked_sub(filling).filter(|_| (1..=16).contains(&filling))?;
        plain.truncate(end);
        Some(plain)
    }

    /// Whether the tag, made in the named way, fits what is sealed.
    pub(super) fn fits(&self, method: &str, key: &[u8], tag: &str) -> Result<bool, TokenError> {
        let tag = base64(tag).ok_or(TokenError::Broken)?;
        let name = method.rsplit(['#', '/']).next().unwrap_or_default();
        let judge = |fits: Result<(), _>| -> bool { Result::<(), hmac::digest::MacError>::is_ok(&fits) };
        let broken = "HMAC takes a key of any length";
        Ok(match name {
            "hmac-sha1" => judge(
                <Hmac<Sha1> as KeyInit>::new_from_slice(key)
                    .expect(broken)
                    .chain_update(&self.bytes)
                    .verify_slice(&tag),
            ),
            "hmac-sha256" => judge(
                <Hmac<Sha256> as KeyInit>::new_from_slice(key)
                    .expect(broken)
                    .chain_update(&self.bytes)
                    .verify_slice(&tag),
            ),
            "hmac-sha512" => judge(
                <Hmac<Sha512> as KeyInit>::new_from_slice(key)
                    .expect(broken)
                    .chain_update(&self.bytes)
                    .verify_slice(&tag),
            ),
            _ => return Err(TokenError::Cipher),
        })
    }
}

pub(super) fn base64(text: &str) -> Option<Bytes> {
    let bare: Bytes = Zeroizing::new(text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    BASE64.decode(&bare).ok().map(Zeroizing::new)
}

const MAX_ROUNDS: u32 = 10_000_000;
