//! What the thread that reads and the one that waits for it both know.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use super::look::Hit;

/// A picture that is being read.
#[derive(Default)]
pub(super) struct Job {
    /// It counts even if the rest takes too long.
    hits: Mutex<Vec<Hit>>,
    is_late: AtomicBool,
}

impl Job {
    /// Adds what is new.
    pub(super) fn add(&self, found: Vec<Hit>) {
        let mut hits = self.hits();
        for hit in found {
            if !hits.iter().any(|known| known.text == hit.text) {
                hits.push(hit);
            }
        }
    }

    /// Whether a code was found.
    pub(super) fn has_hit(&self) -> bool {
        !self.hits().is_empty()
    }

    /// Whether a code takes up a quarter of the picture: it will be the only one.
    pub(super) fn is_filled(&self) -> bool {
        self.hits().iter().any(|hit| hit.place.area() > 0.25)
    }

    /// Whether nobody waits any more.
    pub(super) fn is_late(&self) -> bool {
        self.is_late.load(Ordering::Relaxed)
    }

    /// Ends it, and takes what was found.
    pub(super) fn end(&self) -> Vec<Hit> {
        self.is_late.store(true, Ordering::Relaxed);
        std::mem::take(&mut *self.hits())
    }

    fn hits(&self) -> MutexGuard<'_, Vec<Hit>> {
        self.hits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
