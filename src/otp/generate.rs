//! Which generator makes the codes of which kind.

use super::{Code, Kind, Otp, OtpError, hotp, motp, steam, totp, yandex};

impl Otp {
    /// The code at a time in seconds since 1970, any time up to the end of `u64`.
    ///
    /// HOTP takes its own counter and ignores the time; storing the next counter is the caller's.
    ///
    /// # Errors
    ///
    /// [`OtpError::PinMissing`] for mOTP and Yandex without PIN, [`OtpError::SecretTooShort`] for a Yandex
    /// secret below 16 bytes.
    pub fn code(&self, unix_seconds: u64) -> Result<Code, OtpError> {
        match &self.kind {
            Kind::Totp { period } => Ok(totp::code(self, *period, unix_seconds)),
            Kind::Hotp { counter } => Ok(hotp::code(self, counter.value())),
            Kind::Steam => Ok(steam::code(&self.secret, unix_seconds)),
            Kind::Motp { pin } => {
                Ok(motp::code(self, pin.as_ref().ok_or(OtpError::PinMissing)?, unix_seconds))
            }
            Kind::Yandex { pin } => {
                yandex::code(&self.secret, pin.as_ref().ok_or(OtpError::PinMissing)?, unix_seconds)
            }
        }
    }
}
