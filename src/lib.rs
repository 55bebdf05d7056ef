//! sesam: the second factor in a terminal.
//!
//! This page is the map of the house. Imports go down, never up, and never sideways between rooms of one floor; a test
//! reads every `crate::` path and fails on any other arrow, on a circle, and on files and functions that outgrew
//! their room.
//!
//! | floor | room | what lives there |
//! |---|---|---|
//! | 4 | [`cli`] | the command line: one file per command |
//! | 3 | [`tui`] | the screens |
//! | 3 | [`import`] | from named sources to a plan and one step in the vault; under both `tui` and `cli` |
//! | 2 | [`vault`] | accounts at rest: plain text, changes, merge, undo, and the files that keep them |
//! | 2 | [`formats`] | other apps' files: recognise, decode, encode |
//! | 2 | [`admin`] | MFA servers as the help desk sees them |
//! | 2 | `server` | sesamd, the MFA server; with the feature `server`, and not under `tui` and `cli` |
//! | 1 | [`api`] | what admin mode and sesamd say to each other |
//! | 1 | [`otp`] | what a one-time code is: secret, parameters, code, link |
//! | 1 | [`tokens`] | seeds of hardware tokens: PSKC, tables; uses otp alone |
//! | 1 | [`crypt`] | everything that `age` does for us, and the MAC inside a vault |
//! | 1 | [`config`] | the settings: one table feeds file, checks and `--origin` |
//! | 1 | [`capture`] | a picture of the screen |
//! | 1 | [`clipboard`] | the ways to a clipboard: which one is there, copy, clear, the words for it |
//! | 1 | [`keyring`] | a copy of the identity between two calls: the kernel's keyring, the system's |
//! | 1 | [`text`] | names from outside: made safe, measured, folded |
//! | 1 | [`qr`] | QR codes: a link into a picture, a picture into texts |
//! | 1 | [`words`] | the published list of words for passphrases and sheets |
//! | 1 | [`output`], [`clock`] | the one place that prints, the one that knows the time |
//!
//! The words: an **account** is what a person sees as one row; a **vault** is the encrypted file of accounts; the
//! **identity** opens it and lies under a **passphrase**; a **code** is the digits now.
//!
//! Time, randomness, the terminal and the keyring are parameters or lie behind one file each, so every part runs
//! without them in a test.

#[cfg(feature = "client")]
pub mod admin;
pub mod api;
#[cfg(feature = "client")]
pub mod capture;
#[cfg(feature = "client")]
pub mod cli;
#[cfg(feature = "client")]
pub mod clipboard;
pub mod clock;
#[cfg(feature = "client")]
pub mod config;
#[cfg(feature = "client")]
pub mod crypt;
#[cfg(feature = "client")]
pub mod formats;
#[cfg(feature = "client")]
pub mod import;
#[cfg(feature = "client")]
pub mod keyring;
pub mod otp;
pub mod output;
pub mod qr;
#[cfg(feature = "server")]
pub mod server;
pub mod text;
pub mod tokens;
#[cfg(feature = "client")]
pub mod tui;
#[cfg(feature = "client")]
pub mod vault;
#[cfg(feature = "client")]
pub mod words;
