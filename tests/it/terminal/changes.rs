//! A vault that others change under the screen: what they did appears without a key, and nothing else moves.

use std::fs;

use super::{picture::rows, tmux::Tmux};
use crate::cli::sesam::{Home, PASSPHRASE, SECRET, is_root, run, skipped, write};

/// A home's accounts, filtered by `git` with GitLab selected.
fn looking<'a>(home: &'a Home, name: &str) -> Option<Tmux<'a>> {
    let tmux = Tmux::vault(home, name, &[])?;
    tmux.keys(&["/"]);
    tmux.types("git");
    tmux.sees(" 2 of 3");
    tmux.keys(&["Tab"]);
    tmux.sees("Enter copy ");
    tmux.keys(&["j"]);
    tmux.selects("GitLab");
    Some(tmux)
}

#[test]
fn what_another_sesam_adds_and_removes_appears_without_a_key() {
    let home = Home::with_accounts();
    let Some(tmux) = looking(&home, "added") else { return };
    home.add(&["Gitea:hugo"]);
    let picture = tmux.sees(" 3 of 4");
    assert!(picture.contains("changed by another sesam: 1 account more") && rows(&picture) == 3, "{picture}");
    tmux.selects("GitLab");
    home.run(&["rm", "GitHub", "--yes"]).ok();
    let picture = tmux.sees(" 2 of 3");
    assert!(picture.contains("1 account fewer") && !picture.contains("GitHub"), "{picture}");
    tmux.selects("GitLab");
}

#[test]
fn sixteen_processes_that_write_at_once_all_appear() {
    let home = Home::with_accounts();
    let Some(tmux) = looking(&home, "sixteen") else { return };
    let add = |number: usize| {
        let name = format!("Git{number}:x");
        let file = home.passphrase_file();
        let mut command = home.command(&["--passphrase-file"]);
        command.arg(file).args(["add", "--secret-stdin", &name]);
        run(&mut command, SECRET).ok();
    };
    std::thread::scope(|scope| {
        for number in 0..16 {
            scope.spawn(move || add(number));
        }
    });
    let picture = tmux.sees(" 18 of 19");
    tmux.selects("GitLab");
    assert!(picture.contains("Git15") || picture.contains("Git9"), "{picture}");
    tmux.keys(&["Escape"]);
    tmux.sees("[All 19]");
    tmux.selects("GitLab");
}

#[test]
fn a_change_of_ours_is_not_told_as_one_of_others() {
    let home = Home::with_accounts();
    let Some(tmux) = Tmux::vault(&home, "ours", &[]) else { return };
    for round in 0..4 {
        tmux.goes_to("Old router");
        tmux.keys(&["d"]);
        let picture = tmux.shows("the row gone", |picture| rows(picture) == 2);
        assert!(!picture.contains("another sesam"), "{round}: {picture}");
        tmux.keys(&["u"]);
        let picture = tmux.shows("the row again", |picture| rows(picture) == 3);
        assert!(!picture.contains("another sesam"), "{round}: {picture}");
        tmux.sees("Undone: delete");
    }
}

#[test]
fn a_vault_that_goes_or_is_broken_leaves_what_was_read() {
    let home = Home::with_accounts();
    let Some(tmux) = looking(&home, "broken") else { return };
    let whole = fs::read(home.vault()).expect("a vault");
    fs::remove_file(home.vault()).expect("a file of ours");
    let picture = tmux.sees("×");
    assert_eq!(rows(&picture), 2, "{picture}");
    tmux.selects("GitLab");
    write(&home.vault(), "this is no vault");
    tmux.shows("another fault", |now| {
        now.contains("×") && now.lines().rev().nth(1) != picture.lines().rev().nth(1)
    });
    write(&home.vault(), &whole);
    let picture = tmux.misses("×");
    assert_eq!(rows(&picture), 2, "{picture}");
    tmux.selects("GitLab");
}

#[test]
fn a_new_passphrase_changes_nothing_on_the_screen() {
    let home = Home::with_accounts();
    let Some(tmux) = looking(&home, "passwd") else { return };
    write(&home.path("new"), "another horse battery staple 18");
    home.run(&["vault", "passwd", "--new-passphrase-file", "new"]).ok();
    write(&home.passphrase_file(), "another horse battery staple 18");
    home.add(&["Gitea:hugo"]);
    let picture = tmux.sees(" 3 of 4");
    assert!(!picture.contains('×'), "{picture}");
    tmux.selects("GitLab");
}

#[test]
fn a_new_key_asks_for_the_passphrase_again() {
    let home = Home::with_accounts();
    let Some(tmux) = looking(&home, "rekey") else { return };
    home.run(&["vault", "rekey", "--yes"]).ok();
    let picture = tmux.sees("Locked because the vault has another key now.");
    assert!(!picture.contains("GitLab"), "{picture}");
    tmux.types(PASSPHRASE);
    tmux.keys(&["Enter"]);
    tmux.sees(" 2 of 3");
    tmux.selects("GitLab");
}

#[test]
fn a_vault_that_may_not_be_read_leaves_what_was_read() {
    use std::os::unix::fs::PermissionsExt;
    if is_root() {
        return skipped("root may read everything");
    }
    let home = Home::with_accounts();
    let Some(tmux) = looking(&home, "forbidden") else { return };
    let allow =
        |mode| fs::set_permissions(home.vault(), fs::Permissions::from_mode(mode)).expect("a mode of ours");
    home.add(&["Gitea:hugo"]);
    tmux.sees(" 3 of 4");
    allow(0);
    tmux.keys(&["d"]);
    let picture = tmux.sees("×");
    assert_eq!(rows(&picture), 3, "{picture}");
    allow(0o600);
}
