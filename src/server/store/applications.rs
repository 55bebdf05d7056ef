//! Applications in their table.

use std::time::Duration;

use super::{
    database::{Connection, Pool, Row, Value},
    error::StoreError,
};
use crate::server::domain::{
    application::{Agreement, Application},
    factor::{Factor, Factors},
};

/// Reads an application.
pub async fn read(connection: &mut Connection, id: &str) -> Result<Application, StoreError> {
    let rows = connection.rows(READ, vec![id.into()]).await?;
    application(rows.first().ok_or(StoreError::Missing)?)
}

/// Locks an application's row and reads it.
pub async fn lock(connection: &mut Connection, id: &str) -> Result<Application, StoreError> {
    let rows = connection.rows(LOCK, vec![id.into()]).await?;
    application(rows.first().ok_or(StoreError::Missing)?)
}

/// Writes a new application.
pub async fn insert(connection: &mut Connection, application: &Application) -> Result<(), StoreError> {
    connection.change(INSERT, values(application)).await.map(|_| ())
}

/// Writes an application back.
pub async fn save(connection: &mut Connection, application: &Application) -> Result<(), StoreError> {
    super::people::expect_one(connection.change(SAVE, values(application)).await?)
}

/// How many confirmed app bindings an application has: those that go when codes are switched off.
pub async fn confirmed_bindings(connection: &mut Connection, id: &str) -> Result<u64, StoreError> {
    let rows = connection.rows(CONFIRMED, vec![id.into()]).await?;
    let count = rows.first().ok_or(StoreError::Missing)?.int(0)?;
    u64::try_from(count).map_err(|_| StoreError::damaged("bindings", "a negative count"))
}

/// Takes every app binding of an application away, the unconfirmed ones too.
pub async fn remove_bindings(connection: &mut Connection, id: &str) -> Result<u64, StoreError> {
    connection.change("DELETE FROM bindings WHERE application = $1 AND serial IS NULL", vec![id.into()]).await
}

/// Removes an application with everything that hangs on it but hardware tokens.
pub async fn remove(connection: &mut Connection, id: &str) -> Result<(), StoreError> {
    remove_bindings(connection, id).await?;
    let tables = [
        "DELETE FROM agreed WHERE application = $1",
        "DELETE FROM sign_ins WHERE application = $1",
        "DELETE FROM sessions WHERE application = $1",
        "DELETE FROM browsers WHERE application = $1",
        "DELETE FROM applications WHERE id = $1",
    ];
    for sql in tables {
        connection.change(sql, vec![id.into()]).await?;
    }
    Ok(())
}

/// An application with how many it is for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The application.
    pub application: Application,
    /// Users with an authenticator for it.
    pub users: u64,
    /// Confirmed authenticators for it.
    pub bindings: u64,
}

/// What switching a factor off would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// How many confirmed bindings go.
    pub bindings: u64,
    /// How many users could use it.
    pub users: u64,
    /// How many of them could do no second step any more.
    pub left_without: u64,
}

/// Every application, by id.
pub async fn list(pool: &Pool) -> Result<Vec<Entry>, StoreError> {
    pool.rows(LIST, vec![]).await?.iter().map(entry).collect()
}

/// One application.
pub async fn one(pool: &Pool, id: &str) -> Result<Option<Entry>, StoreError> {
    pool.look(ONE, vec![id.into()]).await?.first().map(entry).transpose()
}

/// What switching a factor off would do. Who may still bind, or needs no second step, is left with something.
pub async fn impact(pool: &Pool, application: &Application, factor: Factor) -> Result<Impact, StoreError> {
    let left = application.factors.with(factor, false);
    let sql = match factor {
        Factor::Otp => OTP_IMPACT,
        Factor::Email => EMAIL_IMPACT,
        _ => SMS_IMPACT,
    };
    let mut values: Vec<Value> = vec![left.has(Factor::Email).into(), left.has(Factor::Sms).into()];
    if factor == Factor::Otp {
        values.push(application.id.as_str().into());
    }
    let rows = pool.rows(sql, values).await?;
    let row = rows.first().ok_or(StoreError::Missing)?;
    let count = |at| -> Result<u64, StoreError> { Ok(u64::try_from(row.int(at)?).unwrap_or(0)) };
    let stuck = !left.is_empty() && !left.has(Factor::Otp);
    Ok(Impact { bindings: count(0)?, users: count(1)?, left_without: if stuck { count(2)? } else { 0 } })
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    let count = |at| -> Result<u64, StoreError> { Ok(u64::try_from(row.int(at)?).unwrap_or(0)) };
    Ok(Entry { application: application(row)?, users: count(8)?, bindings: count(9)? })
}

/// The application of a row.
pub(super) fn application(row: &Row) -> Result<Application, StoreError> {
    let version = u32::try_from(row.int(5)?).map_err(|_| StoreError::damaged("applications", "version"))?;
    let remember = row.maybe_int(7)?.and_then(|span| u64::try_from(span).ok());
    Ok(Application {
        id: row.text(0)?,
        name: row.text(1)?,
        factors: Factors::NONE
            .with(Factor::Otp, row.is(2)?)
            .with(Factor::Email, row.is(3)?)
            .with(Factor::Sms, row.is(4)?),
        agreements: version,
        agreement: row.maybe_text(6)?.map(|text| Agreement { version, text }),
        remember: remember.map(Duration::from_millis),
    })
}

fn values(application: &Application) -> Vec<Value> {
    let factors = application.factors;
    let agreement = application.agreement.as_ref();
    vec![
        application.id.as_str().into(),
        application.name.as_str().into(),
        factors.has(Factor::Otp).into(),
        factors.has(Factor::Email).into(),
        factors.has(Factor::Sms).into(),
        i64::from(application.agreements).into(),
        agreement.map(|agreement| agreement.text.as_str()).into(),
        application.remember.map(|span| i64::try_from(span.as_millis()).unwrap_or(i64::MAX)).into(),
    ]
}

pub(super) const READ: &str = "SELECT id, name, otp, email, sms, agreement_version, agreement, remember FROM applications WHERE id = $1";
const LIST: &str = "SELECT id, name, otp, email, sms, agreement_version, agreement, remember, \
    (SELECT COUNT(DISTINCT user_id) FROM bindings b WHERE b.application = applications.id AND b.state <> 'unconfirmed'), \
    (SELECT COUNT(*) FROM bindings b WHERE b.application = applications.id AND b.serial IS NULL \
        AND b.state <> 'unconfirmed') FROM applications ORDER BY id";
const ONE: &str = "SELECT id, name, otp, email, sms, agreement_version, agreement, remember, \
    (SELECT COUNT(DISTINCT user_id) FROM bindings b WHERE b.application = applications.id AND b.state <> 'unconfirmed'), \
    (SELECT COUNT(*) FROM bindings b WHERE b.application = applications.id AND b.serial IS NULL \
        AND b.state <> 'unconfirmed') FROM applications WHERE id = $1";
const OTP_IMPACT: &str = "SELECT COUNT(*), COUNT(DISTINCT u.id), COUNT(DISTINCT CASE WHEN \
    ($1 = 1 AND u.email IS NOT NULL) OR ($2 = 1 AND u.mobile IS NOT NULL) THEN NULL ELSE u.id END) \
    FROM bindings b JOIN users u ON u.id = b.user_id \
    WHERE b.application = $3 AND b.serial IS NULL AND b.state <> 'unconfirmed'";
const EMAIL_IMPACT: &str = "SELECT CAST(0 AS BIGINT), COUNT(*), COUNT(CASE WHEN \
    ($1 = 1 AND email IS NOT NULL) OR ($2 = 1 AND mobile IS NOT NULL) THEN NULL ELSE id END) \
    FROM users WHERE email IS NOT NULL";
const SMS_IMPACT: &str = "SELECT CAST(0 AS BIGINT), COUNT(*), COUNT(CASE WHEN \
    ($1 = 1 AND email IS NOT NULL) OR ($2 = 1 AND mobile IS NOT NULL) THEN NULL ELSE id END) \
    FROM users WHERE mobile IS NOT NULL";
const LOCK: &str = "UPDATE applications SET turn = turn + 1 WHERE id = $1 \
    RETURNING id, name, otp, email, sms, agreement_version, agreement, remember";
const INSERT: &str = "INSERT INTO applications (id, name, otp, email, sms, agreement_version, agreement, \
    remember, turn) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
const SAVE: &str = "UPDATE applications SET name = $2, otp = $3, email = $4, sms = $5, \
    agreement_version = $6, agreement = $7, remember = $8 WHERE id = $1";
const CONFIRMED: &str = "SELECT COUNT(*) FROM bindings \
    WHERE application = $1 AND serial IS NULL AND state <> 'unconfirmed'";
