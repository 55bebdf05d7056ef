//! The fields of an entry in which apps keep codes, each in its own way. An entry may have several.

use super::{
    super::{
        Record,
        login::Login,
        parts::{self, Parts},
        record::NamedReason,
        unlock::{base64, hex},
    },
    entries::Entry,
};
use crate::otp::{Extras, LinkError, Secret, looks_like_link};

/// The codes of an entry. One that stands there in two ways is one.
pub(super) fn of(entry: &Entry) -> Vec<Result<Record, NamedReason>> {
    let links = entry.fields().filter(|(name, value)| is_otp(name) && !value.trim().is_empty());
    let links = links.take(MAX_CODES);
    let mut all: Vec<_> = links.map(|(_, value)| otp(entry, value)).collect();
    let others = [seed(entry), time_otp(entry), hmac_otp(entry)].into_iter().flatten();
    all.extend(others.map(|parts| record(entry, parts)));
    let mut codes: Vec<Result<Record, NamedReason>> = Vec::new();
    for read in all {
        let is_known = |known: &Result<Record, NamedReason>| match (known, &read) {
            (Ok(known), Ok(record)) => known.link.otp == record.link.otp,
            _ => false,
        };
        if !codes.iter().any(is_known) {
            codes.push(read);
        }
    }
    codes
}

/// `otp`; `otp_1` and on where `KeePassXC` took in several.
fn is_otp(name: &str) -> bool {
    let rest = name.strip_prefix("otp");
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.strip_prefix('_').is_some_and(|number| number.parse::<u8>().is_ok())
    })
}

/// A link, the query of `KeeOtp`, or a bare secret.
fn otp(entry: &Entry, value: &str) -> Result<Record, NamedReason> {
    if !looks_like_link(value) && value.contains("key=") {
        return record(entry, query(value));
    }
    let login = Login {
        totp: value,
        title: entry.field("Title"),
        username: entry.field("UserName"),
        extras: extras(entry),
        created: entry.created,
    };
    login.record()
}

/// `KeeOtp`: `key=…&size=6&step=30&type=Hotp&counter=7&otpHashMode=Sha256`.
fn query(value: &str) -> Result<Parts<'static>, LinkError> {
    let get = |name: &str| {
        let pairs = value.split('&').filter_map(|pair| pair.split_once('='));
        let found = pairs.into_iter().find(|(own, _)| own.trim().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let kind = match get("type").unwrap_or("totp").to_ascii_lowercase().as_str() {
        "totp" => "totp",
        "hotp" => "hotp",
        "steam" => "steam",
        _ => return Err(LinkError::TypeUnknown),
    };
    let secret = get("key").unwrap_or_default().split('%').next().unwrap_or_default(); // its padding is %3d
    Ok(Parts {
        algorithm: get("otpHashMode").map(str::to_owned),
        digits: get("size").map(str::to_owned),
        period: get("step").map(str::to_owned),
        counter: get("counter").map(str::to_owned),
        ..Parts::new(kind, parts::base32(secret)?)
    })
}

/// `TOTP Seed` and `TOTP Settings`: `30;6`, or `30;S` for Steam; an address may follow.
fn seed(entry: &Entry) -> Option<Result<Parts<'static>, LinkError>> {
    let seed = Some(entry.field("TOTP Seed")).filter(|seed| !seed.trim().is_empty())?;
    let mut settings = entry.field("TOTP Settings").split(';').map(str::trim);
    let period = settings.next().filter(|period| !period.is_empty()).map(str::to_owned);
    let digits = settings.next().filter(|digits| !digits.is_empty());
    let is_steam = digits.is_some_and(|digits| digits.eq_ignore_ascii_case("s"));
    Some(parts::base32(seed).map(|secret| {
        let kind = if is_steam { "steam" } else { "totp" };
        Parts { period, digits: digits.map(str::to_owned), ..Parts::new(kind, secret) }
    }))
}

/// `KeePass` itself, from 2.47 on.
fn time_otp(entry: &Entry) -> Option<Result<Parts<'static>, LinkError>> {
    let number = |name| Some(entry.field(name).to_owned()).filter(|text| !text.trim().is_empty());
    let algorithm = number("TimeOtp-Algorithm");
    let algorithm = algorithm.map(|name| name.strip_prefix("HMAC-").unwrap_or(&name).to_owned());
    secret(entry, "TimeOtp-Secret").map(|secret| {
        Ok(Parts {
            algorithm,
            digits: number("TimeOtp-Length"),
            period: number("TimeOtp-Period"),
            ..Parts::new("totp", secret?)
        })
    })
}

fn hmac_otp(entry: &Entry) -> Option<Result<Parts<'static>, LinkError>> {
    let counter = Some(entry.field("HmacOtp-Counter").to_owned()).filter(|text| !text.trim().is_empty());
    secret(entry, "HmacOtp-Secret").map(|secret| Ok(Parts { counter, ..Parts::new("hotp", secret?) }))
}

/// The secret under this name: as text, or as its ending says.
fn secret(entry: &Entry, name: &str) -> Option<Result<Secret, LinkError>> {
    let text = |ending: &str| {
        let text = entry.field(&format!("{name}{ending}"));
        Some(text).filter(|text| !text.trim().is_empty())
    };
    let bytes = |bytes: Option<Vec<u8>>| Ok(Secret::new(bytes.ok_or(LinkError::SecretMissing)?)?);
    text("-Base32")
        .map(parts::base32)
        .or_else(|| text("-Hex").map(|text| bytes(hex(text))))
        .or_else(|| text("-Base64").map(|text| bytes(base64(text))))
        .or_else(|| text("").map(|text| bytes(Some(text.as_bytes().to_vec()))))
}

fn record(entry: &Entry, parts: Result<Parts<'_>, LinkError>) -> Result<Record, NamedReason> {
    let names = (entry.field("Title").to_owned(), entry.field("UserName").to_owned());
    let mut record = parts::record(names, parts, extras(entry))?;
    record.created = entry.created;
    Ok(record)
}

fn extras(entry: &Entry) -> Extras {
    Extras { tags: entry.tags.clone(), note: entry.field("Notes").to_owned(), ..Extras::default() }
}

/// No entry has so many.
const MAX_CODES: usize = 256;
