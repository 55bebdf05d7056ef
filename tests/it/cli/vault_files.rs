//! `vault …`: creating, keys, copies, and two copies that were changed apart.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::sesam::{Home, PASSPHRASE, copy_dir, run, write};

#[test]
fn a_new_vault_is_private_and_empty_and_never_made_twice() {
    let home = Home::new();
    assert!(home.run(&["list"]).fails(3).contains("sesam vault create"));
    let object = home.run(&["vault", "create", "--json"]).json();
    assert_eq!((&object["schema"], &object["generation"]), (&"sesam.vault/1".into(), &1.into()));
    for (name, mode) in [
        ("data/sesam", 0o700),
        ("data/sesam/vault.age", 0o600),
        ("data/sesam/identity.age", 0o600),
        ("data/sesam/vault.lock", 0o600),
        ("data/sesam/backups", 0o700),
        ("data/sesam/backups/identity.age", 0o600),
        ("state/sesam", 0o700),
        ("state/sesam/seen.toml", 0o600),
    ] {
        let facts = fs::metadata(home.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(facts.permissions().mode() & 0o777, mode, "{name}");
    }
    let before = fs::read(home.vault()).unwrap();
    assert_eq!(home.run(&["vault", "create", "--json"]).error(6)["kind"], "exists");
    assert_eq!(fs::read(home.vault()).unwrap(), before);
    assert_eq!(home.run(&["vault", "path"]).ok(), format!("{}\n", home.vault().display()));
}

#[test]
fn a_passphrase_that_can_be_guessed_is_told() {
    let home = Home::new();
    write(&home.passphrase_file(), "password1");
    let ran = home.run(&["vault", "create"]);
    assert!(ran.stderr.contains("weak"), "{ran:?}");
    assert!(!ran.stderr.contains("password1"), "{ran:?}");
    ran.ok();
    let empty = Home::new();
    write(&empty.passphrase_file(), "\n");
    empty.run(&["vault", "create"]).fails(2);
    assert!(!empty.vault().exists());
}

#[test]
fn names_and_secrets_are_nowhere_in_the_files() {
    let home = Home::with_accounts();
    home.run(&["edit", "github", "--note", "a note of mine"]).ok();
    for (path, bytes) in files(&home.path("data")).into_iter().chain(files(&home.path("state"))) {
        let text = String::from_utf8_lossy(&bytes);
        for word in ["GitHub", "hugo", "a note", "GEZDGNBV", "AGE-SECRET", "age1"] {
            assert!(!text.contains(word), "{word} in {path}");
        }
    }
}

#[test]
fn the_old_passphrase_opens_nothing_after_a_new_one() {
    let home = Home::with_accounts();
    write(&home.path("new"), "six other words than these were");
    home.run(&["vault", "passwd", "--new-passphrase-file", "new"]).ok();
    home.run(&["list"]).fails(4);
    let copy = home.vault_dir().join("backups/identity.age");
    assert_eq!(fs::read(copy).unwrap(), fs::read(home.vault_dir().join("identity.age")).unwrap());
    run(&mut home.command(&["list", "--passphrase-file", "new"]), "").ok();
    write(&home.path("newer"), PASSPHRASE);
    let back = ["passwd", "--passphrase-file", "new", "--new-passphrase-file", "newer"];
    run(&mut home.command(&back), "").ok();
    assert_eq!(home.names().len(), 3);
}

#[test]
fn a_new_identity_takes_over_the_vault_its_backups_and_nothing_else_changes() {
    let home = Home::with_accounts();
    let (old_identity, old_vault) = (home.path("old-identity.age"), home.path("old-vault.age"));
    fs::copy(home.vault_dir().join("identity.age"), &old_identity).unwrap();
    fs::copy(home.vault(), &old_vault).unwrap();
    let names = home.names();
    assert!(home.run(&["vault", "rekey"]).fails(2).contains("--yes"));
    home.run(&["vault", "rekey", "--yes"]).ok();
    assert_eq!(home.names(), names);
    home.run(&["vault", "verify"]).ok();
    assert_eq!(home.run(&["vault", "merge", "old-vault.age"]).code, 10, "the new identity does not open it");
    fs::copy(&old_identity, home.vault_dir().join("identity.age")).unwrap();
    assert_eq!(home.run(&["list"]).code, 10, "nor the old one the new vault");
    home.run(&["vault", "restore"]).ok();
    assert_eq!(home.names(), names);
}

#[test]
fn everything_can_be_verified() {
    let home = Home::with_accounts();
    let printed = home.run(&["vault", "verify"]).ok();
    assert!(printed.starts_with("The vault checks out: generation 4, accounts: 3\n"), "{printed}");
    assert_eq!(printed.lines().count(), 4, "three backups");
    let newest = backups(&home).pop().expect("a backup");
    write(Path::new(&newest), "age-encryption.org/v1\nnonsense");
    let ran = home.run(&["vault", "verify"]);
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("1 of 3 backups do not check out"), "{ran:?}");
    assert_eq!(home.names().len(), 3, "the vault itself is good");
}

#[test]
fn the_last_versions_are_kept_and_each_can_come_back() {
    let home = Home::with_accounts();
    (0..12).for_each(|at| drop(home.run(&["edit", "github", "--note", &format!("note {at}")]).ok()));
    let rows = home.run(&["vault", "restore", "--list", "--json"]).json();
    let rows = rows.as_array().expect("an array");
    assert_eq!(rows.len(), 10, "the newest ten; the day of all of them is the same");
    assert!(rows.iter().all(|row| row["good"] == true && row["accounts"] == 3), "{rows:?}");
    let oldest = rows[9]["path"].as_str().expect("a path").to_owned();
    home.run(&["vault", "restore", &oldest]).ok();
    assert_eq!(home.run(&["list", "--fields", "note", "github"]).ok(), "note 1\n");
    assert_eq!(home.generation(), 17, "a restored version is a new one");
    home.run(&["vault", "verify"]).ok();
}

#[test]
fn a_copy_elsewhere_is_a_vault_of_its_own() {
    let home = Home::with_accounts();
    home.run(&["vault", "backup", "elsewhere"]).ok();
    assert_eq!(home.run(&["list", "--vault", "elsewhere"]).ok().lines().count(), 3);
    home.run(&["vault", "backup", "elsewhere"]).fails(6);
    home.run(&["vault", "backup", "elsewhere", "--force"]).ok();
    home.run(&["vault", "backup"]).ok();
    assert!(home.run(&["vault", "backup", "data/sesam"]).fails(2).contains("the vault's own directory"));
}

/// Two machines with a folder that is carried between them.
#[test]
fn two_copies_changed_apart_become_one_whichever_way() {
    let home = Home::with_accounts();
    home.add(&["Gone:here"]);
    copy_dir(&home.vault_dir(), &home.path("other"));
    let here = |arguments: &[&str]| home.run(arguments).ok();
    let there = |arguments: &[&str]| home.run(&[arguments, &["--vault", "other"]].concat()).ok();

    here(&["edit", "github", "--note", "noted here"]);
    there(&["edit", "github", "--tag", "+there"]);
    here(&["add", "New:here", "--generate"]);
    there(&["add", "New:there", "--generate"]);
    here(&["rm", "gone"]);
    there(&["code", "router"]);
    there(&["code", "router"]);
    here(&["code", "router"]);
    there(&["rename", "gitlab", "Lab:hugo"]);

    fs::copy(home.vault(), home.path("here.age")).unwrap();
    let merged = home.run(&["vault", "merge", "other/vault.age", "--json"]).json();
    assert_eq!((&merged["added"], &merged["kept_both"]), (&1.into(), &0.into()), "{merged}");
    there(&["vault", "merge", "here.age"]);
    let fields = ["list", "--fields", "id,name,tags,note,counter", "--sort", "name"];
    assert_eq!(here(&fields), there(&fields));
    assert_eq!(home.names(), ["GitHub:hugo", "Lab:hugo", "New:here", "New:there", "Old router"]);
    let github = &home.run(&["list", "--json", "github"]).json()[0];
    assert_eq!(github["note"], "noted here");
    assert_eq!(github["tags"], serde_json::json!(["work", "there"]));
    assert_eq!(here(&["list", "--fields", "counter", "router"]), "7\n", "the larger counter");

    let again = home.run(&["vault", "merge", "other/vault.age", "--json"]).json();
    assert_eq!(
        again,
        serde_json::json!({"schema": "sesam.merge/1", "added": 0, "changed": 0, "removed": 0, "kept_both": 0})
    );
    there(&["vault", "verify"]);
}

#[test]
fn a_merge_can_be_undone_and_another_vault_is_refused() {
    let (home, stranger) = (Home::with_accounts(), Home::with_accounts());
    copy_dir(&home.vault_dir(), &home.path("other"));
    home.run(&["add", "New:there", "--generate", "--vault", "other"]).ok();
    home.run(&["vault", "merge", "other/vault.age"]).ok();
    assert_eq!(home.names().len(), 4);
    home.run(&["undo"]).ok();
    assert_eq!(home.names().len(), 3);
    let path = stranger.vault().display().to_string();
    assert_eq!(home.run(&["vault", "merge", &path, "--json"]).error(10)["kind"], "damaged");
    home.run(&["vault", "merge", "nowhere.age"]).fails(1);
    assert_eq!(home.names().len(), 3);
}

/// A synced folder brings the newer version of another machine, then an old one.
#[test]
fn a_synced_folder_may_run_ahead_but_not_back() {
    let home = Home::with_accounts();
    let old = home.path("old.age");
    fs::copy(home.vault(), &old).unwrap();
    copy_dir(&home.vault_dir(), &home.path("other"));
    home.run(&["add", "New:there", "--generate", "--vault", "other"]).ok();
    fs::copy(home.path("other/vault.age"), home.vault()).unwrap();
    home.run(&["add", "New:here", "--generate"]).ok();
    assert_eq!(home.names().len(), 5);

    fs::copy(&old, home.vault()).unwrap();
    let error = home.run(&["list", "--json"]).error(10);
    assert_eq!(error["kind"], "rolled_back");
    assert!(error["hint"].as_str().expect("a hint").contains("sesam vault restore"), "{error}");
    home.run(&["add", "X", "--generate"]).fails(10);
    assert_eq!(fs::read(home.vault()).unwrap(), fs::read(&old).unwrap(), "nothing was written");
    home.run(&["vault", "restore"]).ok();
    assert_eq!(home.names().len(), 4, "the newest backup: all but the last change");
}

#[test]
fn doctor_finds_what_is_wrong() {
    let home = Home::with_accounts();
    home.run(&["doctor", "vault"]).ok();
    let copy = home.vault_dir().join("vault.sync-conflict-20261120.age");
    fs::copy(home.vault(), &copy).unwrap();
    fs::set_permissions(home.vault_dir(), fs::Permissions::from_mode(0o755)).unwrap();
    let ran = home.run(&["doctor", "vault"]);
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert!(all.contains("sesam vault merge") && all.contains("chmod"), "{all}");
}

/// All files under a directory with their bytes.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory").flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push((entry.path().display().to_string(), fs::read(entry.path()).expect("a file")));
        }
    }
    found
}

/// The paths of the backups, the oldest first.
fn backups(home: &Home) -> Vec<String> {
    let rows = home.run(&["vault", "restore", "--list", "--json"]).json();
    let rows = rows.as_array().expect("an array");
    rows.iter().rev().map(|row| row["path"].as_str().expect("a path").to_owned()).collect()
}
