//! One `otpauth-migration://` link: a protobuf message with up to ten accounts, and which part of how many it is.
//!
//! A field at 0 means its default: SHA1, six digits, TOTP. The period is always 30 seconds.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{
    Bad, Decoded, FormatError, Part, Spot,
    parts::{self, Parts},
    unlock::base64,
};
use crate::otp::{Extras, LinkError, OtpError, Secret};

/// The longest migration link: a QR code holds fewer than 3,000 bytes.
pub(super) const MAX_MIGRATION_BYTES: usize = 16 << 10;

/// Whether a text is such a link.
pub(super) fn is_migration(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

/// Takes in the accounts of a link.
///
/// # Errors
/// [`FormatError::TooManyEntries`]. A link that is damaged is a bad entry.
pub(super) fn read(link: &str, at: Spot, decoded: &mut Decoded) -> Result<(), FormatError> {
    let message = payload(link).and_then(|bytes| Message::read(&bytes));
    let Some(message) = message else {
        let reason = "a Google Authenticator export that is cut off or damaged: scan or copy it again";
        return decoded.push(at, Err(super::record::NamedReason::new(Default::default(), reason)));
    };
    for account in &message.accounts {
        decoded.push(at, account.record())?;
    }
    let of = message.parts.max(1);
    decoded.parts.push(Part { at, export: message.export, number: message.index.saturating_add(1), of });
    Ok(())
}

/// Names the parts that are in none of these files, in the last file that has a part of the same export.
pub fn name_missing_parts(files: &mut [&mut Decoded]) {
    let mut exports: BTreeMap<(i32, u32), (Vec<u32>, usize, Spot)> = BTreeMap::new();
    for (file, decoded) in files.iter().enumerate() {
        for part in &decoded.parts {
            let (numbers, last, at) =
                exports.entry((part.export, part.of)).or_insert((vec![], file, part.at));
            numbers.push(part.number);
            (*last, *at) = (file, part.at);
        }
    }
    for ((_, of), (numbers, file, at)) in exports {
        for number in (1..=of.min(MAX_PARTS)).filter(|number| !numbers.contains(number)) {
            let reason =
                format!("part {number} of {of} of this export is missing: scan or copy that one as well");
            files[file].bad.push(Bad { at, issuer: String::new(), account: String::new(), reason });
        }
    }
}

/// The bytes behind `data=`, whatever became of its `+`, `/` and `=` on the way.
fn payload(link: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (_, query) = link.split_once('?')?;
    let data = query.split(['&', '#']).find_map(|pair| pair.strip_prefix("data="))?;
    let mut text = Zeroizing::new(String::with_capacity(data.len()));
    let mut rest = data;
    while let Some(character) = rest.chars().next() {
        let escaped = rest.strip_prefix('%').and_then(|rest| rest.get(..2));
        let byte = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        rest = &rest[if byte.is_some() { 3 } else { character.len_utf8() }..];
        match byte.map_or(character, char::from) {
            ' ' => text.push('+'),
            other => text.push(other),
        }
    }
    base64(&text).map(Zeroizing::new)
}

#[derive(Default)]
struct Message {
    accounts: Vec<Account>,
    parts: u32,
    index: u32,
    export: i32,
}

#[derive(Default)]
struct Account {
    secret: Zeroizing<Vec<u8>>,
    name: String,
    issuer: String,
    algorithm: u64,
    digits: u64,
    kind: u64,
    counter: u64,
}

impl Message {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut message = Self::default();
        for field in Fields(bytes) {
            match field? {
                (1, Value::Bytes(account)) => message.accounts.push(Account::read(account)?),
                (3, Value::Number(parts)) => message.parts = u32::try_from(parts).ok()?,
                (4, Value::Number(index)) => message.index = u32::try_from(index).ok()?,
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a negative int32 is written as ten bytes"
                )]
                (5, Value::Number(export)) => message.export = export as i32,
                _ => {}
            }
        }
        (!message.accounts.is_empty() || message.parts > 0).then_some(message)
    }
}

impl Account {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut account = Self::default();
        for field in Fields(bytes) {
            match field? {
                (1, Value::Bytes(secret)) => account.secret = Zeroizing::new(secret.to_vec()),
                (2, Value::Bytes(name)) => account.name = String::from_utf8_lossy(name).into_owned(),
                (3, Value::Bytes(issuer)) => account.issuer = String::from_utf8_lossy(issuer).into_owned(),
                (4, Value::Number(algorithm)) => account.algorithm = algorithm,
                (5, Value::Number(digits)) => account.digits = digits,
                (6, Value::Number(kind)) => account.kind = kind,
                (7, Value::Number(counter)) => account.counter = counter,
                _ => {}
            }
        }
        Some(account)
    }

    fn record(&self) -> Result<super::Record, super::record::NamedReason> {
        parts::record(parts::names(&self.issuer, &self.name), self.parts(), Extras::default())
    }

    fn parts(&self) -> Result<Parts<'static>, LinkError> {
        let kind = match self.kind {
            1 => "hotp",
            0 | 2 => "totp",
            _ => return Err(LinkError::TypeUnknown),
        };
        let algorithm = match self.algorithm {
            0 | 1 => "SHA1",
            2 => "SHA256",
            3 => "SHA512",
            _ => return Err(OtpError::AlgorithmUnknown.into()),
        };
        let digits = match self.digits {
            0 | 1 => "6",
            2 => "8",
            _ => return Err(OtpError::DigitsOutOfRange.into()),
        };
        Ok(Parts {
            algorithm: Some(algorithm.to_owned()),
            digits: Some(digits.to_owned()),
            counter: Some(self.counter.to_string()),
            ..Parts::new(kind, Secret::new(self.secret.to_vec())?)
        })
    }
}

/// The fields of a protobuf message; an item that is `None` ends a message that is damaged.
struct Fields<'a>(&'a [u8]);

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Value<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            1 => self.bytes(8).map(|_| Value::Other)?,
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                Value::Bytes(self.bytes(length)?)
            }
            5 => self.bytes(4).map(|_| Value::Other)?,
            _ => return None,
        };
        Some((key >> 3, value))
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for place in 0..10 {
            let byte = self.bytes(1)?[0];
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

const SCHEME: &str = "otpauth-migration:";
/// So many parts are named at the most: a hostile link may claim billions.
const MAX_PARTS: u32 = 100;
