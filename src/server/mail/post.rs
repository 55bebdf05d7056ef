//! The post: takes letters that are due, sends them, and says what became of them. One runs in each replica.

use std::time::Duration;

use futures_util::future::join_all;

use super::{NotSent, sms::Gateway, smtp::Smtp};
use crate::server::{
    config::{Config, ConfigError},
    domain::time::Time,
    service::Service,
    store::{
        StoreError,
        letters::{Channel, Letter},
        postbox::{self, Report, Take, Taken},
    },
};

/// Who takes letters.
#[derive(Debug)]
pub struct Post {
    smtp: Option<Smtp>,
    gateway: Option<Gateway>,
}

impl Post {
    /// From the settings: what is wrong in them is said before anything is served.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let smtp = config.mail.as_ref().map(Smtp::new).transpose()?;
        let gateway = config.sms.as_ref().map(Gateway::new).transpose()?;
        Ok(Self { smtp, gateway })
    }

    /// Sends for as long as the server runs.
    pub async fn deliver(self, service: Service) {
        loop {
            match self.round(&service).await {
                Ok(true) => {}
                Ok(false) => {
                    let _ = tokio::time::timeout(EACH, service.letters.notified()).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "letters wait");
                    tokio::time::sleep(EACH).await;
                }
            }
        }
    }

    /// Sends what is due, and says whether there was anything.
    async fn round(&self, service: &Service) -> Result<bool, StoreError> {
        if !postbox::waiting(service.store.pool(), service.now()).await? {
            return Ok(false);
        }
        let taken = service.store.submit(Take).await?;
        let some = !taken.is_empty();
        let sent = taken.into_iter().map(|taken| self.one(service, taken));
        join_all(sent).await.into_iter().collect::<Result<(), _>>()?;
        Ok(some)
    }

    async fn one(&self, service: &Service, Taken { id, letter }: Taken) -> Result<(), StoreError> {
        let sent = match tokio::time::timeout(PATIENCE, self.send(&letter, service.now())).await {
            Ok(Ok(())) => true,
            Ok(Err(NotSent::NotNow(why))) => {
                tracing::warn!(letter = id, why, "a letter waits");
                false
            }
            Ok(Err(NotSent::ForGood(why))) => {
                tracing::warn!(letter = id, why, "a letter was given up");
                true
            }
            Err(_) => {
                tracing::warn!(letter = id, why = "it took too long", "a letter waits");
                false
            }
        };
        service.store.submit(Report { id, sent }).await
    }

    async fn send(&self, letter: &Letter, now: Time) -> Result<(), NotSent> {
        match (letter.channel, &self.smtp, &self.gateway) {
            (Channel::Email, Some(smtp), _) => smtp.send(letter, now).await,
            (Channel::Sms, _, Some(gateway)) => gateway.send(letter).await,
            _ => Ok(()), // nothing is set up to send it: it goes nowhere
        }
    }
}

/// How long nobody looks for letters of other replicas, and for those whose wait is over.
const EACH: Duration = Duration::from_secs(2);
/// How long one letter may take: less than it is held for whoever took it.
const PATIENCE: Duration = Duration::from_secs(40);
