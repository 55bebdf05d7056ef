//! Passwords and recovery codes: Argon2id with 19 MiB, two passes, one lane. Slow by intent: it runs outside of every
//! lock, and who calls bounds how many run at once.

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::memory;
use crate::server::domain::recovery::{Plain, Presented, Recovery, RecoveryCode, Verifier};

/// The hash of a password, in the way in which others write it, too: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password. `salt` is new for each call.
    pub fn new(password: &str, salt: [u8; 16]) -> Self {
        let hash =
            argon2id(password.as_bytes(), &salt, &[], COST).expect("the cost is within Argon2's limits");
        let (m, t, p) = COST;
        let (salt, hash) = (BASE64_NOPAD.encode(&salt), BASE64_NOPAD.encode(hash.as_slice()));
        Self(format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}"))
    }

    /// A hash that was stored, or made elsewhere. `None` for another kind, or one that costs more than we pay.
    pub fn read(text: &str) -> Option<Self> {
        Parts::of(text).map(|_| Self(text.to_owned()))
    }

    /// What is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a password is the one of a hash. Without a hash the same work is done, and it is not: who has no password,
/// and a name that nobody has, take as long as a wrong one.
pub fn verify(hash: Option<&PasswordHash>, password: &str) -> bool {
    let parts = hash.and_then(|hash| Parts::of(&hash.0));
    let known = parts.is_some();
    let parts = parts.unwrap_or(Parts { cost: COST, salt: vec![0; 16], hash: vec![0; 32] });
    let made = argon2id(password.as_bytes(), &parts.salt, &[], parts.cost);
    made.is_some_and(|made| bool::from(made.ct_eq(parts.hash.as_slice()))) && known
}

/// A sheet of recovery codes as it is stored.
pub fn paper(sheet: &[Plain], salt: [u8; 16], secret: &[u8; 32]) -> Recovery {
    let code = |plain: &Plain| RecoveryCode {
        selector: plain.selector().to_owned(),
        verifier: verifier(plain, salt, secret),
        used: None,
    };
    Recovery { salt, codes: sheet.iter().map(code).collect() }
}

/// The hash of a typed recovery code under the salt of the user's sheet; without one, the same work.
pub fn present(plain: &Plain, salt: Option<[u8; 16]>, secret: &[u8; 32]) -> Presented {
    let salt = salt.unwrap_or_default();
    Presented { selector: plain.selector().to_owned(), verifier: verifier(plain, salt, secret), salt }
}

fn verifier(plain: &Plain, salt: [u8; 16], secret: &[u8; 32]) -> Verifier {
    let hash = argon2id(plain.expose().as_bytes(), &salt, secret, COST);
    Verifier(*hash.expect("the cost is within Argon2's limits"))
}

fn argon2id(input: &[u8], salt: &[u8], secret: &[u8], cost: Cost) -> Option<Zeroizing<[u8; 32]>> {
    let (memory, passes, lanes) = cost;
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let blocks = params.block_count();
    let argon2 = Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params).ok()?;
    let mut hash = Zeroizing::new([0; 32]);
    let out = hash.as_mut_slice();
    memory::with(blocks, |blocks| argon2.hash_password_into_with_memory(input, salt, out, blocks)).ok()?;
    Some(hash)
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

struct Parts {
    cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("$argon2id$v=19$")?;
        let [cost, salt, hash] = rest.split('$').collect::<Vec<_>>().try_into().ok()?;
        let [m, t, p] = cost.split(',').collect::<Vec<_>>().try_into().ok()?;
        let number = |text: &str, name: &str| text.strip_prefix(name)?.parse::<u32>().ok();
        let cost = (number(m, "m=")?, number(t, "t=")?, number(p, "p=")?);
        let within = cost.0 <= MOST.0 && cost.1 <= MOST.1 && cost.2 <= MOST.2;
        let (salt, hash) = (decode(salt)?, decode(hash)?);
        let usual = (8..=64).contains(&salt.len()) && hash.len() == 32;
        (within && usual && Params::new(cost.0, cost.1, cost.2, Some(32)).is_ok()).then_some(Self {
            cost,
            salt,
            hash,
        })
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_NOPAD.decode(text.as_bytes()).ok()
}

/// KiB, passes, lanes.
type Cost = (u32, u32, u32);
const COST: Cost = (19 * 1024, 2, 1);
/// What a hash from elsewhere may cost.
const MOST: Cost = (128 * 1024, 4, 4);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash() {
        let hash = PasswordHash::new("correct horse", [7; 16]);
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$"));
        assert!(verify(Some(&hash), "correct horse"));
        assert!(!verify(Some(&hash), "Correct horse"));
        assert_eq!(PasswordHash::read(hash.as_str()), Some(hash.clone()));
        assert!(!format!("{hash:?}").contains("argon2"));
    }

    #[test]
    fn nobody_has_a_password() {
        assert!(!verify(None, ""));
        assert!(!verify(None, "\0"));
    }

    #[test]
    fn a_hash_that_the_reference_program_made_is_read() {
        // Argon2's own test of version 0x13: t=2, m=2^16, p=1, "password", "somesalt".
        let made = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        assert!(verify(PasswordHash::read(made).as_ref(), "password"));
        assert!(!verify(PasswordHash::read(made).as_ref(), "passwort"));
    }

    #[test]
    fn another_kind_or_a_dear_one_is_refused() {
        let hash = PasswordHash::new("x", [7; 16]);
        for (from, to) in [
            ("argon2id", "argon2i"),
            ("m=19456", "m=4000000"),
            ("t=2", "t=1000"),
            ("p=1", "p=64"),
            ("v=19", "v=16"),
            ("p=1$", "p=1$$"),
            ("m=19456", "m=1"),
        ] {
            assert_eq!(PasswordHash::read(&hash.as_str().replacen(from, to, 1)), None, "{to}");
        }
        assert_eq!(PasswordHash::read(""), None);
    }

    #[test]
    fn paper_is_hashed_with_a_secret_from_outside_the_database() {
        let sheet = Plain::sheet(&std::array::from_fn(|nth| u8::try_from(nth).unwrap().wrapping_mul(37)));
        let stored = paper(&sheet[..2], [1; 16], &[9; 32]);
        assert_eq!(present(&sheet[1], Some([1; 16]), &[9; 32]).verifier, stored.codes[1].verifier);
        assert_ne!(present(&sheet[1], Some([1; 16]), &[8; 32]).verifier, stored.codes[1].verifier);
        assert_ne!(present(&sheet[1], None, &[9; 32]).verifier, stored.codes[1].verifier);
    }
}
