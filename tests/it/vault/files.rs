//! What lies in the directory of a vault: earlier versions, leftovers of crashes, and who can read it all.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use jiff::{Timestamp, ToSpan};
use sesam::vault::{Place, Vault, backups, create::create, usage::Usage};

use super::home::{Home, WORK_FACTOR, change, day, issuers, lay, passphrase, totp, world};

fn set_time(path: &Path, time: Timestamp) {
    File::options().write(true).open(path).unwrap().set_modified(time.into()).unwrap();
}

fn kept(vault: &Vault) -> BTreeSet<u64> {
    backups::list(&vault.place).iter().map(|backup| backup.generation).collect()
}

/// Saves at a time, and lets the file bear that time.
fn save_at(home: &Home, time: Timestamp) -> Vault {
    let vault = home.at(time);
    change(&vault, |_| ());
    set_time(&vault.place.vault(), time);
    vault
}

#[test]
fn ten_versions_are_kept_and_one_a_day_for_thirty_days() {
    let home = Home::new();
    set_time(&home.vault.place.vault(), day(0));
    let mut written = vec![day(0)];
    for days in 1..=40 {
        for hours in [0, 3, 6] {
            let time = day(days) + hours.hours();
            save_at(&home, time);
            written.push(time);
        }
    }
    let now = written.pop().unwrap();
    let is_last_of_day = |at: usize| at.is_multiple_of(3);
    let newest = written.len() - 10;
    let wanted = (0..written.len())
        .filter(|at| *at >= newest || (is_last_of_day(*at) && written[*at] >= now - (30 * 24).hours()));
    let wanted: BTreeSet<u64> = wanted.map(|at| at as u64 + 1).collect();
    assert_eq!(kept(&home.vault), wanted);
    assert!(wanted.len() > 30 && wanted.len() < 45, "{}", wanted.len());
    for backup in backups::list(&home.vault.place) {
        assert_eq!(backup.open(home.vault.identities()).unwrap().head.generation, backup.generation);
    }
}

#[test]
fn so_many_versions_are_kept_as_the_settings_say() {
    let home = Home::new();
    for hours in 1..=8 {
        let mut vault = home.at(day(0) + hours.hours());
        vault.world.keep = backups::Keep { newest: 3, days: 0 };
        change(&vault, |_| ());
    }
    assert_eq!(kept(&home.vault), BTreeSet::from([6, 7, 8]));
}

#[test]
fn a_change_that_changes_nothing_makes_no_version() {
    let home = Home::with(&[totp("Acme")]);
    let before = home.bytes();
    home.vault.change(|_, _| Ok(sesam::vault::Outcome::Same(()))).unwrap();
    let failed = home.vault.change(|document, _| {
        document.add(&[totp("Never")]);
        Err::<sesam::vault::Outcome<()>, _>(sesam::vault::VaultError::NoSuchAccount)
    });
    assert!(failed.is_err());
    assert_eq!((home.bytes(), kept(&home.vault).len()), (before, 1));
}

/// Every file below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn what_crashes_left_is_removed_by_the_next_save() {
    let home = Home::with(&[totp("Acme")]);
    let id = home.vault.read().unwrap().document().unwrap().read_accounts().unwrap().remove(0).id;
    Usage::count(&home.vault, &id, day(0));
    let (dir, backups) = (home.vault.place.dir(), home.vault.place.backups());
    let before: BTreeSet<PathBuf> = files(dir).into_iter().collect();
    let leftovers = [
        dir.join(".vault.age.tmp"),
        dir.join(".identity.age.tmp"),
        dir.join(".usage.4711.tmp"),
        dir.join("usage.tmp"),
        backups.join(".identity.age.tmp"),
        backups.join("0000000001-abcdef01.tmp"),
    ];
    for path in &leftovers {
        lay(path, b"half");
        set_time(path, day(0));
    }
    let foreign = dir.join("notes.tmp");
    lay(&foreign, b"somebody's own");
    set_time(&foreign, day(0));
    let at_work = dir.join(".usage.4712.tmp");
    lay(&at_work, b"being written");
    set_time(&at_work, day(1));
    change(&home.on(1), |_| ());
    let left: Vec<PathBuf> = files(dir).into_iter().filter(|path| !before.contains(path)).collect();
    let new_backup = backups::list(&home.vault.place).remove(0).path;
    let mut wanted = vec![at_work, new_backup, foreign];
    wanted.sort();
    let mut left = left;
    left.sort();
    assert_eq!(left, wanted);
    assert_eq!(issuers(&home.vault), ["Acme"]);
    assert_eq!(Usage::read(&home.vault).of(id.as_str()).unwrap().count, 1);
}

#[test]
fn what_crashes_left_beside_the_memory_is_removed_by_the_next_save() {
    let home = Home::with(&[totp("Acme")]);
    let [crashed, at_work, foreign] =
        [".seen.4711.tmp", ".seen.4712.tmp", "notes.tmp"].map(|name| home.state_dir().join(name));
    for (path, time) in [(&crashed, day(0)), (&at_work, day(1)), (&foreign, day(0))] {
        lay(path, b"half");
        set_time(path, time);
    }
    change(&home.on(1), |_| ());
    let wanted = BTreeSet::from([at_work, foreign, home.state_dir().join("seen.toml")]);
    assert_eq!(files(&home.state_dir()).into_iter().collect::<BTreeSet<_>>(), wanted);
}

/// Every file 0600 and every directory 0700.
#[track_caller]
fn is_closed(path: &Path) {
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let wanted = if path.is_dir() { 0o700 } else { 0o600 };
    assert_eq!(mode, wanted, "{} has mode {mode:o}", path.display());
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            is_closed(&entry.unwrap().path());
        }
    }
}

const CHILD: &str = "vault::files::everything_is_written_under_this_umask";
const DIR: &str = "SESAM_TEST_DIR";

/// Runs as a process of its own, since a umask holds for all threads of one.
#[test]
#[ignore = "run by the test below under each umask"]
fn everything_is_written_under_this_umask() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else { return };
    let place = Place::new(&dir.join("share/deep/sesam"));
    let world = world(dir.join("state/deep/sesam"), day(0));
    let vault = create(place, &passphrase(), WORK_FACTOR, world).unwrap();
    let account = totp("Acme");
    change(&vault, |document| drop(document.add(std::slice::from_ref(&account))));
    change(&vault, |document| drop(document.add(&[totp("Bank")])));
    Usage::count(&vault, &account.id, day(0));
    lay(&vault.place.vault(), b"");
    vault.restore_newest().unwrap();
    sesam::vault::rekey::rekey(&vault, &passphrase(), WORK_FACTOR).unwrap();
}

#[test]
fn nobody_else_can_read_anything_whatever_the_umask() {
    for umask in ["000", "022", "077", "777"] {
        let dir = tempfile::tempdir().unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("umask {umask}; exec \"$0\" --exact {CHILD} --ignored")]);
        let output = shell.arg(std::env::current_exe().unwrap()).env(DIR, dir.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "umask {umask}: {said}");
        assert!(files(dir.path()).len() >= 7, "umask {umask}: {:?}", files(dir.path()));
        for entry in fs::read_dir(dir.path()).unwrap() {
            is_closed(&entry.unwrap().path());
        }
    }
}
