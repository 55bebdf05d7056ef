//! What is bound to a `$1`, and questions that are put together.

use std::fmt::Write;

use crate::server::domain::time::Time;

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
    pub(super) text: String,
    pub(super) values: Vec<Value>,
    filtered: bool,
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
