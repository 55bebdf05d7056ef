//! What a thread that opens a server wants of the person at the screens, and the way back to it.

use std::sync::{Arc, mpsc::Sender};

use zeroize::Zeroizing;

use crate::vault::Vault;

/// A wish. Dropping it says no.
pub enum Wanted {
    /// The open vault.
    Vault(Sender<Arc<Vault>>),
    /// A code for the second step of a sign-in.
    Code(Code),
}

/// A code that somebody types.
pub struct Code {
    /// For which server.
    pub server: String,
    /// Who signs in there.
    pub user: String,
    /// Whether the one before was refused.
    pub again: bool,
    /// Where it goes.
    pub reply: Sender<Zeroizing<String>>,
}
