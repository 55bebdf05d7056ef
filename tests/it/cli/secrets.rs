//! No secret in an argument, the environment, a log or an error; no network; no file where none belongs.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use sesam::{
    crypt::passphrase::Passphrase,
    vault::{Place, unlock::IdentityFile},
};

use super::sesam::{Home, PASSPHRASE, Ran, SECRET, installed, is_root, program, run, skipped, write};

/// A secret that is in no other test, so that it is found if it is anywhere.
const OTHER: &str = "KRUGKIDROVUWG2ZAMJZG653OEBTG66BA";
const NEW_PASSPHRASE: &str = "seven quite other words stand here instead";

/// One call of each command, with what stdin gives; they build on each other.
const STORY: &[(&[&str], &str)] = &[
    (&["vault", "create"], ""),
    (&["unlock", "--for", "10m"], ""),
    (&["unlocked"], ""),
    (&["add", "GitHub:hugo", "--secret-stdin"], OTHER),
    (
        &["add", "--uri", "-"],
        "otpauth://hotp/Old%20router:ada?secret=KRUGKIDROVUWG2ZAMJZG653OEBTG66BA&counter=5",
    ),
    (&["add", "VPN", "--type", "motp", "--secret-stdin"], "e3152afee62599c8"),
    (&["edit", "vpn", "--pin-file", "-"], "7391"),
    (&["add", "Made", "--generate"], ""),
    (&["add", "Bad", "--secret-stdin"], "KRUGKIDROVUWG2ZA!"),
    (&["list"], ""),
    (&["list", "--codes", "--json"], ""),
    (&["search", "hugo"], ""),
    (&["show", "github"], ""),
    (&["code", "github"], ""),
    (&["code", "router"], ""),
    (&["code", "nobody"], ""),
    (&["watch", "--once"], ""),
    (&["edit", "github", "--note", "a note"], ""),
    (&["edit", "made", "--secret-stdin"], OTHER),
    (&["rename", "made", "Forge:hugo"], ""),
    (&["tag", "add", "work", "github"], ""),
    (&["tag", "list"], ""),
    (&["rm", "forge"], ""),
    (&["undo"], ""),
    (&["redo"], ""),
    (&["trash", "list"], ""),
    (&["trash", "restore", "forge"], ""),
    (&["qr", "github", "-o", "picture.png"], ""),
    (&["config", "show"], ""),
    (&["config", "set", "codes.group", "4"], ""),
    (&["doctor"], ""),
    (&["vault", "info"], ""),
    (&["vault", "verify"], ""),
    (&["vault", "backup"], ""),
    (&["vault", "backup", "copy"], ""),
    (&["vault", "merge", "copy/vault.age"], ""),
    (&["vault", "restore", "--list"], ""),
    (&["vault", "restore"], ""),
    (&["vault", "passwd", "--new-passphrase-file", "new"], ""),
    (&["vault", "rekey", "--yes"], ""),
    (&["lock"], ""),
    (&["completions", "bash"], ""),
    (&["--version"], ""),
    (&["trash", "empty", "--confirm", "0 accounts", "-v"], ""),
];

/// What all those calls must never show. A code may be printed, but only on stdout, by who was asked for it.
fn secrets(home: &Home) -> Vec<String> {
    let place = Place::new(&home.vault_dir());
    let mut all: Vec<String> =
        [OTHER, PASSPHRASE, NEW_PASSPHRASE, "e3152afee62599c8", "THIQUICK", "KRUGKIDROVUWG2ZA!"]
            .map(str::to_owned)
            .to_vec();
    for text in [PASSPHRASE, NEW_PASSPHRASE] {
        let passphrase = Passphrase::new(text).expect("not empty");
        let opened = IdentityFile::read(&place).and_then(|file| file.open(&passphrase, &place));
        all.extend(opened.into_iter().flat_map(|one| one.identities).map(|one| one.expose().to_owned()));
    }
    all
}

#[test]
fn the_whole_command_line_keeps_its_secrets_and_its_place() {
    if !installed("strace") || !is_root() {
        return skipped("strace is not installed, or it may not look into the program: only root may");
    }
    for umask in ["000", "077", "0777"] {
        let home = Home::new();
        write(&home.path("new"), NEW_PASSPHRASE);
        let mut secret = Vec::new();
        for (at, (arguments, stdin)) in STORY.iter().enumerate() {
            let file = if arguments[0] == "lock" || at > 39 { "new" } else { "passphrase" };
            let (ran, trace) =
                traced(&home, &[&["--passphrase-file", file], *arguments].concat(), (stdin, umask));
            secret.extend(secrets(&home));
            secret.sort();
            secret.dedup();
            for secret in &secret {
                assert!(!ran.stderr.contains(secret.as_str()), "{secret} on stderr of {arguments:?}");
                assert!(!ran.stdout.contains(secret.as_str()), "{secret} on stdout of {arguments:?}");
            }
            let offences = offences(&home, &trace, &secret);
            assert!(offences.is_empty(), "{arguments:?}: {offences:#?}");
        }
        assert!(secret.iter().any(|one| one.starts_with("AGE-SECRET-KEY")), "the identity was looked for");
        private(&home, "data");
        private(&home, "state");
        private(&home, "copy");
        assert_eq!(mode(&home.path("picture.png")), 0o600);
        assert_eq!(mode(&home.path("config/sesam/config.toml")), 0o600);
    }
}

/// Runs under strace; what was done is in the trace, with every argument and variable in full.
fn traced(home: &Home, arguments: &[&str], (stdin, umask): (&str, &str)) -> (Ran, String) {
    let trace = home.path("trace");
    let shell = format!("umask {umask}; exec \"$@\"");
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-v",
        "-y",
        "-s",
        "100000",
        "-e",
        "trace=%network,execve,openat,open,creat,mkdir,rename,link,unlink,write",
    ]);
    command.arg("-o").arg(&trace).args(["sh", "-c", &shell, "sh", &program()]).args(arguments);
    let ran = run(command.env_clear().envs(home.environment()).current_dir(home.path("")), stdin);
    let text = fs::read(&trace).expect("strace writes it");
    fs::remove_file(&trace).expect("a file of ours");
    (ran, String::from_utf8_lossy(&text).into_owned())
}

/// The lines of a trace that should not be there.
fn offences(home: &Home, trace: &str, secrets: &[String]) -> Vec<String> {
    let home = home.path("").display().to_string();
    let home = home.trim_end_matches('/');
    let ours = ["data/sesam", "state/sesam", "config/sesam", "copy", "picture.png", ".picture.png"]
        .map(|dir| format!("{home}/{dir}"));
    let own = |line: &str| {
        let path = line.split('"').nth(1).unwrap_or_default().trim_start_matches("./");
        let path = if path.starts_with('/') { path.to_owned() } else { format!("{home}/{path}") };
        ours.iter().any(|dir| path.starts_with(dir.as_str()))
            || ["/dev/tty", "/dev/null"].contains(&path.as_str())
            || ["data", "state"].iter().any(|dir| path == format!("{home}/{dir}"))
    };
    let bad = |line: &&str| {
        let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        let begins = |names: &[&str]| names.iter().any(|name| call.starts_with(name));
        let writes = begins(&["openat(", "open("])
            && ["O_WRONLY", "O_RDWR", "O_CREAT"].iter().any(|flag| call.contains(flag));
        (begins(&["execve("]) && secrets.iter().any(|secret| call.contains(secret.as_str())))
            || (begins(&["execve("]) && !call.contains(&program()) && !call.contains("\"umask "))
            || (begins(&["socket(", "connect(", "sendto("]) && !call.contains("AF_UNIX"))
            || ((writes || begins(&["creat(", "mkdir(", "rename(", "link(", "unlink("])) && !own(call))
            || (begins(&["write("]) && secrets.iter().any(|secret| call.contains(secret.as_str())))
    };
    trace.lines().filter(bad).map(|line| line.chars().take(400).collect()).collect()
}

/// Everything under a directory of ours is closed to others.
fn private(home: &Home, dir: &str) {
    let mut waiting: Vec<PathBuf> = match dir {
        "copy" => vec![home.path(dir)],
        _ => vec![home.path(dir).join("sesam")],
    };
    while let Some(path) = waiting.pop() {
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a directory").flatten().map(|entry| entry.path()));
        }
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode()
        & 0o777
}

#[test]
fn a_link_as_an_argument_is_told_of() {
    let home = Home::with_vault();
    let ran = home.run(&["add", &format!("otpauth://totp/X?secret={SECRET}")]);
    assert!(ran.stderr.contains("others on this machine can read the link"), "{ran:?}");
    assert!(!ran.stderr.contains(SECRET), "{ran:?}");
    ran.ok();
}

/// Neither another process of this user nor a core dump may show the memory.
#[test]
fn the_memory_is_closed_to_others() {
    if !installed("strace") {
        return skipped("strace is not installed");
    }
    let home = Home::with_accounts();
    let trace = home.path("trace");
    let mut command = Command::new("strace");
    command.args(["-e", "trace=prctl,prlimit64,setrlimit,openat"]).arg("-o").arg(&trace).arg(program());
    command.args(["code", "github", "--passphrase-file", "passphrase"]);
    run(command.env_clear().envs(home.environment()).current_dir(home.path("")), "").ok();
    let text = fs::read_to_string(&trace).unwrap();
    let (before, after) =
        text.split_once("PR_SET_DUMPABLE, SUID_DUMP_DISABLE").expect("it closes its memory");
    assert!(before.contains("RLIMIT_CORE, {rlim_cur=0, rlim_max=0}"), "{text}");
    assert!(!before.contains("\"passphrase\""), "before anything secret is read: {text}");
    let (open, closed) = ("openat(AT_FDCWD, \"passphrase\"", "openat(AT_FDCWD, 0x");
    assert!(after.contains(if is_root() { open } else { closed }), "only root can still look in: {text}");
}
