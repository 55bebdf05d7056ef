//! The corpus of malicious files as `sesam import` meets it, and files too large or too strange to lie in a corpus.
//! Archives are left to where archives are read.

use std::{
    fs::{self, File},
    os::unix::ffi::OsStrExt as _,
    path::Path,
    time::Instant,
};

use serde_json::Value;

use crate::cli::{
    hostile::safe,
    sesam::{Home, Ran, run, shared, write},
};

#[test]
fn every_malicious_file_ends_as_it_should() {
    let Some(manifest) = shared("malicious/manifest.json") else { return };
    let root = manifest.parent().unwrap();
    let manifest: Value = serde_json::from_str(&fs::read_to_string(&manifest).unwrap()).unwrap();
    let entries = manifest["entries"].as_array().unwrap().iter();
    let ours = entries.filter(|entry| SURFACES.contains(&entry["surface"].as_str().unwrap_or_default()));
    let home = Home::with_vault();
    let _ = home.run(&["unlock", "--for", "10m"]); // saves the scrypt of each run where there is a keyring
    let (mut checked, mut faults) = (0, Vec::new());
    for entry in ours {
        let file = entry["file"].as_str().map(Path::new);
        let Some(file) = file.filter(|file| file.extension().is_none_or(|end| end != "zip")) else {
            continue;
        };
        checked += 1;
        if let Err(fault) = check(&home, &root.join(file), entry) {
            faults.push(format!("{}: {fault}", entry["id"]));
        }
    }
    println!("{checked} files");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(checked > 60);
}

/// What is expected of the run: its exit, an unchanged vault where it failed, and nothing that a terminal obeys.
fn check(home: &Home, file: &Path, entry: &Value) -> Result<(), String> {
    let before = fs::read(home.vault()).unwrap();
    let ran = import(home, file);
    let asserts = entry["asserts"].to_string();
    let unchanged = fs::read(home.vault()).unwrap() == before;
    let names = |id: &str, word: &str| !asserts.contains(id) || ran.stderr.to_lowercase().contains(word);
    let words = names("message_names_period", "period")
        && names("message_names_digits", "digits")
        && (names("message_has_line", "line ") || ran.stderr.contains("of no format"))
        && names("message_has_position", "line ")
        && names("message_names_version", "version")
        && names("message_names_entry", "entry ")
        && names("skipped_entry_named", "entry ");
    let ends = match entry["exit"].as_str().unwrap_or_default() {
        "0" => ran.code == 0 || ran.code == PARTLY && entry["expect"] == "warn",
        "9" => ran.code == PARTLY,
        _ if asserts.contains("\"or_") => true,
        _ => ran.code != 0 && (unchanged || !asserts.contains("state_unchanged")),
    };
    if ran.code == 0 || ran.code == PARTLY {
        for arguments in [&["list"][..], &["list", "--json"]] {
            safe(&home.run(arguments));
        }
        if !unchanged {
            home.run(&["undo"]).ok(); // the next file may hold the same account
        }
    }
    if ends && words { Ok(()) } else { Err(format!("{ran:?}, unchanged: {unchanged}")) }
}

fn import(home: &Home, file: &Path) -> Ran {
    let start = Instant::now();
    let mut command = home.command(&["import", "--source-passphrase-file", "-"]);
    let ran = run(command.arg(file).arg("--passphrase-file").arg(home.passphrase_file()), "pw\n");
    assert!(start.elapsed().as_secs() < 20, "{} took {:?}", file.display(), start.elapsed());
    safe(&ran);
    ran
}

#[test]
fn what_is_too_large_or_never_ends_is_refused() {
    let home = Home::with_vault();
    let large = home.path("large.json");
    write(&large, "{\"version\":1,\"header\":{\"slots\":null,\"params\":null},\"db\":{\"entries\":[\"");
    File::options().write(true).open(&large).unwrap().set_len(1 << 30).unwrap();
    for (file, words) in [(large.as_path(), "32 MiB"), (Path::new("/dev/zero"), "it is a device")] {
        let ran = import(&home, file);
        assert!(ran.code != 0 && ran.stderr.contains(words), "{ran:?}");
    }
    let line = home.path("line.txt");
    write(&line, format!("otpauth://totp/{}?secret=GEZDGNBVGY3TQOJQ", "a".repeat(16 << 20)));
    let ran = import(&home, &line);
    assert!(ran.code != 0 && ran.stderr.len() < 10_000, "{}", ran.code);
}

#[test]
fn a_name_that_is_no_file_is_told_without_its_escapes() {
    let home = Home::with_vault();
    for name in [&b"/no/such"[..], b"PATH\x1b]0;x\x07", b"\xff\xfe\x9b31m"] {
        let ran = import(&home, Path::new(std::ffi::OsStr::from_bytes(name)));
        assert!(ran.code != 0 && !ran.stderr.is_empty(), "{ran:?}");
    }
}

const SURFACES: [&str; 3] = ["import", "migration", "uri"];
/// The exit of what came in only in parts.
const PARTLY: i32 = 9;
