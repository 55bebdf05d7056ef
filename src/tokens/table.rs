//! Tables of tokens, one a line.
//!
//! With names in the first line, in any order: Microsoft Entra (`upn,serial number,secret key,time interval,
//! manufacturer,model`), Token2, Feitian and others that name a serial number and a secret or seed. Without: as
//! privacyIDEA has them, `serial, secret, TOTP or HOTP, digits, seconds or counter`. Divided by commas, semicolons or
//! tabs; secrets in hex or base32.

use zeroize::Zeroizing;

use super::{MAX_TOKENS, Token, TokenError, Unusable};
use crate::otp::{Algorithm, Counter, Digits, Kind, Otp, Period, Secret};

/// The columns that are known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Serial,
    Secret,
    Type,
    Digits,
    Period,
    Counter,
    Algorithm,
    User,
    Manufacturer,
    Other,
}

/// Whether the first line names a serial number and a secret: `Some(true)`; or is a row as privacyIDEA writes it:
/// `Some(false)`.
pub fn begins_table(text: &str) -> Option<bool> {
    let first = first_line(text).filter(|line| line.len() <= MAX_LINE)?;
    if has_names(first) {
        return Some(true);
    }
    let row = fields(first);
    let is_typed =
        row.get(2).is_some_and(|kind| matches!(kind.to_ascii_lowercase().as_str(), "totp" | "hotp"));
    (is_typed && row[1].len() >= 16 && secret(&row[1]).is_ok()).then_some(false)
}

/// Reads all rows.
///
/// # Errors
/// [`TokenError::Broken`] for what is no such table, [`TokenError::TooMany`].
pub fn read(text: &str) -> Result<Vec<Token>, TokenError> {
    let named = begins_table(text).ok_or(TokenError::Broken)?;
    let mut columns = USUAL.to_vec();
    let mut tokens = Vec::new();
    let mut is_first = true;
    for (at, line) in (1..).zip(text.lines()).filter(|(_, line)| !is_silent(line)) {
        if std::mem::take(&mut is_first) && named {
            columns = fields(line).iter().map(|name| column(name)).collect();
        } else if tokens.len() == MAX_TOKENS {
            return Err(TokenError::TooMany);
        } else {
            tokens.push(token(at, &columns, line));
        }
    }
    Ok(tokens)
}

fn token(at: usize, columns: &[Column], line: &str) -> Token {
    let row = fields(line.get(..line.floor_char_boundary(MAX_LINE)).unwrap_or_default());
    let field = |wanted: Column| {
        let place = columns.iter().position(|column| *column == wanted);
        place.and_then(|place| row.get(place)).map_or("", |field| field.as_str())
    };
    Token {
        at,
        serial: field(Column::Serial).to_owned(),
        manufacturer: field(Column::Manufacturer).to_owned(),
        issuer: String::new(),
        user: field(Column::User).to_owned(),
        otp: otp(&field),
    }
}

fn otp<'r>(field: &dyn Fn(Column) -> &'r str) -> Result<Otp, Unusable> {
    let some = |column| Some(field(column)).filter(|text| !text.is_empty());
    let is_counting = some(Column::Counter).is_some() && some(Column::Period).is_none();
    let kind = match field(Column::Type).to_ascii_lowercase().as_str() {
        "" if is_counting => "hotp",
        "" | "totp" | "oath-totp" | "time" => "totp",
        "hotp" | "oath-hotp" | "event" => "hotp",
        _ => return Err(Unusable::Kind),
    };
    let last = some(Column::Period); // without names it is the counter of an HOTP
    let kind = if kind == "totp" {
        Kind::Totp { period: last.map_or(Ok(Period::default()), str::parse::<Period>)? }
    } else {
        let counter = some(Column::Counter).or(last);
        Kind::Hotp { counter: counter.map_or(Ok(Counter::default()), str::parse::<Counter>)? }
    };
    let mut otp = Otp::new(kind, secret(field(Column::Secret))?);
    if let Some(digits) = some(Column::Digits) {
        otp.digits = digits.parse::<Digits>()?;
    }
    if let Some(algorithm) = some(Column::Algorithm) {
        otp.algorithm = algorithm.parse::<Algorithm>()?;
    }
    Ok(otp)
}

/// Hex where it can be: no base32 of that length has digits below 2 or none beyond F by chance.
fn secret(text: &str) -> Result<Secret, Unusable> {
    let is_hex =
        text.len() >= 32 && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let read = if is_hex { Secret::from_hex(text) } else { Secret::from_base32(text) };
    read.map_err(|_| Unusable::NoSecret)
}

fn has_names(line: &str) -> bool {
    let columns: Vec<Column> = fields(line).iter().map(|name| column(name)).collect();
    columns.contains(&Column::Serial) && columns.contains(&Column::Secret)
}

fn column(name: &str) -> Column {
    let bare: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    match bare.as_str() {
        "serial" | "serialnumber" | "serialno" | "sn" | "tokenserial" | "tokenserialnumber" => Column::Serial,
        "secret" | "secretkey" | "seed" | "key" | "otpkey" | "tokenseed" | "hexseed" | "seedhex"
        | "base32" | "seedbase32" | "secretbase32" | "secrethex" => Column::Secret,
        "type" | "tokentype" | "kind" => Column::Type,
        "digits" | "otplen" | "otplength" | "length" => Column::Digits,
        "timeinterval" | "timestep" | "interval" | "period" | "step" => Column::Period,
        "counter" | "movingfactor" => Column::Counter,
        "algorithm" | "hashlib" | "hash" | "hashalgorithm" => Column::Algorithm,
        "upn" | "user" | "username" | "owner" => Column::User,
        "manufacturer" | "vendor" => Column::Manufacturer,
        _ => Column::Other,
    }
}

/// The fields of a line, wiped when dropped: one is a secret.
fn fields(line: &str) -> Vec<Zeroizing<String>> {
    let divider =
        [',', ';', '\t'].into_iter().max_by_key(|divider| line.matches(*divider).count()).unwrap_or(',');
    line.split(divider)
        .take(MAX_FIELDS)
        .map(|field| Zeroizing::new(field.trim().trim_matches('"').trim().to_owned()))
        .collect()
}

fn first_line(text: &str) -> Option<&str> {
    text.lines().find(|line| !is_silent(line))
}

fn is_silent(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

const USUAL: [Column; 5] = [Column::Serial, Column::Secret, Column::Type, Column::Digits, Column::Period];
const MAX_FIELDS: usize = 32;
const MAX_LINE: usize = 4096;
