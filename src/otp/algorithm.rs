//! The hash under the HMAC, and the many ways to write its name.

use std::{fmt, str::FromStr};

use super::OtpError;

/// The hash function of the HMAC (RFC 6238, section 1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// The default, and all that many apps know.
    #[default]
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl Algorithm {
    /// The name in an `otpauth` link: `SHA1`, `SHA256` or `SHA512`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = OtpError;

    /// Reads `SHA1` and what apps write for it: `sha1`, `SHA-1`, `HmacSHA1`, `HMAC-SHA-1`.
    ///
    /// # Errors
    ///
    /// [`OtpError::AlgorithmUnknown`] for all else, the empty text too: a guess would show wrong codes.
    fn from_str(text: &str) -> Result<Self, OtpError> {
        let bare: String =
            text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match bare.strip_prefix("hmac").unwrap_or(&bare) {
            "sha1" => Ok(Self::Sha1),
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(OtpError::AlgorithmUnknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_apps_write() {
        for text in ["SHA1", "sha1", "SHA-1", "HmacSHA1", "HMAC-SHA-1", "hmac_sha1", " SHA1 "] {
            assert_eq!(text.parse(), Ok(Algorithm::Sha1), "{text}");
        }
        assert_eq!("HMAC-SHA-256".parse(), Ok(Algorithm::Sha256));
        assert_eq!("HmacSHA512".parse(), Ok(Algorithm::Sha512));
    }

    #[test]
    fn never_guesses() {
        for text in ["", "MD5", "none", "SHA224", "SHA384", "SHA3-256", "SHA", "SHA11", "hmac"] {
            assert_eq!(text.parse::<Algorithm>(), Err(OtpError::AlgorithmUnknown), "{text}");
        }
    }

    #[test]
    fn prints_what_it_reads() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512] {
            assert_eq!(algorithm.to_string().parse(), Ok(algorithm));
        }
    }
}
