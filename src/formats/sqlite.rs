//! `SQLite` databases of apps, read from memory: one table, the columns asked for, all within limits.
//!
//! A database is a program that somebody else wrote. It is opened for reading alone; views, triggers and virtual tables
//! are not used, functions in its schema do not run, and a query that goes on for too long is ended.

use rusqlite::{Connection, OpenFlags, config::DbConfig, limits::Limit, types::ValueRef};
use zeroize::Zeroizing;

use super::{FormatError, MAX_ENTRIES, source::NO_ACCOUNTS};

/// An opened database, and the name of the format that it is read as.
pub(super) struct Database {
    connection: Connection,
    format: &'static str,
}

/// The fields of a row under the names that were asked for.
pub(super) struct Row {
    names: &'static [&'static str],
    values: Vec<Option<Zeroizing<String>>>,
}

impl Database {
    /// Opens the bytes of a database file.
    pub(super) fn open(bytes: &[u8], format: &'static str) -> Result<Self, FormatError> {
        if bytes.len() < HEADER {
            return Err(FormatError::damaged(format, "it is cut off"));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_in_memory_with_flags(flags).map_err(|_| broken(format))?;
        bound(&connection).map_err(|_| broken(format))?;
        // A database in WAL mode says so at 18 and 19, and opens in memory only when it does not.
        let read = std::io::Read::chain(&bytes[..18], &[1, 1][..]);
        let read = std::io::Read::chain(read, &bytes[20..]);
        connection.deserialize_read_exact("main", read, bytes.len(), true).map_err(|_| broken(format))?;
        Ok(Self { connection, format })
    }

    /// Gives each row of a table with these columns; one that the table has not is empty.
    ///
    /// # Errors
    /// [`FormatError::Unknown`] when there is no such table or nothing in it.
    pub(super) fn rows(
        &self,
        table: &str,
        names: &'static [&'static str],
        take: &mut dyn FnMut(usize, &Row) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let Some(sql) = self.query(table, names).map_err(|_| broken(self.format))? else {
            return Err(FormatError::Unknown(NO_ACCOUNTS));
        };
        let mut statement = self.connection.prepare(&sql).map_err(|_| broken(self.format))?;
        let mut rows = statement.query(()).map_err(|_| broken(self.format))?;
        let mut number = 0;
        while let Some(row) = rows.next().map_err(|_| broken(self.format))? {
            number += 1;
            let value = |place| Ok(text(row.get_ref(place)?));
            let values = (0..names.len()).map(value).collect::<Result<_, rusqlite::Error>>();
            take(number, &Row { names, values: values.map_err(|_| broken(self.format))? })?;
        }
        if number == 0 { Err(FormatError::Unknown(NO_ACCOUNTS)) } else { Ok(()) }
    }

    /// The query of a table, in the case in which the database writes its name; `None` if it has none such.
    fn query(&self, table: &str, names: &[&str]) -> rusqlite::Result<Option<String>> {
        let find = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ?1 AND sql LIKE 'CREATE TABLE %'";
        let mut found = self.connection.prepare(find)?;
        let mut found = found.query([table])?;
        let Some(row) = found.next()? else { return Ok(None) };
        let table = row.get::<_, String>(0)?.replace('"', "\"\"");
        let mut own = Vec::new();
        let mut columns = self.connection.prepare("SELECT lower(name) FROM pragma_table_info(?1)")?;
        let mut columns = columns.query([&table])?;
        while let Some(column) = columns.next()? {
            own.push(column.get::<_, String>(0)?);
        }
        let quoted = |name: &&str| {
            let is_there = own.iter().any(|own| own.eq_ignore_ascii_case(name));
            if is_there { format!("\"{name}\"") } else { "NULL".into() }
        };
        let columns: Vec<_> = names.iter().map(quoted).collect();
        Ok(Some(format!(
            "SELECT {} FROM \"{table}\" NOT INDEXED LIMIT {}",
            columns.join(", "),
            MAX_ENTRIES + 1
        )))
    }
}

impl Row {
    /// The text or number of a column; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        let place = self.names.iter().position(|own| *own == name);
        place.and_then(|place| self.values[place].as_ref()).map_or("", |value| value.as_str())
    }

    /// As [`Row::text`]; `None` for an empty one.
    pub(super) fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name).to_owned()).filter(|text| !text.trim().is_empty())
    }

    /// A whole number.
    pub(super) fn whole(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }
}

/// Whether the bytes begin as a database does.
pub(super) fn is_sqlite(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// Whether it is a database in whose schema these words stand.
pub(super) fn has_words(bytes: &[u8], words: &[&str]) -> bool {
    is_sqlite(bytes) && words.iter().all(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some())
}

fn bound(connection: &Connection) -> rusqlite::Result<()> {
    for (config, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    ] {
        connection.set_db_config(config, on)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_COLUMN, 200),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 2),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 20),
        (Limit::SQLITE_LIMIT_LENGTH, 1 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 16),
        (Limit::SQLITE_LIMIT_VDBE_OP, 10_000),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, value)?;
    }
    connection.execute_batch("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;")?;
    let mut steps = 0;
    connection.progress_handler(
        1000,
        Some(move || {
            steps += 1;
            steps > MAX_THOUSANDS_OF_STEPS
        }),
    )
}

fn text(value: ValueRef<'_>) -> Option<Zeroizing<String>> {
    Some(Zeroizing::new(match value {
        ValueRef::Null => return None,
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }))
}

fn broken(format: &'static str) -> FormatError {
    FormatError::damaged(format, "it is cut off or was changed, or asks for more work than any app's")
}

const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: usize = 100;
const MAX_THOUSANDS_OF_STEPS: u32 = 20_000;
