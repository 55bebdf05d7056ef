//! Administrators in their table: users with a role. One owner at least stays.

use super::{
    database::{Connection, Pool},
    desk::Desk,
    error::StoreError,
    rows::{Scene, Subject},
    work::{Held, Work},
};
use crate::server::domain::{
    administrator::Role,
    audit::{AdministratorEvent, Event, EventKind},
    time::Time,
};

/// An administrator, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id.
    pub id: String,
    /// The user's id.
    pub user: String,
    /// The user's name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub created: Time,
}

/// What a user may do as an administrator.
pub async fn role_of(connection: &mut Connection, user: &str) -> Result<Option<Role>, StoreError> {
    let rows =
        connection.rows("SELECT role FROM administrators WHERE user_id = $1", vec![user.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Role::from_word(&row.text(0)?).map(Some).ok_or_else(|| StoreError::damaged("administrators", "role"))
}

/// Every administrator, by name.
pub async fn list(pool: &Pool) -> Result<Vec<Entry>, StoreError> {
    let rows = pool.rows(LIST, vec![]).await?;
    let entry = |row: &super::database::Row| {
        let role = Role::from_word(&row.text(3)?);
        Ok(Entry {
            id: row.text(0)?,
            user: row.text(1)?,
            name: row.text(2)?,
            role: role.ok_or_else(|| StoreError::damaged("administrators", "role"))?,
            created: row.time(4)?,
        })
    };
    rows.iter().map(entry).collect()
}

/// Gives a user a role, another role, or none.
#[derive(Debug)]
pub struct SetRole {
    /// The user's id.
    pub user: String,
    /// The role; `None` takes it away.
    pub role: Option<Role>,
    /// The id of a new administrator.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub scene: Scene,
}

impl Work for SetRole {
    type Answer = ();

    fn row(&self) -> &str {
        &self.user
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let lock = "UPDATE users SET turn = turn + 1 WHERE id = $1 RETURNING name";
            let rows = desk.connection().rows(lock, vec![self.user.as_str().into()]).await?;
            let name = rows.first().ok_or(StoreError::Missing)?.text(0)?;
            let before = role_of(desk.connection(), &self.user).await?;
            if before == self.role {
                return if self.role.is_some() { Ok(()) } else { Err(StoreError::Missing) };
            }
            if before == Some(Role::Owner) && owners(desk.connection()).await? == 1 {
                return Err(StoreError::LastOwner);
            }
            let event = self.change(desk, before).await?;
            let said = match self.role {
                Some(role) => format!("{}; {}", role.word(), self.reason),
                None => self.reason.clone(),
            };
            let event = Event::success(EventKind::Administrator(event)).saying(said);
            let now = desk.now();
            let subject = Subject { id: &self.user, name: &name };
            desk.note((&self.scene, Some(subject)), &[event], now).await?;
            Ok(())
        })
    }
}

impl SetRole {
    async fn change(&self, desk: &mut Desk, before: Option<Role>) -> Result<AdministratorEvent, StoreError> {
        let (user, now) = (self.user.as_str(), desk.now());
        let connection = desk.connection();
        // Whoever they were, they sign in anew: a session has the rights of its beginning.
        connection.change("DELETE FROM sessions WHERE user_id = $1", vec![user.into()]).await?;
        Ok(match (before, self.role) {
            (None, Some(role)) => {
                let values = vec![self.id.as_str().into(), user.into(), role.word().into(), now.into()];
                connection.change(INSERT, values).await?;
                AdministratorEvent::Created
            }
            (Some(_), Some(role)) => {
                let sql = "UPDATE administrators SET role = $2 WHERE user_id = $1";
                connection.change(sql, vec![user.into(), role.word().into()]).await?;
                AdministratorEvent::Changed
            }
            (_, None) => {
                let sql = "DELETE FROM administrators WHERE user_id = $1";
                connection.change(sql, vec![user.into()]).await?;
                AdministratorEvent::Removed
            }
        })
    }
}

/// Whether there is anybody at all.
pub async fn any(connection: &mut Connection) -> Result<bool, StoreError> {
    Ok(!connection.rows("SELECT 1 FROM administrators LIMIT 1", vec![]).await?.is_empty())
}

/// How many owners there are. Their rows are locked, so that two do not remove each other at once.
pub async fn owners(connection: &mut Connection) -> Result<usize, StoreError> {
    let sql = "UPDATE administrators SET role = role WHERE role = 'owner' RETURNING id";
    Ok(connection.rows(sql, vec![]).await?.len())
}

const LIST: &str = "SELECT a.id, a.user_id, u.name, a.role, a.created FROM administrators a \
    JOIN users u ON u.id = a.user_id ORDER BY u.spelling";
const INSERT: &str = "INSERT INTO administrators (id, user_id, role, created) VALUES ($1, $2, $3, $4)";
