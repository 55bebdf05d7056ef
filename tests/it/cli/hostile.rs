//! The corpus of malicious files, as far as it reaches the command line: links, settings, vaults, identities, pictures.

use std::{fs, path::Path};

use serde_json::Value;

use super::sesam::{Home, Ran, SECRET, run, shared, write};

#[test]
fn links() {
    over("uri", |home, file, entry| {
        let Ok(text) = fs::read(file) else { return };
        let mut command = home.command(&["add", "--uri", "-"]);
        let ran = run(command.arg("--passphrase-file").arg(home.passphrase_file()), &text);
        let several = text.split(|byte| *byte == b'\n').nth(2).is_some();
        match expected(entry) {
            "error" if !several && ran.code == 0 => {
                let may_warn = entry["asserts"].to_string().contains("\"or_");
                assert!(may_warn && ran.stderr.contains("warning: "), "{ran:?}");
            }
            "accept" | "sanitise" | "warn" if !several => assert_eq!(ran.code, 0, "{ran:?}"),
            _ => {}
        }
        safe(&ran);
        for arguments in [
            &["list"][..],
            &["list", "--json"],
            &["show", "id:", "--json"],
            &["code", "id:0"],
            &["trash", "list"],
        ] {
            safe(&home.run(arguments));
        }
        if ran.code == 0 {
            home.run(&["undo"]).ok(); // the next link may be for the same account
        }
    });
}

#[test]
fn settings() {
    over("config", |home, file, entry| {
        let path = file.display().to_string();
        let ran = home.run(&["list", "--config", &path]);
        assert_eq!(ran.code != 0, expected(entry) == "error", "{ran:?}");
        assert!(!ran.stderr.is_empty(), "a line tells of it");
        safe(&ran);
    });
}

#[test]
fn vaults_and_identities() {
    over("vault", |home, file, entry| {
        if !file.is_file() {
            return; // made at run time: a_forged_vault_is_refused, a_damaged_vault_…
        }
        let id = entry["id"].as_str().unwrap_or_default();
        let place = if id.starts_with("v_") { "vault.age" } else { "identity.age" };
        let place = home.vault_dir().join(place);
        let bytes = fs::read(file).expect("a file of the corpus");
        write(&place, &bytes);
        let ran = home.run(&["list"]);
        assert_ne!(ran.code, 0, "{ran:?}");
        safe(&ran);
        assert_eq!(fs::read(&place).expect("still there"), bytes, "it was not touched");
        let asserts = entry["asserts"].to_string();
        if asserts.contains("offers_backup_restore") {
            assert!(ran.stderr.contains("sesam vault restore"), "{ran:?}");
        }
        home.run(&["vault", "restore"]).ok();
        assert_eq!(
            home.run(&["list"]).ok().lines().count(),
            if place.ends_with("vault.age") { 2 } else { 3 }
        );
    });
}

#[test]
fn pictures() {
    over("image", |home, file, entry| {
        let (before, path) = (home.generation(), file.display().to_string());
        let ran = home.run(&["add", "--qr", &path]);
        assert_eq!(ran.code != 0, expected(entry) == "error", "{ran:?}");
        safe(&ran);
        for arguments in [&["list"][..], &["list", "--json"]] {
            safe(&home.run(arguments));
        }
        if ran.code == 0 {
            home.run(&["undo"]).ok();
            return;
        }
        assert_eq!(home.generation(), before, "nothing was written");
        assert!(ran.stderr.starts_with("sesam: ") && ran.stderr.contains("\nhint: "), "{ran:?}");
        let names_limit = !entry["asserts"].to_string().contains("message_names_limit");
        assert!(names_limit || ran.stderr.contains("up to 64 million"), "{ran:?}");
        assert_eq!(home.run(&["import", &path]).stdout, "", "the same file for import");
    });
}

/// Runs a check for each entry of one surface; those that replace files of the vault each in a home of their own.
fn over(surface: &str, check: impl Fn(&Home, &Path, &Value)) {
    let Some(manifest) = shared("malicious/manifest.json") else { return };
    let root = manifest.parent().expect("it lies in a directory").to_owned();
    let text = fs::read_to_string(&manifest).expect("the manifest");
    let manifest: Value = serde_json::from_str(&text).expect("the manifest is JSON");
    let entries = manifest["entries"].as_array().expect("entries");
    let mut checked = 0;
    let shared = Home::with_accounts();
    let _ = shared.run(&["unlock", "--for", "10m"]); // saves a minute of scrypt where there is a keyring
    for entry in entries.iter().filter(|entry| entry["surface"] == surface) {
        let own = (surface == "vault").then(Home::with_accounts);
        let home = own.as_ref().unwrap_or(&shared);
        println!("{}: {}", entry["id"], entry["what"]);
        check(home, &root.join(entry["file"].as_str().unwrap_or("none")), entry);
        checked += 1;
    }
    assert!(checked > 0, "the corpus has nothing for {surface}");
}

fn expected(entry: &Value) -> &str {
    entry["expect"].as_str().unwrap_or_default()
}

/// No byte that a terminal obeys, and no secret.
pub(crate) fn safe(ran: &Ran) {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    let bad = all.chars().find(|c| {
        (c.is_control() && *c != '\n' && *c != '\t')
            || matches!(c, '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert!(bad.is_none(), "{bad:?} in {all:?}");
    assert!(!all.contains(SECRET), "{all}");
}
