//! Places for connections: so many and no more. Who comes when all are taken gets the place of the one that has gone
//! longest without an answer: a thousand connections that say nothing, or a byte now and then, keep nobody out.

use std::{
    collections::HashMap,
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use axum_server::accept::{Accept, DefaultAcceptor};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The places of one listener.
#[derive(Clone, Debug)]
pub struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: usize,
    turn: AtomicU64,
    taken: Mutex<HashMap<u64, Arc<Place>>>,
}

/// One of them.
#[derive(Debug, Default)]
struct Place {
    /// The turn in which something was last said to this connection, or in which it came.
    turn: AtomicU64,
    lost: AtomicBool,
    waker: AtomicWaker,
}

impl Places {
    /// So many.
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Inner { most, turn: AtomicU64::new(0), taken: Mutex::default() }))
    }

    fn hold<I>(&self, stream: I) -> Held<I> {
        let (place, id) = (Arc::new(Place::default()), self.turn());
        place.turn.store(id, Ordering::Relaxed);
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while taken.len() >= self.0.most.max(1) {
            let longest = taken.iter().min_by_key(|(_, place)| place.turn.load(Ordering::Relaxed));
            let Some(lost) = longest.map(|(id, _)| *id).and_then(|id| taken.remove(&id)) else { break };
            lost.lost.store(true, Ordering::Release);
            lost.waker.wake();
        }
        taken.insert(id, Arc::clone(&place));
        Held { stream, id, place, places: self.clone() }
    }

    fn turn(&self) -> u64 {
        self.0.turn.fetch_add(1, Ordering::Relaxed)
    }
}

impl<I: Send + 'static, S: Send + 'static> Accept<I, S> for Places {
    type Stream = Held<I>;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Held<I>, S)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let places = self.clone();
        Box::pin(async move {
            let (stream, service) = DefaultAcceptor::new().accept(stream, service).await?;
            Ok((places.hold(stream), service))
        })
    }
}

/// A connection that holds its place.
#[derive(Debug)]
pub struct Held<I> {
    stream: I,
    id: u64,
    place: Arc<Place>,
    places: Places,
}

impl<I> Held<I> {
    /// Fails once the place is another's.
    fn still(&self, cx: &Context<'_>) -> io::Result<()> {
        self.place.waker.register(cx.waker());
        if self.place.lost.load(Ordering::Acquire) {
            Err(io::ErrorKind::ConnectionAborted.into())
        } else {
            Ok(())
        }
    }
}

impl<I> Drop for Held<I> {
    fn drop(&mut self) {
        self.places.0.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Held<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.still(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Held<I> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.still(cx)?;
        self.place.turn.store(self.places.turn(), Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
