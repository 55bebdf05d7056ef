//! Backups of SQLite: a copy that is whole while the server runs, and a copy that is put in place.
//!
//! A database that is put back has forgotten what was used since. So an epoch begins: no code of before counts any
//! more, and what was open is closed.

use super::{
    database::Connection,
    desk::Desk,
    error::StoreError,
    rows::Scene,
    work::{Held, Work},
};
use crate::server::domain::audit::{AdministratorEvent, Event, EventKind};

/// Copies an SQLite database, as of one moment, into a file that is empty.
pub async fn copy(connection: &mut Connection, to: &str) -> Result<(), StoreError> {
    connection.change("VACUUM INTO $1", vec![to.into()]).await.map(|_| ())
}

/// Brings everything that was committed into the one file of an SQLite database.
pub async fn settle(mut connection: Connection) -> Result<(), StoreError> {
    let rows = connection.rows("PRAGMA wal_checkpoint(TRUNCATE)", vec![]).await?;
    let busy = rows.first().ok_or(StoreError::Missing)?.is(0)?;
    if busy {
        return Err(StoreError::Unavailable("its journal is in use".into()));
    }
    connection.close().await
}

/// Begins an epoch in a database that was put back.
#[derive(Debug)]
pub struct Epoch {
    /// Who does it.
    pub scene: Scene,
}

/// What somebody must know about a database that was put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rearmed {
    /// Recovery codes that are good, though some may have been used since.
    pub recovery_codes: i64,
    /// Authenticators that count and know no time: codes that were used since are good again.
    pub counting: i64,
}

impl Work for Epoch {
    type Answer = Rearmed;

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Rearmed, StoreError>> {
        Box::pin(async move {
            let now = desk.now();
            let seconds = i64::try_from(now.unix_seconds()).unwrap_or(i64::MAX);
            for sql in STEPS {
                desk.connection().change(sql, vec![seconds.into()]).await?;
            }
            for sql in OPEN {
                desk.connection().change(sql, vec![]).await?;
            }
            let rows = desk.connection().rows(REARMED, vec![]).await?;
            let row = rows.first().ok_or(StoreError::Missing)?;
            let rearmed = Rearmed { recovery_codes: row.int(0)?, counting: row.int(1)? };
            let Rearmed { recovery_codes, counting } = rearmed;
            let detail = format!(
                "{recovery_codes} recovery codes and {counting} counting authenticators are as they were"
            );
            let event = Event::success(EventKind::Administrator(AdministratorEvent::Restored)).saying(detail);
            desk.note((&self.scene, None), &[event], now).await?;
            Ok(rearmed)
        })
    }
}

/// Past the newest step that may have been accepted, with a clock that is ahead and the step after it.
const STEPS: [&str; 2] = [
    "UPDATE bindings SET last_step = $1 / period + 1 + CASE WHEN drift > 0 THEN drift ELSE 0 END \
        WHERE kind <> 'hotp' AND period > 0 AND \
        COALESCE(last_step, -1) < $1 / period + 1 + CASE WHEN drift > 0 THEN drift ELSE 0 END",
    "UPDATE tokens SET last_step = $1 / period + 1 + CASE WHEN drift > 0 THEN drift ELSE 0 END \
        WHERE kind <> 'hotp' AND period > 0 AND \
        COALESCE(last_step, -1) < $1 / period + 1 + CASE WHEN drift > 0 THEN drift ELSE 0 END",
];
/// What was open, what waits to be sent, and a first administrator's token that may have been used.
const OPEN: [&str; 8] = [
    "DELETE FROM sign_ins",
    "DELETE FROM sessions",
    "DELETE FROM browsers",
    "DELETE FROM sent_codes",
    "DELETE FROM passcodes",
    "DELETE FROM replies",
    "DELETE FROM letters",
    "DELETE FROM meta WHERE name = 'first'",
];
const REARMED: &str = "SELECT (SELECT COUNT(*) FROM recovery_codes WHERE used IS NULL), \
    (SELECT COUNT(*) FROM bindings WHERE kind = 'hotp') + (SELECT COUNT(*) FROM tokens WHERE kind = 'hotp')";
