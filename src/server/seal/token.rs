//! Sessions, API keys, remembered browsers, the first administrator's token: 256 random bits that are shown once, and
//! of which the SHA-256 is kept. So long a secret needs no slow hash.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A token as its holder has it.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

/// What is kept of it.
pub type TokenDigest = [u8; 32];

impl Token {
    /// A new one: `kind` says what it opens, for who finds one lying about.
    pub fn new(kind: Kind, random: &[u8; 32]) -> Self {
        let body = Zeroizing::new(BASE64URL_NOPAD.encode(random));
        Self(Zeroizing::new(format!("{}{}", kind.prefix(), body.as_str())))
    }

    /// One that somebody showed. `None` for what can be none of this kind.
    pub fn read(kind: Kind, text: &str) -> Option<Self> {
        let body = text.strip_prefix(kind.prefix())?;
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(body.as_bytes()).ok()?);
        (bytes.len() == 32).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The characters.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept, as text.
    pub fn digest_text(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.digest())
    }

    /// What is kept, and looked for: a look-up by it tells nothing of the token by its time.
    pub fn digest(&self) -> TokenDigest {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The API, for an administrator's programs.
    ApiKey,
    /// The API, for an application.
    ApplicationKey,
    /// A browser that did the second step.
    Browser,
    /// The first administrator's place.
    First,
    /// A session.
    Session,
    /// A sign-in that has begun.
    SignIn,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::ApiKey => "sesam_key_",
            Self::ApplicationKey => "sesam_app_",
            Self::Browser => "sesam_browser_",
            Self::First => "sesam_first_",
            Self::Session => "sesam_session_",
            Self::SignIn => "sesam_signin_",
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_its_own_kind_alone() {
        let key = Token::new(Kind::ApiKey, &[7; 32]);
        let read = Token::read(Kind::ApiKey, key.expose()).unwrap();
        assert_eq!(read.digest(), key.digest());
        assert!(Token::read(Kind::Session, key.expose()).is_none());
        assert_ne!(Token::new(Kind::ApiKey, &[8; 32]).digest(), key.digest());
        for text in ["", "sesam_key_", "sesam_key_AAAA", "sesam_key_!!", "SESAM_KEY_AAAA"] {
            assert!(Token::read(Kind::ApiKey, text).is_none(), "{text}");
        }
        assert!(!format!("{key:?}").contains("sesam"));
    }
}
