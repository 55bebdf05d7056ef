//! A vault on the screen from its first minute on: set up, locked, unlocked, changed by others.

use tempfile::tempdir;

use super::screen::Screen;
use crate::cli::sesam::write;

const LINK: &str = "otpauth://totp/RFC:test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8";

/// A vault that was just created, in a directory of its own.
fn created(dir: &std::path::Path) -> Screen {
    let mut screen = Screen::first_run(dir, (80, 24));
    screen.keys("1").types("six words are more than enough").keys("<enter>");
    screen.types("six words are more than enough").keys("<enter>").until("No accounts yet");
    screen
}

#[test]
fn a_minute_after_the_first_start_a_code_is_copied() {
    let dir = tempdir().unwrap();
    let mut screen = created(dir.path());
    screen.says("The vault is created").paste(LINK).says("Add account").says("RFC");
    screen.keys("<ctrl-s>").until("Added RFC test");
    screen.keys("<enter>");
    assert_eq!(screen.copied().len(), 1);
    assert_eq!(screen.copied()[0].len(), 8);
}

#[test]
fn two_passphrases_that_differ_create_nothing_and_lose_nothing() {
    let dir = tempdir().unwrap();
    let mut screen = Screen::first_run(dir.path(), (80, 24));
    screen.keys("1").types("six words are more").keys("<tab>").types("six words are less").keys("<enter>");
    screen.says("The two are not the same").says("New vault");
    assert!(!dir.path().join("vault.age").exists());
    screen.keys("<backspace> <backspace> <backspace> <backspace>").types("more").keys("<enter>");
    screen.until("No accounts yet");
}

#[test]
fn a_weak_passphrase_is_told_and_taken_on_the_second_try() {
    let dir = tempdir().unwrap();
    let mut screen = Screen::first_run(dir.path(), (80, 24));
    screen.keys("1 hallo <tab> hallo <enter>").says("could guess it").says("very weak");
    screen.keys("<enter>").until("No accounts yet");
}

#[test]
fn proposed_words_are_shown_and_have_to_be_typed_once() {
    let dir = tempdir().unwrap();
    let mut screen = Screen::first_run(dir.path(), (80, 24));
    screen.keys("1 <ctrl-g>").says("Write the six words down").says("bits");
    screen.keys("<enter>").says("The two are not the same");
}

#[test]
fn locked_it_shows_nothing_and_opens_at_the_same_place() {
    let dir = tempdir().unwrap();
    let mut screen = created(dir.path());
    screen.paste(LINK).keys("<ctrl-s>").until("Added RFC test");
    screen.keys("/ rfc <tab> L").says("Locked by you").is_silent_about("RFC").is_silent_about("1 account");
    screen.types("no such words").keys("<enter>").until("did not open the vault");
    screen.types("six words are more than enough").keys("<enter>").until("1 of 1");
    screen.says("RFC").says("/ rfc");
}

#[test]
fn three_wrong_passphrases_have_to_wait() {
    let dir = tempdir().unwrap();
    let mut screen = created(dir.path());
    screen.keys("L");
    for _ in 0..3 {
        screen.types("no").keys("<enter>").until("did not open the vault");
        screen.types("x").keys("<backspace>");
    }
    screen.says("The next try is possible in").wait(40).is_silent_about("The next try");
}

#[test]
fn it_locks_itself_after_five_minutes_without_a_key() {
    let dir = tempdir().unwrap();
    let mut screen = created(dir.path());
    screen.wait(299).says("locks in 0:01").wait(1).says("Locked after 5 min without a key press");
}

#[test]
fn a_demo_has_a_lock_too() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("L").says("any passphrase opens it").keys("<enter>").says("GitHub");
}

/// A created vault with one account and a copy from before a second one, closed, its file cut short.
fn cut_short(dir: &std::path::Path) -> Screen {
    let mut screen = created(dir);
    screen.paste(LINK).keys("<ctrl-s>").until("Added RFC test");
    screen.paste(&LINK.replace("RFC", "Later")).keys("<ctrl-s>").until("Added Later test");
    screen.keys("L").says("Locked by you");
    let whole = std::fs::read(dir.join("vault.age")).unwrap();
    write(&dir.join("vault.age"), &whole[..whole.len() - 100]);
    screen
}

#[test]
fn a_damaged_vault_is_told_and_one_key_takes_the_copy() {
    let dir = tempdir().unwrap();
    let mut screen = cut_short(dir.path());
    screen.types("six words are more than enough").keys("<enter>").until("does not check out");
    screen.says("is good").says("accounts: 1").says("b use the copy").says("Ctrl-C quit");
    screen.keys("b").until("is back; what it replaced is kept").says("RFC").is_silent_about("Later");
    let aside = std::fs::read_dir(dir.path().join("backups")).unwrap();
    let names: Vec<String> = aside.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().any(|name| name.starts_with("damaged-")), "{names:?}");
}

#[test]
fn nothing_of_a_damaged_vault_changes_unless_it_is_asked_for() {
    let dir = tempdir().unwrap();
    let mut screen = cut_short(dir.path());
    let before = std::fs::read(dir.path().join("vault.age")).unwrap();
    screen.types("six words are more than enough").keys("<enter>").until("does not check out");
    screen.keys("<esc>").says("does not check out").says("Passphrase");
    assert_eq!(std::fs::read(dir.path().join("vault.age")).unwrap(), before);
}

#[test]
fn an_older_vault_can_be_kept_or_the_newest_copy_taken() {
    for (key, says) in [("v", "is back"), ("b", "is back")] {
        let dir = tempdir().unwrap();
        let mut screen = created(dir.path());
        screen.paste(LINK).keys("<ctrl-s>").until("Added RFC test");
        let older = std::fs::read(dir.path().join("vault.age")).unwrap();
        screen.paste(&LINK.replace("RFC", "Later")).keys("<ctrl-s>").until("Added Later test").keys("L");
        write(&dir.path().join("vault.age"), &older);
        screen.types("six words are more than enough").keys("<enter>").until("was rolled back");
        screen.says("keep this version").keys(key).until(says).says("RFC").is_silent_about("Later");
    }
}

#[test]
fn another_vault_is_opened_from_the_box_for_the_passphrase() {
    let (dir, other) = (tempdir().unwrap(), tempdir().unwrap());
    drop(created(other.path()));
    let mut screen = created(dir.path());
    screen.paste(LINK).keys("<ctrl-s>").until("Added RFC test").keys("L <ctrl-o>").says("Open another vault");
    screen
        .keys("<enter>")
        .says("Type the path")
        .types("/nonexistent/no-such")
        .keys("<tab>")
        .says("Nothing begins so");
    screen.keys("<enter>").says("There is no vault in").keys("<esc>").says("Locked by you");
    let path = other.path().display().to_string();
    screen.keys("<ctrl-o>").paste(&format!("'{path}/'")).keys("<enter>").says("Unlock");
    screen.types("six words are more than enough").keys("<enter>").until("No accounts yet");
}

#[test]
fn the_first_run_opens_a_vault_that_lies_elsewhere() {
    let (dir, other) = (tempdir().unwrap(), tempdir().unwrap());
    drop(created(other.path()));
    let mut screen = Screen::first_run(dir.path(), (80, 24));
    screen
        .keys("3")
        .says("Open another vault")
        .types(&other.path().display().to_string())
        .keys("<tab> <enter>");
    screen.says("Unlock").types("six words are more than enough").keys("<enter>").until("No accounts yet");
}
