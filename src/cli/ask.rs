//! Questions to the person, by the weight of what follows: none, a plain yes, or a word to type.

use std::io::BufRead;

use super::{
    context::Context,
    exit::{Exit, Failure},
};
use crate::{crypt::passphrase::Passphrase, output, text::safe, vault::strength};

impl Context {
    /// A plain question (level 2): `--yes`, or `y` on the terminal.
    ///
    /// # Errors
    /// Wrong usage when nobody can be asked; [`Exit::Failed`] when the answer is no.
    pub fn ask_yes(&self, question: &str) -> Result<(), Failure> {
        if self.global.yes {
            return Ok(());
        }
        if !self.can_ask() || !output::stdin_is_terminal() {
            return Err(unasked(question, "--yes"));
        }
        output::ask(&format!("{} [y/N]", safe(question)));
        if matches!(line()?.trim(), "y" | "Y" | "yes") { Ok(()) } else { Err(cancelled()) }
    }

    /// A question that wants `word` typed (level 3): `--confirm WORD`, or the word on the terminal.
    ///
    /// # Errors
    /// Wrong usage when nobody can be asked; a conflict when the word does not match.
    pub fn ask_word(&self, effects: &str, word: &str) -> Result<(), Failure> {
        let mismatch = |given: &str| {
            let message = format!("the confirmation \"{given}\" is not \"{word}\"; nothing was done");
            Failure::new(Exit::Conflict, "confirm", message)
        };
        if let Some(given) = &self.global.confirm {
            return if given == word { Ok(()) } else { Err(mismatch(given)) };
        }
        if !self.can_ask() || !output::stdin_is_terminal() {
            let quoted = if word.contains(' ') { format!("'{word}'") } else { word.to_owned() };
            return Err(unasked(effects, &format!("--confirm={quoted}")));
        }
        output::say(&safe(effects));
        output::ask(&format!("Type \"{}\" to go on:", safe(word)));
        let given = line()?;
        if given.trim() == word { Ok(()) } else { Err(mismatch(given.trim())) }
    }

    /// A line of text that is no secret.
    ///
    /// # Errors
    /// Wrong usage when nobody can be asked; the flag that answers is named.
    pub fn ask_line(&self, question: &str, flag: &str) -> Result<String, Failure> {
        if !self.can_ask() || !output::stdin_is_terminal() {
            return Err(unasked(question, flag));
        }
        output::ask(question);
        Ok(line()?.trim().to_owned())
    }

    /// A secret, typed without being seen.
    ///
    /// # Errors
    /// `otherwise` when nobody can be asked.
    pub fn ask_secret(
        &self,
        question: &str,
        otherwise: Failure,
    ) -> Result<zeroize::Zeroizing<String>, Failure> {
        if !self.can_ask() {
            return Err(otherwise);
        }
        super::prompt::secret(question).map_err(|error| match error.kind() {
            std::io::ErrorKind::Interrupted => Failure::new(Exit::Interrupted, "interrupted", "interrupted"),
            _ => otherwise,
        })
    }

    /// A new passphrase, typed twice, with a word on its strength.
    pub fn ask_new_passphrase(&self, otherwise: impl Fn() -> Failure) -> Result<Passphrase, Failure> {
        loop {
            let first = self.ask_secret("New passphrase (empty to propose one):", otherwise())?;
            if first.is_empty() {
                output::say(&format!("For example: {}", *strength::proposal()));
                continue;
            }
            let again = self.ask_secret("Again:", otherwise())?;
            if *first != *again {
                output::say("The two differ.");
                continue;
            }
            let Some(passphrase) = Passphrase::new(&first) else { continue };
            let strength = strength::of(&passphrase);
            output::say(&format!("Strength: {strength}"));
            if strength.is_weak() && self.ask_yes("It can be guessed. Use it all the same?").is_err() {
                continue;
            }
            return Ok(passphrase);
        }
    }
}

fn line() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().read_line(&mut text);
    match read {
        Ok(0) => Err(cancelled()),
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::failed(format!("could not read the answer: {error}"))),
    }
}

fn unasked(question: &str, flag: &str) -> Failure {
    Failure::usage(format!("nobody can be asked here: {question}")).hint(format!("answer with {flag}"))
}

fn cancelled() -> Failure {
    Failure::new(Exit::Failed, "cancelled", "nothing was done")
}
