//! What a vault has to say without failing. Whoever opened it says it to the person once the work is done.

use std::sync::{Arc, Mutex, PoisonError};

/// Something that a person should know of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Notice {
    /// The vault is not the one that this machine wrote at this generation.
    #[error(
        "the vault was changed by another machine at the same generation; a version that this machine wrote may be \
         missing: look for a conflicted copy and run sesam vault merge FILE"
    )]
    Forked,
}

/// The notices of a vault. A clone shares them, so that they outlive it.
#[derive(Debug, Clone, Default)]
pub struct Notices(Arc<Mutex<Vec<Notice>>>);

impl Notices {
    /// Takes what there is to say, each thing once.
    pub fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn note(&self, notice: Notice) {
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !notices.contains(&notice) {
            notices.push(notice);
        }
    }
}
