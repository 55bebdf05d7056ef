//! The import wizard: items 27, 28 and 36 of the checklist, and ten kinds of files into an empty vault.

use std::{path::PathBuf, time::SystemTime};

use super::{
    picture::row,
    tmux::{Start, Tmux, USUAL},
};
use crate::cli::sesam::{Home, SECRET, write};

/// The passphrase of the encrypted files.
const FOREIGN: &str = "käse 7";

/// A file of another app.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/formats/files").join(name)
}

/// The vault's bytes, and when they were written.
fn vault(home: &Home) -> (Vec<u8>, SystemTime) {
    let modified = std::fs::metadata(home.vault()).and_then(|facts| facts.modified());
    (std::fs::read(home.vault()).expect("a vault"), modified.expect("a file system with times"))
}

/// Names a file in the wizard.
fn names(tmux: &Tmux<'_>, path: &str) {
    tmux.keys(&["i"]);
    tmux.sees("step 1 of 3");
    tmux.types(path);
}

/// Up to the preview of a plain file.
fn preview(tmux: &Tmux<'_>, path: &str) -> String {
    names(tmux, path);
    tmux.keys(&["Enter"]);
    tmux.sees("step 2 of 3")
}

/// The whole import, and back to the list.
fn imports(tmux: &Tmux<'_>) -> String {
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("step 3 of 3");
    tmux.keys(&["Enter"]);
    tmux.sees("q quit");
    picture
}

#[test]
fn item_27_the_same_file_twice_and_one_undo_for_all_of_it() {
    let home = Home::with_accounts();
    let Some(tmux) = Tmux::vault(&home, "twice", &[]) else { return };
    let path = file("winauth.zip").display().to_string();
    names(&tmux, &path);
    tmux.sees("needs its password");
    tmux.keys(&["Enter"]);
    tmux.types(FOREIGN);
    tmux.keys(&["Enter"]);
    let found = tmux.sees("nothing is written yet");
    assert!(!found.contains(" same"), "{found}");
    imports(&tmux);
    let (first, before) = (home.names(), vault(&home));
    assert!(first.len() > 3, "{first:?}");

    names(&tmux, &path);
    tmux.sees("needs its password");
    tmux.keys(&["Enter"]);
    tmux.types(FOREIGN);
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("nothing is written yet");
    let counts = row(&picture, "nothing is written yet");
    assert!(
        counts.contains(" same ") && !counts.contains(" new ") && !counts.contains("differs"),
        "{picture}"
    );
    assert!(picture.contains("0 will be added"), "{picture}");
    tmux.keys(&["Enter"]);
    tmux.sees("There is nothing to add");
    tmux.keys(&["Escape"]);
    tmux.sees("step 1 of 3");
    tmux.keys(&["Escape"]);
    tmux.sees(&format!("[All {}]", first.len()));
    assert_eq!((home.names(), vault(&home)), (first, before));

    tmux.keys(&["u"]);
    tmux.sees("Undone: import");
    assert_eq!(home.names(), ["GitHub:hugo", "GitLab:hugo", "Old router"]);
}

#[test]
fn item_28_the_preview_writes_nothing() {
    let home = Home::with_accounts();
    let before = vault(&home);
    let Some(tmux) = Tmux::vault(&home, "preview", &[]) else { return };
    let picture = preview(&tmux, &file("aegis.json").display().to_string());
    assert!(row(&picture, "7 found").contains("nothing is written yet"), "{picture}");
    assert!(picture.contains(" 5 will be added."), "{picture}");
    tmux.keys(&["Space"]);
    tmux.sees(" 4 will be added.");
    tmux.keys(&["Space"]);
    tmux.sees(" 5 will be added.");
    tmux.keys(&["Escape"]);
    tmux.sees("step 1 of 3");
    tmux.keys(&["Escape"]);
    tmux.sees("[All 3]");
    tmux.keys(&["q"]);
    assert_eq!(tmux.ends(), 0);
    assert_eq!(vault(&home), before);
}

#[test]
fn item_36_a_name_from_a_file_is_shown_and_never_obeyed() {
    let home = Home::with_vault();
    let path = home.path("evil.txt");
    write(&path, format!("otpauth://totp/%1B%5D0%3Bpwn%07%20a%E2%80%AEb?secret={SECRET}"));
    let Some(tmux) = Tmux::vault(&home, "evil", &[]) else { return };
    let title = tmux.variable("pane_title");
    let visible = |picture: String| {
        assert!(picture.contains("\\x1b]0;pwn\\x07") && picture.contains("\\u{202E}"), "{picture}");
        assert!(!picture.contains(['\u{202e}', '\u{7}']), "{picture}");
    };
    visible(preview(&tmux, &path.display().to_string()));
    let picture = imports(&tmux);
    assert!(picture.contains("1 account added"), "{picture}");
    tmux.resize((140, 40));
    visible(tmux.sees("[All 1]"));
    let now = tmux.variable("pane_title");
    assert!(now == title || !now.contains("pwn"), "{now}");
}

#[test]
fn the_wizard_takes_ten_kinds_of_files_into_an_empty_vault() {
    let home = Home::with_vault();
    let Some(tmux) = Tmux::vault(&home, "ten", &[]) else { return };
    let files = [
        ("2fas.2fas", ""),                 // JSON
        ("aegis-encrypted.json", FOREIGN), // scrypt
        ("qr-page.jpg", ""),               // a picture of several codes
        ("winauth.zip", FOREIGN),          // an encrypted archive
        ("keepass3.kdbx", FOREIGN),
        ("google.sqlite", ""),
        ("bitwarden.csv", ""),
        ("authy.xml", ""),
        ("battlenet.xml", ""),
    ];
    let mut before = 0;
    for (name, passphrase) in files {
        names(&tmux, &file(name).display().to_string());
        if !passphrase.is_empty() {
            tmux.sees("needs its password");
            tmux.keys(&["Enter"]);
            tmux.types(passphrase);
        }
        tmux.keys(&["Enter"]);
        tmux.sees("step 2 of 3");
        let done = imports(&tmux);
        let now = home.names().len();
        assert!(done.contains(" added") && now > before, "{name}: {done}");
        tmux.sees(&format!("[All {now}]"));
        before = now;
    }
    let export = std::fs::read_to_string(file("google.txt")).expect("a fixture");
    tmux.pastes(export.lines().next().expect("a link"));
    tmux.sees("step 2 of 3");
    let done = imports(&tmux);
    let names = home.names();
    assert!(done.contains(" added") && names.len() > before, "{done}");
    tmux.sees(&format!("[All {}]", names.len()));
    for name in ["Acme:alice", "Steam:carol", "Bank:bob", "Mail:carol", "Plain:carol"] {
        assert!(names.iter().any(|own| own == name), "{name} in {names:?}");
    }
    assert!(names.iter().any(|own| own.starts_with("Battle.net:EU-")), "{names:?}");
}

#[test]
fn an_encrypted_file_among_several_asks_for_its_password() {
    let home = Home::with_vault();
    let Some(tmux) = Tmux::vault(&home, "among", &[]) else { return };
    let (plain, sealed) =
        (file("2fas.2fas").display().to_string(), file("aegis-encrypted.json").display().to_string());
    names(&tmux, &format!("'{plain}' '{sealed}'"));
    let picture = tmux.sees("1 encrypted, needs its password");
    assert!(picture.contains("Password"), "{picture}");
    tmux.keys(&["Enter"]);
    tmux.types(FOREIGN);
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("step 2 of 3");
    assert!(!picture.contains("no passphrase") && picture.contains("2 files"), "{picture}");
    imports(&tmux);
    tmux.keys(&["u"]);
    tmux.sees("Undone: import several");
    assert!(home.names().is_empty());
}

#[test]
fn a_window_too_small_for_all_keys_names_the_way_on_and_back() {
    let home = Home::with_vault();
    let arguments = format!("--passphrase-file '{}'", home.passphrase_file().display());
    let start = Start { name: "small", arguments: &arguments, variables: &[], size: USUAL };
    let Some(tmux) = Tmux::start(&home, &start) else { return };
    tmux.sees("q quit");
    preview(&tmux, &file("aegis.json").display().to_string());
    tmux.resize((30, 4));
    tmux.sees("Enter import");
    tmux.resize((60, 15));
    tmux.sees("5 will be added");
}
