//! Bindings in their table, their seeds sealed.

use std::hint::black_box;

use super::{
    database::{Connection, Row, Value},
    error::StoreError,
    tokens::{self, Spare, Vault},
};
use crate::{
    otp::{Otp, Secret},
    server::{
        domain::{
            binding::{Binding, Device, State},
            judge::Moving,
            time::Time,
            user::Person,
        },
        random,
        seal::seeds::{self, Place},
    },
};

/// A binding without its seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its id.
    pub id: String,
    /// The application that it is for.
    pub application: Option<String>,
    /// The number of a hardware token.
    pub serial: Option<String>,
    /// Whether it opens anything.
    pub state: State,
    /// `totp` or `hotp`.
    pub kind: String,
    /// The hash.
    pub algorithm: String,
    /// How long its codes are.
    pub digits: u8,
    /// How many seconds one lasts; 0 for one that counts.
    pub period: u32,
    /// When it was begun.
    pub created: Time,
    /// When a code of it was accepted last.
    pub used: Option<Time>,
}

/// The outline in the columns of a row from this one on.
pub fn outline(row: &Row, at: usize) -> Result<Outline, StoreError> {
    let bad = |what: &str| StoreError::damaged("bindings", what);
    Ok(Outline {
        id: row.text(at)?,
        application: row.maybe_text(at + 1)?,
        serial: row.maybe_text(at + 2)?,
        state: State::from_word(&row.text(at + 3)?).ok_or_else(|| bad("state"))?,
        kind: row.text(at + 4)?,
        algorithm: row.text(at + 5)?,
        digits: u8::try_from(row.int(at + 6)?).map_err(|_| bad("digits"))?,
        period: u32::try_from(row.int(at + 7)?).map_err(|_| bad("period"))?,
        created: row.time(at + 8)?,
        used: row.maybe_time(at + 9)?,
    })
}

/// All bindings of a user.
pub async fn read(
    connection: &mut Connection,
    vault: &Vault<'_>,
    user: &str,
) -> Result<Vec<Binding>, StoreError> {
    let rows = connection.rows(READ, vec![user.into()]).await?;
    if rows.is_empty() {
        pretend(vault, user);
    }
    rows.iter().map(|row| binding(row, vault, user)).collect()
}

/// Takes the time in which a seed is opened and three codes are made: who has none, or is nobody, waits as long.
fn pretend(vault: &Vault<'_>, user: &str) {
    let otp = Otp::totp(Secret::new(vec![0; 20]).expect("20 bytes are a secret"));
    black_box(seeds::seal(vault.keys, &otp.secret, place(user, user), [0; 24]));
    for step in 1..=3 {
        black_box(otp.code(step * 30).is_ok());
    }
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
            if let Device::Token { serial } = &old.device {
                let spare = Spare { serial: serial.clone(), manufacturer: None, otp: old.otp.clone() };
                tokens::insert(connection, vault, (&spare, old.moving), old.created).await?;
            }
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
    let serial = if let Device::Token { serial } = &binding.device { Some(serial.as_str()) } else { None };
    let mut values: Vec<Value> = vec![
        binding.id.as_str().into(),
        user.into(),
        binding.application.as_deref().into(),
        serial.into(),
        binding.state.word().into(),
    ];
    values.extend(tokens::parameters(&binding.otp));
    values.extend([
        seed.as_slice().into(),
        binding.moving.last.and_then(|last| i64::try_from(last).ok()).into(),
        i64::from(binding.moving.drift).into(),
        binding.created.into(),
        binding.used.into(),
    ]);
    connection.change(INSERT, values).await.map(|_| ())
}

/// The binding of a row of a user.
pub(super) fn binding(row: &Row, vault: &Vault<'_>, user: &str) -> Result<Binding, StoreError> {
    let id = row.text(0)?;
    let bad = |what: &str| StoreError::damaged("bindings", format!("{what} of {id}"));
    let secret =
        seeds::open(vault.keys, &row.bytes(9)?, place(user, &id)).map_err(|error| bad(&error.to_string()))?;
    let otp = tokens::otp(row, 4, secret)?;
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
