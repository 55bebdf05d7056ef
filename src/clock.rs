//! Time, as a parameter: who needs it takes a [`Clock`]; this file alone asks the system.
//! What does not live here: countdown windows of codes (`otp`), formatting of times for people (`text`).

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

/// Where the time comes from: the system's clock in the programs, a [`FixedClock`] in tests.
pub trait Clock: Send + Sync {
    /// The time now. May lie before 1970 when the machine's clock was never set.
    fn now(&self) -> Timestamp;

    /// Lets `span` pass. A fixed clock returns at once.
    fn pause(&self, span: Duration);
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that waits")]
    fn pause(&self, span: Duration) {
        std::thread::sleep(span);
    }
}

/// How long this process has run, by a clock that nobody sets: to notice that the other one was set.
pub fn running() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// A clock that stands still.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn pause(&self, _span: Duration) {}
}

/// The system's clock, moved so that it began at another time: what `--demo` runs by.
#[derive(Debug, Clone, Copy)]
pub struct ShiftedClock(SignedDuration);

impl ShiftedClock {
    /// A clock that says `time` now and runs on from there.
    pub fn beginning_at(time: Timestamp) -> Self {
        Self(time.duration_since(SystemClock.now()))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().checked_add(self.0).unwrap_or(Timestamp::MAX)
    }

    fn pause(&self, span: Duration) {
        SystemClock.pause(span);
    }
}

/// The time in whole milliseconds: what the vault writes, so that a time read back equals the one written.
pub fn milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}
