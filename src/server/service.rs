//! What every request needs: the store, the keys, the clock, bounded hashing, limits. Cheap to clone.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Semaphore, watch};
use zeroize::Zeroizing;

use super::{
    config::Config,
    countries::Countries,
    domain::{
        attempt::Rules, judge::Reach, pepper::Pepper, recovery::Plain, recovery::Presented, time::Time,
    },
    limits::Limits,
    metrics::Metrics,
    random::{self, Random},
    seal::{
        keys::Keys,
        password::{self, PasswordHash},
    },
    store::Store,
    watch::Watch,
    ways::Ways,
};
use crate::clock::Clock;

/// What every request needs.
#[derive(Clone)]
pub struct Service {
    /// The state of the world.
    pub store: Store,
    /// The keys.
    pub keys: Arc<Keys>,
    /// The settings.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where random bytes come from.
    pub random: Random,
    /// Who may try how often.
    pub limits: Arc<Limits>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Wakes who follows the audit.
    pub news: watch::Sender<()>,
    /// Wakes who sends letters.
    pub letters: Arc<tokio::sync::Notify>,
    /// Countries by address.
    pub countries: Arc<Countries>,
    /// Notices a clock that jumps.
    pub watch: Arc<Watch>,
    /// Ends what would go on for ever: streams.
    pub stopping: watch::Sender<bool>,
    pepper: Pepper,
    hashes: Arc<Semaphore>,
}

/// So much is hashed already that nobody else can be served now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked: try again in a moment")]
pub struct Busy;

impl Service {
    /// A service over an open store.
    pub fn new((store, keys): (Store, Arc<Keys>), config: Config, clock: Arc<dyn Clock>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let hashes = match config.limits.hashes_at_once {
            0 => processors,
            many => many,
        };
        let news = store.news();
        Self {
            store,
            pepper: keys.pepper(),
            keys,
            limits: Arc::new(Limits::new(config.limits)),
            config: Arc::new(config),
            clock,
            random: random::system,
            metrics: Arc::new(Metrics::new()),
            news,
            letters: Arc::default(),
            countries: Arc::default(),
            watch: Arc::default(),
            stopping: watch::Sender::new(false),
            hashes: Arc::new(Semaphore::new(hashes)),
        }
    }

    /// Ends: the last clone of the store goes, and everything that was asked for is written.
    pub async fn close(self, writer: tokio::task::JoinHandle<()>) {
        let pool = self.store.pool().clone();
        drop(self);
        let _ = writer.await;
        pool.close().await;
    }

    /// By which ways codes can be sent.
    pub fn ways(&self) -> Ways {
        Ways::of(&self.config)
    }

    /// The time now.
    pub fn now(&self) -> Time {
        self.clock.now().into()
    }

    /// A new id.
    pub fn id(&self) -> String {
        random::id(self.random, self.now().millis())
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        random::bytes(self.random)
    }

    /// The key of short codes.
    pub fn pepper(&self) -> Pepper {
        self.pepper.clone()
    }

    /// The rules by which codes are judged.
    pub fn rules<'a>(&self, pepper: &'a Pepper) -> Rules<'a> {
        Rules { reach: Reach { one_ahead: self.config.codes.one_ahead }, pepper }
    }

    /// Checks a password. Without a hash the same work is done for nobody.
    pub async fn is_password(
        &self,
        hash: Option<PasswordHash>,
        password: Zeroizing<String>,
    ) -> Result<bool, Busy> {
        self.hash(move || password::verify(hash.as_ref(), &password)).await
    }

    /// Hashes a new password.
    pub async fn new_password(&self, password: Zeroizing<String>) -> Result<PasswordHash, Busy> {
        let salt = self.bytes();
        self.hash(move || PasswordHash::new(&password, salt)).await
    }

    /// Hashes a typed recovery code under the salt of the user's sheet.
    pub async fn paper(&self, plain: Plain, salt: Option<[u8; 16]>) -> Result<Presented, Busy> {
        let secret = self.keys.paper();
        self.hash(move || password::present(&plain, salt, &secret)).await
    }

    /// Slow work, as much of it at once as was set, and for who waits not too long.
    pub async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let permit = Arc::clone(&self.hashes).acquire_owned();
        let permit = tokio::time::timeout(PATIENCE, permit).await.map_err(|_| Busy)?.map_err(|_| Busy)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = permit;
            work()
        });
        done.await.map_err(|_| Busy)
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Service(..)")
    }
}

/// How long somebody waits for a place to be hashed.
const PATIENCE: Duration = Duration::from_secs(5);
