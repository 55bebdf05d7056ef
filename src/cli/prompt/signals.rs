//! Signals while a question stands open: noticed between two keys, so that the terminal is put right first.

use std::{
    io::{self, Read},
    ops::Deref,
    os::unix::net::UnixStream,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use signal_hook::{
    consts::{SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
    flag,
    low_level::{emulate_default_handler, pipe},
};

/// Leaves signals to somebody else from now on, a full-screen view that watches them itself: after the first
/// question they do here again what they do to a program that watches none.
pub fn leave_signals() {
    if let Some(signals) = SIGNALS.get() {
        signals.idle.store(false, Ordering::SeqCst);
    }
}

/// The signals that end or stop a program. They are watched from the first question on; between questions they do
/// what they do to every program.
pub(super) struct Signals {
    came: Arc<AtomicUsize>,
    idle: Arc<AtomicBool>,
    /// Readable when a signal has come.
    pub(super) wake: UnixStream,
}

static SIGNALS: OnceLock<Signals> = OnceLock::new();

/// As long as it lives, signals are noticed and do nothing else.
pub(super) struct Watched(&'static Signals);

impl Deref for Watched {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

impl Drop for Watched {
    /// Signals do again what they do to every program, one that came just now too.
    fn drop(&mut self) {
        self.idle.store(true, Ordering::SeqCst);
        if let Some(signal) = self.take() {
            let _ = emulate_default_handler(signal);
        }
    }
}

impl Signals {
    /// Watches them until the answer is dropped.
    pub(super) fn watch() -> io::Result<Watched> {
        if SIGNALS.get().is_none() {
            let _ = SIGNALS.set(Self::registered()?);
        }
        let signals = SIGNALS.get().expect("it was set just now, or by another thread");
        signals.idle.store(false, Ordering::SeqCst);
        Ok(Watched(signals))
    }

    fn registered() -> io::Result<Self> {
        let (wake, write) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        let signals = Self { came: Arc::default(), idle: Arc::default(), wake };
        for signal in [SIGINT, SIGQUIT, SIGTERM, SIGTSTP] {
            flag::register_conditional_default(signal, Arc::clone(&signals.idle))?;
            let number = usize::try_from(signal).map_err(io::Error::other)?;
            flag::register_usize(signal, Arc::clone(&signals.came), number)?;
            pipe::register(signal, write.try_clone()?)?;
        }
        Ok(signals)
    }

    /// The last signal that came, once.
    pub(super) fn take(&self) -> Option<i32> {
        let _ = (&self.wake).read(&mut [0; 64]);
        i32::try_from(self.came.swap(0, Ordering::SeqCst)).ok().filter(|signal| *signal != 0)
    }
}
