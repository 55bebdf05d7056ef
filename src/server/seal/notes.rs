//! What lies in the database for a while and must not be read there: letters that wait to be sent, answers that may be
//! asked for again. XChaCha20-Poly1305 under the first key; what is old is gone before a key is.

use std::fmt;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use zeroize::Zeroizing;

/// The key of notes.
#[derive(Clone)]
pub struct NoteKey(Zeroizing<[u8; 32]>);

impl NoteKey {
    /// From its bytes.
    pub fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    /// Seals a note at its place. `nonce` is new for each call.
    pub fn seal(&self, place: &[u8], note: &[u8], nonce: [u8; 24]) -> Vec<u8> {
        let payload = Payload { msg: note, aad: place };
        let sealed = self.cipher().encrypt(XNonce::from_slice(&nonce), payload).expect("a note is short");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens a note where it was found. `None` for one that was changed or moved.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, rest) = sealed.split_first_chunk::<24>()?;
        let payload = Payload { msg: rest, aad: place };
        self.cipher().decrypt(XNonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.as_slice().into())
    }
}

impl fmt::Debug for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoteKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_opens_at_its_place_and_nowhere_else() {
        let key = NoteKey::new(Zeroizing::new([7; 32]));
        let sealed = key.seal(b"letters/1", b"code 123456", [1; 24]);
        assert!(!sealed.windows(6).any(|part| part == b"123456"));
        assert_eq!(key.open(b"letters/1", &sealed).unwrap().as_slice(), b"code 123456");
        assert!(key.open(b"letters/2", &sealed).is_none());
        assert!(key.open(b"letters/1", &sealed[1..]).is_none());
        assert!(key.open(b"letters/1", &[]).is_none());
    }
}
