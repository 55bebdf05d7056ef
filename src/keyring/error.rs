//! Why a keyring could not do what was asked, and what to do about it.

/// What can go wrong with a keyring. A secret is in none of it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyringError {
    /// The user has too many keys in the kernel already.
    #[error("the kernel keyring is full")]
    Full,
    /// The system keyring is there, but closed, and its owner cannot be asked or did not open it.
    #[error("the system keyring is locked")]
    Locked,
    /// Nothing on this machine, or in this session, is a system keyring.
    #[error("there is no system keyring here ({0})")]
    Missing(String),
    /// The system keyring said no.
    #[error("the system keyring refused ({0})")]
    Refused(String),
    /// The system keyring said nothing for so many seconds.
    #[error("the system keyring did not answer within {0} s")]
    Silent(u64),
    /// The kernel has no keyring, or the sandbox forbids it.
    #[error("the kernel keyring does not answer here ({0})")]
    Unavailable(String),
}

impl KeyringError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Full | Self::Unavailable(_) => {
                "give the passphrase with each call: --passphrase-file, --passphrase-fd or vault.passphrase_command"
            }
            Self::Locked => {
                "unlock it in the desktop session, or let the vault open for a time: sesam unlock --for 8h"
            }
            Self::Missing(_) => {
                "over SSH and without a desktop there is none; let the vault open for a time: sesam unlock --for 8h"
            }
            Self::Refused(_) | Self::Silent(_) => "look at it with: sesam doctor keyring",
        }
    }
}
