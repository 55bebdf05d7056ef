//! The ways to a clipboard: which one is there, how a text gets onto it and leaves it again, and the words for that.
//!
//! | file | what lives there |
//! |---|---|
//! | [`choose`](mod@choose), [`surroundings`] | which way is taken, decided from plain facts |
//! | [`copies`], [`words`] | what screens and commands use: copy, clear, and how to say it |
//! | [`keeper`], [`serve`] | the native clipboard: a process of its own that holds the text for its term |
//! | [`picture`] | the picture that somebody copied |
//! | [`osc52`], [`command`] | the terminal's clipboard, and the user's own program |
//! | [`tmux`], `bounded` | asking tmux, and no program for longer than a limit |
//!
//! What does not live here: the settings' file (`config`), when something is copied and cleared (`tui`, `cli`), and
//! making names safe: every name that comes in here has been through `text::safe`.

pub mod choose;
pub mod command;
pub mod copies;
pub mod keeper;
pub mod osc52;
pub mod picture;
pub mod serve;
pub mod surroundings;
pub mod tmux;
pub mod words;

mod bounded;

pub use choose::{Method, NoClipboard, NoWay, Way, Wrap, choose};
pub use copies::{Clears, Clipboard, Copied, Copies, Settings};
pub use surroundings::{Multiplexer, Native, Surroundings, Terminal};
