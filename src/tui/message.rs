//! What the loop hears: keys, pasted text, the terminal, signals, and the answers of jobs.

use std::{cell::Cell, path::PathBuf};

use zeroize::Zeroizing;

use super::{
    admin::{answer::Reply, wanted::Wanted},
    key::Key,
};
use crate::{
    import::{Look, Prepared},
    otp::{Code, Link},
    vault::{AccountId, Vault, VaultError, catalog::Catalog, intake::Applied, restore::Restored},
};

/// Something that happened.
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// A text was pasted.
    Paste(Zeroizing<String>),
    /// The window has another size, or its picture is lost.
    Resize,
    /// The terminal has the focus, or lost it.
    Focus(bool),
    /// The terminal said something about itself.
    Terminal(Answer),
    /// A signal of the system.
    Signal(Signal),
    /// A job has an answer, and is not done yet.
    Job(Message),
    /// The last answer of a job.
    Done(Message),
    /// The terminal is gone.
    Gone,
}

/// What the terminal said about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether it takes OSC 52, where it said anything.
    pub takes_osc52: Option<bool>,
    /// Whether it draws sixels.
    pub draws_sixels: bool,
    /// Whether a symbol took two columns.
    pub wide_symbols: bool,
}

/// The signals that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGCONT: in the foreground again.
    Continue,
    /// SIGHUP.
    HangUp,
    /// SIGTSTP, sent by another program.
    Stop,
    /// SIGTERM.
    Terminate,
}

/// Who stops until somebody continues it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// All that the terminal would stop on Ctrl-Z.
    Group,
    /// This program alone.
    Program,
}

/// The answer of a job. A late one names what it answers.
pub enum Message {
    /// A server answered.
    Admin(Reply),
    /// A thread that opens a server wants something of the person.
    Wanted(Handed<Wanted>),
    /// The accounts as the vault has them now.
    Loaded(Box<Catalog>),
    /// The accounts could not be read; what is shown is what was.
    NotLoaded(VaultError),
    /// A vault was opened, with the number of the try.
    Opened(u64, Handed<Vault>),
    /// A vault was not opened, with the number of the try.
    NotOpened(u64, String),
    /// A change was saved, with its number and what it was; the accounts are being read again.
    Changed(u64, String),
    /// A change was not saved, with its number.
    NotChanged(u64, VaultError),
    /// The accounts in the session are new ones.
    Reloaded,
    /// A counter was moved on and saved; this is its code.
    Counted(AccountId, Code),
    /// A version of the vault was brought back, or not, with the number of the try.
    Restored(u64, Result<Restored, VaultError>),
    /// Files were chosen for the screen below.
    Chosen(Vec<PathBuf>),
    /// A picture was read for a form, with the number of the question.
    Scanned(u64, Handed<Result<Link, String>>),
    /// A picture was taken from the clipboard, with the number of the question.
    Taken(u64, Handed<Result<Zeroizing<Vec<u8>>, String>>),
    /// What the sources of an import seem to be, with the number of the question.
    Looked(u64, Vec<Look>),
    /// An import was prepared, with its number.
    Prepared(u64, Handed<Prepared>),
    /// Nothing could be read for an import, with its number and the sentence that says why.
    NotPrepared(u64, String),
    /// An import was carried out, or not, with its number.
    Imported(u64, Handed<(Prepared, Result<Applied, VaultError>)>),
    /// A job has something to say besides, or nothing.
    Told(Option<String>),
    /// A step was undone (`true`) or done again, or there was none.
    Turned(bool, Option<String>),
}

/// What is handed to the one screen that waits for it, although all of them see the message.
pub struct Handed<T>(Cell<Option<Box<T>>>);

impl<T> Handed<T> {
    /// Hands something on.
    pub fn new(value: T) -> Self {
        Self(Cell::new(Some(Box::new(value))))
    }

    /// Takes it; nothing the second time.
    pub fn take(&self) -> Option<T> {
        self.0.take().map(|boxed| *boxed)
    }
}
