//! Sessions and remembered browsers in their tables: the digest of a token, never the token.

use super::{
    database::{Connection, Pool, Row},
    error::StoreError,
    people::expect_one,
    sign_ins::{proof_of, proof_word},
};
use crate::server::{
    domain::{
        administrator::Role,
        session::{Audience, Session},
        sign_in::Proof,
        time::Time,
    },
    seal::token::TokenDigest,
};

/// A session that begins with the decision that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// What is kept of its token.
    pub digest: TokenDigest,
    /// Its id, which is no secret.
    pub id: String,
    /// Whose it is.
    pub audience: Audience,
    /// How the second step was done.
    pub proof: Proof,
}

/// A browser that is remembered from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBrowser {
    /// What is kept of its token.
    pub digest: TokenDigest,
    /// Until when.
    pub until: Time,
}

/// A session as it is found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// The user's id.
    pub user: String,
    /// The user's name.
    pub name: String,
    /// Where it was begun.
    pub application: String,
    /// How the second step was done.
    pub proof: Proof,
    /// Its times.
    pub session: Session,
    /// From where it was begun.
    pub address: Option<String>,
    /// Whether the user may still sign in.
    pub enabled: bool,
    /// What the user may do as an administrator.
    pub role: Option<Role>,
}

/// Writes a session of a user.
pub async fn insert(
    connection: &mut Connection,
    (user, application, address): (&str, &str, Option<&str>),
    new: &NewSession,
    now: Time,
) -> Result<(), StoreError> {
    let values = vec![
        new.digest.as_slice().into(),
        new.id.as_str().into(),
        user.into(),
        application.into(),
        new.audience.word().into(),
        proof_word(new.proof).into(),
        now.into(),
        address.into(),
    ];
    expect_one(connection.change(INSERT, values).await?)
}

/// Writes a remembered browser of a user.
pub async fn remember(
    connection: &mut Connection,
    (user, application): (&str, &str),
    new: &NewBrowser,
) -> Result<(), StoreError> {
    let values = vec![new.digest.as_slice().into(), user.into(), application.into(), new.until.into()];
    expect_one(connection.change(REMEMBER, values).await?)
}

/// Ends every session of a user, and forgets every browser.
pub async fn end_all(connection: &mut Connection, user: &str) -> Result<(), StoreError> {
    connection.change("DELETE FROM sessions WHERE user_id = $1", vec![user.into()]).await?;
    connection.change("DELETE FROM browsers WHERE user_id = $1", vec![user.into()]).await?;
    connection.change("DELETE FROM sign_ins WHERE user_id = $1", vec![user.into()]).await.map(|_| ())
}

/// The session of a token.
pub async fn find(pool: &Pool, digest: &TokenDigest) -> Result<Option<Found>, StoreError> {
    let rows = pool.look(FIND, vec![digest.as_slice().into()]).await?;
    rows.first().map(found).transpose()
}

/// Every session of a user, the newest first.
pub async fn of_user(pool: &Pool, user: &str) -> Result<Vec<Found>, StoreError> {
    pool.rows(OF_USER, vec![user.into()]).await?.iter().map(found).collect()
}

/// Whether a browser of this user did the second step for an application, and is still remembered.
pub async fn is_remembered(
    pool: &Pool,
    (user, application): (&str, &str),
    digest: &TokenDigest,
    now: Time,
) -> Result<bool, StoreError> {
    let values = vec![digest.as_slice().into(), user.into(), application.into(), now.into()];
    Ok(!pool.look(BROWSER, values).await?.is_empty())
}

fn found(row: &Row) -> Result<Found, StoreError> {
    let bad = |what: &str| StoreError::damaged("sessions", what);
    let audience = Audience::from_word(&row.text(4)?).ok_or_else(|| bad("audience"))?;
    Ok(Found {
        id: row.text(0)?,
        user: row.text(1)?,
        name: row.text(2)?,
        application: row.text(3)?,
        proof: proof_of(&row.text(5)?).ok_or_else(|| bad("proof"))?,
        session: Session { audience, begun: row.time(6)?, used: row.time(7)? },
        address: row.maybe_text(8)?,
        enabled: row.is(9)?,
        role: row.maybe_text(10)?.and_then(|word| Role::from_word(&word)),
    })
}

const INSERT: &str = "INSERT INTO sessions (digest, id, user_id, application, audience, proof, begun, used, address) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
const REMEMBER: &str =
    "INSERT INTO browsers (digest, user_id, application, until_at) VALUES ($1, $2, $3, $4)";
const FIND: &str = "SELECT s.id, s.user_id, u.name, s.application, s.audience, s.proof, s.begun, s.used, s.address, \
    u.enabled, a.role FROM sessions s JOIN users u ON u.id = s.user_id \
    LEFT JOIN administrators a ON a.user_id = u.id WHERE s.digest = $1";
const OF_USER: &str = "SELECT s.id, s.user_id, u.name, s.application, s.audience, s.proof, s.begun, s.used, \
    s.address, u.enabled, a.role FROM sessions s JOIN users u ON u.id = s.user_id \
    LEFT JOIN administrators a ON a.user_id = u.id WHERE s.user_id = $1 ORDER BY s.begun DESC, s.id DESC";
const BROWSER: &str = "SELECT 1 FROM browsers \
    WHERE digest = $1 AND user_id = $2 AND application = $3 AND until_at > $4";
