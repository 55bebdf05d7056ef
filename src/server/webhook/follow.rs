//! Follows this replica's chain and posts what is new. What does not arrive is posted again, later and later, and
//! nothing waits for it.

use std::{sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::{
    line::{lines, signature},
    target::{Guard, LOOK},
};
use crate::server::{
    config::{ConfigError, Webhook},
    https::{self, Poster},
    seal::secret_file,
    service::Service,
    store::{
        StoreError,
        positions::{self, Move},
    },
};

/// Who posts the audit.
#[derive(Clone)]
pub struct Hook {
    poster: Poster,
    secret: Arc<Zeroizing<String>>,
}

/// Why rows wait.
#[derive(Debug, thiserror::Error)]
enum Wait {
    #[error("{0}")]
    Posted(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Hook {
    /// From the settings. The address is looked up and judged; nothing is connected yet.
    pub async fn new(webhook: &Webhook) -> Result<Self, ConfigError> {
        let wrong = |reason: &str| ConfigError::setting("webhook.url", reason);
        let uri = https::parse(&webhook.url).map_err(wrong)?;
        let guard = Guard::new(webhook.allow.clone());
        let looked = tokio::task::spawn_blocking(move || guard.check(&uri));
        if let Ok(Ok(judged)) = tokio::time::timeout(LOOK, looked).await {
            judged.map_err(wrong)?;
        } else {
            tracing::warn!("the host of webhook.url cannot be looked up now");
        }
        let secret = secret_file::read(&webhook.secret_file).map_err(|error| {
            ConfigError::setting("webhook.secret_file", format!("cannot be read: {error}"))
        })?;
        if secret.len() < SHORTEST {
            return Err(ConfigError::setting("webhook.secret_file", "has fewer than 16 characters in it"));
        }
        let place = (webhook.url.as_str(), webhook.ca_file.as_deref());
        let poster = Poster::new("webhook.url", place, Guard::new(webhook.allow.clone()))?;
        Ok(Self { poster, secret: Arc::new(secret) })
    }

    /// Posts for as long as the server runs.
    pub async fn follow(self, service: Service) {
        let mut news = service.news.subscribe();
        let mut wait = FIRST_WAIT;
        loop {
            match self.round(&service).await {
                Ok(true) => wait = FIRST_WAIT,
                Ok(false) => {
                    let _ = tokio::time::timeout(EACH, news.changed()).await;
                }
                Err(why) => {
                    tracing::warn!(%why, seconds = wait.as_secs(), "the webhook waits");
                    tokio::time::sleep(wait).await;
                    wait = wait.saturating_mul(2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// Posts what is new, and says whether there was anything.
    async fn round(&self, service: &Service) -> Result<bool, Wait> {
        let replica = &service.config.server.replica;
        let (from, rows) = positions::behind(service.store.pool(), replica).await?;
        let Some(last) = rows.last() else { return Ok(false) };
        let to = last.seq;
        let (hook, seconds) = (self.clone(), service.now().unix_seconds().to_string());
        let posted = tokio::task::spawn_blocking(move || hook.post(&seconds, &lines(&rows))).await;
        posted.map_err(|_| Wait::Posted("nothing was posted".into()))??;
        service.store.submit(Move { replica: replica.clone(), from, to }).await?;
        Ok(true)
    }

    fn post(&self, seconds: &str, body: &[u8]) -> Result<(), Wait> {
        let signature = signature(&self.secret, (seconds, body));
        let headers = [
            ("content-type", "application/x-ndjson"),
            ("sesamd-timestamp", seconds),
            ("sesamd-signature", signature.as_str()),
        ];
        self.poster.post(&headers, body).map_err(|error| Wait::Posted(error.to_string()))
    }
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hook(..)")
    }
}

/// How long nobody looks for rows when no news comes.
const EACH: Duration = Duration::from_secs(1);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// The shortest secret, in characters.
const SHORTEST: usize = 16;
