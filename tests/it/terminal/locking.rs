//! A vault that closes: by itself after a while, and against whoever does not know its passphrase.

use super::{
    picture::{codes, rows},
    pty::{ANSWERS, Pty},
};
use crate::cli::sesam::{Home, PASSPHRASE, program, write};

#[test]
fn a_vault_from_the_keyring_closes_by_itself_and_wants_its_passphrase() {
    let home = Home::with_accounts();
    write(&home.path("config/sesam/config.toml"), "[lock]\nafter = \"5s\"\n");
    let unlocked = home.run(&["unlock", "--for", "15m"]);
    if unlocked.code != 0 {
        return crate::cli::sesam::skipped("there is no keyring here");
    }
    let pty = Pty::run(&home, &[&program()], &[], (ANSWERS, (80, 24)));
    let picture = pty.sees("Locked after 5 s");
    assert!(codes(&picture).is_empty() && !picture.contains("GitHub"), "{picture}");
    pty.types(&format!("{PASSPHRASE}\r"));
    pty.shows("the list", |picture| rows(picture) == 3);
    pty.types("L");
    pty.sees("Locked by you");
    pty.types("\x03");
    pty.ends();
}

/// Types a wrong passphrase and waits for the answer to it.
#[track_caller]
fn types_nonsense(pty: &Pty) {
    // The sentence goes while the vault is being opened, and is drawn anew.
    let drawn = || pty.bytes().matches("Caps").count();
    let before = drawn();
    pty.types("not this one\r");
    pty.shows("a refusal", |picture| picture.contains("did not open") && drawn() > before);
}

#[test]
fn three_wrong_passphrases_make_each_further_try_wait_longer() {
    let home = Home::with_accounts();
    let pty = Pty::run(&home, &[&program()], &[], (ANSWERS, (80, 24)));
    let picture = pty.sees("Passphrase");
    assert!(picture.contains("locked") && !picture.contains("GitHub"), "{picture}");
    for _ in 0..2 {
        types_nonsense(&pty);
        assert!(!pty.picture().contains("next try"), "{}", pty.picture());
    }
    for seconds in [1, 2, 4] {
        types_nonsense(&pty);
        pty.sees(&format!("The next try is possible in {seconds} s."));
        pty.types("\r");
        pty.shows("the end of the pause", |picture| !picture.contains("next try"));
    }
    pty.types(&format!("{PASSPHRASE}\r"));
    pty.shows("the list", |picture| rows(picture) == 3);
    pty.types("q");
    assert_eq!(pty.ends().code, 0);
}

#[test]
fn ctrl_c_works_while_the_next_try_waits() {
    let home = Home::with_accounts();
    let pty = Pty::shell(&home, &format!("{}; echo EXIT=$?", program()));
    pty.sees("Passphrase");
    for _ in 0..3 {
        types_nonsense(&pty);
    }
    pty.sees("The next try");
    pty.types("\x03");
    assert_eq!(pty.ends().picture.trim(), "EXIT=130");
}
