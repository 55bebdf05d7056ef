//! Administrators in their table: users with a role. Giving and taking is `roles`'.

use super::{
    database::{Connection, Pool},
    error::StoreError,
};
use crate::server::domain::{administrator::Role, time::Time};

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
