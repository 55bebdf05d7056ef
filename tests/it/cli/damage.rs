//! Files that are not what was written: which copy is good is said, and one command takes it.

use std::{fs, path::PathBuf};

use sesam::{
    crypt::{Identity, passphrase::Passphrase},
    vault::{Place, unlock::IdentityFile},
};

use super::sesam::{Home, PASSPHRASE, SECRET, full, starting_with, write};

/// Bytes and lengths spread over the file; every one of them in the unit tests of the vault.
#[test]
fn a_damaged_vault_says_which_copy_is_good_and_restore_takes_it() {
    let home = Home::with_accounts();
    home.run(&["unlock", "--for", "1h"]).ok();
    let good = fs::read(home.vault()).unwrap();
    let opens = if full() { 200 } else { 48 };
    for at in 0..opens / 2 {
        let place = at * good.len() / (opens / 2);
        let mut flipped = good.clone();
        flipped[place] ^= 1;
        refuses(&home, &flipped);
        refuses(&home, &good[..place]);
    }
    refuses(&home, &[&good[..], b"x"].concat());
    refuses(&home, &vec![0; good.len()]);

    home.run(&["vault", "restore"]).ok();
    assert_eq!(home.names(), ["GitHub:hugo", "GitLab:hugo"], "the version before the last change");
    let aside: Vec<PathBuf> = starting_with(&home.path("data/sesam/backups"), "damaged-");
    assert_eq!(aside.len(), 1, "the damaged one is kept");
    home.run(&["vault", "verify"]).ok();
}

/// Every command refuses these bytes in the place of the vault.
fn refuses(home: &Home, bytes: &[u8]) {
    write(&home.vault(), bytes);
    let said = home.bare(&["list"]).fails(10);
    assert!(said.contains("is good (generation 3, accounts: 2)"), "{said}");
    assert!(said.contains("take it with: sesam vault restore"), "{said}");
    let said = home.run_with(&["add", "X", "--secret-stdin"], SECRET).fails(10);
    assert!(said.contains("sesam vault restore"), "{said}");
    assert_eq!(fs::read(home.vault()).unwrap(), bytes, "nothing was written");
}

#[test]
fn a_damaged_identity_comes_back_from_its_copy() {
    let home = Home::with_accounts();
    let identity = home.vault_dir().join("identity.age");
    let good = fs::read(&identity).unwrap();
    let vault = fs::read(home.vault()).unwrap();
    let tries = if full() { 40 } else { 10 };
    for at in 0..tries {
        let mut bad = good.clone();
        bad[at * good.len() / tries] ^= 0x80;
        for bad in [&bad[..], &good[..at * good.len() / tries]] {
            write(&identity, bad);
            let ran = home.run(&["list"]);
            assert!(ran.code == 10 || ran.code == 4, "{ran:?}");
            assert!(ran.stderr.contains("sesam vault restore"), "{ran:?}");
            home.run(&["vault", "restore"]).ok();
            assert_eq!(fs::read(&identity).unwrap(), good);
            assert_eq!(fs::read(home.vault()).unwrap(), vault, "the good vault is left alone");
        }
    }
    fs::remove_file(&identity).unwrap();
    assert!(home.run(&["list"]).fails(10).contains("it is missing"));
    home.run(&["vault", "restore"]).ok();
    assert_eq!(home.names().len(), 3);
}

#[test]
fn a_vault_that_is_gone_comes_back_too() {
    let home = Home::with_accounts();
    fs::remove_file(home.vault()).unwrap();
    let said = home.run(&["list"]).fails(10);
    assert!(said.contains("vault.age is missing") && said.contains("sesam vault restore"), "{said}");
    home.run(&["vault", "create"]).fails(6);
    home.run(&["vault", "restore"]).ok();
    assert_eq!(home.names(), ["GitHub:hugo", "GitLab:hugo"]);
}

#[test]
fn a_vault_of_a_newer_program_is_left_as_it_is() {
    let home = Home::with_accounts();
    let identity = identity(&home);
    let text = |mac: &str, schema: u32| {
        format!(
            "mac = \"{mac}\"\nschema = {schema}\nvault_id = \"00\"\ngeneration = 9\nwriter = \"sesam 9.1\"\n"
        )
    };
    let plain = text(&"0".repeat(64), 99);
    let sealed = identity.recipient().encrypt(plain.as_bytes());
    write(&home.vault(), &sealed);
    for arguments in [&["list"][..], &["add", "X", "--generate"], &["vault", "verify"]] {
        let ran = home.run(arguments);
        assert_eq!(ran.code, 10, "{ran:?}");
        assert_eq!(fs::read(home.vault()).unwrap(), sealed, "nothing was written");
    }
    write(&home.vault(), "age-encryption.org/v2\n-> X25519 x\n");
    let error = home.run(&["list", "--json"]).error(10);
    assert_eq!(error["kind"], "newer_version");
}

#[test]
fn a_forged_vault_is_refused() {
    let home = Home::with_accounts();
    let plain = format!(
        "mac = \"{}\"\nschema = 1\nvault_id = \"{}\"\ngeneration = 9\n",
        "0".repeat(64),
        "0".repeat(32)
    );
    let sealed = identity(&home).recipient().encrypt(plain.as_bytes());
    write(&home.vault(), &sealed);
    let error = home.run(&["list", "--json"]).error(10);
    assert_eq!(error["kind"], "forged");
    assert!(error["hint"].as_str().unwrap().contains("sesam vault restore"), "{error}");
    home.run(&["vault", "restore"]).ok();
}

/// The identity of a home's vault.
fn identity(home: &Home) -> Identity {
    let place = Place::new(&home.vault_dir());
    let file = IdentityFile::read(&place).expect("an identity");
    let passphrase = Passphrase::new(PASSPHRASE).expect("not empty");
    file.open(&passphrase, &place).expect("our passphrase").identities.remove(0)
}
