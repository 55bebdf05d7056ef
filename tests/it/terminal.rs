//! The full-screen view of the real program in a real terminal: in tmux, and on a pseudo-terminal of our own.
//!
//! | file | what lives there |
//! |---|---|
//! | `tmux` | a tmux server for each test: keys in, picture out |
//! | `pty` | a terminal of our own: bytes in, bytes out, signals, answers that come late |
//! | `picture` | reading a picture: rows, codes, columns |
//!
//! The acceptance checklist has numbers; the tests that keep it name them.

#[cfg(feature = "server")]
mod admin;
mod answers;
mod changes;
mod copying;
mod ending;
mod finding;
mod forms;
mod hiding;
mod importing;
mod list;
mod locking;
mod looks;
mod outside;
#[cfg(feature = "server")]
mod own;
mod picture;
mod pty;
mod restoring;
mod sizes;
#[cfg(feature = "server")]
mod ssh;
mod tmux;
mod undoing;
mod watching;
