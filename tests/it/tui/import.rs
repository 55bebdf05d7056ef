//! The wizard: from a file or a pasted text to accounts, and back.

use std::path::{Path, PathBuf};

use tempfile::{TempDir, tempdir};

use super::screen::Screen;
use crate::cli::sesam::write;

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const THIRD: &str = "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU";
const OTHER: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// An open vault with the account `GitLab hugo`, and a directory for files.
fn open() -> (TempDir, Screen) {
    let dir = tempdir().unwrap();
    let mut screen = Screen::first_run(dir.path(), (80, 24));
    screen.keys("1").types("six words are more than enough").keys("<enter>");
    screen.types("six words are more than enough").keys("<enter>").until("No accounts yet");
    screen.says("i   import from another app");
    screen.paste(&format!("otpauth://totp/GitLab:hugo?secret={SECRET}&issuer=GitLab"));
    screen.keys("<ctrl-s>").until("Added GitLab hugo");
    (dir, screen)
}

/// A list with one of each state: new, same, differs, repaired, bad.
fn list(dir: &Path) -> PathBuf {
    let path = dir.join("links.txt");
    let links = [
        format!("otpauth://totp/GitHub:hugo?secret={THIRD}&issuer=GitHub"),
        format!("otpauth://totp/GitLab:hugo?secret={SECRET}&issuer=GitLab"),
        format!("otpauth://totp/GitLab:hugo?secret={OTHER}&issuer=GitLab"),
        "otpauth://totp/VPN:hhs?secret=MFRG GZDF MZTW Q2LK MFRG GZDF MZTW Q2LK&issuer=VPN".to_owned(),
        "otpauth://totp/Old:admin?secret=1188&issuer=Old".to_owned(),
    ];
    write(&path, links.join("\n"));
    path
}

/// The preview of a file.
fn preview(screen: &mut Screen, path: &Path) {
    screen.keys("i").says("step 1 of 3: source").types(&path.display().to_string());
    screen.until("entries: otpauth links").keys("<enter>").until("step 2 of 3: preview");
}

fn vault(dir: &Path) -> Vec<u8> {
    std::fs::read(dir.join("vault.age")).unwrap()
}

#[test]
fn every_entry_is_shown_with_its_state_before_anything_is_written() {
    let (dir, mut screen) = open();
    let before = vault(dir.path());
    preview(&mut screen, &list(dir.path()));
    screen.says("5 found   1 new  1 repaired  1 same  1 differs  1 bad   nothing is written yet");
    let lines = screen.lines();
    let row = |word: &str, name: &str| {
        let found = lines.iter().any(|line| line.contains(word) && line.contains(name));
        assert!(found, "{word} {name} in\n{}", lines.join("\n"));
    };
    row("[x]  new", "GitHub");
    row("[ ]  same", "already here, identical");
    row("[x]  differs", "secret differs: keep both");
    row("[x]  repair", "VPN");
    row("[ ]  bad", "Old");
    screen.says("3 will be added.").says("Codes now, to compare with the old app:  GitHub");
    screen.keys("<space>").says("2 will be added.").keys("<space>").says("3 will be added.");
    screen.keys("j <space>").says("nothing to choose").keys("a").says("1 will be added.");
    screen.keys("j o").says("secret differs: replace").says("0 will be added, 1 replaced");
    screen.says("GitLab old ").says("  new ");
    screen
        .keys("o")
        .says("secret differs: skip")
        .says("0 will be added.")
        .keys("<enter>")
        .says("nothing to add");
    screen.keys("<esc>").says("step 1 of 3").keys("<esc>").says("GitLab");
    assert_eq!(vault(dir.path()), before);
}

#[test]
fn an_import_is_one_step_and_one_key_takes_it_back() {
    let (dir, mut screen) = open();
    preview(&mut screen, &list(dir.path()));
    screen.keys("<enter>").until("Import finished");
    screen.says("3 accounts added, 1 skipped (same), 1 not readable").says("show the 1 bad entry");
    screen.keys("b").says("line 5: Old:admin:").keys("<esc>");
    screen
        .keys("u")
        .until("The whole import was undone")
        .is_silent_about("shred")
        .keys("<enter>")
        .says("[All 1]")
        .is_silent_about("VPN");
}

#[test]
fn the_same_file_again_is_all_the_same_and_changes_nothing() {
    let (dir, mut screen) = open();
    let path = list(dir.path());
    preview(&mut screen, &path);
    screen.keys("<enter>").until("Import finished").keys("<enter>").until("[All 4]");
    let before = vault(dir.path());
    preview(&mut screen, &path);
    screen.says("4 same  1 bad").says("0 will be added").keys("<enter>").says("nothing to add");
    assert_eq!(vault(dir.path()), before);
}

#[test]
fn an_encrypted_file_asks_for_its_password_and_says_when_it_is_wrong() {
    let (_dir, mut screen) = open();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/formats/files/aegis-encrypted.json");
    screen.keys("i").types(&path.display().to_string()).until("needs its password");
    screen.keys("<enter>").types("no such").keys("<enter>").until("did not open the file");
    screen.types("käse 7").keys("<enter>").until("step 2 of 3").says("aegis-encrypted.json");
}

#[test]
fn a_pasted_export_of_google_opens_the_wizard_filled() {
    let (_dir, mut screen) = open();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/formats/files/google-last.txt");
    screen.paste(&std::fs::read_to_string(file).unwrap()).until("step 2 of 3").says("pasted text");
    screen.keys("<esc>").says("step 1 of 3").says("Source   pasted text");
    screen.keys("x").is_silent_about("pasted text");
}

#[test]
fn a_pasted_list_is_read_and_a_file_that_is_none_is_told() {
    let (dir, mut screen) = open();
    let list = std::fs::read_to_string(list(dir.path())).unwrap();
    screen.keys("i").paste(&list).until("5 entries").keys("<enter>").until("5 found").keys("<esc> <esc>");
    let photo = dir.path().join("note.txt");
    write(&photo, "dear diary");
    screen.keys("i").types(&photo.display().to_string()).until("a text of no format").keys("<enter>");
    screen.until("sesam import --formats").keys("<esc>");
    screen
        .keys("i <enter>")
        .says("Type, drop or paste")
        .types("/nonexistent/x")
        .keys("<enter>")
        .until("no such file");
    screen
        .keys("<esc> i")
        .types(&dir.path().display().to_string())
        .until("it is a directory")
        .keys("<esc>")
        .says("GitLab");
}

#[test]
fn the_export_is_shredded_after_its_word_was_typed() {
    let (dir, mut screen) = open();
    let path = list(dir.path());
    preview(&mut screen, &path);
    screen.keys("<enter>").until("Import finished").says("shred the export file");
    screen
        .keys("s")
        .says("will be overwritten")
        .types("yes")
        .keys("<enter>")
        .says("Type shred")
        .keys("<esc>");
    assert!(path.exists());
    screen.keys("s").types("shred").keys("<enter>").says("was overwritten and removed");
    assert!(!path.exists());
    screen.is_silent_about("shred the export file").keys("<enter>").until("[All 4]");
}

#[test]
fn a_file_that_gave_nothing_is_named_at_the_end_and_never_shredded() {
    let (dir, mut screen) = open();
    let note = dir.path().join("note.txt");
    write(&note, "dear diary");
    let both = format!("{} {}", list(dir.path()).display(), note.display());
    screen.keys("i").types(&both).until("5 entries; 1 cannot be read").keys("<enter>").until("5 found");
    screen
        .keys("<enter>")
        .until("Import finished")
        .says("1 not readable, 1 file not")
        .says("shred the export file");
    screen.says("1 bad entry and 1 unread file").keys("b").says("a text of no format").keys("<esc> s");
    let text = screen.text().replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("1 entry could not be read and is lost with it."), "{text}");
    screen.types("shred").keys("<enter>").says("was overwritten");
    assert!(note.exists() && !dir.path().join("links.txt").exists());
}

/// A picture of a link, as a phone would show it.
fn picture(dir: &Path, name: &str, link: &str) -> PathBuf {
    let path = dir.join(name);
    let qr = sesam::qr::Qr::encode(link).unwrap();
    write(&path, qr.png(8));
    path
}

#[test]
fn pictures_are_chosen_from_the_directory_and_read_together() {
    let (dir, mut screen) = open();
    let photos = dir.path().join("photos");
    std::fs::create_dir(&photos).unwrap();
    picture(&photos, "a.png", &format!("otpauth://totp/GitHub:hugo?secret={THIRD}&issuer=GitHub"));
    picture(&photos, "b.png", &format!("otpauth://totp/Grafana:hugo?secret={OTHER}&issuer=Grafana"));
    screen.keys("i").types(&photos.display().to_string()).keys("<ctrl-o>").says("Files to import");
    screen.says("[ ] a.png").says("[ ] b.png").keys("<left>").says("photos/").keys("<enter>").says("a.png");
    screen.keys("<space> <space> <enter>").until("2 files").keys("<enter>").until("2 found   2 new");
    screen.says("GitHub").says("Grafana").keys("<enter>").until("2 accounts added");
}

#[test]
fn the_list_of_files_goes_up_from_wherever_it_begins() {
    let (_dir, mut screen) = open();
    screen.keys("i <ctrl-o>").says("Files to import").says("src/").keys("<left>");
    screen.is_silent_about("cannot be read").keys("<backspace> <esc> <esc>").says("GitLab");
}

#[test]
fn a_picture_fills_the_form_and_one_with_several_names_the_wizard() {
    let (dir, mut screen) = open();
    let photos = dir.path().join("photos");
    std::fs::create_dir(&photos).unwrap();
    picture(&photos, "a.png", &format!("otpauth://totp/GitHub:hugo?secret={THIRD}&issuer=GitHub"));
    screen.keys("a").says("Ctrl-O read QR image").keys("<ctrl-o>").says("Read a QR picture").keys("<esc>");
    screen
        .handle(chosen(photos.join("a.png")))
        .until("GitHub")
        .says("hugo")
        .keys("<ctrl-s>")
        .until("Added GitHub");
    write(&dir.path().join("c.png"), "no picture");
    screen.keys("a").handle(chosen(dir.path().join("c.png"))).until("text of no format").keys("<esc>");
}

/// What the box of files hands down.
fn chosen(path: PathBuf) -> sesam::tui::message::Event {
    sesam::tui::message::Event::Done(sesam::tui::message::Message::Chosen(vec![path]))
}

#[test]
fn names_from_a_file_are_shown_and_never_obeyed() {
    let (dir, mut screen) = open();
    let path = dir.path().join("evil.txt");
    write(&path, format!("otpauth://totp/%1B%5D0%3Bpwn%07:a%E2%80%AEb?secret={OTHER}"));
    screen.keys("i").types(&path.display().to_string()).until("1 entry").keys("<enter>").until("step 2 of 3");
    screen.says("\\x1b]0;pwn\\x07").says("\\u{202E}");
}

#[test]
fn the_preview_fits_into_small_windows() {
    let (dir, mut screen) = open();
    preview(&mut screen, &list(dir.path()));
    for (width, height) in [(140, 40), (60, 15), (40, 10), (30, 4), (20, 2)] {
        screen.resize(width, height);
        let (text, lines) = (screen.text(), screen.lines());
        assert!(width < 24 || text.contains("GitHub"), "{width}x{height}:\n{text}");
        assert!(lines.iter().all(|line| sesam::text::width(line) <= usize::from(width)));
    }
    screen.resize(80, 24).says("GitHub");
}

#[test]
fn the_first_run_leads_into_the_wizard() {
    let dir = tempdir().unwrap();
    let mut screen = Screen::first_run(dir.path(), (80, 24));
    screen
        .says("2  Bring codes from another app")
        .keys("2")
        .types("six words are more than enough")
        .keys("<enter>");
    screen.types("six words are more than enough").keys("<enter>").until("step 1 of 3: source");
    screen.keys("<esc>").says("No accounts yet");
}

#[test]
fn what_opening_a_file_costs_is_said_beforehand() {
    let (dir, mut screen) = open();
    let path = dir.path().join("ente.json");
    let params = r#"{"memLimit":1073741824,"opsLimit":4,"salt":"AAAAAAAAAAAAAAAAAAAAAA=="}"#;
    let sealed = "A".repeat(64);
    write(
        &path,
        format!(
            r#"{{"version":1,"kdfParams":{params},"encryptedData":"{sealed}","encryptionNonce":"{}"}}"#,
            "A".repeat(32)
        ),
    );
    screen.keys("i").types(&path.display().to_string());
    screen.until("needs its password; takes Argon2 over 1024 MiB");
}
