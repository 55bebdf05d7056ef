//! `import` of a store of `pass`, with the real `pass` and `gpg` and a key that is thrown away.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use super::sesam::{Home, SECRET, write};

/// A store, and the key ring that opens it.
struct Store<'h> {
    home: &'h Home,
}

impl<'h> Store<'h> {
    /// `None` where the programs are missing.
    fn new(home: &'h Home) -> Option<Self> {
        let own = Self { home };
        for program in ["gpg", "pass"] {
            if Command::new(program).arg("--version").output().is_err() {
                println!("skipped: there is no {program}");
                return None;
            }
        }
        fs::create_dir(home.path("gnupg")).unwrap();
        own.run("chmod", &["700", "gnupg"], "");
        let usual = ["--quiet", "--batch", "--passphrase", ""];
        let make = ["--quick-gen-key", "x@acme.example", "rsa2048", "default", "never"];
        own.run("gpg", &[&usual[..], &make].concat(), "");
        own.run("gpg", &[&usual[..], &["--quick-add-key", &own.key(), "rsa2048", "encr"]].concat(), "");
        own.run("pass", &["init", "x@acme.example"], "");
        Some(own)
    }

    fn key(&self) -> String {
        let printed = self.run("gpg", &["--list-keys", "--with-colons"], "");
        let line = printed.lines().find(|line| line.starts_with("fpr")).unwrap().to_owned();
        line.split(':').nth(9).unwrap().to_owned()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.home.path("")).env("HOME", self.home.path(""));
        command.env("GNUPGHOME", self.home.path("gnupg")).env("PASSWORD_STORE_DIR", self.home.path("store"));
        command
    }

    fn run(&self, program: &str, arguments: &[&str], stdin: &str) -> String {
        let mut child = self
            .command(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{program} {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn insert(&self, name: &str, text: &str) {
        self.run("pass", &["insert", "--multiline", name], text);
    }
}

impl Drop for Store<'_> {
    fn drop(&mut self) {
        let _ = self.command("gpgconf").args(["--kill", "all"]).output(); // that of this key ring
    }
}

fn import(home: &Home, dir: &Path) -> super::sesam::Ran {
    let passphrase = home.passphrase_file().display().to_string();
    let dir = dir.display().to_string();
    let arguments = ["--passphrase-file", passphrase.as_str(), "import", "--json", dir.as_str()];
    super::sesam::run(home.command(&arguments).env("GNUPGHOME", home.path("gnupg")), "")
}

#[test]
fn a_store_of_pass_gives_its_codes_and_no_password() {
    let home = Home::with_vault();
    let Some(store) = Store::new(&home) else { return };
    store.insert(
        "github.com/alice",
        &format!("hunter2\notpauth://totp/GitHub:alice?secret={SECRET}&issuer=GitHub\n"),
    );
    store.insert("Work/$(touch pwned)/-bob", &format!("hunter2\ntotp: {SECRET}\n"));
    store.insert("plain", "hunter2\nurl: https://example.com\n");
    store.insert("broken", "hunter2\ntotp: 0000\n");
    fs::copy(home.path("store/plain.gpg"), home.path("store/cut.gpg")).unwrap();
    write(&home.path("store/cut.gpg"), "nothing that gpg reads");
    let ran = import(&home, &home.path("store"));
    assert_eq!(ran.code, 9, "{ran:?}");
    assert!(!ran.stdout.contains("hunter2") && !ran.stderr.contains("hunter2"), "{ran:?}");
    assert!(!home.path("pwned").exists() && !home.path("store/pwned").exists());
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let entry = |entry: &serde_json::Value| {
        let text = |key: &str| entry[key].as_str().unwrap().to_owned();
        format!("{} {}:{} {}", text("state"), text("issuer"), text("account"), text("reason"))
    };
    let mut entries: Vec<_> = report["entries"].as_array().unwrap().iter().map(entry).collect();
    entries.sort();
    assert_eq!(
        entries,
        [
            "bad broken: secret is not base32: \"0\" at place 1",
            "bad cut: gpg could not decrypt it",
            "new $(touch pwned):-bob ",
            "new GitHub:alice ",
        ]
    );
}

#[test]
fn a_directory_that_is_no_store_gets_one_clear_sentence() {
    let home = Home::with_vault();
    let error = home.run(&["import", "."]).fails(1);
    assert!(error.contains("no store of pass or gopass") && error.contains(".gpg-id"), "{error}");
}

/// gopass itself is in no package that a test could lean on: a program in its place answers as it does.
#[test]
fn a_store_under_age_is_read_through_gopass() {
    let home = Home::with_vault();
    for dir in ["bin", "age", "age/x"] {
        fs::create_dir(home.path(dir)).unwrap();
    }
    for file in ["age/.age-recipients", "age/x/-y.age", "age/x/locked.age"] {
        write(&home.path(file), "age1");
    }
    let answers = format!(
        "#!/bin/sh\ntest \"$PASSWORD_STORE_DIR\" = '{}' || exit 3\n\
         case \"$*\" in 'show -n -f -- x/-y') printf 'hunter2\\ntotp: {SECRET}\\n' ;; *) exit 11 ;; esac\n",
        home.path("age").display()
    );
    write(&home.path("bin/gopass"), &answers);
    fs::set_permissions(home.path("bin/gopass"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", home.path("bin").display(), std::env::var("PATH").unwrap());
    let passphrase = home.passphrase_file().display().to_string();
    let dir = home.path("age").display().to_string();
    let arguments = ["--passphrase-file", passphrase.as_str(), "import", dir.as_str()];
    let ran = super::sesam::run(home.command(&arguments).env("PATH", path), "");
    assert_eq!(ran.code, 9, "{ran:?}");
    assert!(ran.stderr.contains("gopass could not decrypt it"), "{ran:?}");
    assert_eq!(home.names(), ["x:-y"]);
}
