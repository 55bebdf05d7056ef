//! The result of the last action, in the row of status and in the small box above it.

use jiff::{Timestamp, ToSpan};

use crate::{text::safe, vault::VaultError};

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Done,
    /// It failed.
    Error,
    /// Neither.
    Plain,
    /// It was done, or not, and deserves a look.
    Warning,
}

/// A sentence in the row of status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence, safe to show.
    pub text: String,
}

/// A small box above the row of status: what was done, and the key that takes it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// What was done, safe to show.
    pub text: String,
    /// What to do about it.
    pub advice: String,
    /// When it goes by itself.
    pub until: Timestamp,
}

impl Notice {
    /// It was done.
    pub fn done(text: &str) -> Self {
        Self { tone: Tone::Done, text: safe(text).into_owned() }
    }

    /// It failed.
    pub fn error(text: &str) -> Self {
        Self { tone: Tone::Error, text: safe(text).into_owned() }
    }

    /// A fact.
    pub fn plain(text: &str) -> Self {
        Self { tone: Tone::Plain, text: safe(text).into_owned() }
    }

    /// It deserves a look.
    pub fn warning(text: &str) -> Self {
        Self { tone: Tone::Warning, text: safe(text).into_owned() }
    }
}

impl Toast {
    /// What was done, for a few seconds.
    pub fn new(text: &str, advice: &str, now: Timestamp) -> Self {
        Self { text: safe(text).into_owned(), advice: advice.to_owned(), until: now + 6.seconds() }
    }
}

/// An error as a sentence of its own.
pub fn sentence(error: &VaultError) -> String {
    let text = error.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    let mut whole: String = first.into_iter().flatten().chain(chars).collect();
    if !whole.ends_with(['.', '?']) {
        whole.push('.');
    }
    if let Some(hint) = error.hint() {
        let mut chars = hint.chars();
        let first = chars.next().map(char::to_uppercase);
        whole.push(' ');
        whole.extend(first.into_iter().flatten().chain(chars));
        if !whole.ends_with(['.', '?']) {
            whole.push('.');
        }
    }
    whole
}
