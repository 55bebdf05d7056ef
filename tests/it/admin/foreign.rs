//! Servers of others that really run, in real time: what the contract needs of one. Each is found by an environment
//! variable; without it the contract says that it was not tried there.
//!
//! A server more is one type with this trait, and one line in [`all`].

use std::sync::Arc;

use sesam::{admin::Provider, otp::Otp};

use super::{idea::Idea, keycloak::place::Cloak};

/// A user's and an administrator's hands at such a server. Every user is a new one that nobody else uses.
pub(super) trait Foreign: Send + Sync {
    /// A provider with all rights.
    fn desk(&self) -> Arc<dyn Provider>;

    /// A user without an authenticator, whom something leads to binding; the name there.
    fn user(&self) -> String;

    /// An authenticator of a user, good at once.
    fn bind(&self, user: &str) -> Otp;

    /// A code of it that was not shown yet.
    fn code(&self, otp: &Otp) -> String;

    /// Signs in with the right password: `binding`, `bypass`, `second_step`, `refused` or `done`.
    fn begin(&self, user: &str) -> String;

    /// Signs in with the right password and a code: `done` or something else.
    fn show(&self, user: &str, code: &str) -> String;

    /// After how many wrong codes a user is locked.
    fn tries(&self) -> usize;

    /// How the lines of the plan of a reset begin, for a user with one authenticator.
    fn reset(&self) -> &'static [&'static str];

    /// How the lines of the plan of an unlock begin.
    fn unlock(&self) -> &'static [&'static str];
}

/// Those that run.
pub(super) fn all() -> Vec<Arc<dyn Foreign>> {
    [Idea::find(), Cloak::find()].into_iter().flatten().collect()
}
