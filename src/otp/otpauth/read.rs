//! What the parameters of a link mean for its codes.

use super::{LinkError, LinkNote, link_type::LinkType, query::Query};
use crate::otp::{Algorithm, Counter, Digits, Kind, Otp, OtpError, Period, Pin, Secret, yandex};

/// Reads the parameters of one link, and collects what is worth a word.
pub(super) struct Reader<'a> {
    pub(super) link_type: LinkType,
    pub(super) issuer: &'a str,
    pub(super) query: &'a Query,
    pub(super) notes: Vec<LinkNote>,
}

impl Reader<'_> {
    /// The one-time password. What a kind fixes is not read, whatever the link says.
    pub(super) fn otp(&mut self) -> Result<Otp, LinkError> {
        let secret = self.secret()?;
        match self.link_type {
            LinkType::Totp => self.totp(secret),
            LinkType::Hotp => self.hotp(secret),
            LinkType::Steam => Ok(Otp::new(Kind::Steam, secret)),
            LinkType::Motp | LinkType::MotpHex => {
                let digits = self.parameter("digits")?.unwrap_or_default();
                Ok(Otp { digits, ..Otp::new(Kind::Motp { pin: self.pin()? }, secret) })
            }
            LinkType::Yandex => {
                yandex::key(&secret)?;
                Ok(Otp::new(Kind::Yandex { pin: self.pin()? }, secret))
            }
        }
    }

    fn totp(&mut self, secret: Secret) -> Result<Otp, LinkError> {
        if self.query.first("encoder").is_some_and(|encoder| encoder.eq_ignore_ascii_case("steam")) {
            return Ok(Otp::new(Kind::Steam, secret));
        }
        let digits: Option<Digits> = self.parameter("digits")?;
        let period: Period = self.parameter("period")?.unwrap_or_default();
        let algorithm = self.algorithm()?;
        let could_be_steam = digits.is_none_or(|digits| digits == Digits::FIVE)
            && (period, algorithm) == (Period::default(), Algorithm::default());
        if self.issuer == STEAM && could_be_steam {
            self.notes.push(LinkNote::SteamByIssuer);
            return Ok(Otp::new(Kind::Steam, secret));
        }
        Ok(Otp { kind: Kind::Totp { period }, secret, algorithm, digits: digits.unwrap_or_default() })
    }

    fn hotp(&mut self, secret: Secret) -> Result<Otp, LinkError> {
        let counter: Option<Counter> = self.parameter("counter")?;
        if counter.is_none() {
            self.notes.push(LinkNote::CounterMissing);
        }
        let kind = Kind::Hotp { counter: counter.unwrap_or_default() };
        let digits = self.parameter("digits")?.unwrap_or_default();
        Ok(Otp { kind, secret, algorithm: self.algorithm()?, digits })
    }

    fn secret(&mut self) -> Result<Secret, LinkError> {
        let text = self.query.first("secret").ok_or(LinkError::SecretMissing)?;
        if self.query.contradicts("secret") {
            return Err(LinkError::SecretRepeated);
        }
        let hex = self.link_type == LinkType::MotpHex
            || self.link_type == LinkType::Motp && Secret::from_hex(text).is_ok();
        if hex {
            return Ok(Secret::from_hex(text)?);
        }
        let secret = Secret::from_base32(text)?;
        if !Secret::is_canonical_base32(text) {
            self.notes.push(LinkNote::SecretNotCanonical);
        }
        if text.trim().contains(char::is_whitespace) {
            self.notes.push(LinkNote::SecretSpaced);
        }
        Ok(secret)
    }

    fn algorithm(&mut self) -> Result<Algorithm, LinkError> {
        let Some(text) = self.query.first("algorithm") else { return Ok(Algorithm::default()) };
        let algorithm: Algorithm = text.parse()?;
        if !text.eq_ignore_ascii_case(algorithm.as_str()) {
            self.notes.push(LinkNote::AlgorithmSpelling(algorithm));
        }
        Ok(algorithm)
    }

    /// Digits stand for themselves; all else is base32 of the PIN (Aegis), which for digits begins with G or H.
    fn pin(&self) -> Result<Option<Pin>, LinkError> {
        let Some(text) = self.query.first("pin").filter(|text| !text.is_empty()) else { return Ok(None) };
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Some(Pin::new(text)?));
        }
        let decoded = Secret::from_base32(text).map_err(|_| OtpError::PinInvalid)?;
        let pin = std::str::from_utf8(decoded.expose()).map_err(|_| OtpError::PinInvalid)?;
        Ok(Some(Pin::new(pin)?))
    }

    fn parameter<T: std::str::FromStr<Err = OtpError>>(&self, name: &str) -> Result<Option<T>, LinkError> {
        Ok(self.query.first(name).map(str::parse).transpose()?)
    }
}

/// The issuer that `FreeOTP`, Stratum and `OTPClient` take for a sign of Steam codes.
pub(super) const STEAM: &str = "Steam";
