//! What a person or a machine can do wrong: the message names the cure, the exit code the kind, nothing is changed.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::sesam::{Home, Ran, SECRET, installed, is_root, program, run, skipped, starting_with, write};

#[test]
fn a_wrong_passphrase() {
    let home = Home::with_accounts();
    for wrong in ["wrong", " correct horse battery staple 17", "\u{feff}x", &"x".repeat(100_000)] {
        write(&home.passphrase_file(), wrong);
        let said = home.run(&["list"]).fails(4);
        assert!(said.contains("that passphrase did not open the vault") && !said.contains(wrong), "{said}");
    }
    write(&home.passphrase_file(), [0xff, 0xfe, b'\n']);
    home.run(&["list"]).fails(2);
    fs::remove_file(home.passphrase_file()).unwrap();
    assert!(home.run(&["list"]).fails(1).contains("there is no such file"));
}

#[test]
fn a_full_disk_leaves_the_old_vault() {
    let home = Home::new();
    let Some(disk) = Mount::new(&home, "size=128k") else { return };
    let at = disk.0.join("v").display().to_string();
    home.run(&["vault", "create", "--vault", &at]).ok();
    let note = "n".repeat(3_000);
    let mut added = 0;
    let said = loop {
        let name = format!("Account {added}");
        let ran = home.run_with(&["add", &name, "--secret-stdin", "--note", &note, "--vault", &at], SECRET);
        if ran.code != 0 {
            break ran.fails(1);
        }
        added += 1;
        assert!(added < 100, "the disk never filled");
    };
    assert!(said.contains("no space left") && said.contains("the old vault is untouched"), "{said}");
    assert!(said.lines().any(|line| line.starts_with("sesam: could not save")), "{said}");
    assert_eq!(home.run(&["list", "--vault", &at]).ok().lines().count(), added);
    assert!(starting_with(&disk.0.join("v"), ".").is_empty(), "no temporary file is left");
    home.run(&["vault", "verify", "--vault", &at]).ok();
    assert_eq!(home.run(&["rm", "Account 0", "--vault", &at]).code, 1, "even a change that makes it smaller");
}

#[test]
fn a_read_only_disk_can_be_read() {
    let home = Home::new();
    let Some(disk) = Mount::new(&home, "size=1m") else { return };
    let at = disk.0.join("v").display().to_string();
    home.run(&["vault", "create", "--vault", &at]).ok();
    home.run(&["add", "X", "--generate", "--vault", &at]).ok();
    disk.remount("ro");
    assert_eq!(home.run(&["list", "--fields", "name", "--vault", &at]).ok(), "X\n");
    home.run(&["code", "X", "--vault", &at]).ok();
    let said = home.run(&["add", "Y", "--generate", "--vault", &at]).fails(1);
    assert!(said.contains("read-only"), "{said}");
    disk.remount("rw");
    assert_eq!(home.run(&["list", "--fields", "name", "--vault", &at]).ok(), "X\n");
}

#[test]
fn a_directory_without_write_permission_can_be_read() {
    if is_root() {
        return skipped("root may write everywhere");
    }
    let home = Home::with_accounts();
    fs::set_permissions(home.vault_dir(), fs::Permissions::from_mode(0o500)).unwrap();
    home.run(&["list"]).ok();
    let ran = home.run(&["add", "X", "--generate"]);
    fs::set_permissions(home.vault_dir(), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(ran.fails(1).contains("permission denied"));
}

#[test]
fn files_that_others_can_read_are_told_and_refused_when_strict() {
    let home = Home::with_accounts();
    let identity = home.vault_dir().join("identity.age");
    fs::set_permissions(&identity, fs::Permissions::from_mode(0o644)).unwrap();
    let ran = home.run(&["list"]);
    assert!(ran.stderr.contains("identity.age") && ran.stderr.contains("chmod 600"), "{ran:?}");
    ran.ok();
    home.run(&["list", "--strict"]).fails(8);
    fs::set_permissions(&identity, fs::Permissions::from_mode(0o600)).unwrap();
    home.run(&["list", "--strict"]).ok();
    fs::set_permissions(home.passphrase_file(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(home.run(&["list"]).stderr.contains("others can read"));
    home.run(&["list", "--strict"]).fails(8);
}

#[test]
fn without_a_home_everything_must_be_named() {
    let home = Home::with_accounts();
    let vault = home.vault_dir().display().to_string();
    let file = home.passphrase_file().display().to_string();
    let bare = |arguments: &[&str], variables: &[(&str, &Path)]| {
        let mut command = Command::new("setsid");
        command.arg(program()).args(arguments).env_clear().current_dir("/");
        run(
            command
                .env("HOME", "")
                .env("PATH", std::env::var_os("PATH").unwrap_or_default())
                .envs(variables.iter().copied()),
            "",
        )
    };
    let ran = bare(
        &["list", "--vault", &vault, "--passphrase-file", &file],
        &[("XDG_STATE_HOME", &home.path("state"))],
    );
    assert!(ran.code == 0 || ran.stderr.contains("HOME"), "{ran:?}");
}

#[test]
fn nobody_to_ask_and_no_terminal() {
    let home = Home::with_accounts();
    let said = detached(&home, &["list"]).fails(4);
    assert!(said.contains("sesam unlock, --passphrase-file or --passphrase-fd"), "{said}");
    let said = detached(&home, &[]).fails(2);
    assert_eq!(
        said,
        "sesam: the full-screen view needs a terminal. Try: sesam list, sesam code NAME, sesam --help\n"
    );
    let empty = Home::new();
    detached(&empty, &["vault", "create"]).fails(4);
    assert!(!empty.vault().exists(), "nothing is created without being asked for");
    detached(&empty, &[]).fails(2);
    let said = home.run(&["add"]).fails(2);
    assert!(said.contains("--issuer and --account, or --uri -"), "{said}");
    assert!(home.run(&["add", "X"]).fails(2).contains("--secret-stdin"));
}

/// Runs without a terminal that could be asked.
fn detached(home: &Home, arguments: &[&str]) -> Ran {
    let mut command = Command::new("setsid");
    let command = command.arg(program()).args(arguments).env_clear().envs(home.environment());
    run(command.current_dir(home.path("")), "")
}

#[test]
fn a_reader_that_goes_is_no_error() {
    let home = Home::with_accounts();
    for arguments in [
        &["--passphrase-file", "passphrase", "list"][..],
        &["--passphrase-file", "passphrase", "list", "--json"],
        &["--passphrase-file", "passphrase", "code", "github"],
        &["--passphrase-file", "passphrase", "watch"],
        &["--passphrase-file", "passphrase", "vault", "verify"],
        &["--help"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = home.command(arguments);
        let ran = Ran::from(command.stdin(Stdio::null()).stdout(writer).output().unwrap());
        assert_eq!((ran.code, ran.stderr.as_str()), (141, ""), "{arguments:?}");
    }
}

#[test]
fn output_that_finds_no_room_is_an_error() {
    let home = Home::with_accounts();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let mut command = home.command(&["code", "github", "--passphrase-file", "passphrase"]);
    let output = command.stdin(Stdio::null()).stdout(full).output().unwrap();
    let ran = Ran::from(output);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("no space left"), "{ran:?}");
}

#[test]
fn wrong_usage_names_what_was_meant() {
    let home = Home::new();
    for (arguments, words) in [
        (&["lst"][..], "'list'"),
        (&["cod", "x"], "'code'"),
        (&["list", "--jso"], "'--json'"),
        (&["vault", "restor"], "'restore'"),
        (&["code"], "<QUERY>"),
        (&["add", "--type", "topt"], "totp"),
        (&["undo", "0"], "0"),
        (&["list", "--passphrase-fd", "x"], "x"),
        (&["-q", "-v", "list"], "--verbose"),
    ] {
        let said = home.bare(arguments).fails(2);
        assert!(said.contains(words), "{arguments:?}: {said}");
        let error = home.bare(&[arguments, &["--json"]].concat()).error(2);
        assert_eq!(error["kind"], "usage", "{arguments:?}");
    }
    let said = home.bare(&["extract", "github"]).fails(2);
    assert!(said.contains("did you mean `code`?"), "the name that other programs use: {said}");
    home.bare(&["--passphrase", "x", "list"]).fails(2);
}

#[test]
fn help_and_version_need_nothing() {
    let home = Home::new();
    for arguments in
        [&["--help"][..], &["-h"], &["code", "--help"], &["vault", "restore", "-h"], &["--version"]]
    {
        let ran = home.bare(arguments);
        assert_eq!(ran.stderr, "", "{arguments:?}");
        assert!(!ran.ok().is_empty());
    }
    assert_eq!(home.bare(&["--version", "--json"]).json()["name"], "sesam");
}

#[test]
fn a_clock_before_1970_is_said() {
    if !installed("faketime") {
        return skipped("faketime is not installed");
    }
    let home = Home::with_accounts();
    let mut command = Command::new("faketime");
    command.args([
        "-f",
        "@1960-01-01 00:00:00",
        &program(),
        "code",
        "github",
        "--passphrase-file",
        "passphrase",
    ]);
    let ran = run(command.env_clear().envs(home.environment()).current_dir(home.path("")), "");
    assert!(ran.fails(1).contains("before 1970"));
}

#[test]
fn a_name_of_ten_thousand_characters_is_refused_and_a_hostile_one_made_visible() {
    let home = Home::with_vault();
    let long = "n".repeat(10_000);
    home.run_with(&["add", &long, "--secret-stdin"], SECRET).fails(2);
    home.run(&["code", &long]).fails(3);
    let hostile = "\u{1b}]0;pwn\u{7} a\u{202e}b\u{200b}\u{e0041}\u{9b}31m\r\n\u{8}x";
    home.run_with(&["add", "--issuer", hostile, "--account", hostile, "--secret-stdin"], SECRET).ok();
    let id = home.run(&["list", "--fields", "id"]).ok();
    let by_id = format!("id:{}", id.trim());
    home.run(&["edit", &by_id, "--note", hostile, "--tag", hostile]).ok();
    for arguments in [
        &["list"][..],
        &["list", "--json"],
        &["list", "--color", "always", "--fields", "name,note,tags"],
        &["show", &by_id],
        &["show", &by_id, "--json"],
        &["watch", "--once"],
        &["watch", "--once", "--format", "waybar"],
        &["code", hostile, "--json"],
        &["code", "\u{1b}[31mnobody\u{202e}"],
        &["rename", &by_id, hostile],
        &["tag", "list"],
        &["edit", &by_id, "--issuer", hostile],
        &["rm", &by_id],
        &["trash", "list"],
        &["undo"],
        &[hostile],
        &["list", "--fields", hostile],
        &["list", "--config", hostile],
        &["list", "--vault", hostile],
    ] {
        let ran = home.run(arguments);
        let shown = format!("{}{}", ran.stdout, ran.stderr).replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        let bad = shown.chars().find(|c| is_foreign(*c));
        assert!(bad.is_none(), "{bad:?} after {arguments:?} in {shown:?}");
    }
    let row = &home.run(&["list", "--json"]).json()[0];
    assert_eq!(row["note"], hostile, "programs get it as it is, escaped");
}

/// What a terminal would obey, or a reader could not see.
fn is_foreign(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

#[test]
fn settings_that_are_wrong() {
    let home = Home::with_accounts();
    write(&home.path("bad.toml"), "[vault\n");
    home.run(&["list", "--config", "bad.toml"]).fails(2);
    home.run(&["list", "--config", "nowhere.toml"]).fails(2);
    write(&home.path("odd.toml"), "[vault]\nbackupz = 3\n");
    let ran = home.run(&["list", "--config", "odd.toml"]);
    assert!(ran.stderr.contains("backupz") && ran.stderr.contains("backups"), "{ran:?}");
    ran.ok();
}

/// A small disk of its own, where root runs the tests.
struct Mount(PathBuf);

impl Mount {
    fn new(home: &Home, options: &str) -> Option<Self> {
        let place = home.path("disk");
        fs::create_dir_all(&place).expect("a directory of ours");
        let mut command = Command::new("mount");
        let done = command.args(["-t", "tmpfs", "-o", options, "sesam-test"]).arg(&place).output();
        if done.is_ok_and(|output| output.status.success()) {
            return Some(Self(place));
        }
        skipped("a disk can be mounted by root alone");
        None
    }

    fn remount(&self, how: &str) {
        let options = format!("remount,{how}");
        let done = Command::new("mount").args(["-o", &options]).arg(&self.0).status().expect("mount starts");
        assert!(done.success());
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
