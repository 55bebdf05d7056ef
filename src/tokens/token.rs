//! One token, and why there may be none.

use crate::otp::{Otp, OtpError};

/// A token, with what is known of it.
#[derive(Clone, Debug)]
pub struct Token {
    /// Its place in the file, from 1: the line of a table, the number of a package.
    pub at: usize,
    /// The number on its back.
    pub serial: String,
    /// Who made it.
    pub manufacturer: String,
    /// Who gave out the key; often empty.
    pub issuer: String,
    /// Whose it is; often empty.
    pub user: String,
    /// What it computes.
    pub otp: Result<Otp, Unusable>,
}

/// Why a token cannot be used. Holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unusable {
    /// Its secret does not fit its tag.
    #[error("its secret was changed")]
    Changed,
    /// Not a code of decimal digits.
    #[error("it is a key of another kind than TOTP and HOTP")]
    Kind,
    /// There is no secret that can be read.
    #[error("its secret is missing or written in an unknown way")]
    NoSecret,
    /// A parameter is wrong.
    #[error(transparent)]
    Otp(#[from] OtpError),
}

/// Why no token of a file could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The text is none of this kind.
    #[error("it is no such file, or it was cut off")]
    Broken,
    /// The way of encryption is not known.
    #[error("it is encrypted in a way that sesam does not know")]
    Cipher,
    /// More than [`MAX_TOKENS`].
    #[error("it has more than {MAX_TOKENS} tokens")]
    TooMany,
    /// Opening it would cost more than a file may ask for.
    #[error("it asks for {0} rounds of PBKDF2")]
    TooMuchWork(u64),
    /// The password or key is another.
    #[error("the password or key is another")]
    WrongKey,
}

/// The most tokens of one file.
pub const MAX_TOKENS: usize = 50_000;
