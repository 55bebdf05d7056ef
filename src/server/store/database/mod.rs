//! The one room that knows which database it is: connections, values and rows of SQLite and PostgreSQL under one text
//! of SQL.

mod sqlite;
mod value;

use std::{path::PathBuf, str::FromStr, time::Duration};

use rusqlite::types::{FromSql, ValueRef};
use sqlx::{
    Connection as _, Row as _,
    postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow},
};

use self::sqlite::{Cells, File, Readers};
pub use self::value::{Query, Value};
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
    /// To SQLite: it answers at once, and blocks the thread for that time.
    Sqlite(File),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

/// Connections for reading.
#[derive(Clone, Debug)]
pub enum Pool {
    /// To SQLite.
    Sqlite(Readers),
    /// To PostgreSQL.
    Postgres(PgPool),
}

/// One row of an answer.
#[derive(Debug)]
pub enum Row {
    /// Of SQLite.
    Sqlite(Cells),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

/// `sqlx::query` with its values bound.
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
                sqlite::create_for_owner(path)?;
                Ok(Connection::Sqlite(File::open(path, patience)?))
            }
            Self::Postgres(options) => Ok(Connection::Postgres(PgConnection::connect_with(options).await?)),
        }
    }

    /// Connections that read. `patience` is how long a reader waits for one.
    pub fn pool(&self, patience: Duration) -> Pool {
        match self {
            Self::Sqlite(path) => Pool::Sqlite(Readers::new(path, patience)),
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
            Self::Sqlite(file) => file.run(sql),
            Self::Postgres(connection) => Ok(sqlx::raw_sql(sql).execute(connection).await.map(|_| ())?),
        }
    }

    /// Closes it, and waits for that.
    pub async fn close(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file) => file.close(),
            Self::Postgres(connection) => Ok(connection.close().await?),
        }
    }

    /// Changes rows, and says how many.
    pub async fn change(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(file) => file.change(sql, &values),
            Self::Postgres(connection) => Ok(bound!(sql, values).execute(connection).await?.rows_affected()),
        }
    }

    /// Asks for rows.
    pub async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(file) => Ok(of_sqlite(file.rows(sql, &values)?)),
            Self::Postgres(connection) => Ok(of_postgres(bound!(sql, values).fetch_all(connection).await?)),
        }
    }
}

impl Pool {
    /// Asks what was put together.
    pub async fn select(&self, query: Query) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(readers) => Ok(of_sqlite(readers.rows(query.text, query.values).await?)),
            Self::Postgres(pool) => {
                let sql = sqlx::AssertSqlSafe(query.text);
                Ok(of_postgres(bound!(sql, query.values).fetch_all(pool).await?))
            }
        }
    }

    /// Asks for rows, however many.
    pub async fn rows(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(readers) => Ok(of_sqlite(readers.rows(sql.to_owned(), values).await?)),
            Self::Postgres(pool) => Ok(of_postgres(bound!(sql, values).fetch_all(pool).await?)),
        }
    }

    /// Asks for the few rows of a key: what every request does before anything else.
    pub async fn look(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(readers) => Ok(of_sqlite(readers.look(sql, &values)?)),
            Self::Postgres(_) => self.rows(sql, values).await,
        }
    }

    /// Closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(readers) => readers.close(),
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn of_sqlite(rows: Vec<Cells>) -> Vec<Row> {
    rows.into_iter().map(Row::Sqlite).collect()
}

fn of_postgres(rows: Vec<PgRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Postgres).collect()
}

/// A column of a row by its place, from 0.
macro_rules! column {
    ($name:ident, $kind:ty, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(&self, at: usize) -> Result<$kind, StoreError> {
            match self {
                Self::Sqlite(cells) => cell(cells, at),
                Self::Postgres(row) => row.try_get(at).map_err(|error| odd(error.to_string())),
            }
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

fn cell<T: FromSql>(cells: &Cells, at: usize) -> Result<T, StoreError> {
    let value = cells.get(at).ok_or_else(|| odd(format!("there is no column {at}")))?;
    T::column_result(ValueRef::from(value)).map_err(|error| odd(format!("column {at}: {error}")))
}

fn odd(what: String) -> StoreError {
    StoreError::damaged("the database", what)
}

const READERS: u32 = 4;
/// So long a connection may have been quiet and is not asked whether it lives.
const QUIET: Duration = Duration::from_secs(1);
