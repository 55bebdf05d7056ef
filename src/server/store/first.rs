//! The first administrator: a token that is good once, and only while there is none.

use super::{
    administrators,
    database::Connection,
    desk::Desk,
    error::StoreError,
    make::CreateUser,
    roles::SetRole,
    rows::Scene,
    sign_ins,
    work::{Held, Work},
};
use crate::server::{
    domain::{
        administrator::Role,
        audit::{AdministratorEvent, Event, EventKind, Reason},
        sign_in::SignIn,
        user::User,
    },
    seal::password::PasswordHash,
};

/// Keeps the digest of a token for the first administrator; an older one is void then. The answer is whether one is
/// needed.
#[derive(Debug)]
pub struct KeepFirst {
    /// The digest, as text.
    pub digest: String,
}

impl Work for KeepFirst {
    type Answer = bool;

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            if administrators::any(desk.connection()).await? {
                return Ok(false);
            }
            let keep = "INSERT INTO meta (name, value) VALUES ('first', $1) \
                ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            desk.connection().change(keep, vec![self.digest.as_str().into()]).await?;
            Ok(true)
        })
    }
}

/// Makes the first administrator: a user, an owner, and a sign-in to the console that waits for a binding.
#[derive(Debug)]
pub struct TakeFirst {
    /// The digest of the token that was shown, as text.
    pub digest: String,
    /// The user.
    pub user: User,
    /// The hash of the password.
    pub password: PasswordHash,
    /// The sign-in.
    pub sign_in: SignIn,
    /// Who asks.
    pub scene: Scene,
}

impl Work for TakeFirst {
    /// Whether the token was right.
    type Answer = bool;

    fn row(&self) -> &str {
        &self.user.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            let scene = Scene { actor: "system".into(), ..self.scene.clone() };
            if !take(desk.connection(), &self.digest).await? {
                let kind = EventKind::Administrator(AdministratorEvent::Refused);
                let event = Event::failure(kind, Reason::Forbidden)
                    .saying("a wrong token of the first administrator");
                let now = desk.now();
                desk.note((&scene, None), &[event], now).await?;
                return Ok(false);
            }
            let (user, password) = (self.user.clone(), Some(self.password.clone()));
            CreateUser { user, password, scene: scene.clone() }.run(desk).await?;
            let (user, id) = (self.user.id.clone(), self.user.id.clone());
            let reason = "the first administrator".to_owned();
            SetRole { user, role: Some(Role::Owner), id, reason, scene }.run(desk).await?;
            sign_ins::save(desk.connection(), &self.sign_in).await?;
            Ok(true)
        })
    }
}

/// Takes the token: `false` for another one, and once there is an administrator.
async fn take(connection: &mut Connection, digest: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM meta WHERE name = 'first' AND value = $1";
    let taken = connection.change(sql, vec![digest.into()]).await? == 1;
    Ok(taken && !administrators::any(connection).await?)
}
