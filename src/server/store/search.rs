//! Users for the help desk: a page of those that are looked for, one of them whole, how many there are. Read outside
//! of every lock, behind a cursor, so that the hundredth page costs what the first does.

use super::{
    bindings,
    database::{Pool, Query, Row, Value},
    error::StoreError,
    people,
};
use crate::server::{
    domain::{
        lock::DISABLED_AT,
        time::Time,
        user::{self, User},
    },
    user_filter::{Has, State, UserFilter},
};

/// A user as the help desk sees them.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The user.
    pub user: User,
    /// Since when there is one.
    pub created: Time,
    /// The authenticators, without their seeds.
    pub bindings: Vec<bindings::Outline>,
}

/// What only a look at one user shows.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The user.
    pub entry: Entry,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
    /// Until when an unused passcode is good.
    pub passcode_until: Option<Time>,
    /// Open sessions.
    pub sessions: u32,
    /// What the user may do as an administrator.
    pub role: Option<String>,
}

/// How many users there are, and how many need a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub users: u64,
    /// For whom no code is judged now.
    pub locked: u64,
    /// Who are asked for no second step now.
    pub bypassed: u64,
    /// Who may not sign in.
    pub disabled: u64,
}

impl Entry {
    /// The version of this state, as [`crate::server::domain::user::Person::version`] says it.
    pub fn version(&self) -> String {
        let bindings = self.bindings.iter();
        user::version(
            &self.user,
            bindings.map(|one| (one.id.as_str(), one.application.as_deref(), one.state)),
        )
    }
}

/// A page of users by name, behind a spelling.
pub async fn users(
    pool: &Pool,
    filter: &UserFilter,
    (behind, count): (&str, i64),
    now: Time,
) -> Result<Vec<Entry>, StoreError> {
    let mut query = Query::new(PAGE_FROM);
    query.filter("spelling > ?", [behind.into()]);
    add_words(pool, &mut query, filter).await?;
    add_filters(&mut query, filter, now);
    query.add(" ORDER BY spelling LIMIT ?", [count.into()]);
    query.add(PAGE_TO, []);
    entries(&pool.select(query).await?)
}

/// One user, whole.
pub async fn user(pool: &Pool, id: &str) -> Result<Option<Detail>, StoreError> {
    let mut query = Query::new(PAGE_FROM);
    query.filter("id = ?", [id.into()]);
    query.add(PAGE_TO, []);
    let Some(entry) = entries(&pool.select(query).await?)?.pop() else { return Ok(None) };
    let rows = pool.rows(DETAIL, vec![id.into()]).await?;
    let row = rows.first().ok_or(StoreError::Missing)?;
    let count = |at| -> Result<u32, StoreError> { Ok(u32::try_from(row.int(at)?).unwrap_or(u32::MAX)) };
    Ok(Some(Detail {
        entry,
        recovery_codes: count(0)?,
        passcode_until: row.maybe_time(1)?,
        sessions: count(2)?,
        role: row.maybe_text(3)?,
    }))
}

/// How many there are.
pub async fn counts(pool: &Pool, now: Time) -> Result<Counts, StoreError> {
    let rows = pool.rows(COUNTS, vec![now.into(), i64::from(DISABLED_AT).into()]).await?;
    let row = rows.first().ok_or(StoreError::Missing)?;
    let count = |at| -> Result<u64, StoreError> { Ok(u64::try_from(row.int(at)?).unwrap_or(0)) };
    Ok(Counts { users: count(0)?, locked: count(1)?, bypassed: count(2)?, disabled: count(3)? })
}

/// A word that few have leads to them; one that many have is looked for on the way by name.
async fn add_words(pool: &Pool, query: &mut Query, filter: &UserFilter) -> Result<(), StoreError> {
    for word in &filter.words {
        let (from, to) = range(word);
        query.filter(if few(pool, (&from, &to)).await? { AMONG } else { EXISTS }, [from, to]);
    }
    if let Some(name) = &filter.name {
        let (from, to) = range(name);
        if few(pool, (&from, &to)).await? {
            query.filter(AMONG, [from, to]);
        } else {
            // The way by name begins at the first that may have it. PostgreSQL's order may be that of a language, in
            // which nothing is sure to stand behind all of them.
            query.filter("spelling >= ?", [name.as_str().into()]);
            if matches!(pool, Pool::Sqlite(_)) {
                query.filter("spelling < ?", [format!("{name}\u{10ffff}").as_str().into()]);
            }
        }
        let length = i64::try_from(name.chars().count()).unwrap_or(i64::MAX);
        query.filter("substr(spelling, 1, CAST(? AS INTEGER)) = ?", [length.into(), name.as_str().into()]);
    }
    Ok(())
}

/// Whether not too many users have a word that begins so.
async fn few(pool: &Pool, (from, to): (&Value, &Value)) -> Result<bool, StoreError> {
    Ok(pool.rows(FEW, vec![from.clone(), to.clone()]).await?.len() <= FEW_ENOUGH)
}

fn add_filters(query: &mut Query, filter: &UserFilter, now: Time) {
    if let Some((from, to)) = filter.fails {
        query.filter("in_row >= ? AND in_row <= ?", [i64::from(from).into(), i64::from(to).into()]);
    }
    let mut conditions = String::new();
    let mut values: Vec<Value> = vec![];
    for state in &filter.states {
        let (condition, own) = state_condition(*state, now);
        conditions.push_str(if conditions.is_empty() { "(" } else { " OR " });
        conditions.push_str(condition);
        values.extend(own);
    }
    if !conditions.is_empty() {
        query.filter(&format!("{conditions})"), values);
    }
    for factor in &filter.factors {
        query.filter(factor_condition(*factor), []);
    }
}

fn state_condition(state: State, now: Time) -> (&'static str, Vec<Value>) {
    let most: Value = i64::from(DISABLED_AT).into();
    match state {
        State::Disabled => ("enabled = 0", vec![]),
        State::Locked => ("(locked_until > ? OR since_success >= ?)", vec![now.into(), most]),
        State::Bypass => ("bypass_until > ?", vec![now.into()]),
        State::Unbound => (UNBOUND, vec![]),
        State::Ok => (OK, vec![now.into(), now.into(), most]),
    }
}

fn factor_condition(factor: Has) -> &'static str {
    match factor {
        Has::Otp => BOUND,
        Has::Token => "EXISTS (SELECT 1 FROM bindings b WHERE b.user_id = users.id AND b.serial IS NOT NULL)",
        Has::Email => "email IS NOT NULL",
        Has::Sms => "mobile IS NOT NULL",
        Has::Recovery => {
            "EXISTS (SELECT 1 FROM recovery_codes r WHERE r.user_id = users.id AND r.used IS NULL)"
        }
        Has::None => UNBOUND,
    }
}

/// From a word up to everything that begins with it.
fn range(word: &str) -> (Value, Value) {
    let end = [word.as_bytes(), &[0xff]].concat();
    (word.as_bytes().into(), end.as_slice().into())
}

/// Users with their bindings behind them, one row for each binding.
fn entries(rows: &[Row]) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = vec![];
    for row in rows {
        let id = row.text(0)?;
        if entries.last().is_none_or(|last| last.user.id != id) {
            let (user, created) = (people::user(row)?, row.time(13)?);
            entries.push(Entry { user, created, bindings: vec![] });
        }
        if let (Some(last), Some(_)) = (entries.last_mut(), row.maybe_text(14)?) {
            last.bindings.push(bindings::outline(row, 14)?);
        }
    }
    Ok(entries)
}

const PAGE_FROM: &str = "SELECT u.id, u.name, u.email, u.mobile, u.enabled, u.in_row, u.since_success, u.locks, \
    u.locked_until, u.bypass_until, u.must_bind, u.display, u.seen, u.created, \
    b.id, b.application, b.serial, b.state, b.kind, b.algorithm, b.digits, b.period, b.created, b.used \
    FROM (SELECT * FROM users";
const PAGE_TO: &str = ") u LEFT JOIN bindings b ON b.user_id = u.id ORDER BY u.spelling, b.created, b.id";
const FEW: &str = "SELECT 1 FROM user_words WHERE word >= $1 AND word < $2 LIMIT 2001";
const FEW_ENOUGH: usize = 2000;
const AMONG: &str = "id IN (SELECT user_id FROM user_words WHERE word >= ? AND word < ?)";
const EXISTS: &str =
    "EXISTS (SELECT 1 FROM user_words w WHERE w.user_id = users.id AND w.word >= ? AND w.word < ?)";
const BOUND: &str = "EXISTS (SELECT 1 FROM bindings b WHERE b.user_id = users.id AND b.state = 'active')";
const UNBOUND: &str = "(must_bind = 1 OR NOT EXISTS (SELECT 1 FROM bindings b WHERE b.user_id = users.id AND b.state = 'active'))";
const OK: &str = "(enabled = 1 AND (locked_until IS NULL OR locked_until <= ?) \
    AND (bypass_until IS NULL OR bypass_until <= ?) AND since_success < ? AND must_bind = 0 \
    AND EXISTS (SELECT 1 FROM bindings b WHERE b.user_id = users.id AND b.state = 'active'))";
const DETAIL: &str = "SELECT \
    (SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used IS NULL), \
    (SELECT until_at FROM passcodes WHERE user_id = $1 AND used IS NULL), \
    (SELECT COUNT(*) FROM sessions WHERE user_id = $1), \
    (SELECT role FROM administrators WHERE user_id = $1)";
const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM users), \
    (SELECT COUNT(*) FROM users WHERE locked_until > $1) \
        + (SELECT COUNT(*) FROM users WHERE since_success >= $2 AND in_row > 0 \
            AND (locked_until IS NULL OR locked_until <= $1)), \
    (SELECT COUNT(*) FROM users WHERE bypass_until > $1), (SELECT COUNT(*) FROM users WHERE enabled = 0)";
