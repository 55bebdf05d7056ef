//! SQLite in this process: a connection answers where it is asked, without a thread between. The writer has one on a
//! thread of its own; readers share a few.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, OpenFlags, Statement,
    types::{ToSql, ToSqlOutput, ValueRef},
};
use tokio::sync::Semaphore;

use super::Value;
use crate::server::store::error::StoreError;

/// The columns of a row.
pub(super) type Cells = Vec<rusqlite::types::Value>;

/// A connection to a file.
#[derive(Debug)]
pub struct File(Connection);

impl File {
    /// Opens a file that is there. `patience` is how long it waits for another process.
    pub fn open(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(patience)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?; // a used step must stay used after a power cut
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(Self(connection))
    }

    /// Runs statements without values.
    pub fn run(&self, sql: &'static str) -> Result<(), StoreError> {
        if sql.len() > SHORT {
            return Ok(self.0.execute_batch(sql)?);
        }
        for part in sql.split(';') {
            self.change(part, &[])?;
        }
        Ok(())
    }

    /// Changes rows, and says how many.
    pub fn change(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        if statement.column_count() == 0 {
            return Ok(statement.raw_execute().map(|count| count as u64)?);
        }
        let mut rows = statement.raw_query();
        let mut count = 0;
        while rows.next()?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    /// Asks for rows.
    pub fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Cells>, StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let columns = statement.column_count();
        let (mut rows, mut all) = (statement.raw_query(), Vec::new());
        while let Some(row) = rows.next()? {
            let cells = (0..columns).map(|at| row.get(at)).collect::<Result<_, rusqlite::Error>>()?;
            all.push(cells);
        }
        Ok(all)
    }

    /// Closes it.
    pub fn close(self) -> Result<(), StoreError> {
        self.0.close().map_err(|(_, error)| error.into())
    }
}

/// Values by their numbers: a `$2` takes the second one wherever it stands.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), StoreError> {
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.strip_prefix('$')?.parse().ok());
        let value = number.and_then(|number: usize| values.get(number.checked_sub(1)?));
        let missing = || StoreError::damaged("a question", format!("it has no value {place}"));
        statement.raw_bind_parameter(place, value.ok_or_else(missing)?)?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Int(Some(number)) => ValueRef::Integer(*number),
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Self::Int(None) | Self::Text(None) | Self::Bytes(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// Connections for reading.
#[derive(Clone, Debug)]
pub struct Readers(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    patience: Duration,
    idle: Mutex<Vec<File>>,
    /// So many may take their time at once; who looks a row up by its key does not wait for them.
    slow: Semaphore,
}

impl Readers {
    /// None is open yet.
    pub fn new(path: &Path, patience: Duration) -> Self {
        let slow = Semaphore::new(SLOW);
        Self(Arc::new(Shared { path: path.to_owned(), patience, idle: Mutex::default(), slow }))
    }

    /// Asks for a few rows by their key, where it is asked: that takes less than a way to another thread.
    pub fn look(&self, sql: &str, values: &[Value]) -> Result<Vec<Cells>, StoreError> {
        let idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let file = match idle {
            Some(file) => file,
            None => File::open(&self.0.path, self.0.patience)?,
        };
        let rows = file.rows(sql, values);
        // One that failed may be of a file that is gone: the next one opens it anew.
        if rows.is_ok() {
            let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < SLOW {
                idle.push(file);
            }
        }
        rows
    }

    /// Asks for rows, however many, on a thread where nobody waits.
    pub async fn rows(&self, sql: String, values: Vec<Value>) -> Result<Vec<Cells>, StoreError> {
        let turn = tokio::time::timeout(self.0.patience, self.0.slow.acquire()).await;
        let _turn = turn.map_err(|_| StoreError::Unavailable("too many read from it".into()))?;
        let readers = self.clone();
        let asked = tokio::task::spawn_blocking(move || readers.look(&sql, &values)).await;
        asked.map_err(|error| StoreError::Unavailable(error.to_string()))?
    }

    /// Closes those that nobody uses.
    pub fn close(&self) {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// An empty file for its owner alone, before SQLite makes one for everybody; its journal takes the same mode.
pub(super) fn create_for_owner(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(path);
    opened.map(|_| ()).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
}

/// How many prepared statements a connection keeps.
const PREPARED: usize = 128;
/// A text up to this length is one of those that are run again and again: its statements stay prepared.
const SHORT: usize = 80;
const SLOW: usize = 4;
