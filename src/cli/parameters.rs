//! The options that describe an account, the same for `add` and `edit`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{context::Context, exit::Failure};
use crate::otp::{Algorithm, Counter, Digits, Kind, Otp, Period, Pin, Secret, otpauth::MAX_NAME_CHARS};

/// The kinds of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TypeName {
    /// Time based, RFC 6238.
    Totp,
    /// Counter based, RFC 4226.
    Hotp,
    /// Five letters, as Steam shows them.
    Steam,
    /// Mobile-OTP, with a PIN.
    Motp,
    /// Eight letters, with a PIN.
    Yandex,
}

/// What makes the codes.
#[derive(Args, Default)]
pub struct Parameters {
    /// The kind of code
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub kind: Option<TypeName>,
    /// The length of a code, 5 to 10
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub digits: Option<String>,
    /// Seconds between two codes, 1 to 86400
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub period: Option<String>,
    /// SHA1, SHA256 or SHA512
    #[arg(long, value_name = "NAME")]
    pub algorithm: Option<String>,
    /// The next counter of a HOTP account
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub counter: Option<String>,
    /// File whose first line is the PIN of a mOTP or Yandex account; - is stdin
    #[arg(long, value_name = "PATH")]
    pub pin_file: Option<PathBuf>,
}

impl Parameters {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.kind.is_none()
            && self.digits.is_none()
            && self.period.is_none()
            && self.algorithm.is_none()
            && self.counter.is_none()
            && self.pin_file.is_none()
    }

    /// What makes the codes, with what was said in place of what `base` has.
    ///
    /// # Errors
    /// Wrong usage where a value is out of its range or does not fit the kind.
    pub fn apply(&self, cx: &Context, base: &Otp) -> Result<Otp, Failure> {
        let wrong = |error: crate::otp::OtpError| Failure::usage(error.to_string());
        let mut otp = match self.kind {
            Some(name) => Otp::new(new_kind(name, &base.kind), base.secret.clone()),
            None => base.clone(),
        };
        if let Some(digits) = &self.digits {
            refuse_for(&otp, "--digits", &["steam", "yandex"])?;
            otp.digits = digits.parse::<Digits>().map_err(wrong)?;
        }
        if let Some(algorithm) = &self.algorithm {
            refuse_for(&otp, "--algorithm", &["steam", "yandex", "motp"])?;
            otp.algorithm = algorithm.parse::<Algorithm>().map_err(wrong)?;
        }
        if let Some(text) = &self.period {
            refuse_for(&otp, "--period", &["hotp", "steam", "yandex", "motp"])?;
            otp.kind = Kind::Totp { period: text.parse::<Period>().map_err(wrong)? };
        }
        if let Some(text) = &self.counter {
            refuse_for(&otp, "--counter", &["totp", "steam", "yandex", "motp"])?;
            otp.kind = Kind::Hotp { counter: text.parse::<Counter>().map_err(wrong)? };
        }
        if let Some(path) = &self.pin_file {
            refuse_for(&otp, "--pin-file", &["totp", "hotp", "steam"])?;
            let pin = Pin::new(&cx.first_line(path, "--pin-file")?).map_err(wrong)?;
            set_pin(&mut otp.kind, pin);
        }
        Ok(otp)
    }
}

/// A kind by its name, keeping what the old one has and the new one needs.
fn new_kind(name: TypeName, old: &Kind) -> Kind {
    let pin = match old {
        Kind::Motp { pin } | Kind::Yandex { pin } => pin.clone(),
        _ => None,
    };
    match (name, old) {
        (TypeName::Totp, Kind::Totp { period }) => Kind::Totp { period: *period },
        (TypeName::Totp, _) => Kind::Totp { period: Period::default() },
        (TypeName::Hotp, Kind::Hotp { counter }) => Kind::Hotp { counter: *counter },
        (TypeName::Hotp, _) => Kind::Hotp { counter: Counter::default() },
        (TypeName::Steam, _) => Kind::Steam,
        (TypeName::Motp, _) => Kind::Motp { pin },
        (TypeName::Yandex, _) => Kind::Yandex { pin },
    }
}

fn refuse_for(otp: &Otp, option: &str, types: &[&str]) -> Result<(), Failure> {
    let name = otp.type_name();
    if types.contains(&name) {
        return Err(Failure::usage(format!("{option} does not fit an account of type {name}")));
    }
    Ok(())
}

/// Puts a PIN in where the kind has one.
pub fn set_pin(kind: &mut Kind, new: Pin) {
    if let Kind::Motp { pin } | Kind::Yandex { pin } = kind {
        *pin = Some(new);
    }
}

/// Reads a secret as the kind writes it: Base32, and hex for mOTP where it is hex.
pub fn read_secret(text: &str, kind: Option<TypeName>) -> Result<Secret, Failure> {
    let read = match kind {
        Some(TypeName::Motp) => {
            Secret::from_hex(text).or_else(|error| Secret::from_base32(text).map_err(|_| error))
        }
        _ => Secret::from_base32(text),
    };
    read.map_err(|error| {
        let failure = Failure::usage(error.to_string());
        error.hint().map_or(Failure::usage(error.to_string()), |hint| failure.hint(hint))
    })
}

/// `issuer:account` split at the first colon; without one it is the issuer.
pub fn split_name(name: &str) -> (String, String) {
    match name.split_once(':') {
        Some((issuer, account)) => (issuer.trim().to_owned(), account.trim_start().to_owned()),
        None => (name.to_owned(), String::new()),
    }
}

/// # Errors
/// Wrong usage when a name is longer than 1,024 code points.
pub fn check_name(what: &str, name: &str) -> Result<(), Failure> {
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(Failure::usage(format!("the {what} is longer than {MAX_NAME_CHARS} characters")));
    }
    Ok(())
}
