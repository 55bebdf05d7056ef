//! Listening: plain HTTP on loopback, TLS everywhere; so many connections and no more; slow ones are let go.

use std::{io, net::SocketAddr, path::Path, pin::Pin, sync::Arc, task::Poll, time::Duration};

use axum::Router;
use axum_server::{
    Handle, Server,
    accept::{Accept, DefaultAcceptor},
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::config::Tls;

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
        let acceptor = Bounded(Arc::new(Semaphore::new(connections)));
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

/// Takes no more connections than there are places; who comes then waits in the system's queue.
#[derive(Clone, Debug)]
struct Bounded(Arc<Semaphore>);

impl<I: Send + 'static, S: Send + 'static> Accept<I, S> for Bounded {
    type Stream = Held<I>;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Held<I>, S)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let places = Arc::clone(&self.0);
        Box::pin(async move {
            let (stream, service) = DefaultAcceptor::new().accept(stream, service).await?;
            let place = places.acquire_owned().await.map_err(io::Error::other)?;
            Ok((Held { stream, _place: place }, service))
        })
    }
}

/// A connection that holds its place.
#[derive(Debug)]
struct Held<I> {
    stream: I,
    _place: OwnedSemaphorePermit,
}

impl<I: AsyncRead + Unpin> AsyncRead for Held<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Held<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// How long the head of a request may take; an idle connection is let go after as long.
const HEAD: Duration = Duration::from_secs(30);
/// The largest head.
const MOST_HEAD: usize = 32 * 1024;
