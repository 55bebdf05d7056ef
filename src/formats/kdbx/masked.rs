//! The stream that hides single values in the text, passwords and codes above all: one stream for all, in their order.

use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit as _, StreamCipher as _},
};
use salsa20::Salsa20;
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use super::{super::FormatError, fault::damaged};

/// The stream, at its current place.
pub(super) enum Mask {
    None,
    Salsa20(Box<Salsa20>),
    ChaCha20(Box<ChaCha20>),
}

impl Mask {
    /// The stream of this number.
    pub(super) fn new(number: u32, key: &[u8]) -> Result<Self, FormatError> {
        match number {
            0 => Ok(Self::None),
            2 => {
                let key = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(key)));
                Ok(Self::Salsa20(Box::new(Salsa20::new(key.as_slice().into(), &SALSA_NONCE.into()))))
            }
            3 => {
                let made = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(key)));
                Ok(Self::ChaCha20(Box::new(ChaCha20::new(made[..32].into(), made[32..44].into()))))
            }
            _ => Err(damaged("it hides its values in a way that sesam does not know")),
        }
    }

    /// Takes the mask off the next value.
    pub(super) fn lift(&mut self, value: &mut [u8]) {
        match self {
            Self::None => {}
            Self::Salsa20(stream) => stream.apply_keystream(value),
            Self::ChaCha20(stream) => stream.apply_keystream(value),
        }
    }
}

const SALSA_NONCE: [u8; 8] = [0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a];
