//! Tokens of MFA servers beside the accounts: a file of its own, encrypted for the vault's identity and sealed with a
//! MAC of it, so that nobody without the identity reads one or puts another one in its place.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{disk, error::VaultError, lock::VaultLock, store::Vault};
use crate::crypt::{Identity, mac::MacKey};

/// The tokens of a vault, by the names that the settings have for their servers.
#[derive(Default)]
pub struct Tokens {
    kept: BTreeMap<String, Zeroizing<String>>,
}

impl Tokens {
    /// Reads them; none where there is no file.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] when the file is not what was written.
    pub fn read(vault: &Vault) -> Result<Self, VaultError> {
        if vault.is_in_memory() {
            return Ok(Self::default());
        }
        let Some(bytes) = disk::read_if_there(&vault.place.tokens(), MAX_SIZE)? else {
            return Ok(Self::default());
        };
        vault.identities().iter().find_map(|identity| open(identity, &bytes)).ok_or_else(|| VaultError::Damaged {
            what: format!("{} is not what was written", vault.place.tokens().display()),
            advice: "keep the tokens anew: sesam admin server edit NAME --token-stdin, after the file is removed"
                .to_owned(),
        })
    }

    /// The token of a server.
    pub fn of(&self, server: &str) -> Option<&Zeroizing<String>> {
        self.kept.get(server)
    }

    /// Keeps the token of a server in place of what was there.
    pub fn keep(vault: &Vault, server: &str, token: &str) -> Result<(), VaultError> {
        change(vault, |kept| {
            kept.insert(server.to_owned(), Zeroizing::new(token.to_owned()));
            true
        })
        .map(|_| ())
    }

    /// Forgets the token of a server. `Ok(false)` when there was none.
    pub fn forget(vault: &Vault, server: &str) -> Result<bool, VaultError> {
        change(vault, |kept| kept.remove(server).is_some())
    }
}

fn change(
    vault: &Vault,
    change: impl FnOnce(&mut BTreeMap<String, Zeroizing<String>>) -> bool,
) -> Result<bool, VaultError> {
    if vault.is_in_memory() {
        return Ok(false);
    }
    let _lock = VaultLock::take(&vault.place.lock(), &*vault.world.clock)?;
    let mut tokens = Tokens::read(vault)?;
    if !change(&mut tokens.kept) {
        return Ok(false);
    }
    let path = vault.place.tokens();
    disk::replace(&path, &path.with_extension("tmp"), &seal(vault.identity(), &tokens))?;
    Ok(true)
}

/// The same file for another identity; `None` when none of the old ones opens it.
pub(super) fn reseal(old: &[Identity], fresh: &Identity, bytes: &[u8]) -> Option<Vec<u8>> {
    old.iter().find_map(|identity| open(identity, bytes)).map(|tokens| seal(fresh, &tokens))
}

fn open(identity: &Identity, bytes: &[u8]) -> Option<Tokens> {
    let plain = identity.decrypt_bytes(bytes).ok()?;
    let text = std::str::from_utf8(&plain).ok()?;
    let (tag, rest) = text.split_once('\n')?;
    if !key(identity).verify(rest.as_bytes(), tag) {
        return None;
    }
    toml::from_str(rest).ok().map(|kept| Tokens { kept })
}

fn seal(identity: &Identity, tokens: &Tokens) -> Vec<u8> {
    let text = Zeroizing::new(toml::to_string(&tokens.kept).expect("names and texts are TOML"));
    let tag = key(identity).tag(text.as_bytes());
    let plain = Zeroizing::new(format!("{tag}\n{}", text.as_str()));
    identity.recipient().encrypt(plain.as_bytes())
}

/// No vault has this for an id: a vault's is 32 hex digits.
fn key(identity: &Identity) -> MacKey {
    MacKey::of_vault(identity, "tokens")
}

const MAX_SIZE: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_somebody_else_wrote_is_none() {
        let own = Identity::generate();
        let tokens = Tokens { kept: BTreeMap::from([("mfa".into(), Zeroizing::new("secret".to_owned()))]) };
        let sealed = seal(&own, &tokens);
        let read = open(&own, &sealed).unwrap();
        assert_eq!(read.of("mfa").map(|token| token.as_str()), Some("secret"));
        let forged = own.recipient().encrypt(format!("{}\nmfa = \"mine\"\n", "0".repeat(64)).as_bytes());
        assert!(open(&own, &forged).is_none(), "who knows the recipient alone writes no token");
        let fresh = Identity::generate();
        assert!(open(&fresh, &sealed).is_none());
        let moved = reseal(&[own], &fresh, &sealed).unwrap();
        assert!(open(&fresh, &moved).unwrap().of("mfa").is_some());
    }
}
