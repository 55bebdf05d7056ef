//! Opening the vault: kernel keyring, system keyring if it was chosen, then a passphrase that was given, then a
//! question.

use super::{
    context::Context,
    exit::{Exit, Failure},
};
use crate::{
    crypt::{Identity, passphrase::Passphrase},
    keyring::SystemKeyring,
    vault::{
        Place, Vault, VaultError, demo,
        kept::kept_identities,
        unlock::{IdentityFile, Unlocked},
    },
};

/// How often a passphrase may be mistyped at the prompt.
const TRIES: usize = 3;

impl Context {
    /// The unlocked vault.
    pub fn open(&self) -> Result<Vault, Failure> {
        if let Some(vault) = &*self.opened.borrow() {
            return Ok(vault.again());
        }
        if self.global.demo {
            return Ok(demo::vault(self.clock.clone()));
        }
        let place = self.private_place()?;
        let file = IdentityFile::read(&place)?;
        let identities = if let Some(identities) = self.kept_identities(&place, &file) {
            identities
        } else {
            place.check_header()?;
            let identities = self.unlock(&place, &file)?;
            self.passphrase_was_used(&place, &file, &identities);
            identities
        };
        let vault = Vault::new(place, identities, self.world()?);
        self.notices.replace(vault.notices().clone());
        Ok(vault)
    }

    /// Opens the vault for this command and those after it, until [`Self::lock_again`].
    pub fn open_and_stay(&self) -> Result<(), Failure> {
        let vault = self.open()?;
        *self.opened.borrow_mut() = Some(vault);
        Ok(())
    }

    /// Whether the vault stays open between two commands.
    pub fn is_open(&self) -> bool {
        self.opened.borrow().is_some()
    }

    /// Forgets what opened the vault.
    pub fn lock_again(&self) {
        *self.opened.borrow_mut() = None;
        *self.passphrase.borrow_mut() = None;
    }

    /// The vault if a keyring opens it; for the screens, which ask for the passphrase themselves.
    pub fn open_kept(&self) -> Result<Option<Vault>, Failure> {
        let place = self.private_place()?;
        let file = IdentityFile::read(&place)?;
        let kept = self.kept_identities(&place, &file);
        kept.map(|identities| Ok(Vault::new(place, identities, self.world()?))).transpose()
    }

    /// The vault if it opens without a question and without work, for completions and `unlocked`.
    pub fn open_quietly(&self, keyring: &SystemKeyring) -> Option<Vault> {
        if self.global.demo {
            return Some(demo::vault(self.clock.clone()));
        }
        let place = self.place().ok()?;
        let file = IdentityFile::read(&place).ok()?;
        let identities =
            kept_identities(&file).or_else(|| self.remembered(&place, &file, keyring).ok().flatten())?;
        Some(Vault::new(place, identities, self.world().ok()?))
    }

    /// The place of the vault, once it is there, as private as it should be, and an age file at first sight: what is
    /// looked at before anybody is asked for a passphrase.
    pub fn reachable_place(&self) -> Result<Place, Failure> {
        let place = self.private_place()?;
        place.check_header()?;
        Ok(place)
    }

    fn private_place(&self) -> Result<Place, Failure> {
        let place = self.place()?;
        place.expect_vault()?;
        let open = place.open_to_others();
        if self.global.strict && !open.is_empty() {
            return Err(VaultError::Permissions(open).into());
        }
        for sentence in &open {
            self.warn(sentence);
        }
        Ok(place)
    }

    /// Runs the passphrase: scrypt once for each try.
    pub fn unlock(&self, place: &Place, file: &IdentityFile) -> Result<Vec<Identity>, Failure> {
        let (unlocked, _) = self.unlock_with_passphrase(place, file)?;
        Ok(unlocked.identities)
    }

    /// The same, and the passphrase that did it.
    pub fn unlock_with_passphrase(
        &self,
        place: &Place,
        file: &IdentityFile,
    ) -> Result<(Unlocked, Passphrase), Failure> {
        let opened = match self.given_passphrase()? {
            Some(passphrase) => (file.open(&passphrase, place)?, passphrase),
            None => self.ask_passphrase(place, file)?,
        };
        if opened.0.weak {
            self.warn("the passphrase is protected by little work (a low scrypt factor); mend it with: sesam vault passwd");
        }
        if !self.global.read_only {
            file.refresh_copy(place, &opened.0.identities, &*self.clock);
        }
        Ok(opened)
    }

    fn ask_passphrase(&self, place: &Place, file: &IdentityFile) -> Result<(Unlocked, Passphrase), Failure> {
        for left in (0..TRIES).rev() {
            let typed = self.ask_secret("Passphrase:", VaultError::Locked.into())?;
            let Some(passphrase) = Passphrase::new(&typed) else { continue };
            match file.open(&passphrase, place) {
                Err(VaultError::WrongPassphrase) if left > 0 => {
                    crate::output::say("That passphrase did not open the vault.");
                }
                other => return Ok((other?, passphrase)),
            }
        }
        Err(Failure::new(Exit::Locked, "locked", "no passphrase was given"))
    }
}
