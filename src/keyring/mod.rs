//! Where a copy of a vault's key, or the token of an MFA server, is kept between two calls, so that nobody is asked
//! twice.
//!
//! The kernel's keyring forgets by itself, the system's keeps until it is told to forget. What the secret means, and
//! when one is kept, is `vault::kept`'s business.

mod error;
mod kernel;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod system;

pub use error::KeyringError;
pub use kernel::KernelKeyring;
pub use system::{SystemKeyring, TOKENS};

use zeroize::Zeroizing;

/// How the system keyring was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It answers and gives what it has.
    Open,
    /// It answers, and wants its own password first.
    Locked,
}

/// Keeps secrets by name. Every answer is about this user on this machine.
pub trait SecretStore {
    /// Keeps `secret` under `name` in place of what was there: for so many seconds, or until it is forgotten. A store
    /// that does not forget by itself keeps it in either case.
    fn put(&self, name: &str, secret: &[u8], seconds: Option<u32>) -> Result<(), KeyringError>;

    /// The secret, `Ok(None)` when there is none or its time is over.
    fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError>;

    /// Forgets the secret at once. `Ok(false)` when there was none.
    fn forget(&self, name: &str) -> Result<bool, KeyringError>;

    /// Whether secrets can be kept here.
    fn check(&self) -> Result<(), KeyringError>;
}
