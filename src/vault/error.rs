//! Why the vault could not do what was asked, and what to do about it.

use std::{io, path::PathBuf};

use crate::crypt::CryptError;

/// What can go wrong between a command and the vault on the disk.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A vault is there already where one should be created.
    #[error("there is a vault already in {}", .0.display())]
    AlreadyThere(PathBuf),
    /// The vault's bytes are not what was written.
    #[error("the vault does not check out: {what}")]
    Damaged {
        /// What is wrong with the file.
        what: String,
        /// Which copy is good, and how to take it.
        advice: String,
    },
    /// The inner MAC is wrong: it was encrypted to this vault's recipient by somebody without its identity.
    #[error("the vault was not written by this identity: its seal is wrong")]
    Forged {
        /// Which copy is good, and how to take it.
        advice: String,
    },
    /// `identity.age` cannot be the file that was written.
    #[error("identity.age does not check out: {what}")]
    IdentityDamaged {
        /// What is wrong with the file.
        what: String,
        /// Which copy is good, and how to take it.
        advice: String,
    },
    /// The disk refused.
    #[error("could not {doing} {}: {}", .path.display(), plain_words(.source))]
    Io {
        /// What was being done, as a verb.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No key at hand, and nobody could be asked.
    #[error("the vault is locked")]
    Locked,
    /// Another process held the lock for too long.
    #[error("another sesam{holder} has held the vault for {seconds} s")]
    LockHeld {
        /// ` (process 4711)`, or nothing.
        holder: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Written by a later program.
    #[error("this vault was written by {by}; this is sesam {}. Nothing was changed", env!("CARGO_PKG_VERSION"))]
    Newer {
        /// The program's name and version as it wrote them, or the number of the schema.
        by: String,
    },
    /// No vault in the directory.
    #[error("there is no vault in {}", .0.display())]
    NoVault(PathBuf),
    /// An account that was meant is not there any more.
    #[error("the account is not in the vault any more")]
    NoSuchAccount,
    /// `--strict`, and others can read or change a file.
    #[error("{}", .0.join("; "))]
    Permissions(Vec<String>),
    /// The vault is older than the one this machine has seen.
    #[error("this vault was rolled back: it is at generation {found}, and this machine has seen {seen}")]
    RolledBack {
        /// Generation of the file.
        found: u64,
        /// Highest generation seen.
        seen: u64,
        /// Which copy is good, and how to take it.
        advice: String,
    },
    /// Saved, but the directory's entry may not survive a power cut.
    #[error("the vault was written, but the disk did not confirm it: {0}")]
    Unconfirmed(io::Error),
    /// Another vault lies where this machine knows one.
    #[error("another vault lies here than the one this machine knows")]
    WrongVault {
        /// Which copy is good, and how to take it.
        advice: String,
    },
    /// The passphrase is wrong; or the identity is damaged where that cannot be told apart.
    #[error("that passphrase did not open the vault")]
    WrongPassphrase,
}

impl VaultError {
    /// An error of the disk.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { doing, path: path.into(), source }
    }

    /// Whether the system refused to read what is there.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Io { source, .. }
            if source.raw_os_error().is_some() && source.kind() != io::ErrorKind::NotFound)
    }

    /// What is wrong with the vault file, out of what decryption said.
    pub fn of_vault_file(error: &CryptError) -> Self {
        match error {
            CryptError::UnknownVersion(version) => {
                Self::Newer { by: format!("an age of a later version ({version})") }
            }
            other => Self::Damaged { what: other.to_string(), advice: String::new() },
        }
    }

    /// The same error with the advice that only who knows the backups can give.
    #[must_use]
    pub fn advised(mut self, words: impl FnOnce() -> String) -> Self {
        match &mut self {
            Self::Damaged { advice, .. }
            | Self::Forged { advice }
            | Self::IdentityDamaged { advice, .. }
            | Self::RolledBack { advice, .. }
            | Self::WrongVault { advice }
                if advice.is_empty() =>
            {
                *advice = words();
            }
            _ => {}
        }
        self
    }

    /// What to do now.
    pub fn hint(&self) -> Option<String> {
        let words = match self {
            Self::AlreadyThere(_) => "name another directory with --vault, or use the one that is there",
            Self::Damaged { advice, .. }
            | Self::Forged { advice }
            | Self::IdentityDamaged { advice, .. }
            | Self::RolledBack { advice, .. }
            | Self::WrongVault { advice } => advice,
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                "the old vault is untouched; make room and try again"
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                "the old vault is untouched; the disk is mounted read-only"
            }
            Self::Io { .. } | Self::NoSuchAccount => return None,
            Self::Locked => "use sesam unlock, --passphrase-file or --passphrase-fd",
            Self::LockHeld { .. } => "wait for it or end it; nothing was changed",
            Self::Newer { .. } => "use that version or a later one",
            Self::NoVault(_) => "create one with: sesam vault create",
            Self::Permissions(_) => "mend it with chmod, or leave --strict out",
            Self::Unconfirmed(_) => "check the disk, then look with: sesam vault verify",
            Self::WrongPassphrase => {
                "if you are sure of it, identity.age may be damaged: sesam vault restore tries its copy"
            }
        };
        (!words.is_empty()).then(|| words.to_owned())
    }
}

/// What the system said, in words where it has none of its own.
pub fn plain_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull => "no space left".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::NotFound => "no such file or directory".into(),
        _ => error.to_string(),
    }
}
