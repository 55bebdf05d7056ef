//! Slow work, on threads of its own: opening, saving, reading again. The answers come back as messages.

use std::sync::{Arc, mpsc::Sender};

use jiff::Timestamp;

use super::message::{Event, Handed, Message};
use crate::{
    crypt::passphrase::Passphrase,
    keyring::SystemKeyring,
    vault::{
        AccountId, Document, Outcome, Place, Vault, VaultError, World, catalog::Catalog, change::Reverse,
        create, kept::Remembered, unlock::IdentityFile, usage::Usage,
    },
};

/// Starts jobs and numbers them.
pub struct Jobs {
    answers: Sender<Event>,
    last: u64,
    running: usize,
}

impl Jobs {
    /// Jobs that answer here.
    pub fn new(answers: Sender<Event>) -> Self {
        Self { answers, last: 0, running: 0 }
    }

    /// How many jobs have not said their last word.
    pub fn running(&self) -> usize {
        self.running
    }

    /// A job has said its last word.
    pub fn ended(&mut self) {
        self.running = self.running.saturating_sub(1);
    }

    /// The number of the job that starts next.
    pub fn upcoming(&self) -> u64 {
        self.last + 1
    }

    /// Runs work on a thread of its own; its answer comes as a message.
    pub fn spawn(&mut self, work: impl FnOnce(&dyn Fn(Message)) -> Message + Send + 'static) -> u64 {
        self.last += 1;
        self.running += 1;
        let answers = self.answers.clone();
        std::thread::spawn(move || {
            let early = |message| drop(answers.send(Event::Job(message)));
            let last = work(&early);
            // Nobody listens any more when the program is about to end.
            let _ = answers.send(Event::Done(last));
        });
        self.last
    }

    /// Runs work that answers once, with the number of the question.
    pub fn ask(&mut self, work: impl FnOnce(u64) -> Message + Send + 'static) -> u64 {
        let number = self.last + 1;
        self.spawn(move |_| work(number))
    }

    /// Runs work that goes on until nobody listens any more, with the number of what it tells. Nobody waits for its end.
    pub fn stream(&mut self, work: impl FnOnce(u64, &dyn Fn(Message) -> bool) + Send + 'static) -> u64 {
        self.last += 1;
        let (answers, number) = (self.answers.clone(), self.last);
        std::thread::spawn(move || work(number, &|message| answers.send(Event::Job(message)).is_ok()));
        number
    }

    /// Opens a vault with a passphrase: scrypt runs once.
    pub fn unlock(&mut self, place: Place, passphrase: Passphrase, world: World) -> u64 {
        let number = self.last + 1;
        self.spawn(move |_| match unlocked(place, &passphrase, world) {
            Ok(vault) => Message::Opened(number, Handed::new(vault)),
            Err(error) => Message::NotOpened(number, error),
        })
    }

    /// Creates a vault, and remembers it in the system keyring where that is wanted.
    pub fn create(&mut self, new: (Place, Passphrase, World), work_factor: u8, remember: bool) -> u64 {
        let number = self.last + 1;
        self.spawn(move |early| {
            let (place, passphrase, world) = new;
            let vault = match create::create(place, &passphrase, work_factor, world) {
                Ok(vault) => vault,
                Err(error) => return Message::NotOpened(number, super::notice::sentence(&error)),
            };
            let unkept = remember.then(|| keep_in_keyring(&vault).err()).flatten();
            early(Message::Opened(number, Handed::new(vault)));
            Message::Told(unkept.map(|why| format!("The vault is created, but not remembered: {why}.")))
        })
    }

    /// Reads the accounts again.
    pub fn reload(&mut self, vault: &Arc<Vault>) {
        let vault = Arc::clone(vault);
        self.spawn(move |_| loaded(&vault));
    }

    /// Brings the newest copy that opens back, or makes the version that is there the newest.
    pub fn restore(&mut self, vault: &Arc<Vault>, newest_copy: bool) -> u64 {
        let (vault, number) = (Arc::clone(vault), self.last + 1);
        self.spawn(move |_| {
            let restored =
                if newest_copy { vault.restore_newest() } else { vault.restore_file(&vault.place.vault()) };
            Message::Restored(number, restored)
        })
    }

    /// Saves a change, then reads the accounts again. `change` says what has to be undone, or `None` for a change that
    /// undo does not know.
    pub fn change(
        &mut self,
        vault: &Arc<Vault>,
        what: String,
        change: impl FnOnce(&mut Document<'_>, Timestamp) -> Result<Option<Reverse>, VaultError> + Send + 'static,
    ) -> u64 {
        let (vault, number) = (Arc::clone(vault), self.last + 1);
        self.spawn(move |early| {
            let saved = vault.change(|document, now| {
                if let Some(reverse) = change(document, now)? {
                    if reverse.is_empty() {
                        return Ok(Outcome::Same(()));
                    }
                    document.record(&what, reverse, now);
                }
                Ok(Outcome::Changed(()))
            });
            if let Err(error) = saved {
                return Message::NotChanged(number, error);
            }
            early(loaded(&vault));
            Message::Changed(number, what)
        })
    }

    /// Moves a counter on; the answer brings the code that it stood for.
    pub fn count(&mut self, vault: &Arc<Vault>, id: AccountId) {
        let (vault, number) = (Arc::clone(vault), self.last + 1);
        self.spawn(move |early| {
            let counted = vault.change(|document, _| Ok(Outcome::Changed(document.count(&id)?)));
            let code = counted.and_then(|account| {
                let bad = |error: crate::otp::OtpError| VaultError::Damaged {
                    what: error.to_string(),
                    advice: String::new(),
                };
                account.otp.code(0).map_err(bad)
            });
            match code {
                Ok(code) => {
                    early(loaded(&vault));
                    Message::Counted(id, code)
                }
                Err(error) => Message::NotChanged(number, error),
            }
        });
    }

    /// Undoes the last step, or does it again.
    pub fn turn(&mut self, vault: &Arc<Vault>, back: bool) {
        let (vault, number) = (Arc::clone(vault), self.last + 1);
        self.spawn(move |early| {
            let turned = vault.change(|document, now| {
                let what = if back { document.undo(now) } else { document.redo(now) };
                Ok(if what.is_some() { Outcome::Changed(what) } else { Outcome::Same(what) })
            });
            match turned {
                Ok(what) => {
                    early(loaded(&vault));
                    Message::Turned(back, what)
                }
                Err(error) => Message::NotChanged(number, error),
            }
        });
    }

    /// Counts a use, to sort by.
    pub fn count_use(&mut self, vault: &Arc<Vault>, id: AccountId, now: Timestamp) {
        let vault = Arc::clone(vault);
        std::thread::spawn(move || Usage::count(&vault, &id, now));
    }
}

/// The vault is there whether the keyring takes its key or not; the passphrase opens it.
fn keep_in_keyring(vault: &Vault) -> Result<(), String> {
    let file = IdentityFile::read(&vault.place).map_err(|error| error.to_string())?;
    let remembered = Remembered { place: &vault.place, file: &file, state_dir: &vault.world.state_dir };
    let kept = remembered.remember(vault.identities(), &SystemKeyring::for_person(), vault.now());
    kept.map_err(|error| error.to_string())
}

fn loaded(vault: &Vault) -> Message {
    match vault.read() {
        Ok(opened) => Message::Loaded(Box::new(Catalog::new(opened))),
        Err(error) => Message::NotLoaded(error),
    }
}

fn unlocked(place: Place, passphrase: &Passphrase, world: World) -> Result<Vault, String> {
    let file = IdentityFile::read(&place).map_err(|error| error.to_string())?;
    let unlocked = file.open(passphrase, &place).map_err(|error| match error {
        VaultError::WrongPassphrase => "That passphrase did not open the vault.".to_owned(),
        other => other.to_string(),
    })?;
    file.refresh_copy(&place, &unlocked.identities, &*world.clock);
    Ok(Vault::new(place, unlocked.identities, world))
}
