//! The kinds of one-time password, and what each of them fixes.

use super::{Algorithm, Counter, Digits, Period, Pin};

/// How a code moves on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With time (RFC 6238).
    Totp {
        /// The time step X.
        period: Period,
    },
    /// With each code shown (RFC 4226).
    Hotp {
        /// The moving factor of the next code.
        counter: Counter,
    },
    /// Steam Guard: TOTP with SHA1 and 30 seconds, five letters and digits.
    Steam,
    /// Mobile-OTP: MD5 over time, secret and PIN, every 10 seconds.
    Motp {
        /// What the user keeps in the head; no link carries it.
        pin: Option<Pin>,
    },
    /// Yandex Key: HMAC-SHA256 keyed by PIN and secret, eight letters every 30 seconds.
    Yandex {
        /// What the user keeps in the head.
        pin: Option<Pin>,
    },
}

impl Kind {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Totp { .. } => "totp",
            Self::Hotp { .. } => "hotp",
            Self::Steam => "steam",
            Self::Motp { .. } => "motp",
            Self::Yandex { .. } => "yandex",
        }
    }

    pub(super) fn period(&self) -> Option<Period> {
        match self {
            Self::Totp { period } => Some(*period),
            Self::Hotp { .. } => None,
            Self::Steam | Self::Yandex { .. } => Some(Period::default()),
            Self::Motp { .. } => Some(Period::TEN_SECONDS),
        }
    }

    pub(super) fn usual_algorithm(&self) -> Algorithm {
        match self {
            Self::Yandex { .. } => Algorithm::Sha256,
            _ => Algorithm::Sha1,
        }
    }

    pub(super) fn usual_digits(&self) -> Digits {
        match self {
            Self::Steam => Digits::FIVE,
            Self::Yandex { .. } => Digits::EIGHT,
            _ => Digits::default(),
        }
    }
}
