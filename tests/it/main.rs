//! The one test binary: its modules mirror `src`.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking and says what it skips"
)]

#[cfg(feature = "server")]
mod admin;
mod architecture;
#[cfg(unix)]
mod cli;
#[cfg(unix)]
mod clipboard;
mod config;
mod formats;
mod golden;
mod no_secret_in_debug;
mod otp_differential;
mod qr;
#[cfg(feature = "server")]
mod server;
mod shots;
#[cfg(unix)]
mod terminal;
mod tui;
mod vault;
