//! What is ignored in a configuration, while the program runs.

use super::nearest::Nearest;
use super::origin::Origin;

/// A setting that is not obeyed. It holds no value of the file: what is in the wrong place may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// A server without an address: it is left out.
    #[error("{origin}: the server {server:?} has no url")]
    NoUrl {
        /// Where the server begins.
        origin: Origin,
        /// Its name.
        server: String,
    },
    /// `confirm = "plain"` for a server of kind `prod`: names are typed all the same.
    #[error("{origin}: confirm = \"plain\" is refused for {server:?}, which is of kind prod")]
    PlainConfirm {
        /// Where the server begins.
        origin: Origin,
        /// Its name.
        server: String,
    },
    /// No such key: it is passed over.
    #[error("{origin}: unknown key {key:?}{nearest}")]
    UnknownKey {
        /// Where.
        origin: Origin,
        /// The dotted key.
        key: String,
        /// The nearest key that there is.
        nearest: Nearest,
    },
    /// A value that the key does not take: the key keeps what it had.
    #[error("{origin}: {} must be {expected}; it keeps {kept}", key.escape_debug())]
    Value {
        /// Where.
        origin: Origin,
        /// The dotted key.
        key: String,
        /// What it takes.
        expected: String,
        /// What holds instead, as the file would write it.
        kept: String,
    },
}

impl Warning {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoUrl { .. } => "add url = \"https://…\"",
            Self::PlainConfirm { .. } => "take the line out, or say kind = \"test\" or \"lab\"",
            Self::UnknownKey { .. } => "sesam config show lists all keys",
            Self::Value { .. } => "sesam config show --origin says where each value is from",
        }
    }
}
