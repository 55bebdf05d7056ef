//! The screens of admin mode.
//!
//! | file | what lives there |
//! |---|---|
//! | [`servers`] | the servers of the settings, and which of them answers |
//! | [`room`], [`pane`] | an open server with its tabs, what a tab is |
//! | [`users`], [`user_lines`] | everybody on it, one user as words |
//!
//! What they share lives in [`tui::admin`](crate::tui::admin).

pub mod pane;
pub mod room;
pub mod servers;
pub mod user_lines;
pub mod users;
