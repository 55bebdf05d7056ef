//! Other programs open the vault: nobody is locked in.

use super::{
    sesam::{Home, PASSPHRASE, SECRET, installed, skipped},
    terminal::in_a_terminal,
};

#[test]
fn age_prints_the_accounts() {
    opens_with("age");
}

#[test]
fn rage_prints_the_accounts() {
    opens_with("rage");
}

/// `age -d -i identity.age vault.age`, with the passphrase typed on the terminal that it asks for.
fn opens_with(program: &str) {
    if !installed(program) {
        return skipped(&format!("{program} is not installed"));
    }
    let home = Home::with_accounts();
    let plain = home.path("plain.toml");
    // rage would open a window for the passphrase where there is a program for it.
    let shell = format!("PINENTRY_PROGRAM='' {program} -d -i identity.age vault.age > '{}'", plain.display());
    let asked = in_a_terminal(&shell, &home.vault_dir(), &format!("{PASSPHRASE}\r"));
    let text = std::fs::read_to_string(&plain).unwrap_or_default();
    assert!(text.starts_with("mac = \""), "{asked}");
    for words in ["issuer = \"GitHub\"", "account = \"hugo\"", "tags = [\"work\"]", "counter = 5", SECRET] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}
