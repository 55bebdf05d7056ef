//! What a server's certificate says of itself: its fingerprint, who it is for, who signed it, until when it holds.
//!
//! Nothing is judged here: `tls` does that.

use std::fmt::{self, Write as _};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use sha2::{Digest, Sha256};

/// SHA-256 of a whole certificate: `sha256:` and 64 hex digits.
///
/// ```
/// use sesam::admin::certificate::Fingerprint;
/// let pin = Fingerprint::of(b"a certificate");
/// assert_eq!(Fingerprint::parse(&pin.to_string()), Some(pin));
/// assert_eq!(Fingerprint::parse("sha1:00"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 32]);

/// What stands in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Whom it is for, as it says.
    pub subject: String,
    /// Who signed it, as it says.
    pub issuer: String,
    /// Until when it holds.
    pub until: Option<Timestamp>,
}

impl Fingerprint {
    /// Of a certificate in DER.
    pub fn of(der: &[u8]) -> Self {
        Self(Sha256::digest(der).into())
    }

    /// Reads `sha256:…`; colons between the digits and capitals are fine, as `openssl x509 -fingerprint` prints them.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, digits) = text.trim().split_once(':')?;
        let digits: String = digits.chars().filter(|digit| *digit != ':').collect();
        if !kind.eq_ignore_ascii_case("sha256") {
            return None;
        }
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Certificate {
    /// From DER. What cannot be read is empty; the fingerprint is always there.
    pub fn read(der: &[u8]) -> Self {
        let (issuer, until, subject) = facts(der).unwrap_or_default();
        Self { fingerprint: Fingerprint::of(der), subject, issuer, until }
    }

    /// Whether it says that it signed itself.
    pub fn is_own(&self) -> bool {
        self.subject == self.issuer
    }
}

type Facts = (String, Option<Timestamp>, String);

/// `TBSCertificate` of RFC 5280, section 4.1, as far as the subject.
fn facts(der: &[u8]) -> Option<Facts> {
    let (_, certificate, _) = item(der)?;
    let (_, mut rest, _) = item(certificate)?;
    if rest.first() == Some(&VERSION) {
        rest = item(rest)?.2;
    }
    let (_serial, rest) = (item(rest)?.1, item(rest)?.2);
    let (_algorithm, rest) = (item(rest)?.1, item(rest)?.2);
    let (_, issuer, rest) = item(rest)?;
    let (_, validity, rest) = item(rest)?;
    let (_, subject, _) = item(rest)?;
    let (_, _from, validity) = item(validity)?;
    let (kind, until, _) = item(validity)?;
    Some((name(issuer), time(kind, until), name(subject)))
}

/// One DER item: its tag, its content, what comes behind it.
fn item(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first & 0x80 != 0 {
        let (bytes, behind) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if bytes.len() > 4 {
            return None;
        }
        length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = behind;
    }
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// The common name of a name, else its organisation.
fn name(mut parts: &[u8]) -> String {
    let (mut common, mut organisation) = (None, None);
    while let Some((_, set, rest)) = item(parts) {
        parts = rest;
        let Some((_, pair, _)) = item(set) else { continue };
        let Some((_, kind, value)) = item(pair) else { continue };
        let Some((_, value, _)) = item(value) else { continue };
        let text = String::from_utf8_lossy(value).into_owned();
        match kind {
            COMMON_NAME => common = Some(text),
            ORGANISATION => organisation = Some(text),
            _ => {}
        }
    }
    common.or(organisation).unwrap_or_default()
}

/// `UTCTime` or `GeneralizedTime`, in UTC as RFC 5280 wants it.
fn time(kind: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let mut whole = String::new();
    if kind == UTC_TIME {
        let century = if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" };
        whole.push_str(century);
    }
    let _ = write!(whole, "{text}");
    let when = DateTime::strptime("%Y%m%d%H%M%S", &whole).ok()?;
    Some(TimeZone::UTC.to_zoned(when).ok()?.timestamp())
}

const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_openssl_prints_it() {
        let own = Fingerprint::of(b"x");
        let digits = own.to_string().trim_start_matches("sha256:").to_uppercase();
        let pairs: Vec<String> =
            digits.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect();
        assert_eq!(Fingerprint::parse(&format!("SHA256:{}", pairs.join(":"))), Some(own));
        for text in ["", "sha256:", "sha256:00", "sha256:zz", &format!("sha256:{digits}00"), &digits] {
            assert_eq!(Fingerprint::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_a_fingerprint_all_the_same() {
        for bytes in [&b""[..], b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x02\x30\x00", &[0x30; 64]] {
            let read = Certificate::read(bytes);
            assert_eq!((read.subject.as_str(), read.until), ("", None));
        }
    }
}
