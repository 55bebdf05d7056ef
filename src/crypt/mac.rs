//! The MAC inside a vault: proof that who wrote it held the identity, since anybody who learns a recipient could
//! encrypt a vault of their own to it (age files to X25519 recipients are not authenticated).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{Identity, hex};

/// The key of a vault's MAC: HKDF-SHA256 over the identity's 32 bytes, no salt, with a purpose and the vault's id.
pub struct MacKey(Zeroizing<[u8; 32]>);

impl MacKey {
    /// The key for what lies in `vault.age`.
    pub fn of_vault(identity: &Identity, vault_id: &str) -> Self {
        Self::derive(identity, "sesam/vault-mac/v1", vault_id)
    }

    /// The key for what this machine remembers of a vault.
    pub fn of_memory(identity: &Identity, vault_id: &str) -> Self {
        Self::derive(identity, "sesam/seen-mac/v1", vault_id)
    }

    fn derive(identity: &Identity, purpose: &str, vault_id: &str) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        hkdf::Hkdf::<Sha256>::new(None, &identity.secret_bytes())
            .expand_multi_info(&[purpose.as_bytes(), vault_id.as_bytes()], key.as_mut())
            .expect("32 bytes are within HKDF's limit");
        Self(key)
    }

    /// HMAC-SHA256 of `message`, lower-case hex.
    pub fn tag(&self, message: &[u8]) -> String {
        hex(&self.state(message).finalize().into_bytes())
    }

    /// Whether `tag` is the MAC of `message`, compared in constant time.
    pub fn verify(&self, message: &[u8], tag: &str) -> bool {
        self.tag(message).as_bytes().ct_eq(tag.as_bytes()).into()
    }

    /// The same for a message that comes piece by piece.
    pub fn running(&self) -> RunningMac {
        RunningMac(self.state(&[]))
    }

    fn state(&self, message: &[u8]) -> Hmac<Sha256> {
        let mut state =
            <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.as_ref()).expect("HMAC takes any key length");
        state.update(message);
        state
    }
}

/// A MAC over a message that is not there as a whole.
pub struct RunningMac(Hmac<Sha256>);

impl RunningMac {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Whether `tag` is the MAC of all pieces, compared in constant time.
    pub fn verify(self, tag: &str) -> bool {
        hex(&self.0.finalize().into_bytes()).as_bytes().ct_eq(tag.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_tag_holds_for_its_message_vault_and_identity_alone() {
        let identity = Identity::generate();
        let key = MacKey::of_vault(&identity, ID);
        let tag = key.tag(b"schema = 1\n");
        assert!(key.verify(b"schema = 1\n", &tag));
        assert!(!key.verify(b"schema = 2\n", &tag));
        assert!(!MacKey::of_vault(&identity, "ffff").verify(b"schema = 1\n", &tag));
        assert!(!MacKey::of_vault(&Identity::generate(), ID).verify(b"schema = 1\n", &tag));
        assert!(!MacKey::of_memory(&identity, ID).verify(b"schema = 1\n", &tag));
    }

    /// The same value from Python's hmac and hashlib over the documented derivation.
    #[test]
    fn the_derivation_is_the_documented_one() {
        let bytes = bech32::ToBase32::to_base32(&[0x42_u8; 32]);
        let text = bech32::encode("age-secret-key-", bytes, bech32::Variant::Bech32).unwrap();
        let identity = Identity::parse(&text.to_uppercase()).unwrap();
        assert_eq!(identity.secret_bytes().as_slice(), [0x42; 32]);
        let tag = MacKey::of_vault(&identity, ID).tag(b"schema = 1\n");
        assert_eq!(tag, "1385c53f26cc891a2acf78c42e4981af9c4319e965d109e6f3d08438d70376f8");
    }
}
