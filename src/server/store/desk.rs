//! The desk at which one decision after the other is made: the connection, the keys, the time, the chain. Inside the
//! writer's transaction, and nowhere else.

use std::{sync::Arc, time::Duration};

use super::{
    administrators, applications, bindings,
    database::{Connection, Place},
    error::StoreError,
    letters::{self, Letter},
    people,
    rows::{self, Book, Scene, Subject},
    sessions::{self, NewBrowser, NewSession},
    sign_ins,
    tokens::{self, Spare, Vault},
};
use crate::{
    clock::Clock,
    server::{
        chain::{ChainKeys, Head},
        domain::{
            administrator::Role,
            application::Application,
            audit::{Event, Outcome},
            judge::Moving,
            sign_in::SignIn,
            time::Time,
            user::Person,
        },
        random::Random,
        seal::{keys::Keys, password::PasswordHash},
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
    /// What the user may do as an administrator, where that was asked for.
    pub role: Option<Role>,
    /// What comes of the decision besides.
    pub out: Out,
}

/// What comes of a decision besides a changed state; it is written in the same transaction.
#[derive(Clone, Debug, Default)]
pub struct Out {
    /// A session that begins.
    pub session: Option<NewSession>,
    /// A browser that is remembered.
    pub browser: Option<NewBrowser>,
    /// What is sent.
    pub letters: Vec<Letter>,
    /// A new password.
    pub password: Option<PasswordHash>,
    /// Every session ends, every browser is forgotten, every sign-in must begin anew.
    pub ends_sessions: bool,
    /// The user goes, with everything.
    pub gone: bool,
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
    /// Whether the user's role matters.
    pub role: bool,
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

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.settings.keys
    }

    /// The seal of a place behind which a chain begins.
    pub fn start_seal(&self, replica: &str, start: Head) -> [u8; 32] {
        start.seal_start(&self.chain, replica)
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
        let role =
            if ask.role { administrators::role_of(&mut self.connection, &ask.user).await? } else { None };
        Ok(Case { person, application, sign_in, now, role, out: Out::default() })
    }

    /// Does for a name that nobody has what is done for a user, as far as the database notices it.
    pub async fn nobody(&mut self, application: Option<&str>) -> Result<(), StoreError> {
        let vault = Vault { keys: &self.settings.keys, random: self.settings.random };
        self.connection.rows(NOBODY, vec![self.settings.replica.as_str().into()]).await?;
        bindings::read(&mut self.connection, &vault, "").await?;
        if let Some(id) = application {
            applications::read(&mut self.connection, id).await?;
        }
        self.connection.rows(NOBODY, vec![self.settings.replica.as_str().into()]).await.map(|_| ())
    }

    /// Writes a token that nobody has.
    pub async fn keep_token(&mut self, token: &Spare, moving: Moving, now: Time) -> Result<(), StoreError> {
        let vault = Vault { keys: &self.settings.keys, random: self.settings.random };
        tokens::insert(&mut self.connection, &vault, (token, moving), now).await
    }

    /// Takes a token that nobody has.
    pub async fn take_token(&mut self, serial: &str) -> Result<(Spare, Moving), StoreError> {
        let vault = Vault { keys: &self.settings.keys, random: self.settings.random };
        tokens::take(&mut self.connection, &vault, serial).await
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
        if before.person.user == case.person.user
            && events.iter().any(|event| event.outcome == Outcome::Failure)
        {
            // Who is refused waits as long as one whose failure was counted.
            people::save_counts(&mut self.connection, &case.person).await?;
        }
        if case.sign_in != before.sign_in
            && let Some(sign_in) = &case.sign_in
        {
            sign_ins::save(&mut self.connection, sign_in).await?;
        }
        self.send(ask, case).await?;
        let user = &case.person.user;
        let subject = Subject { id: &user.id, name: user.name.shown() };
        self.note((&ask.scene, Some(subject)), events, case.now).await
    }

    async fn send(&mut self, ask: &Ask, case: &Case) -> Result<(), StoreError> {
        let (out, user) = (&case.out, case.person.user.id.as_str());
        if out.ends_sessions {
            sessions::end_all(&mut self.connection, user).await?;
        }
        if let Some(password) = &out.password {
            let values = vec![user.into(), password.as_str().into()];
            self.connection.change(PASSWORD, values).await?;
        }
        let application = case.application.as_ref().map_or("", |application| &application.id);
        if let Some(session) = &out.session {
            let whose = (user, application, ask.scene.address.as_deref());
            sessions::insert(&mut self.connection, whose, session, case.now).await?;
        }
        if let Some(browser) = &out.browser {
            sessions::remember(&mut self.connection, (user, application), browser).await?;
        }
        for letter in &out.letters {
            let vault = Vault { keys: &self.settings.keys, random: self.settings.random };
            letters::write(&mut self.connection, &vault, letter, case.now).await?;
        }
        if out.gone {
            let gone = "DELETE FROM users WHERE id = $1";
            self.connection.change(gone, vec![user.into()]).await?;
        }
        Ok(())
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
        let Self { person, application, sign_in, now, role, .. } = self;
        let (person, application, sign_in) = (person.clone(), application.clone(), sign_in.clone());
        Self { person, application, sign_in, now: *now, role: *role, out: Out::default() }
    }
}

/// A row that stands for nobody's, one for each replica: written as often as a user's, so that it takes as long.
const NOBODY: &str = "INSERT INTO nobody (replica, turn) VALUES ($1, 0) \
    ON CONFLICT (replica) DO UPDATE SET turn = nobody.turn + 1 RETURNING turn";
const PASSWORD: &str = "UPDATE users SET password = $2 WHERE id = $1";
