//! The system keyring on the command line: when it opens the vault, what is said when it does not, and the passphrase
//! that must not be forgotten over it.

use std::path::PathBuf;

use super::{
    context::Context,
    exit::{Exit, Failure},
    locations,
};
use crate::{
    config::Remember,
    crypt::{Identity, passphrase::Passphrase},
    keyring::{KeyringError, SystemKeyring},
    output,
    vault::{
        Place, Vault, VaultError,
        kept::{Remembered, Unkept, kept_identities},
        marks::Marks,
        unlock::IdentityFile,
    },
};

impl Context {
    /// The system keyring, and as much patience as fits who sits here.
    pub fn system_keyring(&self) -> SystemKeyring {
        if self.can_ask() && locations::has_screen() {
            SystemKeyring::for_person()
        } else {
            SystemKeyring::for_script()
        }
    }

    /// The identities that a keyring has, the kernel's or else the system's. Says a line when the system's was chosen
    /// and does not open the vault.
    pub fn kept_identities(&self, place: &Place, file: &IdentityFile) -> Option<Vec<Identity>> {
        if let Some(identities) = kept_identities(file) {
            return Some(identities);
        }
        match self.remembered(place, file, &self.system_keyring()) {
            Ok(identities) => identities.inspect(|_| self.ask_not_to_forget(place, file)),
            Err(error) => {
                let more = match error {
                    Unkept::Gone => {
                        ". Keep it anew with sesam unlock --remember, or end it: sesam lock --forget"
                    }
                    _ => "",
                };
                self.warn(&format!("{error}; the passphrase opens it{more}"));
                None
            }
        }
    }

    /// The identities that the system keyring has, if it was chosen and the settings do not forbid it.
    pub fn remembered(
        &self,
        place: &Place,
        file: &IdentityFile,
        keyring: &SystemKeyring,
    ) -> Result<Option<Vec<Identity>>, Unkept> {
        let Some(state_dir) = self.remembering() else { return Ok(None) };
        Remembered { place, file, state_dir: &state_dir }.identities(keyring)
    }

    /// Whether the system keyring was chosen for the vault at this place, and may be used.
    pub fn is_remembered(&self, place: &Place) -> bool {
        let file = IdentityFile::read(place);
        let chosen = |file: IdentityFile| {
            let state_dir = self.remembering()?;
            Some(Remembered { place, file: &file, state_dir: &state_dir }.is_chosen())
        };
        file.ok().and_then(chosen).unwrap_or(false)
    }

    /// Puts identities that the passphrase has just opened into the system keyring.
    pub fn remember(
        &self,
        place: &Place,
        file: &IdentityFile,
        identities: &[Identity],
    ) -> Result<(), Failure> {
        let state_dir = locations::state_dir()?;
        let remembered = Remembered { place, file, state_dir: &state_dir };
        remembered
            .remember(identities, &self.system_keyring(), self.now())
            .map_err(|error| unkept("the vault is not remembered", error))
    }

    /// After the passphrase opened the vault: ends what the keyring has of an identity that is no longer in force, and
    /// remembers this one where the settings want it always. Nothing depends on it.
    pub fn passphrase_was_used(&self, place: &Place, file: &IdentityFile, identities: &[Identity]) {
        let Ok(state_dir) = locations::state_dir() else { return };
        if self.global.read_only {
            return;
        }
        let (keyring, remembered) =
            (self.system_keyring(), Remembered { place, file, state_dir: &state_dir });
        let what = "identity.age is another one than was remembered; the old copy in the system keyring";
        match remembered.forget_earlier(&keyring) {
            None => {}
            Some(Ok(())) => {
                self.warn(&format!("{what} was removed. Keep the new one with: sesam unlock --remember"));
            }
            Some(Err(error)) => self.warn(&format!("{what} is still there ({error}): remove it by hand")),
        }
        if self.settings.config.lock.remember == Remember::Always {
            match remembered.remember(identities, &keyring, self.now()) {
                Ok(()) => {}
                Err(Unkept::Keyring(KeyringError::Missing(why))) => self.mention(&why),
                Err(error) => self.warn(&format!("the vault is not remembered: {error}")),
            }
        }
    }

    /// After `passwd` and `rekey`: what was remembered of the identity file `old` is remembered of the new one.
    pub fn renew_remembered(&self, vault: &Vault, old: &IdentityFile) {
        let Ok(file) = IdentityFile::read(&vault.place) else { return };
        let (keyring, state_dir) = (self.system_keyring(), &vault.world.state_dir);
        let remembered = Remembered { place: &vault.place, file: &file, state_dir };
        match remembered.renew(old, (vault.identities(), &keyring), self.now()) {
            Ok(false) => {}
            Ok(true) => self.say("The system keyring was brought up to date and still opens the vault"),
            Err(error) => self.warn(&format!(
                "the system keyring could not be brought up to date: {error}. Once it answers: sesam lock --forget"
            )),
        }
    }

    /// Who never types the passphrase forgets it, and with it every copy of the vault elsewhere. Asked of a person at
    /// a terminal alone, and never in the way: an empty line goes on.
    fn ask_not_to_forget(&self, place: &Place, file: &IdentityFile) {
        let Some(state_dir) = self.remembering() else { return };
        let (name, mut marks) = (file.keyring_name(), Marks::read(&state_dir));
        let at_terminal =
            output::stdin_is_terminal() && output::stdout_is_terminal() && output::stderr_is_terminal();
        if !at_terminal || self.global.no_input || self.global.read_only || !marks.is_due(&name, self.now()) {
            return;
        }
        output::say("The system keyring opens the vault. Do you still know what opens it elsewhere?");
        let typed = self.ask_secret("Passphrase (Enter to go on without):", VaultError::Locked.into());
        let passphrase = typed.ok().and_then(|typed| Passphrase::new(&typed));
        let was_known = passphrase.as_ref().is_some_and(|passphrase| file.open(passphrase, place).is_ok());
        if passphrase.is_some() {
            output::say(if was_known { "That is it." } else { FORGOTTEN });
        }
        marks.asked(&name, was_known, self.now());
        let _ = marks.write(&state_dir);
    }

    fn remembering(&self) -> Option<PathBuf> {
        let may = self.settings.config.lock.remember != Remember::Never && !self.global.demo;
        may.then(|| locations::state_dir().ok())?
    }
}

/// The failure of something that the system keyring did not do.
pub fn unkept(what: &str, error: Unkept) -> Failure {
    let failure = Failure::new(Exit::Failed, "keyring", format!("{what}: {error}"));
    match error {
        Unkept::Keyring(error) => failure.hint(error.hint()),
        _ => failure,
    }
}

const FORGOTTEN: &str = "That passphrase does not open the vault. Nobody can reset it: look for it while the system \
                         keyring opens the vault, or take the accounts into a new one with sesam export.";
