//! `sesamd serve`: until SIGTERM or Ctrl-C.

use std::path::Path;

use tokio::signal;

use super::{
    dev,
    failure::{Failure, opened},
};
use crate::{output, server::listen::Listener};

/// `sesamd serve`
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Serve sample users, applications and history from a temporary directory, and say what to type next
    #[arg(long)]
    dev: bool,
}

pub(super) async fn run(path: &Path, arguments: Arguments) -> Result<(), Failure> {
    if arguments.dev {
        let (opened, directory) = dev::prepare().await?;
        let served = opened.serve(stopped(), |listeners| {
            said(listeners, "http");
            dev::say(listeners, &directory);
        });
        served.await?;
        drop(directory);
        return Ok(());
    }
    let opened = opened(path).await?;
    let scheme = if opened.service.config.server.tls.is_some() { "https" } else { "http" };
    Ok(opened.serve(stopped(), |listeners| said(listeners, scheme)).await?)
}

/// Where it listens, for people and for who waits for it.
fn said(listeners: &[Listener], scheme: &str) {
    for (nth, listener) in listeners.iter().enumerate() {
        let what = if nth == 1 { "administration listens" } else { "sesamd listens" };
        output::say(&format!("{what} on {scheme}://{}", listener.address));
    }
}

/// SIGTERM, SIGINT, or whatever this system has.
async fn stopped() {
    let interrupt = signal::ctrl_c();
    #[cfg(unix)]
    {
        use futures_util::future::{Either, select};
        let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        let terminate = std::pin::pin!(terminate.recv());
        match select(std::pin::pin!(interrupt), terminate).await {
            Either::Left(_) | Either::Right(_) => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
