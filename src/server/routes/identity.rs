//! The id of the request that is being answered, wherever an answer is made.

tokio::task_local! {
    pub(super) static ID: String;
}

/// The id of the request that is being answered; empty outside of one.
pub fn id() -> String {
    ID.try_with(Clone::clone).unwrap_or_default()
}
