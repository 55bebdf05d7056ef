//! What comes out of a file, and what goes into one: an account with its names, codes and extras.

use std::fmt;

use jiff::Timestamp;

use super::{FormatError, MAX_ENTRIES};
use crate::otp::{Extras, Link, LinkError, LinkNote, Otp, otpauth::MAX_NAME_CHARS};

/// An account outside of any vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Names, codes, extras, and what was repaired in reading.
    pub link: Link,
    /// The id in the vault that it came from, in sesam's own files.
    pub id: Option<String>,
    /// When it came into that vault.
    pub created: Option<Timestamp>,
}

/// What a file held.
#[derive(Debug, Default)]
pub struct Decoded {
    /// The name of the format.
    pub format: &'static str,
    /// What can be taken in, in the order of the file.
    pub entries: Vec<Entry>,
    /// What cannot, in the order of the file.
    pub bad: Vec<Bad>,
    /// What of the entries has no place in a vault.
    pub losses: Vec<Loss>,
    /// The parts of an export that lies in several files or pictures; empty for all others.
    pub parts: Vec<Part>,
    /// How other files of the same import are encrypted, where this one is their list; empty for all others.
    pub sealings: Vec<Sealing>,
}

/// How one file is encrypted, where only another one says it: Steam's `manifest.json` of the files beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealing {
    /// The way, in the words of the list.
    pub scheme: String,
    /// What the key is made of beside the passphrase.
    pub salt: Vec<u8>,
    /// Where the cipher begins.
    pub iv: [u8; 16],
}

/// One part of an export that was cut into several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its place in the file.
    pub at: Spot,
    /// The number that all parts of one export share; 0 where the app writes none.
    pub export: i32,
    /// Which of them it is, counted from 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// An account, and where it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the file.
    pub at: Spot,
    /// The account.
    pub record: Record,
}

/// An entry that cannot be taken in. Holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bad {
    /// Its place in the file.
    pub at: Spot,
    /// The issuer, as far as it could be read.
    pub issuer: String,
    /// The account name, as far as it could be read.
    pub account: String,
    /// Why not, in lower case without a full stop.
    pub reason: String,
}

/// A place in a file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The QR code on a picture, from top to bottom.
    Code(usize),
    /// The number in a file that is no list of lines.
    Entry(usize),
    /// The line.
    Line(usize),
}

/// What of an account a written file, or a vault, does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Whose it is.
    pub issuer: String,
    /// Whose it is there.
    pub account: String,
    /// `pin`, `tags` …; `entry` when the account as a whole stays behind.
    pub field: &'static str,
    /// Why, in lower case without a full stop.
    pub reason: &'static str,
}

impl Record {
    /// A record out of fields, with the notes that a link would have got.
    ///
    /// # Errors
    /// [`LinkError::IssuerTooLong`] and [`LinkError::AccountTooLong`].
    pub fn new((issuer, account): (String, String), otp: Otp, extras: Extras) -> Result<Self, LinkError> {
        if issuer.chars().count() > MAX_NAME_CHARS {
            return Err(LinkError::IssuerTooLong);
        }
        if account.chars().count() > MAX_NAME_CHARS {
            return Err(LinkError::AccountTooLong);
        }
        let notes = otp.weaknesses().into_iter().map(LinkNote::Weak).collect();
        Ok(Self::from(Link { issuer, account, otp, extras, notes }))
    }

    /// What a format cannot hold of this record.
    pub fn loss(&self, field: &'static str, reason: &'static str) -> Loss {
        Loss { issuer: self.link.issuer.clone(), account: self.link.account.clone(), field, reason }
    }
}

impl From<Link> for Record {
    fn from(link: Link) -> Self {
        Self { link, id: None, created: None }
    }
}

impl Decoded {
    /// Nothing yet, of this format.
    pub fn new(format: &'static str) -> Self {
        Self { format, ..Self::default() }
    }

    /// Takes in what one entry gave.
    ///
    /// # Errors
    /// [`FormatError::TooManyEntries`] beyond [`MAX_ENTRIES`].
    pub fn push(&mut self, at: Spot, read: Result<Record, NamedReason>) -> Result<(), FormatError> {
        if self.entries.len() + self.bad.len() == MAX_ENTRIES {
            return Err(FormatError::TooManyEntries);
        }
        match read {
            Ok(record) => self.entries.push(Entry { at, record }),
            Err(NamedReason { names: (issuer, account), reason }) => {
                self.bad.push(Bad { at, issuer, account, reason });
            }
        }
        Ok(())
    }
}

/// Why an entry is bad, with its issuer and account as far as they are known.
#[derive(Debug)]
pub struct NamedReason {
    names: (String, String),
    reason: String,
}

impl NamedReason {
    /// Names that are longer than a name can be are cut: they would swell a report.
    pub fn new((issuer, account): (String, String), reason: impl fmt::Display) -> Self {
        let cut = |name: String| match name.char_indices().nth(MAX_NAME_CHARS) {
            Some((end, _)) => name[..end].to_owned(),
            None => name,
        };
        Self { names: (cut(issuer), cut(account)), reason: reason.to_string() }
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(number) => write!(f, "code {number}"),
            Self::Entry(number) => write!(f, "entry {number}"),
            Self::Line(number) => write!(f, "line {number}"),
        }
    }
}

#[cfg(test)]
pub(super) mod samples {
    //! Records for the tests of the formats.

    use proptest::prelude::*;

    use super::*;
    use crate::otp::{Algorithm, Counter, Digits, Kind, Period, Pin, Secret};

    fn kind() -> impl Strategy<Value = Kind> {
        let pin = || prop::option::of("[ -~é]{1,8}".prop_map(|text| Pin::new(&text).unwrap()));
        prop_oneof![
            (1..=86_400_u32).prop_map(|s| Kind::Totp { period: Period::new(s).unwrap() }),
            (0..=u64::MAX >> 1).prop_map(|c| Kind::Hotp { counter: Counter::new(c).unwrap() }),
            Just(Kind::Steam),
            pin().prop_map(|pin| Kind::Motp { pin }),
            pin().prop_map(|pin| Kind::Yandex { pin }),
        ]
    }

    pub(in crate::formats) fn otp() -> impl Strategy<Value = Otp> {
        let algorithm = prop_oneof![Just(Algorithm::Sha1), Just(Algorithm::Sha256), Just(Algorithm::Sha512)];
        let secret = prop::collection::vec(any::<u8>(), 16..64);
        (kind(), secret, algorithm, 5..=10_u8).prop_map(|(kind, secret, algorithm, digits)| {
            let mut otp = Otp::new(kind, Secret::new(secret).unwrap());
            if matches!(otp.kind, Kind::Totp { .. } | Kind::Hotp { .. }) {
                otp.algorithm = algorithm;
            }
            if !matches!(otp.kind, Kind::Steam | Kind::Yandex { .. }) {
                otp.digits = Digits::new(digits).unwrap();
            }
            otp
        })
    }

    pub(in crate::formats) fn record() -> impl Strategy<Value = Record> {
        let text = || prop::collection::vec(any::<char>(), 0..20).prop_map(String::from_iter);
        let extras = (prop::collection::vec(text(), 0..3), text(), any::<bool>(), text()).prop_map(
            |(tags, note, favourite, icon)| Extras { tags, note, favourite, icon, ..Extras::default() },
        );
        let created = (0..=253_402_300_799_000_i64).prop_map(|ms| Timestamp::from_millisecond(ms).ok());
        (text(), text(), otp(), extras, created).prop_map(|(issuer, account, otp, extras, created)| {
            let record = Record::new((issuer, account), otp, extras).unwrap();
            Record { id: Some("01JD5W0000000000000000000Z".into()), created, ..record }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Secret;

    #[test]
    fn a_record_gets_the_limits_and_the_notes_of_a_link() {
        let otp = || Otp::totp(Secret::new(vec![7; 5]).unwrap());
        let record = |issuer: usize, account: usize| {
            Record::new(("i".repeat(issuer), "é".repeat(account)), otp(), Extras::default())
        };
        assert!(!record(MAX_NAME_CHARS, MAX_NAME_CHARS).unwrap().link.notes.is_empty());
        assert_eq!(record(MAX_NAME_CHARS + 1, 0), Err(LinkError::IssuerTooLong));
        assert_eq!(record(0, MAX_NAME_CHARS + 1), Err(LinkError::AccountTooLong));
    }

    #[test]
    fn the_entries_of_a_file_are_counted_good_and_bad() {
        let mut decoded = Decoded::new("uri");
        for line in 1..=MAX_ENTRIES {
            let reason = NamedReason::new(Default::default(), "no");
            assert_eq!(decoded.push(Spot::Line(line), Err(reason)), Ok(()));
        }
        let reason = NamedReason::new(Default::default(), "no");
        assert_eq!(decoded.push(Spot::Line(0), Err(reason)), Err(FormatError::TooManyEntries));
        assert_eq!(decoded.bad[40].at.to_string(), "line 41");
    }
}
