//! Where the key of a vault is kept between two calls, so that nobody is asked twice.
//!
//! The kernel's keyring forgets by itself. What the secret means, and when one is kept, is `cli`'s business.

mod kernel;

pub use kernel::KernelKeyring;

use zeroize::Zeroizing;

/// Why a secret could not be kept.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyringError {
    /// The system has none, or the sandbox forbids it.
    #[error("the kernel keyring does not answer here ({0})")]
    Unavailable(String),
    /// The user has too many keys already.
    #[error("the kernel keyring is full")]
    Full,
}

/// Keeps secrets by name for a time. Every answer is about this user on this machine.
pub trait SecretStore {
    /// Keeps `secret` under `name` for `seconds`, in place of what was there.
    fn put(&self, name: &str, secret: &[u8], seconds: u32) -> Result<(), KeyringError>;

    /// The secret, `None` when there is none or its time is over.
    fn secret(&self, name: &str) -> Option<Zeroizing<Vec<u8>>>;

    /// Forgets the secret at once. `Ok(false)` when there was none.
    fn forget(&self, name: &str) -> Result<bool, KeyringError>;

    /// Whether secrets can be kept here.
    fn check(&self) -> Result<(), KeyringError>;
}
