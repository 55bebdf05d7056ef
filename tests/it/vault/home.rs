//! A vault in a directory of its own, as the tests of this room need it.

use std::{path::PathBuf, sync::Arc};

use jiff::{Timestamp, ToSpan};
use sesam::{
    clock::{Clock, SystemClock},
    crypt::{mac::MacKey, passphrase::Passphrase},
    otp::{Counter, Kind, Otp, Secret},
    vault::{
        Account, Document, Outcome, Place, Vault, World, backups::Keep, create::create, unlock::IdentityFile,
    },
};
use tempfile::TempDir;

/// scrypt at 2^2: nothing is secret here, and every opening is to be quick.
pub(super) const WORK_FACTOR: u8 = 2;

/// A fresh vault, its directory and its passphrase.
pub(super) struct Home {
    dir: TempDir,
    /// The vault at the time of its creation.
    pub(super) vault: Vault,
}

impl Home {
    /// A vault without accounts.
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::new(&dir.path().join("sesam"));
        let world = world(dir.path().join("state"), day(0));
        Self { vault: create(place, &passphrase(), WORK_FACTOR, world).unwrap(), dir }
    }

    /// A vault with these accounts.
    pub(super) fn with(accounts: &[Account]) -> Self {
        let home = Self::new();
        change(&home.vault, |document| drop(document.add(accounts)));
        home
    }

    /// The same vault on a later day.
    pub(super) fn on(&self, days: i64) -> Vault {
        self.at(day(days))
    }

    /// The same vault at another time.
    pub(super) fn at(&self, time: Timestamp) -> Vault {
        let world = world(self.state_dir(), time);
        Vault::new(self.vault.place.clone(), self.vault.identities().to_vec(), world)
    }

    /// The same vault opened anew from its files.
    pub(super) fn reopened(&self, time: Timestamp) -> Vault {
        let file = IdentityFile::read(&self.vault.place).unwrap();
        let unlocked = file.open(&passphrase(), &self.vault.place).unwrap();
        Vault::new(self.vault.place.clone(), unlocked.identities, world(self.state_dir(), time))
    }

    pub(super) fn state_dir(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// A directory for whatever a test wants to lay aside.
    pub(super) fn desk(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    /// The bytes of `vault.age`.
    pub(super) fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.vault.place.vault()).unwrap()
    }

    /// Puts bytes where `vault.age` lies.
    pub(super) fn lay(&self, bytes: &[u8]) {
        lay(&self.vault.place.vault(), bytes);
    }

    /// The plain text of `vault.age`, as `age -d` prints it.
    pub(super) fn plain(&self) -> String {
        let plain = self.vault.identity().decrypt_bytes(&self.bytes()).unwrap();
        String::from_utf8(plain.to_vec()).unwrap()
    }

    /// Encrypts a plain text after its seal line with a seal that holds, as only the owner can.
    pub(super) fn sealed(&self, after_seal: &str) -> Vec<u8> {
        let id = after_seal.split("vault_id = \"").nth(1).unwrap().split('"').next().unwrap();
        let tag = MacKey::of_vault(self.vault.identity(), id).tag(after_seal.as_bytes());
        self.encrypted(&format!("mac = \"{tag}\"\n{after_seal}"))
    }

    /// Encrypts a plain text, as anybody can who knows the recipient.
    pub(super) fn encrypted(&self, plain: &str) -> Vec<u8> {
        self.vault.identity().recipient().encrypt(plain.as_bytes())
    }
}

#[expect(clippy::disallowed_methods, reason = "a test spoils files on purpose")]
pub(super) fn lay(path: &std::path::Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
}

pub(super) fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple").unwrap()
}

/// Noon of the first day, or so many days later.
pub(super) fn day(days: i64) -> Timestamp {
    let first: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    first + (days * 24).hours()
}

pub(super) fn second(seconds: i64) -> Timestamp {
    day(0) + seconds.seconds()
}

/// A time that stands still while waiting for a lock takes as long as it takes: a process that another test starts
/// holds every lock of this one until it has become what it will be.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }

    fn pause(&self, span: std::time::Duration) {
        SystemClock.pause(span);
    }
}

pub(super) fn world(state_dir: PathBuf, time: Timestamp) -> World {
    World { clock: Arc::new(Still(time)), state_dir, keep: Keep::default(), trash_days: 30 }
}

/// Changes the vault without a step of the journal.
pub(super) fn change(vault: &Vault, act: impl FnOnce(&mut Document<'_>)) {
    let act = |document: &mut Document<'_>, _| {
        act(document);
        Ok(Outcome::Changed(()))
    };
    vault.change(act).unwrap();
}

pub(super) fn totp(issuer: &str) -> Account {
    let secret = Secret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
    Account::new(issuer, "hugo", Otp::totp(secret), day(0))
}

pub(super) fn hotp(issuer: &str, counter: u64) -> Account {
    let secret = Secret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
    let kind = Kind::Hotp { counter: Counter::new(counter).unwrap() };
    Account::new(issuer, "hugo", Otp::new(kind, secret), day(0))
}

/// The issuers of the accounts in force, in their order.
pub(super) fn issuers(vault: &Vault) -> Vec<String> {
    let opened = vault.read().unwrap();
    let accounts = opened.document().unwrap().read_accounts().unwrap();
    accounts.into_iter().map(|account| account.issuer).collect()
}
