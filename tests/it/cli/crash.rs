//! Every command that writes, killed and refused at each of its system calls, and cut off from power between them.
//!
//! The simulator lies beside the project; without it, or without strace, these tests say so and end.

use std::{fs, path::Path, process::Command};

use sesam::{
    crypt::passphrase::Passphrase,
    keyring::{KernelKeyring, SecretStore},
    vault::{Place, unlock::IdentityFile},
};

use super::sesam::{Home, PASSPHRASE, copy_dir, full, installed, is_root, program, shared, skipped, write};

/// A command that writes: its name, its arguments, and whether the short run has it too.
struct Verb {
    name: &'static str,
    arguments: &'static str,
    always: bool,
}

const VERBS: &[Verb] = &[
    Verb { name: "create", arguments: "vault create", always: false },
    Verb { name: "add", arguments: "add New:hugo --generate", always: true },
    Verb { name: "edit", arguments: "edit github --note changed", always: false },
    Verb { name: "rm", arguments: "rm github", always: false },
    Verb { name: "code", arguments: "code router", always: true },
    Verb { name: "undo", arguments: "undo", always: false },
    Verb {
        name: "passwd",
        arguments: "vault passwd --new-passphrase-file {d}/new-passphrase",
        always: false,
    },
    Verb { name: "rekey", arguments: "vault rekey --yes", always: false },
    Verb { name: "restore", arguments: "vault restore", always: false },
    Verb { name: "restore-file", arguments: "vault restore {d}/earlier.age", always: false },
    Verb { name: "merge", arguments: "vault merge {d}/other.age", always: false },
    Verb { name: "backup", arguments: "--quiet vault backup {d}/copy", always: false },
];

#[test]
fn a_crash_leaves_the_old_or_the_new_and_never_anything_else() {
    let Some(simulator) = shared("harness/crashsim.py") else { return };
    if !["strace", "python3", "age"].into_iter().all(installed) || !is_root() {
        return skipped(
            "strace, python3 or age is not installed, or strace may not look into the program: only root may",
        );
    }
    let only = std::env::var("SESAM_TEST_VERB").ok();
    let wanted = |verb: &&Verb| only.as_deref().map_or(verb.always || full(), |name| name == verb.name);
    let failed: Vec<&str> = VERBS
        .iter()
        .filter(wanted)
        .filter(|verb| !survives(verb, &simulator))
        .map(|verb| verb.name)
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
}

/// Runs the simulator over one command; prints what it found.
fn survives(verb: &Verb, simulator: &Path) -> bool {
    let home = prepared(verb);
    let check = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/cli/crash_check.sh");
    let mut command = Command::new("python3");
    command.arg(simulator).arg(home.path("work")).arg(save(verb)).arg(format!(
        "sh {check} {} {{d}} {}",
        program(),
        verb.name
    ));
    if !full() {
        command.arg("--fast");
    }
    let scratch = home.path("scratch");
    fs::create_dir(&scratch).expect("a directory of ours");
    let output = command.env("CS_TMP", scratch).output().expect("python starts");
    home.bare(&["lock", "--vault", "work/data/sesam"]);
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    println!("{}: {said}{errors}", verb.name);
    let missed =
        said.lines().any(|line| line.contains("injection missed") || line.contains("strace refused"));
    output.status.success() && !missed
}

/// The command as the simulator runs it: `{d}` is its copy of the work directory.
fn save(verb: &Verb) -> String {
    let environment = "HOME={d} XDG_CONFIG_HOME={d}/config XDG_DATA_HOME={d}/data XDG_STATE_HOME={d}/state";
    format!("env {environment} {} --passphrase-file {{d}}/passphrase {}", program(), verb.arguments)
}

/// A home whose `work` is a whole home before the command, with the lists of the accounts before and after it.
fn prepared(verb: &Verb) -> Home {
    let home = Home::new();
    if verb.name != "create" {
        for arguments in [
            &["vault", "create"][..],
            &["add", "GitHub:hugo", "--generate"],
            &["add", "Old router", "--generate", "--type", "hotp", "--counter", "5"],
        ] {
            home.run(arguments).ok();
        }
        fs::copy(home.vault(), home.path("earlier.age")).expect("a copy");
        copy_dir(&home.vault_dir(), &home.path("apart"));
        home.run(&["add", "There:hugo", "--generate", "--vault", "apart"]).ok();
        fs::copy(home.path("apart/vault.age"), home.path("other.age")).expect("a copy");
        fs::remove_dir_all(home.path("apart")).expect("a directory of ours");
        home.run(&["edit", "github", "--note", "first"]).ok();
        keep_key(&home);
    }
    if !["create", "passwd", "rekey"].contains(&verb.name) && KernelKeyring.check().is_ok() {
        // All copies have the same identity file: one key serves them, and scrypt is not run a thousand times.
        home.run(&["unlock", "--for", "30m"]).ok();
    }
    write(&home.path("new-passphrase"), "seven other words than before, I hope");
    let list =
        |home: &Home| home.run(&["list", "--sort", "name", "--fields", "name,tags,note,counter"]).stdout;
    write(&home.path("old"), list(&home));
    if verb.name == "restore" {
        write(&home.vault(), "age-encryption.org/v1\nnothing that opens");
    }
    write(&home.path("new"), after(&home, verb));
    collect(&home);
    home
}

/// The list of accounts after the command, learned on a copy.
fn after(home: &Home, verb: &Verb) -> String {
    let trial = Home::new();
    fs::remove_dir_all(trial.path("config")).expect("a directory of ours");
    for entry in fs::read_dir(home.path("")).expect("a directory of ours").flatten() {
        copy_dir(&entry.path(), &trial.path(""));
    }
    let arguments = verb.arguments.replace("{d}", &trial.path("").display().to_string());
    let arguments: Vec<&str> = arguments.split(' ').collect();
    trial.run(&arguments).ok();
    let list = trial.run(&["list", "--sort", "name", "--fields", "name,tags,note,counter"]).stdout;
    fs::remove_dir_all(trial.vault_dir()).expect("a directory of ours"); // or its end would lock them all
    list
}

/// Moves everything into `work`.
fn collect(home: &Home) {
    let all: Vec<_> = fs::read_dir(home.path("")).expect("a directory of ours").flatten().collect();
    fs::create_dir(home.path("work")).expect("a directory of ours");
    for entry in all {
        fs::rename(entry.path(), home.path("work").join(entry.file_name())).expect("a name that is free");
    }
}

/// The identity in the clear, to see later whether it still opens the vault.
fn keep_key(home: &Home) {
    let place = Place::new(&home.vault_dir());
    let file = IdentityFile::read(&place).expect("an identity");
    let passphrase = Passphrase::new(PASSPHRASE).expect("not empty");
    let unlocked = file.open(&passphrase, &place).expect("our passphrase");
    write(&home.path("old-key"), unlocked.identities[0].expose());
}
