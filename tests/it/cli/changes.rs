//! `add`, `edit`, `rename`, `rm`, `undo`, `redo`, `trash`, `tag`: what changes, and how it is taken back.

use super::sesam::{Home, SECRET, write};

#[test]
fn adding_the_same_twice_is_a_conflict_and_changes_nothing() {
    let home = Home::with_accounts();
    let before = home.generation();
    let error = home.run_with(&["add", "GitHub:hugo", "--secret-stdin", "--json"], SECRET).error(6);
    assert_eq!(error["kind"], "exists");
    assert_eq!(home.generation(), before);
    home.run_with(&["add", "GitHub:hugo", "--secret-stdin"], "JBSWY3DPEHPK3PXP").ok();
    assert_eq!(home.names().iter().filter(|name| *name == "GitHub:hugo").count(), 2, "another secret");
}

#[test]
fn every_way_to_give_a_secret() {
    let home = Home::with_vault();
    write(&home.path("key.txt"), "gezd gnbv-gy3t qojq gezd gnbv gy3t qojq\n");
    home.run(&["add", "File", "--secret-file", "key.txt"]).ok();
    home.add(&["--issuer", "Stdin", "--account", "root@pam"]);
    let link = format!("otpauth://totp/Link:hugo?secret={SECRET}&issuer=Link");
    home.run_with(&["add", "--uri", "-"], &link).ok();
    let ran = home.run(&["add", &link.replace("Link", "Argument")]);
    assert!(ran.stderr.contains("others on this machine can read the link"), "{ran:?}");
    ran.ok();
    for name in ["File", "Stdin", "Link", "Argument"] {
        assert_eq!(home.run(&["code", "--at", "59", name]).ok(), "287082\n", "{name}");
    }
    home.run(&["add", "Made", "--generate"]).ok();
    let link = home.run(&["show", "--uri", "-y", "made"]).ok();
    let secret = link.split("secret=").nth(1).expect("a secret").split('&').next().expect("its end").trim();
    assert_eq!(secret.len(), 32, "160 bits");
}

#[test]
fn what_is_wrong_with_a_secret_is_said_and_the_secret_is_not() {
    let home = Home::with_vault();
    for bad in ["1188", "GEZDGNBV!", ""] {
        let said = home.run_with(&["add", "X", "--secret-stdin"], bad).fails(2);
        assert!(bad.is_empty() || !said.contains(bad), "{said}");
    }
    for (option, value) in [
        ("--digits", "0"),
        ("--digits", "-1"),
        ("--digits", "11"),
        ("--period", "0"),
        ("--period", "86401"),
        ("--counter", "9223372036854775808"),
        ("--algorithm", "MD5"),
        ("--type", "totpp"),
    ] {
        home.run_with(&["add", "X", "--secret-stdin", option, value], SECRET).fails(2);
    }
    let long = "x".repeat(1025);
    assert!(home.run_with(&["add", &long, "--secret-stdin"], SECRET).fails(2).contains("1024"));
    assert_eq!(home.names(), Vec::<String>::new());
}

#[test]
fn a_weak_secret_is_taken_with_a_word() {
    let home = Home::with_vault();
    let ran = home.run_with(&["add", "Short", "--secret-stdin"], "GEZDGNBV");
    assert!(ran.stderr.contains("Short: "), "{ran:?}");
    ran.ok();
}

#[test]
fn fields_change_one_by_one() {
    let home = Home::with_accounts();
    home.run(&["edit", "github", "--tag", "+git,-work", "--note", "see shelf 2", "--digits", "8"]).ok();
    let row = &home.run(&["list", "--json", "github"]).json()[0];
    assert_eq!(row["tags"], serde_json::json!(["git"]));
    assert_eq!((&row["note"], &row["digits"]), (&"see shelf 2".into(), &8.into()));
    assert_eq!(home.run(&["code", "--at", "59", "github"]).ok(), "94287082\n");
    home.run(&["edit", "router", "--counter", "0"]).ok();
    assert_eq!(home.run(&["code", "router"]).ok(), "755224\n");
    home.run_with(&["edit", "gitlab", "--secret-stdin"], "JBSWY3DPEHPK3PXP").ok();
    assert_ne!(home.run(&["code", "--at", "59", "gitlab"]).ok(), "287082\n");
    assert!(home.run(&["edit", "github"]).fails(2).contains("nothing to change"));
    home.run(&["edit", "router", "--period", "60"]).fails(2);
    home.run(&["edit", "nobody", "--note", "x"]).fails(3);
}

#[test]
fn a_name_changes_whole_or_in_its_issuer_alone() {
    let home = Home::with_accounts();
    home.run(&["rename", "github", "Forge"]).ok();
    assert!(home.names().contains(&"Forge:hugo".to_owned()));
    home.run(&["mv", "forge", "Forge:ada"]).ok();
    assert!(home.names().contains(&"Forge:ada".to_owned()));
    home.run(&["rename", "forge", ":"]).fails(2);
}

#[test]
fn each_change_is_taken_back_and_done_again() {
    let home = Home::with_accounts();
    let all = || home.run(&["list", "--fields", "name,tags,note,counter", "--sort", "name"]).ok();
    let mut states = vec![all()];
    for change in [
        &["edit", "github", "--note", "one"][..],
        &["rename", "gitlab", "Lab:hugo"],
        &["tag", "add", "home", "github", "lab"],
        &["rm", "router"],
        &["trash", "restore", "router"],
        &["tag", "rename", "home", "house"],
        &["tag", "rm", "house"],
    ] {
        home.run(change).ok();
        states.push(all());
        assert_ne!(states[states.len() - 1], states[states.len() - 2], "{change:?}");
    }
    for state in states.iter().rev().skip(1) {
        home.run(&["undo"]).ok();
        assert_eq!(&all(), state);
    }
    for state in &states[1..] {
        home.run(&["redo"]).ok();
        assert_eq!(&all(), state);
    }
    home.run(&["redo"]).fails(3);
    let said = home.run(&["undo", "7"]);
    assert_eq!(said.stderr.matches("Undone: ").count(), 7, "{said:?}");
    said.ok();
    assert_eq!(all(), states[0]);
}

#[test]
fn undoing_everything_ends_at_an_empty_vault() {
    let home = Home::with_accounts();
    home.run(&["undo", "99"]).ok();
    assert_eq!(home.names(), Vec::<String>::new());
    assert!(home.run(&["undo"]).fails(3).contains("nothing to undo"));
    home.run(&["redo", "99"]).ok();
    assert_eq!(home.names().len(), 3);
}

#[test]
fn undo_never_sets_a_counter_back() {
    let home = Home::with_accounts();
    home.run(&["edit", "router", "--note", "cellar"]).ok();
    assert_eq!(home.run(&["code", "router"]).ok(), "254676\n");
    home.run(&["undo"]).ok();
    assert_eq!(home.run(&["code", "router"]).ok(), "287922\n", "counter 6");
}

#[test]
fn deleted_accounts_lie_in_the_trash_until_it_is_emptied() {
    let home = Home::with_accounts();
    home.run(&["rm", "github", "gitlab"]).ok();
    assert_eq!(home.names(), ["Old router"]);
    assert_eq!(home.run(&["trash", "list"]).ok().lines().count(), 2);
    home.run(&["code", "github"]).fails(3);
    home.run(&["trash", "restore", "github"]).ok();
    assert_eq!(home.names(), ["GitHub:hugo", "Old router"]);
    assert!(home.run(&["trash", "empty"]).fails(2).contains("--confirm='1 account'"));
    home.run(&["trash", "empty", "--confirm", "2 accounts"]).fails(6);
    home.run(&["trash", "empty", "--confirm", "1 account"]).ok();
    home.run(&["trash", "restore", "gitlab"]).fails(3);
    assert_eq!(home.run(&["trash", "list", "--json"]).json(), serde_json::json!([]));
}

#[test]
fn deleting_past_the_trash_wants_the_name() {
    let home = Home::with_accounts();
    let said = home.run(&["rm", "--now", "github"]).fails(2);
    assert!(said.contains("--confirm=GitHub:hugo"), "{said}");
    home.run(&["rm", "--now", "github", "--confirm", "GitHub"]).fails(6);
    home.run(&["rm", "--now", "github", "--confirm", "GitHub:hugo"]).ok();
    assert_eq!(home.names(), ["GitLab:hugo", "Old router"]);
    assert_eq!(home.run(&["trash", "list"]).ok(), "");
}

#[test]
fn read_only_refuses_every_change_and_leaves_the_file_alone() {
    let home = Home::with_accounts();
    let bytes = std::fs::read(home.vault()).expect("the vault");
    for arguments in [
        &["add", "X", "--generate"][..],
        &["edit", "github", "--note", "x"],
        &["rename", "github", "x"],
        &["rm", "github"],
        &["undo"],
        &["redo"],
        &["trash", "empty"],
        &["tag", "add", "x", "github"],
        &["vault", "backup"],
        &["vault", "rekey", "-y"],
        &["vault", "restore"],
        &["vault", "merge", "vault.age"],
        &["vault", "passwd"],
        &["code", "router"],
    ] {
        let error = home.run(&[arguments, &["--read-only", "--json"]].concat()).error(8);
        assert_eq!(error["kind"], "read_only", "{arguments:?}");
    }
    assert_eq!(std::fs::read(home.vault()).expect("the vault"), bytes);
}
