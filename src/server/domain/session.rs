//! How long a session lasts: while it is used, and at most so long. What proves it is `seal`'s.

use std::time::Duration;

use super::time::{Time, hours, minutes};

/// Whose session it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Somebody's who signed in.
    User,
    /// An administrator's.
    Administrator,
}

/// A session's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub audience: Audience,
    /// When it began.
    pub begun: Time,
    /// When it was used last.
    pub used: Time,
}

impl Session {
    /// A session that begins now.
    pub fn begin(audience: Audience, now: Time) -> Self {
        Self { audience, begun: now, used: now }
    }

    /// The session after one more use, or `None` when it is over.
    #[must_use]
    pub fn touch(self, now: Time) -> Option<Self> {
        (now < self.until()).then_some(Self { used: self.used.max(now), ..self })
    }

    /// When it ends if it is not used again.
    pub fn until(self) -> Time {
        let (idle, whole) = self.audience.limits();
        self.used.after(idle).min(self.begun.after(whole))
    }
}

impl Audience {
    /// The word in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Administrator => "administrator",
        }
    }

    /// The audience of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::User, Self::Administrator].into_iter().find(|one| one.word() == word)
    }

    /// Unused, and in all.
    fn limits(self) -> (Duration, Duration) {
        match self {
            Self::User => (minutes(60), LONGEST),
            Self::Administrator => (minutes(15), hours(12)),
        }
    }
}

/// The longest session of all.
pub const LONGEST: Duration = hours(24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_unused_and_in_the_end() {
        let start = Time::from_seconds(1000);
        let session = Session::begin(Audience::Administrator, start);
        assert_eq!(session.touch(start.after(minutes(15))), None);
        let mut kept = session;
        let mut now = start;
        while let Some(next) = kept.touch(now) {
            (kept, now) = (next, now.after(minutes(14)));
        }
        assert!(now >= start.after(hours(12)) && now < start.after(hours(12)).after(minutes(14)));
        assert!(Session::begin(Audience::User, start).touch(start.after(minutes(59))).is_some());
    }
}
