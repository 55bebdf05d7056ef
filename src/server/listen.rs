//! Listening: plain HTTP on loopback, TLS everywhere; so many connections and no more; slow ones are let go.

use std::{io, net::SocketAddr, path::Path, time::Duration};

use axum::Router;
use axum_server::{
    Handle, Server,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;

use super::{config::Tls, places::Places};

/// One place to listen at.
#[derive(Debug)]
pub struct Listener {
    socket: std::net::TcpListener,
    /// Where it listens: the port that the system chose for port 0.
    pub address: SocketAddr,
    /// Stops it.
    pub handle: Handle<SocketAddr>,
}

impl Listener {
    /// Takes the address, before anything is served: who is told of it can already connect.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = std::net::TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address, handle: Handle::new() })
    }

    /// Serves until it is stopped, with this many connections at once.
    pub async fn serve(
        self,
        routes: Router,
        tls: Option<RustlsConfig>,
        connections: usize,
    ) -> io::Result<()> {
        let acceptor = Places::new(connections);
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        let server = axum_server::from_tcp(self.socket)?.handle(self.handle);
        match tls {
            None => patient(server.acceptor(acceptor)).serve(service).await,
            Some(config) => {
                let acceptor = RustlsAcceptor::new(config).handshake_timeout(HEAD).acceptor(acceptor);
                patient(server.acceptor(acceptor)).serve(service).await
            }
        }
    }
}

/// Reads certificate and key.
pub async fn certificate(tls: &Tls) -> io::Result<RustlsConfig> {
    let said = |error: io::Error| {
        let places = (tls.certificate.display(), tls.key.display());
        io::Error::new(error.kind(), format!("{} and {}: {error}", places.0, places.1))
    };
    RustlsConfig::from_pem_file(&tls.certificate, &tls.key).await.map_err(said)
}

/// When a file was changed last.
pub fn changed(path: &Path) -> Option<std::time::SystemTime> {
    std::fs::metadata(path).and_then(|facts| facts.modified()).ok()
}

fn patient<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let mut http = server.http_builder().http1();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MOST_HEAD).max_headers(64);
    server
}

/// How long the head of a request may take; an idle connection is let go after as long.
const HEAD: Duration = Duration::from_secs(15);
/// The largest head.
const MOST_HEAD: usize = 32 * 1024;
