//! Giving a user a role and taking it away. One owner at least stays.

use super::{
    administrators::{owners, role_of},
    desk::Desk,
    error::StoreError,
    rows::{Scene, Subject},
    work::{Held, Work},
};
use crate::server::domain::{
    administrator::Role,
    audit::{AdministratorEvent, Event, EventKind},
};

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

const INSERT: &str = "INSERT INTO administrators (id, user_id, role, created) VALUES ($1, $2, $3, $4)";
