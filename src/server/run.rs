//! The server as it runs: opened, served, swept now and then, and stopped with everything said.

use std::{io, sync::Arc, time::Duration};

use axum_server::tls_rustls::RustlsConfig;
use tokio::task::JoinHandle;

use super::{
    config::{Config, ConfigError},
    countries::Countries,
    domain::time::hours,
    listen::{Listener, certificate, changed},
    mail::post::Post,
    random, routes,
    seal::{
        key_file::{self, KeyFileError},
        memory,
    },
    service::Service,
    store::{self, Settings, Store, StoreError, database::Place, sweep::Sweep},
    webhook::follow::Hook,
};
use crate::clock::{Clock, running};

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The key file.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// An address cannot be listened at.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Which one.
        address: std::net::SocketAddr,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Certificate and key.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[source] io::Error),
    /// Something stopped that should not.
    #[error("the server stopped: {0}")]
    Stopped(#[source] io::Error),
}

/// A server that has everything and does not listen yet.
#[derive(Debug)]
pub struct Opened {
    /// What requests need.
    pub service: Service,
    writer: JoinHandle<()>,
}

/// Opens keys and database.
pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Opened, RunError> {
    let keys = Arc::new(key_file::read(&config.database.key_file)?);
    let settings = Settings {
        place: Place::parse(&config.database.url)?,
        replica: config.server.replica.clone(),
        patience: PATIENCE,
        keys: Arc::clone(&keys),
        clock: Arc::clone(&clock),
        random: random::system,
    };
    let (store, writer) = Store::open(settings).await?;
    store.submit(store::console::KeepConsole).await?;
    Ok(Opened { service: Service::new((store, keys), config, clock), writer })
}

impl Opened {
    /// Closes it unserved, with everything written.
    pub async fn close(self) {
        self.service.close(self.writer).await;
    }

    /// Serves until `stop` is done. `ready` is told where.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
        ready: impl FnOnce(&[Listener]),
    ) -> Result<(), RunError> {
        let Self { mut service, writer } = self;
        let config = Arc::clone(&service.config);
        let post = Post::new(&config)?;
        service.countries = Arc::new(Countries::open(config.audit.countries.as_deref())?);
        let hook = match &config.webhook {
            Some(webhook) => Some(Hook::new(webhook).await?),
            None => None,
        };
        let tls = match &config.server.tls {
            Some(tls) => Some(certificate(tls).await.map_err(RunError::Tls)?),
            None => None,
        };
        let listeners = bind(&config)?;
        ready(&listeners);
        let handles: Vec<_> = listeners.iter().map(|listener| listener.handle.clone()).collect();
        let stopping = service.stopping.clone();
        let stopper = tokio::spawn(async move {
            stop.await;
            stopping.send_replace(true);
            for handle in handles {
                handle.graceful_shutdown(Some(GRACE));
            }
        });
        let mut work = background(&service, tls.clone());
        work.push(tokio::spawn(post.deliver(service.clone())));
        work.extend(hook.map(|hook| tokio::spawn(hook.follow(service.clone()))));
        let served = serve_all(listeners, &service, tls).await;
        stopper.abort();
        for task in work {
            task.abort();
            let _ = task.await;
        }
        service.close(writer).await;
        served.map_err(RunError::Stopped)
    }
}

fn bind(config: &Config) -> Result<Vec<Listener>, RunError> {
    let places = [Some(config.server.listen), config.server.admin_listen];
    let bind = |address| Listener::bind(address).map_err(|error| RunError::Listen { address, error });
    places.into_iter().flatten().map(bind).collect()
}

/// The first listener is everybody's; where there is a second one, it alone has administration.
async fn serve_all(listeners: Vec<Listener>, service: &Service, tls: Option<RustlsConfig>) -> io::Result<()> {
    let connections = service.config.server.connections;
    let apart = listeners.len() > 1;
    let mut served = Vec::new();
    for (nth, listener) in listeners.into_iter().enumerate() {
        let routes = match (apart, nth) {
            (false, _) => routes::all(service.clone()),
            (true, 0) => routes::public_only(service.clone()),
            (true, _) => routes::private_only(service.clone()),
        };
        served.push(listener.serve(routes, tls.clone(), connections));
    }
    futures_util::future::try_join_all(served).await.map(|_| ())
}

/// What is done beside requests.
fn background(service: &Service, tls: Option<RustlsConfig>) -> Vec<JoinHandle<()>> {
    let mut tasks = vec![tokio::spawn(now_and_then(service.clone())), tokio::spawn(forget(service.clone()))];
    if let Some(config) = tls {
        tasks.push(tokio::spawn(renew(service.clone(), config)));
    }
    tasks
}

/// Sweeps, tidies and looks at the clock.
async fn now_and_then(service: Service) {
    loop {
        let passed = i64::try_from(running().as_millis()).unwrap_or(i64::MAX);
        if let Some(jump) = service.watch.look(service.now(), passed) {
            tracing::error!(milliseconds = jump, "the clock jumped");
        }
        service.limits.tidy();
        memory::rest();
        if let Err(error) = service.store.submit(Sweep).await {
            tracing::warn!(%error, "not swept");
        }
        tokio::time::sleep(EACH).await;
    }
}

/// Gives up rows of the audit that are older than was set.
async fn forget(service: Service) {
    let days = u64::from(service.config.audit.keep_days);
    if days == 0 {
        return;
    }
    let scene = store::rows::Scene { actor: "system".into(), ..store::rows::Scene::default() };
    loop {
        let before = service.now().before(hours(24 * days));
        if let Err(error) = store::retention::prune(&service.store, before, &scene).await {
            tracing::error!(%error, "the audit was not pruned");
        }
        tokio::time::sleep(HOUR).await;
    }
}

/// Takes a certificate that was renewed.
async fn renew(service: Service, config: RustlsConfig) {
    let Some(tls) = service.config.server.tls.clone() else { return };
    let mut seen = (changed(&tls.certificate), changed(&tls.key));
    loop {
        tokio::time::sleep(EACH).await;
        let now = (changed(&tls.certificate), changed(&tls.key));
        if now == seen {
            continue;
        }
        match config.reload_from_pem_file(&tls.certificate, &tls.key).await {
            Ok(()) => tracing::info!("the certificate was renewed"),
            Err(error) => tracing::error!(%error, "the new certificate cannot be used: the old one stays"),
        }
        seen = now;
    }
}

const PATIENCE: Duration = Duration::from_secs(5);
/// How long requests may go on after a stop.
const GRACE: Duration = Duration::from_secs(10);
const EACH: Duration = Duration::from_secs(30);
const HOUR: Duration = Duration::from_hours(1);
