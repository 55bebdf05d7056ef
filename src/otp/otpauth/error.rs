//! Why a text is not a link that sesam takes in.

use super::{MAX_LINK_BYTES, MAX_NAME_CHARS};
use crate::otp::OtpError;

/// Why a link cannot be read. No text repeats a part of the link but one foreign character of the secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The account name has too many code points.
    #[error("account name is longer than {MAX_NAME_CHARS} characters")]
    AccountTooLong,
    /// The issuer has too many code points.
    #[error("issuer is longer than {MAX_NAME_CHARS} characters")]
    IssuerTooLong,
    /// `otpauth-migration://`: many accounts in one link.
    #[error("this is a Google Authenticator export, not the link of one account")]
    Migration,
    /// None of the three schemes.
    #[error("not a link of a one-time password: it must begin with otpauth://, steam:// or motp://")]
    NotALink,
    /// The secret or a parameter is wrong.
    #[error(transparent)]
    Otp(#[from] OtpError),
    /// There is no `secret=`.
    #[error("secret is missing")]
    SecretMissing,
    /// `secret=` stands there twice, and not the same.
    #[error("secret is given more than once, with different values")]
    SecretRepeated,
    /// Longer than any QR code holds.
    #[error("link is longer than {MAX_LINK_BYTES} bytes")]
    TooLong,
    /// Another word after `otpauth://`.
    #[error("type must be totp, hotp, steam, motp or yaotp")]
    TypeUnknown,
}

impl LinkError {
    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Migration => Some("import it: `sesam import` takes all its accounts"),
            Self::Otp(error) => error.hint(),
            Self::SecretMissing => Some("copy the whole link, up to its end"),
            _ => None,
        }
    }
}
