//! The screens of admin mode.
//!
//! | file | what lives there |
//! |---|---|
//! | [`servers`], [`profile`] | the servers of the settings, which of them answers; adding and editing one |
//! | [`room`], [`pane`] | an open server with its tabs, what a tab is |
//! | [`server`] | the server itself, what it can do |
//! | [`users`], [`user`], [`user_lines`] | everybody on it, one of them, one as words |
//! | [`audit`], [`charts`], [`export`] | what happened, as it happens, in numbers, into a file |
//! | [`apps`] | applications and their factors |
//! | [`actions`], [`pick`], [`spans`] | what can be done to users, with what, for how long |
//! | [`change`] | a change: planned, confirmed, sent, read back |
//! | [`code`] | the code of an administrator who signs in |
//! | [`visit`] | the link that an administrator opens in a browser to sign in |
//! | [`lost`], [`locked_out`] | a server that does not answer, one that is only read |
//!
//! What they share lives in [`tui::admin`](crate::tui::admin).

pub mod actions;
pub mod apps;
pub mod audit;
pub mod change;
pub mod charts;
pub mod code;
pub mod export;
pub mod locked_out;
pub mod lost;
pub mod pane;
pub mod pick;
pub mod profile;
pub mod room;
pub mod server;
pub mod servers;
pub mod spans;
pub mod user;
pub mod user_lines;
pub mod users;
pub mod visit;
