//! The audit counted by one of its parts, in the database.

use super::{
    audit::Search,
    database::{Pool, Query, Row, Value},
    error::StoreError,
};

/// By what rows are counted; times are shifted by the milliseconds that the asker's clocks are ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Hours since 1970.
    Hour {
        /// Milliseconds.
        ahead: i64,
    },
    /// Days since 1970.
    Day {
        /// Milliseconds.
        ahead: i64,
    },
    /// Hours since the beginning of Monday.
    HourOfWeek {
        /// Milliseconds.
        ahead: i64,
    },
    /// The user's name.
    User,
    /// The application's id.
    Application,
    /// The address.
    Address,
    /// The reason.
    Reason,
    /// The event.
    Event,
}

/// Rows that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What, where it is a time.
    pub number: Option<i64>,
    /// What, where it is a text.
    pub text: String,
    /// How many.
    pub total: u64,
    /// How many of them were done.
    pub success: u64,
    /// How many of them were refused.
    pub failure: u64,
}

/// Counts: how many rows in all, and the groups; times in their order, others the most first.
pub async fn count(pool: &Pool, search: &Search, by: By) -> Result<(u64, Vec<Group>), StoreError> {
    let mut query = Query::new("SELECT ");
    let (key, values) = key(by);
    query.add(key, values);
    query.add(COUNTS, []);
    search.conditions(&mut query);
    query.add(" GROUP BY 1 ORDER BY ", []);
    let (order, most) = if is_time(by) { ("1", MOST_TIMES) } else { ("2 DESC, 1", MOST_TEXTS) };
    query.add(order, []);
    query.add(" LIMIT ?", [most.into()]);
    let rows = pool.select(query).await?;
    let total = rows.first().map(|row| row.int(4)).transpose()?.unwrap_or(0);
    let groups = rows.iter().map(|row| group(row, by)).collect::<Result<_, _>>()?;
    Ok((total.unsigned_abs(), groups))
}

fn group(row: &Row, by: By) -> Result<Group, StoreError> {
    let (number, text) = if is_time(by) { (Some(row.int(0)?), String::new()) } else { (None, row.text(0)?) };
    let many = |at| Ok::<u64, StoreError>(row.int(at)?.unsigned_abs());
    Ok(Group { number, text, total: many(1)?, success: many(2)?, failure: many(3)? })
}

fn key(by: By) -> (&'static str, Vec<Value>) {
    match by {
        By::Hour { ahead } => ("(at + ?) / 3600000", vec![ahead.into()]),
        By::Day { ahead } => ("(at + ?) / 86400000", vec![ahead.into()]),
        // 1970 began on a Thursday.
        By::HourOfWeek { ahead } => ("((at + ?) / 3600000 + 72) % 168", vec![ahead.into()]),
        By::User => ("COALESCE(user_name, '')", vec![]),
        By::Application => ("COALESCE(application, '')", vec![]),
        By::Address => ("COALESCE(address, '')", vec![]),
        By::Reason => ("COALESCE(reason, '')", vec![]),
        By::Event => ("event", vec![]),
    }
}

fn is_time(by: By) -> bool {
    matches!(by, By::Hour { .. } | By::Day { .. } | By::HourOfWeek { .. })
}

const COUNTS: &str = ", COUNT(*), SUM(CASE WHEN outcome = 'success' THEN 1 ELSE 0 END), \
    SUM(CASE WHEN outcome = 'failure' THEN 1 ELSE 0 END), CAST(SUM(COUNT(*)) OVER () AS BIGINT) FROM audit";
/// Hours of a month.
const MOST_TIMES: i64 = 800;
const MOST_TEXTS: i64 = 100;
