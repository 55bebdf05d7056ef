//! What is being asked of the server for the list of users.

/// A question that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) number: u64,
    pub(super) what: What,
}

/// Which rows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The list begins anew.
    Anew,
    /// The next page.
    More,
    /// The same rows again.
    Again,
}
