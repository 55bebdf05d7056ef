//! Profiles of servers on the screens: added, edited, removed and brought back; tokens go into the keyring alone.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
};

use sesam::keyring::{KeyringError, SecretStore};
use zeroize::Zeroizing;

use super::{admin_door::Desk, admin_door::with, screen::Screen};

/// A keyring in memory.
#[derive(Default)]
struct Ring(Mutex<HashMap<String, Vec<u8>>>);

impl SecretStore for Ring {
    fn put(&self, name: &str, secret: &[u8], _seconds: Option<u32>) -> Result<(), KeyringError> {
        self.0.lock().unwrap().insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        Ok(self.0.lock().unwrap().get(name).cloned().map(Zeroizing::new))
    }

    fn forget(&self, name: &str) -> Result<bool, KeyringError> {
        Ok(self.0.lock().unwrap().remove(name).is_some())
    }

    fn check(&self) -> Result<(), KeyringError> {
        Ok(())
    }
}

/// The servers of a file of settings, and the keyring.
fn servers(file: &Path, ring: &Arc<Ring>) -> Screen {
    let desk = Desk::new();
    let mut screen = Screen::with(80, 24, |start| {
        with(&desk)(start);
        start.config.admin.servers.clear();
        start.settings_file = Some(file.to_owned());
        start.tokens = Arc::clone(ring) as Arc<dyn SecretStore + Send + Sync>;
    });
    screen.keys("A").says("No server is set up");
    screen
}

#[test]
fn a_server_is_added_edited_removed_and_brought_back() {
    let dir = tempfile::tempdir().unwrap();
    let (file, ring) = (dir.path().join("sesam/config.toml"), Arc::new(Ring::default()));
    let mut screen = servers(&file, &ring);
    screen.keys("a").says("Add a server").types("mfa-new").keys("<tab>").types("mfa.corp.example");
    screen
        .keys("<tab> <tab> <ctrl-u>")
        .types("test")
        .keys("<tab> <tab>")
        .paste("sesam_key_secret")
        .is_silent_about("sesam_key");
    screen
        .keys("<ctrl-s>")
        .until("mfa-new is set up")
        .until("ok ")
        .says("TEST")
        .says("https://mfa.corp.example");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("[admin.servers.mfa-new]") && written.contains("kind = \"test\""), "{written}");
    assert!(!written.contains("sesam_key"), "no token in the settings: {written}");
    assert_eq!(ring.0.lock().unwrap()["admin/mfa-new"], b"sesam_key_secret");
    screen.keys("e").says("Edit server").keys("<shift-tab> <shift-tab> <space> <ctrl-s>").until("TEST ro");
    assert_eq!(ring.0.lock().unwrap().len(), 1, "a token that was not typed stays");
    screen.keys("d").until("u brings both back").says("No server is set up");
    assert!(ring.0.lock().unwrap().is_empty());
    assert!(!std::fs::read_to_string(&file).unwrap().contains("mfa.corp"));
    screen.keys("u").until("mfa-new is back").says("TEST ro");
    assert_eq!(std::fs::read_to_string(&file).unwrap().matches("mfa.corp").count(), 1);
    assert_eq!(ring.0.lock().unwrap().len(), 1);
}

#[test]
fn what_is_no_profile_is_told_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (file, ring) = (dir.path().join("config.toml"), Arc::new(Ring::default()));
    let mut screen = servers(&file, &ring);
    screen.keys("a <ctrl-s>").says("The name is 1 to 64").types("far").keys("<tab> <ctrl-u>");
    screen.types("http://mfa.example.com").keys("<ctrl-s>").says("http").is_silent_about("is set up");
    screen.keys("<ctrl-u>").types("https://mfa.example.com").keys("<ctrl-s>").says("A server needs a token");
    assert!(!file.exists() && ring.0.lock().unwrap().is_empty());
    screen.keys("<esc>").says("No server is set up");
}

#[test]
fn another_program_has_rows_of_its_own_and_the_vault_can_keep_the_password() {
    let dir = tempfile::tempdir().unwrap();
    let (file, ring) = (dir.path().join("config.toml"), Arc::new(Ring::default()));
    let mut screen = servers(&file, &ring);
    screen
        .keys("a")
        .says("API key")
        .is_silent_about("Realm")
        .types("pi")
        .keys("<tab>")
        .types("mfa.corp.example");
    screen.keys("<tab> <space>").says("Keycloak").says("Client").keys("<space>").says("privacyIDEA");
    screen.says("Token").is_silent_about("Client").keys("<tab> <tab>").types("ada").says("Password");
    screen.keys("<tab>").says("Code from").types("mfa ada").keys("<tab>").types("corp");
    screen.keys("<tab>").types("a secret").is_silent_about("a secret");
    screen.keys("<tab> <space>").says("Kept in     the vault").keys("<ctrl-s>").until("in memory alone");
    assert!(!file.exists(), "a profile whose password could not be kept is none");
    screen.keys("<space>").says("Kept in     the system keyring").keys("<ctrl-s>").until("pi is set up");
    let written = std::fs::read_to_string(&file).unwrap();
    for line in ["provider = \"privacyidea\"", "user = \"ada\"", "otp = \"mfa ada\"", "realm = \"corp\""] {
        assert!(written.contains(line), "{line} in {written}");
    }
    assert_eq!(ring.0.lock().unwrap()["admin/pi"], b"a secret");
    screen.keys("e").says("Edit server").keys("<shift-tab>").says("[ Save ]");
    screen.keys("<shift-tab> <shift-tab> <shift-tab> <space> <ctrl-s>").says("Type the password once more");
    screen.keys("<esc>");
}

#[test]
fn the_demo_keeps_no_servers() {
    let mut screen = Screen::with(80, 24, with(&Desk::new()));
    screen.keys("A a").says("The demo keeps no servers").keys("d").says("The demo keeps no servers");
}
