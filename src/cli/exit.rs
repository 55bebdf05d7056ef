//! How a command ends: the exit codes, and a failure as a sentence, a hint and, with `--json`, an object.

use serde_json::json;

use crate::{
    config::ConfigError,
    output::{self, Unprinted, ascii_safe},
    text::safe,
    vault::{VaultError, error::plain_words},
};

/// The exit codes. A number never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The disk, the network or sesam itself failed.
    Failed = 1,
    /// Wrong usage, or a question that could not be asked.
    Usage = 2,
    /// No such account, no vault, nothing to undo.
    NotFound = 3,
    /// Locked, or the wrong passphrase.
    Locked = 4,
    /// More than one match.
    Ambiguous = 5,
    /// Exists already, changed meanwhile, or a confirmation that does not match.
    Conflict = 6,
    /// A server is not reachable, or did not answer in time.
    Unreachable = 7,
    /// Refused by `--read-only`, or by a server.
    Refused = 8,
    /// A part was done.
    Partly = 9,
    /// The vault is damaged or of a newer version.
    Damaged = 10,
    /// Ctrl-C.
    Interrupted = 130,
    /// A fault of sesam itself.
    Panicked = 101,
    /// The terminal went away.
    HungUp = 129,
    /// Nobody reads our output any more.
    ClosedPipe = 141,
    /// SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// What the screens ended with.
    pub fn from_code(code: u8) -> Self {
        let all = [Self::Done, Self::Panicked, Self::HungUp, Self::Interrupted, Self::Terminated];
        all.into_iter().find(|exit| *exit as u8 == code).unwrap_or(Self::Failed)
    }
}

/// Why a command failed, for a person and for a script.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// A word for scripts: `ambiguous`.
    pub kind: &'static str,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The accounts that were meant perhaps.
    pub candidates: Vec<String>,
}

/// What a command gives back.
pub type Done = Result<Exit, Failure>;

/// How the program ends; `Err` when the failure was printed already.
pub type Ended = Result<Exit, Exit>;

impl Failure {
    /// A failure with its word and sentence.
    pub fn new(exit: Exit, kind: &'static str, message: impl Into<String>) -> Self {
        Self { exit, kind, message: message.into(), hint: None, candidates: Vec::new() }
    }

    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message)
    }

    /// Something that is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Exit::NotFound, "not_found", message)
    }

    /// The disk or sesam itself.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, "failed", message)
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Prints it to stderr: a sentence, then candidates and the hint, or one JSON object.
    pub fn print(&self, as_json: bool) {
        if matches!(self.exit, Exit::ClosedPipe | Exit::Interrupted) {
            return;
        }
        if as_json {
            return output::say(&ascii_safe(&self.json().to_string()));
        }
        output::say(&format!("sesam: {}", safe(&self.message)));
        for candidate in &self.candidates {
            output::say(&format!("  {}", safe(candidate)));
        }
        if let Some(hint) = &self.hint {
            output::say(&format!("hint: {}", safe(hint)));
        }
    }

    fn json(&self) -> serde_json::Value {
        let mut object = json!({
            "schema": "sesam.error/1", "exit": self.exit as u8, "kind": self.kind, "message": self.message,
        });
        if let Some(hint) = &self.hint {
            object["hint"] = json!(hint);
        }
        if !self.candidates.is_empty() {
            object["candidates"] = json!(self.candidates);
        }
        object
    }
}

impl From<Unprinted> for Failure {
    fn from(unprinted: Unprinted) -> Self {
        match unprinted {
            Unprinted::Closed => {
                Self::new(Exit::ClosedPipe, "closed_pipe", "nobody reads the output any more")
            }
            Unprinted::Refused(error) => Self::failed(format!("could not print: {}", plain_words(&error))),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::Usage, "config", error.to_string()).hint(error.hint())
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let (exit, kind) = match &error {
            VaultError::AlreadyThere(_) => (Exit::Conflict, "exists"),
            VaultError::Damaged { .. } => (Exit::Damaged, "damaged"),
            VaultError::Forged { .. } => (Exit::Damaged, "forged"),
            VaultError::IdentityDamaged { .. } => (Exit::Damaged, "identity_damaged"),
            VaultError::Newer { .. } => (Exit::Damaged, "newer_version"),
            VaultError::RolledBack { .. } => (Exit::Damaged, "rolled_back"),
            VaultError::WrongVault { .. } => (Exit::Damaged, "wrong_vault"),
            VaultError::Io { .. } | VaultError::Unconfirmed(_) => (Exit::Failed, "io"),
            VaultError::LockHeld { .. } => (Exit::Failed, "busy"),
            VaultError::Locked => (Exit::Locked, "locked"),
            VaultError::WrongPassphrase => (Exit::Locked, "wrong_passphrase"),
            VaultError::NoSuchAccount => (Exit::Conflict, "changed_meanwhile"),
            VaultError::NoVault(_) => (Exit::NotFound, "no_vault"),
            VaultError::Permissions(_) => (Exit::Refused, "permissions"),
        };
        let failure = Self::new(exit, kind, error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}
