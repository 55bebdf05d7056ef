//! A first look at sources, before anybody is asked for anything. Nothing is decrypted.

use super::{
    batch::Unread,
    read::{Supply, bytes_of, mafile},
    store,
};
use crate::formats::{self, AskPassphrase, FormatError, SourcePassphrase};

/// What a source seems to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// It opens under a passphrase; the words of its format, and what opening it costs where that is felt.
    Encrypted(&'static str, Option<String>),
    /// The words of its format, and how many entries it has.
    Plain(&'static str, usize),
    /// A store of passwords: which entries have codes shows when it is decrypted.
    Store,
    /// Nothing of it can be read, and why.
    Unread(String),
}

/// Knows no passphrase, and notes what trying one would cost.
#[derive(Default)]
struct Noted(Option<String>);

impl AskPassphrase for Noted {
    fn passphrase(&mut self, _: &'static str, _: usize) -> Option<SourcePassphrase> {
        None
    }

    fn costs(&mut self, what: &str) {
        self.0 = Some(what.to_owned());
    }
}

/// Looks at sources that come in together, without a passphrase.
pub fn look(supplies: &[Supply]) -> Vec<Look> {
    supplies.iter().map(|supply| look_at(supply, supplies.len() > 1)).collect()
}

fn look_at(supply: &Supply, several: bool) -> Look {
    let told = |error: &Unread| {
        let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
        Look::Unread(format!("{error}{hint}"))
    };
    let bytes = match supply {
        Supply::Bytes(_, bytes) => Ok(bytes.clone()),
        Supply::File(path) if path.is_dir() => {
            return store::is_one(path).map_or_else(|error| told(&error), |()| Look::Store);
        }
        Supply::File(path) => bytes_of(path),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return told(&error),
    };
    let named = mafile(&supply.name(), &bytes);
    let detected = formats::Source::new(&bytes).ok().and_then(|source| formats::detect(&source));
    let words = named.or(detected).map_or("", |format| format.words);
    let mut noted = Noted::default();
    match formats::decode(&bytes, named, &mut noted) {
        Ok(decoded) => Look::Plain(words, decoded.entries.len() + decoded.bad.len()),
        Err(FormatError::PassphraseNeeded) => Look::Encrypted(words, noted.0),
        // Another one of them may say how it is encrypted.
        Err(FormatError::ManifestNeeded) if several => Look::Encrypted(words, noted.0),
        Err(error) => told(&error.into()),
    }
}
