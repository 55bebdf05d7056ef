//! `sesam doctor`: each fault is made on purpose; doctor names it, its effect and the command that cures it, and the
//! command does cure it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::sesam::{Home, Ran, write};

fn doctor(home: &Home) -> Ran {
    home.run(&["doctor", "vault", "--json"])
}

/// The findings that are not good, of a run that ended with 1.
fn faults(ran: &Ran) -> Vec<serde_json::Value> {
    assert_eq!(ran.code, 1, "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["schema"], "sesam.doctor/1");
    let findings = report["findings"].as_array().unwrap();
    findings.iter().filter(|finding| finding["state"] != "good").cloned().collect()
}

/// The one fault, its words checked: what, effect, and the cure, which is returned.
fn one_fault(home: &Home, what: &str) -> String {
    let ran = doctor(home);
    let found = faults(&ran);
    let words = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let finding = found.iter().find(|finding| words(finding, "what").contains(what));
    let finding = finding.unwrap_or_else(|| panic!("no word of \"{what}\" in {found:#?}"));
    assert!(!words(finding, "effect").is_empty(), "{finding}");
    words(finding, "cure")
}

fn all_good(home: &Home) {
    let ran = doctor(home);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

fn mode(path: &Path, bits: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(bits)).unwrap();
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    write(path, bytes);
}

#[test]
fn a_vault_in_order_is_called_so() {
    let home = Home::with_accounts();
    all_good(&home);
    let text = home.run(&["doctor", "vault"]).ok();
    assert!(text.contains("it checks out") && text.contains("accounts: 3"), "{text}");
}

#[test]
fn no_vault_is_named_with_the_way_to_one() {
    let home = Home::new();
    assert!(one_fault(&home, "there is no vault").contains("sesam vault create"));
}

#[test]
fn files_that_others_can_read_or_change_are_named_and_cured() {
    let home = Home::with_accounts();
    for (name, bits, verb) in [
        ("vault.age", 0o644, "read"),
        ("identity.age", 0o664, "change"),
        ("backups", 0o755, "read"),
        ("", 0o770, "change"),
    ] {
        let path = home.vault_dir().join(name);
        mode(&path, bits);
        let path = path.to_str().unwrap().trim_end_matches('/').to_owned();
        let cure = one_fault(&home, &format!("others can {verb} {path}"));
        let (program, rest) = cure.split_once(' ').unwrap();
        let (wanted, target) = rest.split_once(' ').unwrap();
        assert_eq!((program, target), ("chmod", path.as_str()));
        mode(Path::new(target), u32::from_str_radix(wanted, 8).unwrap());
        all_good(&home);
    }
}

#[test]
fn a_damaged_vault_is_named_with_the_copy_that_is_good() {
    let home = Home::with_accounts();
    flip(&home.vault());
    let cure = one_fault(&home, "does not check out");
    assert!(
        cure.contains("generation 3") && cure.contains("accounts: 2") && cure.contains("sesam vault restore"),
        "{cure}"
    );
    home.run(&["vault", "restore"]).ok();
    all_good(&home);
}

#[test]
fn a_damaged_and_a_missing_identity_are_named_and_cured() {
    let home = Home::with_accounts();
    write(&home.vault_dir().join("identity.age"), "not an age file");
    assert!(one_fault(&home, "identity.age does not check out").contains("sesam vault restore"));
    home.run(&["vault", "restore"]).ok();
    all_good(&home);
    fs::remove_file(home.vault_dir().join("identity.age")).unwrap();
    assert!(one_fault(&home, "it is missing").contains("sesam vault restore"));
    home.run(&["vault", "restore"]).ok();
    all_good(&home);
}

#[test]
fn a_missing_copy_of_the_identity_is_named_and_cured_by_the_next_unlocking() {
    let home = Home::with_accounts();
    fs::remove_file(home.vault_dir().join("backups/identity.age")).unwrap();
    assert!(one_fault(&home, "no copy of identity.age").contains("sesam unlock"));
    home.run(&["list"]).ok();
    all_good(&home);
}

#[test]
fn a_damaged_backup_is_named() {
    let home = Home::with_accounts();
    let backups = fs::read_dir(home.vault_dir().join("backups")).unwrap();
    let backup =
        backups.flatten().map(|entry| entry.path()).find(|path| path.file_name().unwrap() != "identity.age");
    let backup = backup.unwrap();
    flip(&backup);
    assert!(one_fault(&home, "1 of 3 backups do not open").contains("sesam vault restore --list"));
    fs::remove_file(backup).unwrap();
    all_good(&home);
}

#[test]
fn a_conflicted_copy_of_a_synced_folder_is_named_and_merged() {
    let home = Home::with_accounts();
    let copy = home.vault_dir().join("vault.sync-conflict-20261120.age");
    fs::copy(home.vault(), &copy).unwrap();
    let cure = one_fault(&home, "lies beside the vault");
    assert!(cure.contains("sesam vault merge") && cure.contains(copy.to_str().unwrap()), "{cure}");
    home.run(&["vault", "merge", copy.to_str().unwrap()]).ok();
    fs::remove_file(copy).unwrap();
    all_good(&home);
}

#[test]
fn a_rollback_is_named() {
    let home = Home::with_accounts();
    let old = fs::read(home.vault()).unwrap();
    home.add(&["Newer:one"]);
    write(&home.vault(), old);
    assert!(one_fault(&home, "rolled back").contains("sesam vault restore"));
}

#[test]
fn a_clock_is_only_asked_about_when_named() {
    let home = Home::with_vault();
    let text = home.run(&["doctor"]).stdout;
    assert!(!text.contains("clock"), "{text}");
    let ran = home.run(&["doctor", "clock", "--time-server", "127.0.0.1:9"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("did not answer") && ran.stdout.contains("--time-server"), "{}", ran.stdout);
}
