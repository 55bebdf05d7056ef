//! What an app says of a code, in the words in which it says it; read here for all formats in one way.

use std::collections::HashMap;

use serde_json::Value;

use super::{Record, json::Fields, record::NamedReason, unlock};
use crate::otp::{
    Counter, Extras, Kind, LinkError, LinkNote, Otp, OtpError, Period, Pin, Secret, otpauth::split_label,
};

/// The parameters of a code as they stood; what is `None` is at its usual value.
pub(super) struct Parts<'a> {
    /// `totp`, `hotp`, `steam`, `motp` or `yandex`, in any case.
    pub(super) kind: &'a str,
    /// The key.
    pub(super) secret: Secret,
    /// In any spelling.
    pub(super) algorithm: Option<String>,
    /// The length of a code.
    pub(super) digits: Option<String>,
    /// In seconds.
    pub(super) period: Option<String>,
    /// The counter of the next code.
    pub(super) counter: Option<String>,
    /// The PIN of mOTP and Yandex.
    pub(super) pin: Option<String>,
}

impl<'a> Parts<'a> {
    /// A code of this kind with everything at its usual value.
    pub(super) fn new(kind: &'a str, secret: Secret) -> Self {
        Self { kind, secret, algorithm: None, digits: None, period: None, counter: None, pin: None }
    }

    /// The code. What a kind fixes is not read, whatever the file says.
    pub(super) fn otp(self) -> Result<Otp, LinkError> {
        let kind = self.kind()?;
        let mut otp = Otp::new(kind, self.secret);
        let own_algorithm = matches!(otp.kind, Kind::Totp { .. } | Kind::Hotp { .. });
        if own_algorithm && let Some(algorithm) = &self.algorithm {
            otp.algorithm = algorithm.parse()?;
        }
        let own_digits = own_algorithm || matches!(otp.kind, Kind::Motp { .. });
        if own_digits && let Some(digits) = &self.digits {
            otp.digits = digits.parse()?;
        }
        Ok(otp)
    }

    fn kind(&self) -> Result<Kind, LinkError> {
        let pin = || self.pin.as_deref().map(Pin::new).transpose();
        Ok(match self.kind.to_ascii_lowercase().as_str() {
            "totp" => Kind::Totp {
                period: self.period.as_ref().map_or(Ok(Period::default()), |text| text.parse())?,
            },
            "hotp" => Kind::Hotp {
                counter: self.counter.as_ref().map_or(Ok(Counter::default()), |text| text.parse())?,
            },
            "steam" => Kind::Steam,
            "motp" => Kind::Motp { pin: pin()? },
            "yandex" => Kind::Yandex { pin: pin()? },
            _ => return Err(LinkError::TypeUnknown),
        })
    }
}

/// One entry, or its names and why it is bad.
pub(super) fn record(
    names: (String, String),
    parts: Result<Parts<'_>, LinkError>,
    extras: Extras,
) -> Result<Record, NamedReason> {
    let counterless = matches!(&parts, Ok(parts) if parts.counter.is_none());
    let read = parts.and_then(Parts::otp).and_then(|otp| Record::new(names.clone(), otp, extras));
    let mut record = read.map_err(|error| NamedReason::new(names, error))?;
    if counterless && matches!(record.link.otp.kind, Kind::Hotp { .. }) {
        record.link.notes.push(LinkNote::CounterMissing);
    }
    Ok(record)
}

/// Base32 as apps write it.
pub(super) fn base32(text: &str) -> Result<Secret, LinkError> {
    if text.trim().is_empty() { Err(LinkError::SecretMissing) } else { Ok(Secret::from_base32(text)?) }
}

/// Base64, in which a few apps write the key.
pub(super) fn base64(text: &str) -> Result<Secret, LinkError> {
    if text.trim().is_empty() {
        return Err(LinkError::SecretMissing);
    }
    Ok(Secret::new(unlock::base64(text).ok_or(OtpError::SecretNotBase64)?)?)
}

/// Issuer and account where an app may write `Issuer:account` into the name.
pub(super) fn names(issuer: &str, name: &str) -> (String, String) {
    split_label(name, Some(issuer))
}

/// The names of groups by their ids, which may be numbers.
pub(super) fn named<'a>(groups: &'a [Value], id: &str, name: &str) -> HashMap<String, &'a str> {
    let groups = groups.iter().map(Fields::of).filter(|group| !group.text(name).is_empty());
    groups.filter_map(|group| Some((group.number(id)?, group.text(name)))).collect()
}

/// Why a picture is lost.
pub(super) const NO_PICTURE: &str = "a picture has no place in a vault";

/// Why an entry of a phone's database is bad.
pub(super) const ENCRYPTED_ON_PHONE: &str =
    "its secret is encrypted with a key that never leaves the phone: export it in the app, or enrol it anew";

/// Bytes as Java writes them, from -128 to 127.
pub(super) fn signed_bytes(items: &[Value]) -> Result<Vec<u8>, LinkError> {
    if items.is_empty() {
        return Err(LinkError::SecretMissing);
    }
    if items.len() > MAX_SIGNED_BYTES {
        return Err(OtpError::SecretTooLong.into());
    }
    let byte = |item: &Value| Some(i8::try_from(item.as_i64()?).ok()?.cast_unsigned());
    items.iter().map(byte).collect::<Option<_>>().ok_or(LinkError::SecretMissing)
}

/// A secret and what a cipher adds to it.
const MAX_SIGNED_BYTES: usize = 600;
