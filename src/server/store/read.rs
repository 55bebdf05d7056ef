//! What is only read: users by name and by page, the audit by cursor, whole chains. Outside of every lock.

use std::collections::BTreeMap;

use super::{
    applications, bindings,
    database::{Pool, Row},
    error::StoreError,
    people,
    tokens::Vault,
};
use crate::server::{
    domain::{
        application::Application,
        name::UserName,
        time::Time,
        user::{Person, User},
    },
    random,
    seal::{keys::Keys, password::PasswordHash},
};

/// A user with what only a password check needs.
#[derive(Clone, Debug)]
pub struct Login {
    /// The user's id.
    pub id: String,
    /// The hash of the password, where there is one.
    pub password: Option<PasswordHash>,
    /// The salt of the sheet of recovery codes, where there is one.
    pub salt: Option<[u8; 16]>,
}

/// A row of the audit, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Whose chain.
    pub replica: String,
    /// Its number there.
    pub seq: i64,
    /// When.
    pub at: Time,
    /// Event, result, reason, factor, application, user's id and name, actor, address, country, request, detail.
    pub fields: Vec<Option<String>>,
}

/// Where a page of the audit begins: behind this row, on the way to older ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its time.
    pub at: Time,
    /// Its chain.
    pub replica: String,
    /// Its number.
    pub seq: i64,
}

/// Finds a user by any spelling of the name.
pub async fn login(pool: &Pool, name: &UserName) -> Result<Option<Login>, StoreError> {
    let rows = pool.look(LOGIN, vec![name.key().into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let salt = row.maybe_bytes(2)?.and_then(|salt| <[u8; 16]>::try_from(salt.as_slice()).ok());
    let password = row.maybe_text(1)?.and_then(|text| PasswordHash::read(&text));
    Ok(Some(Login { id: row.text(0)?, password, salt }))
}

/// Whose a sign-in is, and to what.
#[derive(Clone, Debug)]
pub struct Whose {
    /// The user's id.
    pub user: String,
    /// The application's id.
    pub application: String,
}

/// Whose a sign-in is.
pub async fn sign_in(pool: &Pool, id: &str) -> Result<Option<Whose>, StoreError> {
    let rows = pool.look("SELECT user_id, application FROM sign_ins WHERE id = $1", vec![id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Whose { user: row.text(0)?, application: row.text(1)? }))
}

/// The salt of a user's sheet of recovery codes.
pub async fn salt(pool: &Pool, user: &str) -> Result<Option<[u8; 16]>, StoreError> {
    let sql = "SELECT salt FROM recovery_codes WHERE user_id = $1 LIMIT 1";
    let rows = pool.look(sql, vec![user.into()]).await?;
    rows.first().map(|row| row.array(0)).transpose()
}

/// How many recovery codes of a user are left.
pub async fn recovery_left(pool: &Pool, user: &str) -> Result<u32, StoreError> {
    let rows = pool.rows(PAPER_LEFT, vec![user.into()]).await?;
    let count = rows.first().ok_or(StoreError::Missing)?.int(0)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// An application.
pub async fn application(pool: &Pool, id: &str) -> Result<Option<Application>, StoreError> {
    let rows = pool.look(applications::READ, vec![id.into()]).await?;
    rows.first().map(applications::application).transpose()
}

/// A person as it is now, outside of every lock: good for a look, never for a decision. Only bindings and the
/// passcode are read.
pub async fn person(pool: &Pool, keys: &Keys, id: &str) -> Result<Option<Person>, StoreError> {
    let rows = pool.look(PERSON, vec![id.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let mut person = Person::new(people::user(row)?);
    let vault = Vault { keys, random: random::system };
    let rows = pool.look(bindings::READ, vec![id.into()]).await?;
    person.bindings = rows.iter().map(|row| bindings::binding(row, &vault, id)).collect::<Result<_, _>>()?;
    let rows = pool.look(people::PASSCODE_OF, vec![id.into()]).await?;
    person.passcode = rows.first().map(people::read_passcode).transpose()?;
    Ok(Some(person))
}

/// A page of users by name, behind a spelling.
pub async fn users(pool: &Pool, behind: &str, count: i64) -> Result<Vec<User>, StoreError> {
    let rows = pool.rows(USERS, vec![behind.into(), count.into()]).await?;
    rows.iter().map(people::user).collect()
}

/// A page of the audit, the newest first.
pub async fn audit(pool: &Pool, behind: Option<&Cursor>, count: i64) -> Result<Vec<Record>, StoreError> {
    let rows = match behind {
        None => pool.rows(NEWEST, vec![count.into()]).await?,
        Some(cursor) => {
            let (at, seq) = (cursor.at.millis(), cursor.seq);
            let values = vec![at.into(), cursor.replica.as_str().into(), seq.into(), count.into()];
            pool.rows(OLDER, values).await?
        }
    };
    rows.iter().map(record).collect()
}

/// The number of every chain's last row.
pub async fn heads(pool: &Pool) -> Result<BTreeMap<String, i64>, StoreError> {
    let rows = pool.rows("SELECT replica, seq FROM audit_heads", vec![]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// Rows of one chain behind a row of it, in its order.
pub async fn behind(pool: &Pool, (replica, seq): (&str, i64), count: i64) -> Result<Vec<Record>, StoreError> {
    let rows = pool.rows(CHAIN, vec![replica.into(), seq.into(), count.into()]).await?;
    rows.iter().map(record).collect()
}

/// A row of the audit for people; its columns are those of the table, in their order.
pub fn record(row: &Row) -> Result<Record, StoreError> {
    let fields = (3..=14).map(|at| row.maybe_text(at)).collect::<Result<_, _>>()?;
    Ok(Record { replica: row.text(0)?, seq: row.int(1)?, at: Time::from_millis(row.int(2)?), fields })
}

const LOGIN: &str = "SELECT id, password, (SELECT salt FROM recovery_codes WHERE user_id = users.id LIMIT 1) \
    FROM users WHERE spelling = $1";
const PAPER_LEFT: &str = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used IS NULL";
const USERS: &str = "SELECT id, name, email, mobile, enabled, in_row, since_success, locks, locked_until, \
    bypass_until, must_bind, display, seen FROM users WHERE spelling > $1 ORDER BY spelling LIMIT $2";
const PERSON: &str = "SELECT id, name, email, mobile, enabled, in_row, since_success, locks, locked_until, \
    bypass_until, must_bind, display, seen FROM users WHERE id = $1";
const NEWEST: &str = "SELECT replica, seq, at, event, outcome, reason, factor, application, user_id, user_name, \
    actor, address, country, request, detail FROM audit ORDER BY at DESC, replica DESC, seq DESC LIMIT $1";
const OLDER: &str = "SELECT replica, seq, at, event, outcome, reason, factor, application, user_id, user_name, \
    actor, address, country, request, detail FROM audit WHERE (at, replica, seq) < ($1, $2, $3) \
    ORDER BY at DESC, replica DESC, seq DESC LIMIT $4";
const CHAIN: &str = "SELECT replica, seq, at, event, outcome, reason, factor, application, user_id, user_name, \
    actor, address, country, request, detail, prev, hash FROM audit \
    WHERE replica = $1 AND seq > $2 ORDER BY seq LIMIT $3";
