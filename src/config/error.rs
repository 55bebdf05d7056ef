//! What makes a configuration unusable. What is only ignored is a [`Warning`](super::Warning).
//!
//! What comes out of a file is quoted with its control characters escaped; paths are shown as they are.

use std::path::PathBuf;

use super::nearest::Nearest;
use super::origin::{Origin, Place};
use super::url::UrlFault;

/// Why the settings are not taken (exit code 2), or not changed. No variant holds a value of the file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Others may write the file, and it names commands to run.
    #[error("{} can be changed by others (mode {mode:03o})", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key is one, and nobody set it.
    #[error("{} is not set", key.escape_debug())]
    NotSet {
        /// The dotted key.
        key: String,
    },
    /// A secret is written in the file.
    #[error("{origin}: {} holds a secret", key.escape_debug())]
    Secret {
        /// Where.
        origin: Origin,
        /// The dotted key.
        key: String,
    },
    /// The file is not TOML.
    #[error("{place}, column {column}: {reason}")]
    Syntax {
        /// Where.
        place: Place,
        /// The column in characters, counted from 1.
        column: usize,
        /// What the parser says; it names no value.
        reason: String,
    },
    /// The file is larger than any settings.
    #[error("{} is larger than {most} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        most: u64,
    },
    /// No such key.
    #[error("unknown key {key:?}{nearest}")]
    UnknownKey {
        /// What was asked for.
        key: String,
        /// The nearest key that there is.
        nearest: Nearest,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A server's address that is never used.
    #[error("{origin}: {} {fault}", key.escape_debug())]
    Url {
        /// Where.
        origin: Origin,
        /// The dotted key.
        key: String,
        /// What is wrong with it.
        fault: UrlFault,
    },
    /// A value given on the command line that the key does not take.
    #[error("{} must be {expected}", key.escape_debug())]
    Value {
        /// The dotted key.
        key: String,
        /// What it takes.
        expected: String,
    },
}

impl ConfigError {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Exposed { path, .. } => format!("chmod go-w {}", path.display()),
            Self::NotSet { .. } => "sesam config show lists what is set".to_owned(),
            Self::Secret { .. } => "take it out and keep it in the system keyring: \
                 sesam admin server add --token-stdin; then token = \"keyring\""
                .to_owned(),
            Self::Syntax { .. } => "correct the line, or try --no-config".to_owned(),
            Self::TooLarge { .. } => "is it the right file?".to_owned(),
            Self::UnknownKey { .. } => "sesam config show lists all keys".to_owned(),
            Self::Unreadable { .. } => "check the path and who may read it".to_owned(),
            Self::Url { .. } => "write it as https://host; http is for this machine alone".to_owned(),
            Self::Value { .. } => "sesam config init writes a file that explains each key".to_owned(),
        }
    }
}
