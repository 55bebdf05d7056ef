//! Bindings in their table, their seeds sealed.

use super::{
    database::{Connection, Row},
    error::StoreError,
};
use crate::{
    otp::{Algorithm, Counter, Digits, Kind, Otp, Period},
    server::{
        domain::{
            binding::{Binding, Device, State},
            judge::Moving,
            time::Time,
            user::Person,
        },
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

/// All bindings of a user.
pub async fn read(
    connection: &mut Connection,
    vault: &Vault<'_>,
    user: &str,
) -> Result<Vec<Binding>, StoreError> {
    let rows = connection.rows(READ, vec![user.into()]).await?;
    rows.iter().map(|row| binding(row, vault, user)).collect()
}

/// Writes back which bindings came, went and moved.
pub async fn save(
    connection: &mut Connection,
    vault: &Vault<'_>,
    (before, after): (&Person, &Person),
) -> Result<(), StoreError> {
    let user = after.user.id.as_str();
    for old in &before.bindings {
        if after.bindings.iter().all(|new| new.id != old.id) {
            connection.change("DELETE FROM bindings WHERE id = $1", vec![old.id.as_str().into()]).await?;
        }
    }
    for binding in &after.bindings {
        match before.bindings.iter().find(|old| old.id == binding.id) {
            None => insert(connection, vault, (user, binding)).await?,
            Some(old) if old != binding => update(connection, old, binding).await?,
            Some(_) => {}
        }
    }
    Ok(())
}

/// A step that is not newer than the last one changes no row: whatever was judged, it counts once.
async fn update(connection: &mut Connection, old: &Binding, new: &Binding) -> Result<(), StoreError> {
    let last = |binding: &Binding| binding.moving.last.and_then(|last| i64::try_from(last).ok());
    let values = vec![
        new.id.as_str().into(),
        new.state.word().into(),
        last(new).into(),
        i64::from(new.moving.drift).into(),
        new.used.map(Time::millis).into(),
    ];
    let sql = if last(old) == last(new) { CHANGE } else { ADVANCE };
    match connection.change(sql, values).await? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

async fn insert(
    connection: &mut Connection,
    vault: &Vault<'_>,
    (user, binding): (&str, &Binding),
) -> Result<(), StoreError> {
    let place = place(user, &binding.id);
    let seed = seeds::seal(vault.keys, &binding.otp.secret, place, random::bytes(vault.random));
    let otp = &binding.otp;
    let counter = if let Kind::Hotp { counter } = otp.kind { counter.value() } else { 0 };
    let serial = if let Device::Token { serial } = &binding.device { Some(serial.as_str()) } else { None };
    let values = vec![
        binding.id.as_str().into(),
        user.into(),
        binding.application.as_deref().into(),
        serial.into(),
        binding.state.word().into(),
        otp.type_name().into(),
        otp.algorithm.to_string().as_str().into(),
        i64::from(otp.digits.count()).into(),
        i64::from(otp.period().unwrap_or_default().seconds()).into(),
        i64::try_from(counter).unwrap_or(i64::MAX).into(),
        seed.as_slice().into(),
        binding.moving.last.and_then(|last| i64::try_from(last).ok()).into(),
        i64::from(binding.moving.drift).into(),
        binding.created.millis().into(),
        binding.used.map(Time::millis).into(),
    ];
    connection.change(INSERT, values).await.map(|_| ())
}

/// The binding of a row of a user.
pub(super) fn binding(row: &Row, vault: &Vault<'_>, user: &str) -> Result<Binding, StoreError> {
    let id = row.text(0)?;
    let bad = |what: &str| StoreError::damaged("bindings", format!("{what} of {id}"));
    let secret =
        seeds::open(vault.keys, &row.bytes(9)?, place(user, &id)).map_err(|error| bad(&error.to_string()))?;
    let kind = match row.text(4)?.as_str() {
        "totp" => {
            let period = u32::try_from(row.int(7)?).ok().and_then(|seconds| Period::new(seconds).ok());
            Kind::Totp { period: period.ok_or_else(|| bad("period"))? }
        }
        "hotp" => {
            let counter = u64::try_from(row.int(8)?).ok().and_then(|value| Counter::new(value).ok());
            Kind::Hotp { counter: counter.ok_or_else(|| bad("counter"))? }
        }
        _ => return Err(bad("kind")),
    };
    let mut otp = Otp::new(kind, secret);
    otp.algorithm = row.text(5)?.parse::<Algorithm>().map_err(|_| bad("algorithm"))?;
    let digits = u8::try_from(row.int(6)?).ok().and_then(|count| Digits::new(count).ok());
    otp.digits = digits.ok_or_else(|| bad("digits"))?;
    Ok(Binding {
        application: row.maybe_text(1)?,
        device: row.maybe_text(2)?.map_or(Device::App, |serial| Device::Token { serial }),
        state: State::from_word(&row.text(3)?).ok_or_else(|| bad("state"))?,
        otp,
        moving: Moving {
            last: row.maybe_int(10)?.map(u64::try_from).transpose().map_err(|_| bad("step"))?,
            drift: i32::try_from(row.int(11)?).map_err(|_| bad("drift"))?,
        },
        created: Time::from_millis(row.int(12)?),
        used: row.maybe_int(13)?.map(Time::from_millis),
        id,
    })
}

fn place<'a>(user: &'a str, row: &'a str) -> Place<'a> {
    Place { table: "bindings", user, row, purpose: "otp" }
}

pub(super) const READ: &str = "SELECT id, application, serial, state, kind, algorithm, digits, period, counter, seed, \
    last_step, drift, created, used FROM bindings WHERE user_id = $1 ORDER BY created, id";
const INSERT: &str = "INSERT INTO bindings (id, user_id, application, serial, state, kind, algorithm, digits, \
    period, counter, seed, last_step, drift, created, used) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const ADVANCE: &str = "UPDATE bindings SET state = $2, last_step = $3, drift = $4, used = $5 \
    WHERE id = $1 AND (last_step IS NULL OR last_step < $3)";
const CHANGE: &str = "UPDATE bindings SET state = $2, last_step = $3, drift = $4, used = $5 WHERE id = $1";
