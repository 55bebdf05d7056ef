//! What a one-time code is: the secret, the parameters, the generators of each kind, the `otpauth://` link.
//!
//! Pure: no clock, no file, no randomness. What an account is called and where it rests is the vault's;
//! making foreign text safe for a screen is `text.rs`'s.

mod algorithm;
mod code;
mod error;
mod generate;
mod hotp;
mod kind;
mod motp;
pub mod otpauth;
mod parameters;
mod pin;
mod secret;
mod steam;
mod totp;
mod weakness;
mod window;
mod yandex;

pub use algorithm::Algorithm;
pub use code::{Code, grouped};
pub use error::OtpError;
pub use kind::Kind;
pub use otpauth::{
    Extras, Form, Link, LinkError, LinkNote, format_link, link_names, looks_like_link, parse_link,
};
pub use parameters::{Counter, Digits, Period};
pub use pin::Pin;
pub use secret::Secret;
pub use weakness::Weakness;
pub use window::Window;

/// Everything that decides a code, but the time.
///
/// Steam, mOTP and Yandex fix what TOTP leaves open. For them `algorithm` is not used, and `digits` only by
/// mOTP; [`Otp::new`] sets both to what the kind does.
///
/// ```
/// use sesam::otp::{Otp, Secret};
///
/// let otp = Otp::totp(Secret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")?);
/// assert_eq!(otp.code(59)?.as_str(), "287082");
/// # Ok::<(), sesam::otp::OtpError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otp {
    /// How the code moves on: with time or with a counter.
    pub kind: Kind,
    /// The shared key.
    pub secret: Secret,
    /// The hash under the HMAC.
    pub algorithm: Algorithm,
    /// The length of a code.
    pub digits: Digits,
}

impl Otp {
    /// A one-time password with the algorithm and the number of digits that are usual for its kind.
    pub fn new(kind: Kind, secret: Secret) -> Self {
        Self { algorithm: kind.usual_algorithm(), digits: kind.usual_digits(), kind, secret }
    }

    /// The TOTP that nearly every issuer means: SHA1, 6 digits, 30 seconds.
    pub fn totp(secret: Secret) -> Self {
        Self::new(Kind::Totp { period: Period::default() }, secret)
    }

    /// The span in which [`code`](Self::code) stays as it is; `None` for HOTP.
    pub fn window(&self, unix_seconds: u64) -> Option<Window> {
        Some(Window::around(unix_seconds, self.period()?))
    }

    /// The seconds between two codes: the TOTP's own, 30 for Steam and Yandex, 10 for mOTP; `None` for HOTP.
    pub fn period(&self) -> Option<Period> {
        self.kind.period()
    }

    /// `totp`, `hotp`, `steam`, `motp` or `yandex`: the word in the vault and in JSON.
    pub fn type_name(&self) -> &'static str {
        self.kind.name()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn secret() -> Secret {
        Secret::from_base32(KEY).unwrap()
    }

    #[test]
    fn a_plain_totp_is_sha1_with_six_digits_and_thirty_seconds() {
        let otp = Otp::totp(secret());
        assert_eq!((otp.algorithm, otp.digits.count()), (Algorithm::Sha1, 6));
        assert_eq!(otp.period().unwrap().seconds(), 30);
        assert_eq!(otp.type_name(), "totp");
    }

    #[test]
    fn hotp_ignores_the_time_and_has_no_window() {
        let otp = Otp::new(Kind::Hotp { counter: Counter::new(1).unwrap() }, secret());
        assert_eq!(otp.code(0).unwrap().as_str(), "287082");
        assert_eq!(otp.code(u64::MAX).unwrap().as_str(), "287082");
        assert_eq!((otp.window(0), otp.period()), (None, None));
    }

    #[test]
    fn a_missing_pin_is_an_error_and_not_a_wrong_code() {
        for kind in [Kind::Motp { pin: None }, Kind::Yandex { pin: None }] {
            assert_eq!(Otp::new(kind, secret()).code(0), Err(OtpError::PinMissing));
        }
    }

    #[test]
    fn every_kind_gives_a_code_at_the_end_of_time() {
        let pin = || Some(Pin::new("1234").unwrap());
        let period = Period::new(1).unwrap();
        for kind in
            [Kind::Totp { period }, Kind::Steam, Kind::Motp { pin: pin() }, Kind::Yandex { pin: pin() }]
        {
            let otp = Otp::new(kind, secret());
            for time in [0, 253_402_300_799, u64::MAX] {
                assert_eq!(otp.code(time).unwrap().as_str().len(), usize::from(otp.digits.count()));
            }
            assert!(otp.window(u64::MAX).unwrap().until >= otp.window(u64::MAX).unwrap().from);
        }
    }

    #[test]
    fn no_debug_text_shows_a_secret_a_pin_or_a_code() {
        let pin = Pin::new("4711").unwrap();
        let otp = Otp::new(Kind::Yandex { pin: Some(pin.clone()) }, secret());
        let code = otp.code(0).unwrap();
        let link = parse_link(&format!("otpauth://totp/Acme:alice?secret={KEY}")).unwrap();
        let bad = parse_link("otpauth://totp/Acme:alice?secret=GEZDGNBV8").unwrap_err();
        let shown = format!("{otp:?} {:?} {pin:?} {code:?} {link:?} {bad:?} {bad}", otp.secret);
        for hidden in [KEY, "GEZDGNBV", "1234567890", "31, 32", "49, 50", "4711", code.as_str()] {
            assert!(!shown.contains(hidden), "{hidden} in {shown}");
        }
    }
}
