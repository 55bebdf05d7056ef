//! The desk at which one decision after the other is made: the connection, the keys, the time, the chain. Inside the
//! writer's transaction, and nowhere else.

use std::{sync::Arc, time::Duration};

use super::{
    applications,
    bindings::Vault,
    database::{Connection, Place},
    error::StoreError,
    people,
    rows::{self, Book, Scene, Subject},
    sign_ins,
};
use crate::{
    clock::Clock,
    server::{
        chain::{ChainKeys, Head},
        domain::{application::Application, audit::Event, sign_in::SignIn, time::Time, user::Person},
        random::Random,
        seal::keys::Keys,
    },
};

/// What does not change while the server runs.
#[derive(Clone)]
pub struct Settings {
    /// Where the database is.
    pub place: Place,
    /// The name of this replica: its own chain of the audit. No two processes may share one.
    pub replica: String,
    /// How long a database may take to answer before it is one that is not there: 5 seconds are usual.
    pub patience: Duration,
    /// The keys.
    pub keys: Arc<Keys>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where random bytes come from.
    pub random: Random,
}

/// A transaction in which decisions are made.
pub struct Desk {
    pub(super) connection: Connection,
    pub(super) head: Head,
    settings: Settings,
    chain: ChainKeys,
}

/// What a decision is about, as it is now.
#[derive(Debug)]
pub struct Case {
    /// The person, under lock.
    pub person: Person,
    /// The application, when one was named.
    pub application: Option<Application>,
    /// The sign-in, when one was named; a decision may put a new one here.
    pub sign_in: Option<SignIn>,
    /// The time of the decision.
    pub now: Time,
}

/// What a decision asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// The user's id.
    pub user: String,
    /// The application's id.
    pub application: Option<String>,
    /// The sign-in's id.
    pub sign_in: Option<String>,
    /// Who asks.
    pub scene: Scene,
}

impl Desk {
    pub(super) fn new(connection: Connection, settings: Settings) -> Self {
        let chain = ChainKeys { rows: settings.keys.chain(), heads: settings.keys.checkpoints() };
        Self { connection, head: Head::START, settings, chain }
    }

    /// The time now.
    pub fn now(&self) -> Time {
        self.settings.clock.now().into()
    }

    /// Where random bytes come from.
    pub fn random(&self) -> Random {
        self.settings.random
    }

    /// The connection, for rooms that have tables of their own.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Locks and reads what a decision asks for.
    pub async fn open(&mut self, ask: &Ask) -> Result<Case, StoreError> {
        let vault = Vault { keys: &self.settings.keys, random: self.settings.random };
        let person = people::lock(&mut self.connection, &vault, &ask.user).await?;
        let now = self.settings.clock.now().into();
        let application = match &ask.application {
            Some(id) => Some(applications::read(&mut self.connection, id).await?),
            None => None,
        };
        let sign_in = match &ask.sign_in {
            Some(id) => Some(sign_ins::read(&mut self.connection, id, &ask.user).await?),
            None => None,
        };
        Ok(Case { person, application, sign_in, now })
    }

    /// Writes back what a decision changed, and its events.
    pub async fn close(
        &mut self,
        ask: &Ask,
        (before, case): (&Case, &Case),
        events: &[Event],
    ) -> Result<(), StoreError> {
        let vault = Vault { keys: &self.settings.keys, random: self.settings.random };
        people::save(&mut self.connection, &vault, (&before.person, &case.person)).await?;
        if case.sign_in != before.sign_in
            && let Some(sign_in) = &case.sign_in
        {
            sign_ins::save(&mut self.connection, sign_in).await?;
        }
        let user = &case.person.user;
        let subject = Subject { id: &user.id, name: user.name.shown() };
        self.note((&ask.scene, Some(subject)), events, case.now).await
    }

    /// Writes events down.
    pub async fn note(
        &mut self,
        about: (&Scene, Option<Subject<'_>>),
        events: &[Event],
        now: Time,
    ) -> Result<(), StoreError> {
        for event in events {
            let book = Book { keys: &self.chain, replica: &self.settings.replica, now };
            self.head = rows::append(&mut self.connection, (book, self.head), about, event).await?;
        }
        Ok(())
    }

    pub(super) async fn begin(&mut self) -> Result<Head, StoreError> {
        self.connection.run("BEGIN").await?;
        let replica = &self.settings.replica;
        self.head = rows::lock_head(&mut self.connection, &self.chain, replica).await?;
        Ok(self.head)
    }

    pub(super) async fn commit(&mut self, from: Head) -> Result<(), StoreError> {
        let now = self.now();
        let book = Book { keys: &self.chain, replica: &self.settings.replica, now };
        rows::move_head(&mut self.connection, book, (from, self.head)).await?;
        self.connection.run("COMMIT").await
    }
}

impl Case {
    pub(super) fn copy(&self) -> Self {
        let Self { person, application, sign_in, now } = self;
        let (person, application, sign_in) = (person.clone(), application.clone(), sign_in.clone());
        Self { person, application, sign_in, now: *now }
    }
}
