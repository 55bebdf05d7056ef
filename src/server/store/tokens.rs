//! Hardware tokens that nobody has, and how the parameters of codes stand in columns. A token that is assigned is a
//! binding; taken away, it comes back here with what is remembered of it, so that no code of it counts twice.

use super::{
    database::{Connection, Pool, Row, Value},
    error::StoreError,
};
use crate::{
    otp::{Algorithm, Counter, Digits, Kind, Otp, Period, Secret},
    server::{
        domain::{judge::Moving, time::Time},
        random::{self, Random},
        seal::{
            keys::Keys,
            seeds::{self, Place},
        },
    },
};

/// What opens and seals seeds.
#[derive(Clone, Copy)]
pub struct Vault<'a> {
    /// The keys.
    pub keys: &'a Keys,
    /// Where nonces come from.
    pub random: Random,
}

/// A token that nobody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spare {
    /// The number on its back.
    pub serial: String,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// What makes its codes.
    pub otp: Otp,
}

/// A token for people, without its seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The number on its back.
    pub serial: String,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// `totp` or `hotp`.
    pub kind: String,
    /// How long its codes are.
    pub digits: i64,
    /// How many seconds one lasts; 0 for one that counts.
    pub period: i64,
    /// Since when it is here.
    pub created: Time,
}

/// A page of tokens that nobody has, by number.
pub async fn list(pool: &Pool, behind: &str, count: i64) -> Result<Vec<Outline>, StoreError> {
    let rows = pool.rows(LIST, vec![behind.into(), count.into()]).await?;
    let outline = |row: &Row| {
        Ok(Outline {
            serial: row.text(0)?,
            manufacturer: row.maybe_text(1)?,
            kind: row.text(2)?,
            digits: row.int(3)?,
            period: row.int(4)?,
            created: row.time(5)?,
        })
    };
    rows.iter().map(outline).collect()
}

/// Writes a token.
pub async fn insert(
    connection: &mut Connection,
    vault: &Vault<'_>,
    (spare, moving): (&Spare, Moving),
    now: Time,
) -> Result<(), StoreError> {
    let seed = seeds::seal(vault.keys, &spare.otp.secret, place(&spare.serial), random::bytes(vault.random));
    let mut values: Vec<Value> = vec![spare.serial.as_str().into(), spare.manufacturer.as_deref().into()];
    values.extend(parameters(&spare.otp));
    values.extend([
        seed.as_slice().into(),
        moving.last.and_then(|last| i64::try_from(last).ok()).into(),
        i64::from(moving.drift).into(),
        now.into(),
    ]);
    connection.change(INSERT, values).await.map(|_| ())
}

/// Takes a token out, to be assigned.
pub async fn take(
    connection: &mut Connection,
    vault: &Vault<'_>,
    serial: &str,
) -> Result<(Spare, Moving), StoreError> {
    let rows = connection.rows(TAKE, vec![serial.into()]).await?;
    let row = rows.first().ok_or(StoreError::Missing)?;
    let secret = seeds::open(vault.keys, &row.bytes(7)?, place(serial))
        .map_err(|error| StoreError::damaged("tokens", error.to_string()))?;
    let last = row.maybe_int(8)?.map(u64::try_from).transpose();
    let moving = Moving {
        last: last.map_err(|_| StoreError::damaged("tokens", "step"))?,
        drift: i32::try_from(row.int(9)?).map_err(|_| StoreError::damaged("tokens", "drift"))?,
    };
    Ok((Spare { serial: row.text(0)?, manufacturer: row.maybe_text(1)?, otp: otp(row, 2, secret)? }, moving))
}

/// Kind, hash, digits, period and counter, in the order of the columns.
pub fn parameters(otp: &Otp) -> [Value; 5] {
    let counter = if let Kind::Hotp { counter } = otp.kind { counter.value() } else { 0 };
    [
        otp.type_name().into(),
        otp.algorithm.to_string().as_str().into(),
        i64::from(otp.digits.count()).into(),
        i64::from(otp.period().unwrap_or_default().seconds()).into(),
        i64::try_from(counter).unwrap_or(i64::MAX).into(),
    ]
}

/// What makes codes, from five columns.
pub fn otp(row: &Row, at: usize, secret: Secret) -> Result<Otp, StoreError> {
    let bad = |what: &str| StoreError::damaged("bindings", what);
    let kind = match row.text(at)?.as_str() {
        "totp" => {
            let period = u32::try_from(row.int(at + 3)?).ok().and_then(|seconds| Period::new(seconds).ok());
            Kind::Totp { period: period.ok_or_else(|| bad("period"))? }
        }
        "hotp" => {
            let counter = u64::try_from(row.int(at + 4)?).ok().and_then(|value| Counter::new(value).ok());
            Kind::Hotp { counter: counter.ok_or_else(|| bad("counter"))? }
        }
        _ => return Err(bad("kind")),
    };
    let mut otp = Otp::new(kind, secret);
    otp.algorithm = row.text(at + 1)?.parse::<Algorithm>().map_err(|_| bad("algorithm"))?;
    let digits = u8::try_from(row.int(at + 2)?).ok().and_then(|count| Digits::new(count).ok());
    otp.digits = digits.ok_or_else(|| bad("digits"))?;
    Ok(otp)
}

fn place(serial: &str) -> Place<'_> {
    Place { table: "tokens", user: "", row: serial, purpose: "otp" }
}

const LIST: &str = "SELECT serial, manufacturer, kind, digits, period, created FROM tokens \
    WHERE serial > $1 ORDER BY serial LIMIT $2";
const INSERT: &str = "INSERT INTO tokens (serial, manufacturer, kind, algorithm, digits, period, counter, seed, \
    last_step, drift, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
const TAKE: &str = "DELETE FROM tokens WHERE serial = $1 RETURNING serial, manufacturer, kind, algorithm, digits, \
    period, counter, seed, last_step, drift";
