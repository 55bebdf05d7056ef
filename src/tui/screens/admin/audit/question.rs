//! What is being asked of the server for the list of events.

/// A question that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) number: u64,
    /// Whether the list begins anew.
    pub(super) anew: bool,
}
