//! Where tokens of servers lie, as the screens reach it: the system keyring, and the vault while it is open.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::{
    admin::connect::kept_as,
    config::TokenSource,
    keyring::SecretStore,
    vault::{Vault, tokens::Tokens},
};

/// Both places.
pub struct Places {
    keyring: Arc<dyn SecretStore + Send + Sync>,
    vault: Option<Arc<Vault>>,
}

impl Places {
    /// This keyring and, while it is open, this vault.
    pub fn new(keyring: Arc<dyn SecretStore + Send + Sync>, vault: Option<Arc<Vault>>) -> Self {
        Self { keyring, vault }
    }

    /// Keeps a server's token; the error is a sentence without its end.
    pub fn put(&self, place: &TokenSource, (name, token): (&str, &[u8])) -> Result<(), String> {
        match (place, &self.vault) {
            (TokenSource::Keyring, _) => {
                self.keyring.put(&kept_as(name), token, None).map_err(|error| error.to_string())
            }
            (TokenSource::Vault, None) => Err("the vault is closed: open it, then save once more".to_owned()),
            (TokenSource::Vault, Some(vault)) if vault.is_in_memory() => {
                Err("this vault is in memory alone".to_owned())
            }
            (TokenSource::Vault, Some(vault)) => {
                let token = std::str::from_utf8(token).map_err(|_| "it is no text".to_owned())?;
                Tokens::keep(vault, name, token).map_err(|error| error.to_string())
            }
            _ => Err("it lies outside of sesam".to_owned()),
        }
    }

    /// The token of a server, where it can be read.
    pub fn token(&self, place: &TokenSource, name: &str) -> Option<Zeroizing<Vec<u8>>> {
        match (place, &self.vault) {
            (TokenSource::Keyring, _) => self.keyring.secret(&kept_as(name)).ok().flatten(),
            (TokenSource::Vault, Some(vault)) => {
                let tokens = Tokens::read(vault).ok()?;
                tokens.of(name).map(|token| Zeroizing::new(token.as_bytes().to_vec()))
            }
            _ => None,
        }
    }

    /// Forgets it. What cannot be forgotten stays readable to whoever could read it before.
    pub fn forget(&self, place: &TokenSource, name: &str) {
        match (place, &self.vault) {
            (TokenSource::Keyring, _) => drop(self.keyring.forget(&kept_as(name))),
            (TokenSource::Vault, Some(vault)) => drop(Tokens::forget(vault, name)),
            _ => {}
        }
    }
}
