//! The store: everything that the server knows, in SQLite or PostgreSQL under one text of SQL.
//!
//! A change is [`Work`] for the one writer of this replica; most of it is a [`Decide`]: the person is read under the
//! lock of the user's row, the pure decision changes the state, what changed is written back with its events, and the
//! answer comes after the commit. Reading goes past the writer.
//!
//! | file | what lives there |
//! |---|---|
//! | [`database`] | connections, values and rows: the one room that knows the crates `rusqlite` and `sqlx` |
//! | [`schema`] | the tables and how they came to be |
//! | [`writer`](self) | takes what waits and commits it together, a savepoint each |
//! | [`desk`], [`work`] | a transaction as a decision sees it; what can be done in one |
//! | [`make`] | users, applications, switching a factor |
//! | [`tokens`] | hardware tokens that nobody has; parameters of codes and sealed seeds in columns |
//! | [`people`], [`bindings`], [`applications`], [`sign_ins`] | states and their rows |
//! | [`sessions`], [`keys`], [`administrators`] | who may ask: tokens by their digests, roles |
//! | [`letters`], [`replies`] | what waits to be sent; answers by idempotency key |
//! | [`sweep`], [`retention`] | what has ended goes; old rows of the audit |
//! | [`audit`], [`count`] | the audit as it is searched and counted |
//! | [`positions`] | how far the webhook came |
//! | [`rows`] | rows of the audit and the heads of its chains |
//! | [`chains`], [`backup`] | whole chains of the audit; whole databases |
//! | [`read`] | users, the audit |
//! | [`search`] | users for the help desk |
//! | [`postbox`], [`roles`], [`touch`], [`console`], [`assign`], [`first`] | works of their own |

pub mod administrators;
pub mod applications;
pub mod assign;
pub mod audit;
pub mod backup;
pub mod bindings;
pub mod chains;
pub mod console;
pub mod count;
pub mod database;
pub mod desk;
pub mod error;
pub mod first;
pub mod keys;
pub mod letters;
pub mod make;
pub mod people;
pub mod positions;
pub mod postbox;
pub mod read;
pub mod replies;
pub mod retention;
pub mod roles;
pub mod rows;
pub mod schema;
pub mod search;
pub mod sessions;
pub mod sign_ins;
pub mod sweep;
pub mod tokens;
pub mod touch;
pub mod work;
mod writer;

use std::{fmt, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use self::{
    database::{Connection, Pool},
    work::{Job, Waiting},
};
pub use self::{
    desk::Out,
    desk::{Ask, Case, Settings},
    error::StoreError,
    work::{Decide, Work},
};
use super::{
    chain::{Broken, ChainKeys, Head},
    domain::audit::Event,
};

/// The store. Cheap to clone; the writer ends when the last clone is gone.
#[derive(Clone)]
pub struct Store {
    jobs: mpsc::Sender<Box<dyn Job>>,
    pool: Pool,
    chain: ChainKeys,
    news: watch::Sender<()>,
    patience: Duration,
}

impl Store {
    /// Opens a database, brings it to the newest schema, and starts the writer. Await the handle after the last clone
    /// is dropped: then everything that was asked for is committed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] and [`StoreError::OtherKey`] leave the database as it was.
    pub async fn open(settings: Settings) -> Result<(Self, JoinHandle<()>), StoreError> {
        let mut connection = settings.place.connect(settings.patience).await?;
        schema::migrate(&mut connection).await?;
        check_key(&mut connection, &settings.keys.fingerprint()).await?;
        let pool = settings.place.pool(settings.patience);
        let chain = ChainKeys { rows: settings.keys.chain(), heads: settings.keys.checkpoints() };
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let news = watch::Sender::new(());
        let patience = settings.patience;
        let writer = writer::start(settings, waiting, news.clone());
        Ok((Self { jobs, pool, chain, news, patience }, writer))
    }

    /// Does work in the writer's next transaction, and answers after its commit.
    pub async fn submit<W: Work>(&self, work: W) -> Result<W::Answer, StoreError> {
        let gone = |_| StoreError::Unavailable("the writer has stopped".into());
        let (job, answer) = Waiting::new(work);
        self.jobs
            .send(Box::new(job))
            .await
            .map_err(|_| StoreError::Unavailable("the writer has stopped".into()))?;
        // The writer says itself when a database is slow; a disk that hangs holds the writer up too.
        let late = |_| StoreError::Unavailable("it does not answer".into());
        tokio::time::timeout(self.patience * HELD_UP, answer).await.map_err(late)?.map_err(gone)?
    }

    /// A pure decision about one person.
    pub async fn decide<T, F>(&self, ask: Ask, decide: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Case) -> (T, Vec<Event>) + Send + 'static,
    {
        self.submit(Decide { ask, decide }).await
    }

    /// Connections for reading.
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Told after each commit of this replica that wrote rows of the audit.
    pub fn news(&self) -> watch::Sender<()> {
        self.news.clone()
    }

    /// Follows every chain of the audit.
    pub async fn verify(&self) -> Result<Result<Vec<(String, Head)>, Broken>, StoreError> {
        let chains = chains::verify(&self.pool, &self.chain, &[]).await?;
        Ok(chains.map(|chains| chains.into_iter().map(|one| (one.replica, one.head)).collect()))
    }

    /// Follows every chain of the audit, and compares it with heads that were exported before.
    pub async fn compare(
        &self,
        exported: &chains::Exported,
    ) -> Result<Result<Vec<chains::Chain>, Broken>, StoreError> {
        chains::verify(&self.pool, &self.chain, exported).await
    }

    /// The keys of the audit's chains.
    pub fn chain_keys(&self) -> &ChainKeys {
        &self.chain
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(..)")
    }
}

/// The first start notes which key file belongs to the database; every later one compares.
async fn check_key(connection: &mut Connection, fingerprint: &str) -> Result<(), StoreError> {
    let note = "INSERT INTO meta (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING";
    connection.change(note, vec![fingerprint.into()]).await?;
    let rows = connection.rows("SELECT value FROM meta WHERE name = 'key'", vec![]).await?;
    let wanted = rows.first().ok_or(StoreError::Missing)?.text(0)?;
    if wanted == fingerprint { Ok(()) } else { Err(StoreError::OtherKey { wanted }) }
}

/// So many times as long as a database may take, somebody waits for the writer.
const HELD_UP: u32 = 4;
/// How much may wait for the writer; who comes then waits with the request.
const QUEUE: usize = 4096;
