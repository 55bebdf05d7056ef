//! What can go wrong with a database. Texts for the log: outside only the kind is told.

use rusqlite::ffi;

/// Why something was not read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else changed it at the same moment; trying again may do.
    #[error("it was changed at the same moment")]
    Conflict,
    /// A row holds what no version of sesamd writes there.
    #[error("{table} holds a row that cannot be read: {what}")]
    Damaged {
        /// Which table.
        table: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The name or number is taken.
    #[error("there is one with this name already")]
    Exists,
    /// Somebody must be left who decides who decides.
    #[error("the last owner cannot go: make another one first")]
    LastOwner,
    /// No such user, application or sign-in.
    #[error("there is none with this name")]
    Missing,
    /// A newer sesamd has written here.
    #[error("the database has schema {found}, this sesamd knows {known}: use the newer sesamd")]
    Newer {
        /// What the database says.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for another request")]
    OtherRequest,
    /// The seeds were sealed with another key file.
    #[error("the key file is not the one of this database (it wants {wanted}): use the right one")]
    OtherKey {
        /// The fingerprint of the right one.
        wanted: String,
    },
    /// What was to be written is nothing that it takes.
    #[error("the database refuses it: {0}")]
    Refused(String),
    /// The database is not there, is full, or does not answer.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
    /// The address of a database is none.
    #[error("\"{0}\" is no database: write sqlite:PATH or postgres://…")]
    Url(String),
}

impl StoreError {
    /// A row that cannot be read.
    pub(super) fn damaged(table: &'static str, what: impl Into<String>) -> Self {
        Self::Damaged { table, what: what.into() }
    }

    fn of(kind: Kind, text: String) -> Self {
        match kind {
            Kind::Again => Self::Conflict,
            Kind::Data => Self::Refused(text),
            Kind::Database => Self::Unavailable(text),
        }
    }

    /// Whether the whole group of decisions must be thrown away with it.
    pub(super) fn ends_the_group(&self) -> bool {
        matches!(self, Self::Conflict | Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(inner) = &error else { return Self::Unavailable(error.to_string()) };
        if inner.is_unique_violation() {
            return Self::Exists;
        }
        Self::of(postgres(&inner.code().unwrap_or_default()), error.to_string())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map_or(0, |inner| inner.extended_code);
        if matches!(code, ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE) {
            return Self::Exists;
        }
        Self::of(sqlite(code), error.to_string())
    }
}

/// Whose fault an error is.
#[derive(Clone, Copy)]
enum Kind {
    /// Of two that came at once.
    Again,
    /// Of what was to be written: it must not take others along.
    Data,
    /// Of the database.
    Database,
}

/// By the classes of PostgreSQL's codes: a deadlock asks to try again; data, integrity.
fn postgres(code: &str) -> Kind {
    match code {
        "40001" | "40P01" => Kind::Again,
        code if code.starts_with("22") || code.starts_with("23") => Kind::Data,
        _ => Kind::Database,
    }
}

/// By the low byte of SQLite's codes.
fn sqlite(code: i32) -> Kind {
    match code & 0xff {
        ffi::SQLITE_TOOBIG | ffi::SQLITE_CONSTRAINT | ffi::SQLITE_MISMATCH => Kind::Data,
        _ => Kind::Database,
    }
}
