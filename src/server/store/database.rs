//! The one file that knows which database it is: connections, values and rows of SQLite and PostgreSQL under one
//! text of SQL.

use std::{fmt::Write, path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    Connection as _, Row as _,
    postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow},
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
        SqliteSynchronous,
    },
};

use super::error::StoreError;
use crate::server::domain::time::Time;

/// Where a database is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL server. Boxed: its options are large.
    Postgres(Box<PgConnectOptions>),
}

/// One connection.
#[derive(Debug)]
pub enum Connection {
    /// To SQLite.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

/// Connections for reading.
#[derive(Clone, Debug)]
pub enum Pool {
    /// To SQLite.
    Sqlite(SqlitePool),
    /// To PostgreSQL.
    Postgres(PgPool),
}

/// What is bound to a `$1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A `BIGINT`.
    Int(Option<i64>),
    /// A `TEXT`.
    Text(Option<String>),
    /// A `BYTEA`.
    Bytes(Option<Vec<u8>>),
}

/// A question that is put together from fixed pieces, with a `?` where a value goes. Values never become text of it.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    values: Vec<Value>,
    filtered: bool,
}

/// One row of an answer.
#[derive(Debug)]
pub enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

/// `sqlx::query` with its values bound, for either database.
macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $values {
            query = match value {
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Place {
    /// Reads `sqlite:PATH` or `postgres://…`.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        let bad = || StoreError::Url(url.split_once("://").map_or(url, |(scheme, _)| scheme).to_owned());
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return PgConnectOptions::from_str(url)
                .map(|one| Self::Postgres(Box::new(one)))
                .map_err(|_| bad());
        }
        let path = url.strip_prefix("sqlite:").filter(|path| !path.is_empty()).ok_or_else(bad)?;
        Ok(Self::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path))))
    }

    /// A connection that writes. `patience` is how long SQLite waits for another process.
    pub async fn connect(&self, patience: Duration) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(path) => {
                create_for_owner(path)?;
                Ok(Connection::Sqlite(SqliteConnection::connect_with(&sqlite(path, patience)).await?))
            }
            Self::Postgres(options) => Ok(Connection::Postgres(PgConnection::connect_with(options).await?)),
        }
    }

    /// Connections that read. `patience` is how long a reader waits for one.
    pub fn pool(&self, patience: Duration) -> Pool {
        match self {
            Self::Sqlite(path) => {
                let options = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(patience);
                let options = options.test_before_acquire(false); // a file does not hang up
                Pool::Sqlite(options.connect_lazy_with(sqlite(path, patience).create_if_missing(false)))
            }
            Self::Postgres(place) => {
                let options = PgPoolOptions::new().max_connections(READERS).acquire_timeout(patience);
                // Asked whether it lives only where it was not used a moment ago: each time costs a way to the server.
                let options = options.test_before_acquire(false).before_acquire(|connection, facts| {
                    Box::pin(async move {
                        if facts.idle_for >= QUIET {
                            connection.ping().await?;
                        }
                        Ok(true)
                    })
                });
                Pool::Postgres(options.connect_lazy_with((**place).clone()))
            }
        }
    }
}

impl Connection {
    /// Runs statements without values: `BEGIN`, `COMMIT`, what makes a schema.
    pub async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlx::raw_sql(sql).execute(connection).await.map(|_| ())?,
            Self::Postgres(connection) => sqlx::raw_sql(sql).execute(connection).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Closes it, and waits for that.
    pub async fn close(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => Ok(connection.close().await?),
            Self::Postgres(connection) => Ok(connection.close().await?),
        }
    }

    /// Changes rows, and says how many.
    pub async fn change(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(connection) => bound!(sql, values).execute(connection).await?.rows_affected(),
            Self::Postgres(connection) => bound!(sql, values).execute(connection).await?.rows_affected(),
        })
    }

    /// Asks for rows.
    pub async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(connection) => {
                bound!(sql, values).fetch_all(connection).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(connection) => {
                bound!(sql, values).fetch_all(connection).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }
}

impl Query {
    /// Begins with what is asked for.
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: vec![], filtered: false }
    }

    /// Adds a piece.
    pub fn add(&mut self, piece: &str, values: impl IntoIterator<Item = Value>) {
        let mut values = values.into_iter();
        let mut parts = piece.split('?');
        self.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            self.values.push(values.next().expect("a value for each ?"));
            let _ = write!(self.text, "${}{part}", self.values.len());
        }
    }

    /// Adds a condition.
    pub fn filter(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(if self.filtered { " AND " } else { " WHERE " });
        self.filtered = true;
        self.add(condition, values);
    }
}

impl Pool {
    /// Asks what was put together.
    pub async fn select(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        let sql = sqlx::AssertSqlSafe(query.text);
        Ok(match self {
            Self::Sqlite(pool) => {
                bound!(sql, query.values).fetch_all(pool).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => {
                bound!(sql, query.values).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Asks for rows.
    pub async fn rows(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => {
                bound!(sql, values).fetch_all(pool).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => {
                bound!(sql, values).fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A column of a row by its place, from 0.
macro_rules! column {
    ($name:ident, $kind:ty, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&self, at: usize) -> Result<$kind, StoreError> {
            let value = match self {
                Self::Sqlite(row) => row.try_get(at),
                Self::Postgres(row) => row.try_get(at),
            };
            value.map_err(|error| StoreError::damaged("the database", error.to_string()))
        }
    };
}

impl Row {
    column!(int, i64, "A number.");
    column!(maybe_int, Option<i64>, "A number, or none.");
    column!(text, String, "A text.");
    column!(maybe_text, Option<String>, "A text, or none.");
    column!(bytes, Vec<u8>, "Bytes.");
    column!(maybe_bytes, Option<Vec<u8>>, "Bytes, or none.");

    /// A time.
    pub fn time(&self, at: usize) -> Result<Time, StoreError> {
        self.int(at).map(Time::from_millis)
    }

    /// A time, or none.
    pub fn maybe_time(&self, at: usize) -> Result<Option<Time>, StoreError> {
        Ok(self.maybe_int(at)?.map(Time::from_millis))
    }

    /// Bytes of one length.
    pub fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], StoreError> {
        let wrong =
            |_| StoreError::damaged("the database", format!("column {at} has another length than {N}"));
        <[u8; N]>::try_from(self.bytes(at)?.as_slice()).map_err(wrong)
    }

    /// A truth, which is a number other than 0.
    pub fn is(&self, at: usize) -> Result<bool, StoreError> {
        Ok(self.int(at)? != 0)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<Time> for Value {
    fn from(value: Time) -> Self {
        Self::Int(Some(value.millis()))
    }
}

impl From<Option<Time>> for Value {
    fn from(value: Option<Time>) -> Self {
        Self::Int(value.map(Time::millis))
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}

fn sqlite(path: &PathBuf, patience: Duration) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full) // a used step must stay used after a power cut
        .busy_timeout(patience)
        .foreign_keys(true)
}

/// An empty file for its owner alone, before SQLite makes one for everybody; its journal takes the same mode.
fn create_for_owner(path: &PathBuf) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(path);
    opened.map(|_| ()).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
}

const READERS: u32 = 4;
/// So long a connection may have been quiet and is not asked whether it lives.
const QUIET: Duration = Duration::from_secs(1);
