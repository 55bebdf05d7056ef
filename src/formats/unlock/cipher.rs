//! Ciphers of one key and one message. `None`: the key is not the one, or the bytes were changed.

use aes::Aes256;
use aes_gcm::{
    AesGcm,
    aead::{Aead as _, Payload, generic_array::ArrayLength},
};
use cbc::cipher::{
    BlockModeDecrypt as _, KeyIvInit as _,
    block_padding::{NoPadding, Pkcs7},
};
use chacha20poly1305::XChaCha20Poly1305;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;
use twofish::Twofish;
use zeroize::Zeroizing;

use super::{Key, Plain};

/// AES-256-GCM; the tag stands behind the message. A nonce of 12 or of 16 bytes.
pub(crate) fn aes_gcm(key: &Key, nonce: &[u8], message: &[u8], aad: &[u8]) -> Option<Plain> {
    match nonce.len() {
        12 => gcm::<aes_gcm::aead::consts::U12>(key, nonce, message, aad),
        16 => gcm::<aes_gcm::aead::consts::U16>(key, nonce, message, aad),
        _ => None,
    }
}

fn gcm<Nonce: ArrayLength<u8>>(key: &Key, nonce: &[u8], message: &[u8], aad: &[u8]) -> Option<Plain> {
    use aes_gcm::KeyInit as _;
    let cipher = AesGcm::<aes_gcm::aes::Aes256, Nonce>::new(key.as_slice().into());
    cipher.decrypt(nonce.into(), Payload { msg: message, aad }).ok().map(Zeroizing::new)
}

/// XChaCha20-Poly1305; the tag stands behind the message.
pub(crate) fn xchacha20_poly1305(key: &Key, nonce: &[u8; 24], message: &[u8]) -> Option<Plain> {
    use chacha20poly1305::KeyInit as _;
    let cipher = XChaCha20Poly1305::new(key.as_slice().into());
    cipher.decrypt(nonce.into(), message).ok().map(Zeroizing::new)
}

/// AES-256-CBC with the padding of PKCS 7. It tells a wrong key only by its padding: one in 256 passes.
pub(crate) fn aes_cbc(key: &Key, iv: &[u8; 16], message: &[u8]) -> Option<Plain> {
    let cipher = cbc::Decryptor::<Aes256>::new(key.as_slice().try_into().ok()?, iv.into());
    cipher.decrypt_padded_vec::<Pkcs7>(message).ok().map(Zeroizing::new)
}

/// What `CryptoJS` and `openssl enc` wrote for long: `Salted__`, eight bytes of salt, AES-256-CBC whose key and start are
/// a chain of MD5 of passphrase and salt. It tells a wrong key only by its padding.
pub(crate) fn salted(passphrase: &[u8], message: &[u8]) -> Option<Plain> {
    let (salt, message) = message.strip_prefix(b"Salted__")?.split_first_chunk::<8>()?;
    let (mut chain, mut block) = (Zeroizing::new([0; 48]), Zeroizing::new(Vec::new()));
    for made in chain.chunks_exact_mut(16) {
        let digest = Md5::new().chain_update(&*block).chain_update(passphrase).chain_update(salt).finalize();
        *block = digest.to_vec();
        made.copy_from_slice(&block);
    }
    let (key, iv) = chain.split_first_chunk::<32>()?;
    aes_cbc(&Key::new(*key), iv.first_chunk()?, message)
}

/// AES-256-CBC of whole blocks; what fills the last one stays. Every key opens it.
pub(crate) fn aes_cbc_bare(key: &Key, iv: &[u8; 16], message: &[u8]) -> Option<Plain> {
    let cipher = cbc::Decryptor::<Aes256>::new(key.as_slice().try_into().ok()?, iv.into());
    cipher.decrypt_padded_vec::<NoPadding>(message).ok().map(Zeroizing::new)
}

/// Twofish with a key of 256 bits, else as [`aes_cbc_bare`].
pub(crate) fn twofish_cbc_bare(key: &Key, iv: &[u8; 16], message: &[u8]) -> Option<Plain> {
    let cipher = cbc::Decryptor::<Twofish>::new(key.as_slice().try_into().ok()?, iv.into());
    cipher.decrypt_padded_vec::<NoPadding>(message).ok().map(Zeroizing::new)
}

/// `ChaCha20` (RFC 8439) without a tag: every key opens it.
pub(crate) fn chacha20(key: &Key, nonce: &[u8; 12], message: &[u8]) -> Plain {
    use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
    let mut plain = Zeroizing::new(message.to_vec());
    chacha20::ChaCha20::new(key.as_slice().into(), nonce.into()).apply_keystream(&mut plain);
    plain
}

/// Whether this is the HMAC-SHA256 of these parts, compared in constant time.
pub(crate) fn mac_is(key: &Key, parts: [&[u8]; 2], expected: &[u8]) -> bool {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice()).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(expected).is_ok()
}
