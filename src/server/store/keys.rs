//! API keys of administrators' programs, and the keys of applications: the digest of a token, never the token.

use super::{
    database::{Pool, Row},
    desk::Desk,
    error::StoreError,
    rows::Scene,
    work::{Held, Work},
};
use crate::server::{
    domain::{
        administrator::Role,
        audit::{AdministratorEvent, Event, EventKind},
        time::Time,
    },
    seal::token::TokenDigest,
};

/// An API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, which is no secret.
    pub id: String,
    /// What the audit calls it.
    pub name: String,
    /// What it is trusted with.
    pub role: Role,
    /// When it was made.
    pub created: Time,
    /// When it ends.
    pub until: Option<Time>,
}

/// A key of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationKey {
    /// Its id, which is no secret.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub application: String,
    /// Who knows the passwords.
    pub passwords: Passwords,
    /// When it was made.
    pub created: Time,
}

/// Who knows the passwords of an application's users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passwords {
    /// sesamd does.
    Here,
    /// The application does; it shows codes alone.
    Elsewhere,
}

impl Passwords {
    /// The word in the API and in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// Of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Here, Self::Elsewhere].into_iter().find(|one| one.word() == word)
    }
}

/// The API key of a token.
pub async fn find(pool: &Pool, digest: &TokenDigest) -> Result<Option<ApiKey>, StoreError> {
    let rows = pool.look(FIND, vec![digest.as_slice().into()]).await?;
    rows.first().map(api_key).transpose()
}

/// Every API key, by name.
pub async fn list(pool: &Pool) -> Result<Vec<ApiKey>, StoreError> {
    pool.rows(LIST, vec![]).await?.iter().map(api_key).collect()
}

/// The application's key of a token.
pub async fn find_application(
    pool: &Pool,
    digest: &TokenDigest,
) -> Result<Option<ApplicationKey>, StoreError> {
    let rows = pool.look(FIND_APPLICATION, vec![digest.as_slice().into()]).await?;
    rows.first().map(application_key).transpose()
}

/// Every key of an application.
pub async fn of_application(pool: &Pool, application: &str) -> Result<Vec<ApplicationKey>, StoreError> {
    pool.rows(OF_APPLICATION, vec![application.into()]).await?.iter().map(application_key).collect()
}

/// Makes an API key.
#[derive(Debug)]
pub struct CreateKey {
    /// The key.
    pub key: ApiKey,
    /// What is kept of its token.
    pub digest: TokenDigest,
    /// Who asks.
    pub scene: Scene,
}

/// Makes a key of an application.
#[derive(Debug)]
pub struct CreateApplicationKey {
    /// The key.
    pub key: ApplicationKey,
    /// What is kept of its token.
    pub digest: TokenDigest,
    /// Who asks.
    pub scene: Scene,
}

/// Revokes a key, whichever kind.
#[derive(Debug)]
pub struct RevokeKey {
    /// The application whose key it is; none for an API key.
    pub application: Option<String>,
    /// The key's id.
    pub id: String,
    /// Who asks.
    pub scene: Scene,
}

impl Work for CreateKey {
    type Answer = ();

    fn row(&self) -> &str {
        &self.key.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = &self.key;
            let values = vec![
                key.id.as_str().into(),
                self.digest.as_slice().into(),
                key.name.as_str().into(),
                key.role.word().into(),
                key.created.into(),
                key.until.into(),
            ];
            desk.connection().change(INSERT, values).await?;
            let said = format!("{} ({})", key.name, key.role.word());
            note(desk, &self.scene, (AdministratorEvent::KeyCreated, None), said).await?;
            Ok(())
        })
    }
}

impl Work for CreateApplicationKey {
    type Answer = ();

    fn row(&self) -> &str {
        &self.key.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = &self.key;
            super::applications::read(desk.connection(), &key.application).await?;
            let values = vec![
                key.id.as_str().into(),
                self.digest.as_slice().into(),
                key.name.as_str().into(),
                key.application.as_str().into(),
                key.passwords.word().into(),
                key.created.into(),
            ];
            desk.connection().change(INSERT_APPLICATION, values).await?;
            let said = format!("{} (passwords {})", key.name, key.passwords.word());
            note(desk, &self.scene, (AdministratorEvent::KeyCreated, Some(&key.application)), said).await?;
            Ok(())
        })
    }
}

impl Work for RevokeKey {
    type Answer = ();

    fn row(&self) -> &str {
        &self.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let id = self.id.as_str();
            let rows = match &self.application {
                None => desk.connection().rows(REVOKE, vec![id.into()]).await?,
                Some(application) => {
                    let values = vec![id.into(), application.as_str().into()];
                    desk.connection().rows(REVOKE_APPLICATION, values).await?
                }
            };
            let name = rows.first().ok_or(StoreError::Missing)?.text(0)?;
            note(desk, &self.scene, (AdministratorEvent::KeyRevoked, self.application.as_deref()), name)
                .await?;
            Ok(())
        })
    }
}

async fn note(
    desk: &mut Desk,
    scene: &Scene,
    (event, application): (AdministratorEvent, Option<&str>),
    said: String,
) -> Result<(), StoreError> {
    let mut event = Event::success(EventKind::Administrator(event)).saying(said);
    event.application = application.map(str::to_owned);
    let now = desk.now();
    desk.note((scene, None), &[event], now).await
}

fn api_key(row: &Row) -> Result<ApiKey, StoreError> {
    let role = Role::from_word(&row.text(2)?).ok_or_else(|| StoreError::damaged("api_keys", "role"))?;
    Ok(ApiKey {
        id: row.text(0)?,
        name: row.text(1)?,
        role,
        created: row.time(3)?,
        until: row.maybe_time(4)?,
    })
}

fn application_key(row: &Row) -> Result<ApplicationKey, StoreError> {
    let passwords = Passwords::from_word(&row.text(3)?);
    Ok(ApplicationKey {
        id: row.text(0)?,
        name: row.text(1)?,
        application: row.text(2)?,
        passwords: passwords.ok_or_else(|| StoreError::damaged("application_keys", "passwords"))?,
        created: row.time(4)?,
    })
}

const FIND: &str = "SELECT id, name, role, created, until_at FROM api_keys WHERE digest = $1";
const LIST: &str = "SELECT id, name, role, created, until_at FROM api_keys ORDER BY name";
const FIND_APPLICATION: &str =
    "SELECT id, name, application, passwords, created FROM application_keys WHERE digest = $1";
const OF_APPLICATION: &str = "SELECT id, name, application, passwords, created FROM application_keys \
    WHERE application = $1 ORDER BY created, id";
const INSERT: &str = "INSERT INTO api_keys (id, digest, name, role, created, until_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const INSERT_APPLICATION: &str = "INSERT INTO application_keys (id, digest, name, application, passwords, created) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const REVOKE: &str = "DELETE FROM api_keys WHERE id = $1 RETURNING name";
const REVOKE_APPLICATION: &str =
    "DELETE FROM application_keys WHERE id = $1 AND application = $2 RETURNING name";
