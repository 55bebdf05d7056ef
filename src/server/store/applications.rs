//! Applications in their table.

use std::time::Duration;

use super::{
    Store,
    database::{Connection, Row},
    desk::Desk,
    error::StoreError,
    work::{Held, Work},
};
use crate::server::domain::{
    application::{Agreement, Application, CONSOLE},
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

/// Makes the console where there is none yet: the application that administrators sign in to. No audit: it is part of
/// the server.
pub async fn keep_console(store: &Store) -> Result<(), StoreError> {
    store.submit(KeepConsole).await
}

struct KeepConsole;

impl Work for KeepConsole {
    type Answer = ();

    fn row(&self) -> &'static str {
        CONSOLE
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            if !desk.connection().rows(READ, vec![CONSOLE.into()]).await?.is_empty() {
                return Ok(());
            }
            let console = Application {
                id: CONSOLE.into(),
                name: "sesamd".into(),
                factors: Factors::NONE.with(Factor::Otp, true),
                agreements: 0,
                agreement: None,
                remember: None,
            };
            match insert(desk.connection(), &console).await {
                Err(StoreError::Exists) => Err(StoreError::Conflict), // another replica was faster
                done => done,
            }
        })
    }
}

fn values(application: &Application) -> Vec<super::database::Value> {
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
const LOCK: &str = "UPDATE applications SET turn = turn + 1 WHERE id = $1 \
    RETURNING id, name, otp, email, sms, agreement_version, agreement, remember";
const INSERT: &str = "INSERT INTO applications (id, name, otp, email, sms, agreement_version, agreement, \
    remember, turn) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)";
const SAVE: &str = "UPDATE applications SET name = $2, otp = $3, email = $4, sms = $5, \
    agreement_version = $6, agreement = $7, remember = $8 WHERE id = $1";
const CONFIRMED: &str = "SELECT COUNT(*) FROM bindings \
    WHERE application = $1 AND serial IS NULL AND state <> 'unconfirmed'";
