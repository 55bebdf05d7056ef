//! What a reader of a link should be told although the link was taken in.

use std::fmt;

use crate::otp::{Algorithm, Weakness};

/// Something that was read in another way than written, or is worth a word.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkNote {
    /// The algorithm was not written as the format wants it (`HmacSHA1`).
    AlgorithmSpelling(Algorithm),
    /// Ente's `codeDisplay` is not the JSON that it should be; its tags and note are lost.
    CodeDisplayUnreadable,
    /// HOTP without counter.
    CounterMissing,
    /// Percent-encoded bytes that are no UTF-8 became U+FFFD.
    InvalidUtf8,
    /// A parameter stands there more than once with different values; holds its name.
    Repeated(&'static str),
    /// Bits of the secret fill no byte: it may be cut short.
    SecretNotCanonical,
    /// The secret was written in groups.
    SecretSpaced,
    /// The issuer `Steam` made a Steam account of a TOTP link.
    SteamByIssuer,
    /// See [`Weakness`].
    Weak(Weakness),
}

impl LinkNote {
    /// Whether something was read in another way than written; else it is only worth a word.
    pub fn is_repair(&self) -> bool {
        !matches!(self, Self::Weak(_))
    }
}

impl fmt::Display for LinkNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmSpelling(algorithm) => {
                write!(f, "algorithm is spelled unusually, read as {algorithm}")
            }
            Self::CodeDisplayUnreadable => {
                f.write_str("codeDisplay is not readable, its tags and note are lost")
            }
            Self::CounterMissing => f.write_str("counter is missing, it starts at 0"),
            Self::InvalidUtf8 => f.write_str("bytes that are no UTF-8 were replaced"),
            Self::Repeated(name) => write!(f, "{name} is given more than once, the first counts"),
            Self::SecretNotCanonical => f.write_str("secret has bits left over, it may be cut short"),
            Self::SecretSpaced => f.write_str("secret had spaces, fixed"),
            Self::SteamByIssuer => f.write_str("issuer is Steam, read as a Steam account"),
            Self::Weak(weakness) => weakness.fmt(f),
        }
    }
}

impl From<Weakness> for LinkNote {
    fn from(weakness: Weakness) -> Self {
        Self::Weak(weakness)
    }
}
