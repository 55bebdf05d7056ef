//! libsodium's `crypto_secretstream_xchacha20poly1305`, for a stream of one message without additional data.
//!
//! Not XChaCha20-Poly1305: the first block of the key stream makes the key of the tag, the second hides the tag byte of
//! the message, the message follows from the third on. Real files end with the byte for a last message or with that for
//! one in the middle: both are taken.

use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit as _, StreamCipher as _, consts::U10},
    hchacha,
};
use poly1305::{Poly1305, universal_hash::KeyInit as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{Key, Plain};

/// Opens the stream. `None`: the key is not the one, or the bytes were changed.
pub(crate) fn open(key: &Key, header: &[u8; 24], stream: &[u8]) -> Option<Plain> {
    let (tag_byte, rest) = stream.split_first()?;
    let (message, expected) = rest.split_last_chunk::<MAC_BYTES>()?;
    let mut cipher = cipher(key, header);

    let mut mac_key = Zeroizing::new([0; BLOCK]);
    cipher.apply_keystream(mac_key.as_mut_slice());
    let mut block = [0; BLOCK];
    block[0] = *tag_byte;
    cipher.apply_keystream(&mut block);
    let tag = std::mem::replace(&mut block[0], *tag_byte);

    let padding = &[0; 16][..message.len() % 16]; // libsodium's own slip: not what would fill 16 bytes
    let lengths = [0_u64.to_le_bytes(), u64::try_from(BLOCK + message.len()).ok()?.to_le_bytes()].concat();
    let authenticated = [&block, message, padding, &lengths].concat();
    let mac = Poly1305::new(poly1305::Key::from_slice(&mac_key[..32])).compute_unpadded(&authenticated);
    let genuine = bool::from(mac.as_slice().ct_eq(expected));
    if !genuine || !TAGS.contains(&tag) {
        return None;
    }
    let mut plain = Zeroizing::new(message.to_vec());
    cipher.apply_keystream(&mut plain);
    Some(plain)
}

fn cipher(key: &Key, header: &[u8; 24]) -> ChaCha20 {
    let (input, rest) = header.split_at(16);
    let subkey = Zeroizing::new(<[u8; 32]>::from(hchacha::<U10>(key.as_slice().into(), input.into())));
    let nonce = [&1_u32.to_le_bytes(), rest].concat();
    ChaCha20::new(subkey.as_slice().into(), nonce.as_slice().into())
}

const BLOCK: usize = 64;
const MAC_BYTES: usize = 16;
/// In the middle, and at the end.
const TAGS: [u8; 2] = [0, 3];
