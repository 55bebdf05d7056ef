//! The screens: a stack of layers over one table of actions, drawn on a terminal that comes back as it was.
//!
//! | file | what lives there |
//! |---|---|
//! | [`app`], [`screen`], [`message`] | the stack, what a layer is, what happens to it |
//! | [`action`], [`key`], [`layouts`] | the one table of actions, the keys that do them |
//! | [`context`], [`session`], [`desk`], [`cell`], [`view`] | what the screens share: the open vault, the codes, the choices |
//! | [`admin`] | what the screens of admin mode share |
//! | [`jobs`], [`watch`] | slow work, and what happens without a key |
//! | [`frame`], [`class`], [`theme`], [`symbols`], [`notice`], [`widgets`] | the picture and its parts |
//! | [`screens`] | one screen, one file |
//! | [`mod@run`], [`term`] | the loop and the terminal |
//! | [`clip`] | the clipboard as the screens see it |
//! | [`shots`] | pictures of the screens as text |
//!
//! A new dialog is one new file in [`screens`], pushed by the screen that opens it, and its actions in [`action`].

pub mod action;
pub mod admin;
pub mod app;
pub mod cell;
pub mod class;
pub mod clip;
pub mod context;
pub mod desk;
pub mod frame;
pub mod graphics;
pub mod jobs;
pub mod key;
pub mod layouts;
pub mod message;
pub mod notice;
pub mod run;
pub mod screen;
pub mod screens;
pub mod session;
pub mod shots;
pub mod symbols;
pub mod term;
pub mod theme;
pub mod view;
pub mod watch;
pub mod widgets;

use crate::vault::VaultError;

pub use context::{First, Mode, Start};
pub use run::run;

/// Why the screens could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// The terminal does not answer.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] std::io::Error),
    /// The vault cannot be read.
    #[error(transparent)]
    Vault(#[from] VaultError),
}
