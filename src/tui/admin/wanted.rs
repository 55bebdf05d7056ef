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
    /// A sign-in with a browser.
    Visit(Visit),
}

/// A link that somebody opens. The thread that waits for it hears when this is dropped.
pub struct Visit {
    /// For which server.
    pub server: String,
    /// Where to go.
    pub place: crate::admin::keycloak::device::Visit,
    /// As long as it is there, somebody wants to sign in.
    pub held: Sender<()>,
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
