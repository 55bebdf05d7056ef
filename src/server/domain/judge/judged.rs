//! What is remembered of an authenticator, and what a code can be.

/// What the server remembers of an authenticator between two codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moving {
    /// TOTP: the newest step that was accepted. HOTP: the counter that was.
    ///
    /// It only grows: no step counts twice, and an older code that was never used dies with it.
    pub last: Option<u64>,
    /// TOTP: by how many steps the authenticator's clock is ahead of ours.
    pub drift: i32,
}

/// How the window lies around the step now: always that one and the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The step after it as well.
    pub one_ahead: bool,
}

/// What a code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Right, and never seen before. What to remember from now on.
    Right(Moving),
    /// Right, but seen before, or older than one that was.
    Replayed,
    /// None of the authenticator's.
    Wrong,
}
