//! Why something was not read or not done. A sentence for people; nothing of a token.

use super::certificate::Fingerprint;

/// Why a server did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdminError {
    /// Its certificate is none that is trusted.
    #[error("{server} shows a certificate that is not trusted: {why}")]
    Certificate {
        /// Which server.
        server: String,
        /// What is wrong with it.
        why: String,
    },
    /// What the plan saw has changed.
    #[error("{0} was changed meanwhile: look again, nothing was sent")]
    Changed(String),
    /// It does not fit what is there now.
    #[error("{server} refused: {why}")]
    Conflict {
        /// Which server.
        server: String,
        /// What does not fit.
        why: String,
    },
    /// The profile does not say enough.
    #[error("the profile of {server} names no {what}")]
    Incomplete {
        /// Which server.
        server: String,
        /// What is missing.
        what: String,
        /// What adds it.
        flag: String,
    },
    /// The token has ended, was revoked, or is none.
    #[error("{server} does not know this token: it has ended or was revoked")]
    LoggedOut {
        /// Which server.
        server: String,
    },
    /// There is none of this name.
    #[error("{server} has no {what}")]
    Missing {
        /// Which server.
        server: String,
        /// What is missing: `user "alan"`.
        what: String,
    },
    /// Who asks has not the right to.
    #[error("{server} refused: {who}")]
    NotAllowed {
        /// Which server.
        server: String,
        /// Who may not do what, and with which role.
        who: String,
        /// The right that is missing.
        right: String,
    },
    /// More than one is meant.
    #[error("{0} names more than one binding: give its id")]
    Several(String),
    /// Its token is not where the profile says.
    #[error("there is no token for {server}: {why}")]
    NoToken {
        /// Which server.
        server: String,
        /// What was found in its place.
        why: String,
    },
    /// The server has no such thing.
    #[error("{server} cannot do that: {why}")]
    Impossible {
        /// Which server.
        server: String,
        /// Why, and what to do instead.
        why: String,
    },
    /// It answered something else than its API.
    #[error(
        "{server} answered something that is not its API ({what}): is the address right, is a proxy between?"
    )]
    NotUnderstood {
        /// Which server.
        server: String,
        /// What came: `HTML`.
        what: String,
    },
    /// A profile, or `--read-only`, that refuses every change.
    #[error("{0} is read-only here: nothing was sent")]
    ReadOnly(String),
    /// The server says no.
    #[error("{server} refused: {why}")]
    Refused {
        /// Which server.
        server: String,
        /// Its reason.
        why: String,
        /// The right that is missing, where it said.
        right: Option<String>,
    },
    /// Name, password or code were not taken.
    #[error("signing in to {server} failed: {why}")]
    SignIn {
        /// Which server.
        server: String,
        /// What was refused.
        why: String,
    },
    /// Its certificate is none that is trusted; which one it is.
    #[error("{server} shows a certificate that is not trusted: {why}; it is {seen}")]
    Untrusted {
        /// Which server.
        server: String,
        /// What is wrong with it.
        why: String,
        /// The certificate that it showed.
        seen: Fingerprint,
    },
    /// More than is read.
    #[error("{0} answered more than 16 MiB: narrow the search")]
    TooLarge(String),
    /// The request went out and no answer came.
    #[error("{server} did not answer: whether it was done is not known; it was not sent again, look first")]
    Unknown {
        /// Which server.
        server: String,
    },
    /// Its address is http, and not this machine's.
    #[error("{0} would be asked without TLS: tokens and codes would travel in clear")]
    Unencrypted(String),
    /// This sesam cannot do it.
    #[error("{server}: this sesam cannot ask {what} yet")]
    Unsupported {
        /// Which server.
        server: String,
        /// What is not known.
        what: String,
    },
    /// It cannot be reached.
    #[error("{server} cannot be reached: {why}")]
    Unreachable {
        /// Which server.
        server: String,
        /// What the network said.
        why: String,
    },
}

/// What is said on the screens of a vault that is locked, or not there: it is not for the command line to mend.
pub const CLOSED: &str = "which is not open: A leads to the codes, where it opens";

impl AdminError {
    /// What to do.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Certificate { .. } => {
                "ca_file names the authority of a private certificate, pin one certificate alone"
            }
            Self::Incomplete { .. } => "sesam admin server edit NAME adds it",
            Self::LoggedOut { .. } => "sesam admin server edit NAME --token-stdin takes a new one",
            Self::NoToken { why, .. } if why.contains(CLOSED) => return None,
            Self::NoToken { .. } => "sesam admin server edit NAME --token-stdin keeps one",
            Self::NotUnderstood { .. } => "sesam admin server test NAME says what is there",
            Self::ReadOnly(_) => "read_only = false in the profile allows changes",
            Self::Untrusted { .. } => {
                "compare it with the server's own, then: sesam admin server edit NAME --pin sha256:…"
            }
            Self::Unencrypted(_) => "an address begins with https://, or leads to this machine",
            Self::Unreachable { .. } => "sesam admin server test NAME tries each step",
            _ => return None,
        })
    }
}
