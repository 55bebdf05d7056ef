//! Work that makes things: users, applications, and the switching of a factor, which touches many users at once.

use super::{
    applications,
    desk::Desk,
    error::StoreError,
    people,
    rows::{Scene, Subject},
    work::{Held, Work},
};
use crate::server::{
    domain::{
        application::{Application, Switch, SwitchRefused},
        audit::{AdministratorEvent, Event, EventKind},
        user::User,
    },
    seal::password::PasswordHash,
};

/// Creates a user.
#[derive(Debug)]
pub struct CreateUser {
    /// The user.
    pub user: User,
    /// The hash of the password; none for a user whose application holds it.
    pub password: Option<PasswordHash>,
    /// Who asks.
    pub scene: Scene,
}

/// A user that is brought in with others.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line of the table, from 1.
    pub at: u64,
    /// The user.
    pub user: User,
    /// The hash of the password.
    pub password: Option<PasswordHash>,
}

/// Brings users in. Who is there already is left alone: the answer says how many came, and which lines did not.
#[derive(Debug)]
pub struct ImportUsers {
    /// The users.
    pub lines: Vec<Line>,
    /// Who asks.
    pub scene: Scene,
}

/// Sets a user's password.
#[derive(Debug)]
pub struct SetPassword {
    /// The user's id.
    pub user: String,
    /// The hash.
    pub password: PasswordHash,
    /// Who asks.
    pub scene: Scene,
}

/// Creates an application.
#[derive(Debug)]
pub struct CreateApplication {
    /// The application.
    pub application: Application,
    /// Who asks.
    pub scene: Scene,
}

/// Changes an application's name, remembering or agreement.
pub struct ChangeApplication<F> {
    /// The application's id.
    pub application: String,
    /// What changes.
    pub change: F,
    /// Who asks.
    pub scene: Scene,
}

/// Removes an application with its bindings. The number of those that go is repeated by who saw it.
#[derive(Debug)]
pub struct RemoveApplication {
    /// The application's id.
    pub application: String,
    /// The number.
    pub bindings: Option<u64>,
    /// Who asks.
    pub scene: Scene,
}

/// Switches a factor of an application.
#[derive(Debug)]
pub struct SwitchFactor {
    /// The application's id.
    pub application: String,
    /// What is wished.
    pub wish: Switch,
    /// Who asks.
    pub scene: Scene,
}

impl Work for CreateUser {
    type Answer = ();

    fn row(&self) -> &str {
        &self.user.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (user, now) = (&self.user, desk.now());
            let values = vec![
                user.id.as_str().into(),
                user.name.shown().into(),
                user.name.key().into(),
                user.email.as_deref().into(),
                user.mobile.as_deref().into(),
                self.password.as_ref().map(PasswordHash::as_str).into(),
                user.enabled.into(),
                user.must_bind.into(),
                now.millis().into(),
                user.display.as_deref().into(),
            ];
            desk.connection().change(CREATE_USER, values).await?;
            people::save_words(desk.connection(), user).await?;
            let event = administrator(AdministratorEvent::UserCreated);
            desk.note((&self.scene, Some(Subject { id: &user.id, name: user.name.shown() })), &[event], now)
                .await
        })
    }
}

impl Work for ImportUsers {
    type Answer = (u32, Vec<(u64, String)>);

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Self::Answer, StoreError>> {
        Box::pin(async move {
            let (mut created, mut known) = (0, vec![]);
            for line in self.lines.clone() {
                let key = line.user.name.key().into();
                let there = "SELECT 1 FROM users WHERE spelling = $1";
                if !desk.connection().rows(there, vec![key]).await?.is_empty() {
                    known.push((line.at, line.user.name.shown().to_owned()));
                    continue;
                }
                let (user, password) = (line.user, line.password);
                CreateUser { user, password, scene: self.scene.clone() }.run(desk).await?;
                created += 1;
            }
            Ok((created, known))
        })
    }
}

impl Work for SetPassword {
    type Answer = ();

    fn row(&self) -> &str {
        &self.user
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let values = vec![self.user.as_str().into(), self.password.as_str().into()];
            let rows = desk.connection().rows(SET_PASSWORD, values).await?;
            let name = rows.first().ok_or(StoreError::Missing)?.text(0)?;
            let (event, now) = (administrator(AdministratorEvent::PasswordSet), desk.now());
            desk.note((&self.scene, Some(Subject { id: &self.user, name: &name })), &[event], now).await
        })
    }
}

impl Work for CreateApplication {
    type Answer = ();

    fn row(&self) -> &str {
        &self.application.id
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            applications::insert(desk.connection(), &self.application).await?;
            let event = administrator(AdministratorEvent::ApplicationCreated).at(&self.application.id);
            let now = desk.now();
            desk.note((&self.scene, None), &[event], now).await
        })
    }
}

impl<F: FnMut(&mut Application) + Send + 'static> Work for ChangeApplication<F> {
    type Answer = ();

    fn row(&self) -> &str {
        &self.application
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let before = applications::lock(desk.connection(), &self.application).await?;
            let mut after = before.clone();
            (self.change)(&mut after);
            if before == after {
                return Ok(());
            }
            applications::save(desk.connection(), &after).await?;
            let event = administrator(AdministratorEvent::ApplicationChanged).at(&self.application);
            let now = desk.now();
            desk.note((&self.scene, None), &[event], now).await
        })
    }
}

impl Work for RemoveApplication {
    type Answer = Result<(), SwitchRefused>;

    fn row(&self) -> &str {
        &self.application
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Self::Answer, StoreError>> {
        Box::pin(async move {
            let id = self.application.as_str();
            applications::lock(desk.connection(), id).await?;
            let confirmed = applications::confirmed_bindings(desk.connection(), id).await?;
            if confirmed > 0 && self.bindings != Some(confirmed) {
                return Ok(Err(SwitchRefused::BindingsGo(confirmed)));
            }
            applications::remove(desk.connection(), id).await?;
            let event = administrator(AdministratorEvent::ApplicationRemoved).at(id);
            let (event, now) = (event.saying(format!("{confirmed} bindings removed")), desk.now());
            desk.note((&self.scene, None), &[event], now).await?;
            Ok(Ok(()))
        })
    }
}

impl Work for SwitchFactor {
    type Answer = Result<(), SwitchRefused>;

    fn row(&self) -> &str {
        &self.application
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Self::Answer, StoreError>> {
        Box::pin(async move {
            let mut application = applications::lock(desk.connection(), &self.application).await?;
            let confirmed = applications::confirmed_bindings(desk.connection(), &self.application).await?;
            let switched = match application.switch(self.wish, confirmed) {
                Ok(switched) => switched,
                Err(refused) => return Ok(Err(refused)),
            };
            applications::save(desk.connection(), &application).await?;
            if switched.bindings_go {
                applications::remove_bindings(desk.connection(), &self.application).await?;
            }
            let now = desk.now();
            desk.note((&self.scene, None), &switched.events, now).await?;
            Ok(Ok(()))
        })
    }
}

fn administrator(event: AdministratorEvent) -> Event {
    Event::success(EventKind::Administrator(event))
}

const CREATE_USER: &str = "INSERT INTO users (id, name, spelling, email, mobile, password, enabled, in_row, \
    since_success, locks, locked_until, bypass_until, must_bind, holds, turn, created, display) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, NULL, NULL, $8, 0, 0, $9, $10)";
const SET_PASSWORD: &str = "UPDATE users SET password = $2, turn = turn + 1 WHERE id = $1 RETURNING name";
