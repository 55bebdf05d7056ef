//! The passphrase of a foreign file, as a parameter: options and prompts are `cli`'s and `tui`'s.

use zeroize::Zeroizing;

use crate::crypt::passphrase::Passphrase;

/// A passphrase as it was typed: other apps take its bytes as they are. Wiped when dropped, shown by no `Debug`.
#[derive(Clone)]
pub struct SourcePassphrase(Zeroizing<String>);

impl SourcePassphrase {
    /// Takes the text as typed.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text as typed.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The form that age files of sesam are under; `None` when it is empty.
    pub fn normal(&self) -> Option<Passphrase> {
        Passphrase::new(&self.0)
    }
}

impl std::fmt::Debug for SourcePassphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourcePassphrase(..)")
    }
}

/// Who knows the passphrase of a file.
pub trait AskPassphrase {
    /// The next passphrase to try on a file of this format; `tried` is how many did not open it so far.
    ///
    /// Called until one opens the file. `None`: there is no other, and no more is asked.
    fn passphrase(&mut self, format: &'static str, tried: usize) -> Option<SourcePassphrase>;

    /// Opening the file will take a while: what it asks for, such as `Argon2 over 1024 MiB, 4 times`. Said before the
    /// first passphrase is tried.
    fn costs(&mut self, _what: &str) {}
}

/// Passphrases that were given beforehand: each is tried on each file, in order, and nobody is asked.
#[derive(Debug, Default)]
pub struct Given(pub Vec<SourcePassphrase>);

impl AskPassphrase for Given {
    fn passphrase(&mut self, _: &'static str, tried: usize) -> Option<SourcePassphrase> {
        self.0.get(tried).cloned()
    }
}
