//! `unlock`, `lock`, `unlocked`: the vault open for a time, in the kernel's keyring alone.

use sesam::{
    keyring::{KernelKeyring, SecretStore},
    vault::{Place, unlock::IdentityFile},
};

use super::sesam::{Home, PASSPHRASE, SECRET, run, skipped, until, write};

/// The name of this home's key, where this machine has a keyring.
fn key_of(home: &Home) -> Option<String> {
    if let Err(error) = KernelKeyring.check() {
        skipped(&error.to_string());
        return None;
    }
    let file = IdentityFile::read(&Place::new(&home.vault_dir())).expect("an identity");
    Some(file.keyring_name())
}

#[test]
fn unlocked_once_nothing_is_asked_until_it_is_locked() {
    let home = Home::with_accounts();
    let Some(key) = key_of(&home) else { return };
    home.bare(&["unlocked"]).fails(4);
    home.run(&["unlock", "--for", "10m"]).ok();
    home.bare(&["unlocked"]).ok();
    assert_eq!(home.bare(&["code", "--at", "59", "github"]).ok(), "287082\n");
    home.bare(&["edit", "github", "--note", "x"]).ok();
    assert!(KernelKeyring.secret(&key).is_ok_and(|kept| kept.is_some()) && listed(&key));

    home.bare(&["lock"]).ok();
    assert_eq!(home.bare(&["unlocked"]).fails(4), "");
    let error = home.bare(&["code", "github", "--json"]).error(4);
    assert_eq!(error["kind"], "locked");
    assert!(error["hint"].as_str().expect("a hint").contains("sesam unlock"), "{error}");
    assert!(KernelKeyring.secret(&key).is_ok_and(|kept| kept.is_none()));
    // The kernel collects what was taken out a moment later.
    until("an end of it in /proc/keys", || !listed(&key));
}

#[test]
fn it_locks_itself_when_the_time_is_over() {
    let home = Home::with_accounts();
    let Some(key) = key_of(&home) else { return };
    home.run(&["unlock", "--for", "1s"]).ok();
    until("the end of one second", || home.bare(&["unlocked"]).code == 4);
    home.bare(&["code", "github"]).fails(4);
    assert!(KernelKeyring.secret(&key).is_ok_and(|kept| kept.is_none()));
}

#[test]
fn a_new_passphrase_locks() {
    let home = Home::with_accounts();
    if key_of(&home).is_none() {
        return;
    }
    home.run(&["unlock"]).ok();
    write(&home.path("new"), "another one, longer than the first");
    home.run(&["vault", "passwd", "--new-passphrase-file", "new"]).ok();
    home.bare(&["unlocked"]).fails(4);
}

#[test]
fn unlocking_wants_the_passphrase_and_a_reasonable_time() {
    let home = Home::with_accounts();
    for span in ["0", "0s", "31d", "x", "-5m"] {
        home.run(&["unlock", &format!("--for={span}")]).fails(2);
    }
    home.bare(&["unlock"]).fails(4);
    write(&home.passphrase_file(), "not this one at all");
    home.run(&["unlock"]).fails(4);
    home.bare(&["unlocked"]).fails(4);
    home.bare(&["lock"]).ok();
}

/// Every place that a passphrase may come from before somebody is asked, in their order.
#[test]
fn the_passphrase_comes_from_many_places() {
    let home = Home::with_accounts();
    let list = ["list", "--no-input"];
    run(home.command(&list).arg("--passphrase-file=-"), PASSPHRASE).ok();
    run(home.command(&list).args(["--passphrase-fd", "0"]), format!("{PASSPHRASE}\nmore")).ok();
    let shell = format!("exec {} list --passphrase-fd 3 3<passphrase", super::sesam::program());
    let mut command = std::process::Command::new("sh");
    run(command.args(["-c", &shell]).env_clear().envs(home.environment()).current_dir(home.path("")), "")
        .ok();

    write(&home.path("sesam"), PASSPHRASE);
    run(home.command(&list).env("CREDENTIALS_DIRECTORY", home.path("")), "").ok();
    write(
        &home.path("config/sesam/config.toml"),
        "[vault]\nwork_factor = 15\npassphrase_command = [\"cat\", \"passphrase\"]\n",
    );
    home.bare(&list).ok();
    write(&home.path("config/sesam/config.toml"), "[vault]\npassphrase_command = [\"false\"]\n");
    assert!(home.bare(&list).fails(1).contains("vault.passphrase_command (false) failed"));
}

#[test]
fn stdin_serves_one_purpose() {
    let home = Home::with_accounts();
    let said =
        run(&mut home.command(&["add", "X", "--secret-stdin", "--passphrase-file", "-"]), SECRET).fails(2);
    assert!(said.contains("--secret-stdin") && said.contains("--passphrase-file -"), "{said}");
    let link = format!("otpauth://totp/X?secret={SECRET}");
    let said = run(&mut home.command(&["add", "--uri", "-", "--passphrase-fd", "0"]), &link).fails(2);
    assert!(said.contains("--uri -") && said.contains("--passphrase-fd 0"), "{said}");
    let two = ["passwd", "--passphrase-file", "-", "--new-passphrase-file", "-"];
    let said = run(&mut home.command(&two), PASSPHRASE).fails(2);
    assert!(said.contains("--passphrase-file -") && said.contains("--new-passphrase-file -"), "{said}");
}

/// Whether the kernel lists a key of this name.
fn listed(name: &str) -> bool {
    std::fs::read_to_string("/proc/keys").is_ok_and(|keys| keys.contains(name))
}
