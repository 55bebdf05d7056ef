//! The real program in a home of its own: a temporary directory that holds settings, vault, state and passphrase.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use jiff::SignedDuration;
use sesam::clock::{Clock, SystemClock};
use tempfile::TempDir;

/// The passphrase of every vault here.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple 17";
/// The key of RFC 6238: its codes are known.
pub(crate) const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// The program: the one that was built with these tests, or another one that is to be tried.
pub(crate) fn program() -> String {
    std::env::var("SESAM_TEST_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_sesam").to_owned())
}

/// A person's home on a machine of which nothing else is known.
pub(crate) struct Home {
    dir: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    /// A home without a vault. Its settings make the passphrase cheap.
    pub(crate) fn new() -> Self {
        let home = Self { dir: tempfile::tempdir().expect("a temporary directory") };
        fs::create_dir_all(home.path("config/sesam")).expect("a directory of ours");
        write(&home.path("config/sesam/config.toml"), "[vault]\nwork_factor = 15\n");
        write(&home.passphrase_file(), PASSPHRASE);
        home
    }

    /// A home with an empty vault.
    pub(crate) fn with_vault() -> Self {
        let home = Self::new();
        home.run(&["vault", "create"]).ok();
        home
    }

    /// A home with a vault of three accounts: `GitHub:hugo` (tag work), `GitLab:hugo`, and `Old router`, which counts
    /// and stands at 5.
    pub(crate) fn with_accounts() -> Self {
        let home = Self::with_vault();
        home.add(&["GitHub:hugo", "--tag", "work"]);
        home.add(&["GitLab:hugo"]);
        home.add(&["Old router", "--type", "hotp", "--counter", "5"]);
        home
    }

    /// Adds an account with the secret of RFC 6238.
    pub(crate) fn add(&self, arguments: &[&str]) {
        let all = [&["add", "--secret-stdin"], arguments].concat();
        self.run_with(&all, SECRET).ok();
    }

    /// Runs with the passphrase at hand and nothing on stdin.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs with the passphrase at hand and `stdin`.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &str) -> Ran {
        let file = self.passphrase_file().display().to_string();
        run(&mut self.command(&[&["--passphrase-file", &file], arguments].concat()), stdin)
    }

    /// Runs without a passphrase: the vault is locked unless it was unlocked before.
    pub(crate) fn bare(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments), "")
    }

    /// The program in this home and in no other environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).env_clear().envs(self.environment()).current_dir(self.dir.path());
        command
    }

    /// The whole environment of a run.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![
            ("HOME", self.path("")),
            ("LANG", "C.UTF-8".into()),
            ("PATH", std::env::var_os("PATH").unwrap_or_default().into()),
            ("TZ", "UTC".into()),
            ("XDG_CONFIG_HOME", self.path("config")),
            ("XDG_DATA_HOME", self.path("data")),
            ("XDG_STATE_HOME", self.path("state")),
        ]
    }

    /// A path in the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn passphrase_file(&self) -> PathBuf {
        self.path("passphrase")
    }

    pub(crate) fn vault_dir(&self) -> PathBuf {
        self.path("data/sesam")
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.path("data/sesam/vault.age")
    }

    /// The names of all accounts, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let printed = self.run(&["list", "--fields", "name"]).ok();
        let mut names: Vec<String> = printed.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// The vault's generation.
    pub(crate) fn generation(&self) -> u64 {
        self.run(&["vault", "info", "--json"]).json()["generation"].as_u64().expect("a number")
    }
}

impl Drop for Home {
    /// The kernel's keyring is the user's, not the test's: nothing stays in it.
    fn drop(&mut self) {
        if self.vault().exists() {
            let _ = self.command(&["lock", "--quiet"]).output();
        }
    }
}

impl Ran {
    /// What was printed, of a run that went well.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// What was said on stderr, of a run that ended with `code` and printed nothing.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{}", self.stderr);
        self.stderr
    }

    /// The JSON that was printed, of a run that went well.
    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        let text = self.ok();
        serde_json::from_str(&text).unwrap_or_else(|error| unreachable!("{error} in {text}"))
    }

    /// The error object on stderr, of a run that ended with `code`.
    #[track_caller]
    pub(crate) fn error(self, code: i32) -> serde_json::Value {
        let text = self.fails(code);
        let object: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| unreachable!("{error} in {text}"));
        assert_eq!((&object["schema"], &object["exit"]), (&"sesam.error/1".into(), &code.into()), "{text}");
        object
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        use std::os::unix::process::ExitStatusExt;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("sesam prints UTF-8");
        let code = output.status.code().or(output.status.signal().map(|signal| 128 + signal)).unwrap_or(-1);
        let ran = Self { code, stdout: text(output.stdout), stderr: text(output.stderr) };
        let crashed = [101, 134, 139].contains(&ran.code) || ran.stderr.contains("this is a defect");
        assert!(!crashed, "{ran:?}");
        ran
    }
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command, stdin: impl AsRef<[u8]>) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut pipe = child.stdin.take().expect("stdin was piped");
    let _ = pipe.write_all(stdin.as_ref()); // a run that refuses early reads nothing
    drop(pipe);
    child.wait_with_output().expect("the program can be waited for").into()
}

/// Writes a private file.
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) {
    let mut file = File::create(path).expect("a file of ours");
    file.set_permissions(fs::Permissions::from_mode(0o600)).expect("a mode of ours");
    file.write_all(text.as_ref()).expect("room on the disk");
}

/// Copies a directory with all that is in it.
pub(crate) fn copy_dir(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().expect("cp starts");
    assert!(done.success());
}

/// Waits for another process: asks often, gives up after half a minute.
pub(crate) fn until(what: &str, happened: impl FnMut() -> bool) {
    assert!(comes(happened), "waited in vain for {what}");
}

/// Whether something happens within half a minute; asks often.
pub(crate) fn comes(mut happened: impl FnMut() -> bool) -> bool {
    let given_up = SystemClock.now() + SignedDuration::from_secs(30);
    while SystemClock.now() < given_up {
        if happened() {
            return true;
        }
        SystemClock.pause(Duration::from_millis(10));
    }
    happened()
}

/// Whether a program is installed.
pub(crate) fn installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// The files of a directory whose name begins so.
pub(crate) fn starting_with(dir: &Path, start: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(dir).expect("a directory").flatten();
    all.filter(|entry| entry.file_name().to_string_lossy().starts_with(start))
        .map(|entry| entry.path())
        .collect()
}

/// Whether root runs the tests.
pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// Says that a test could not run here.
#[expect(clippy::print_stderr, reason = "tests tell here what they left out")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// Whether the long form of a test is wanted.
pub(crate) fn full() -> bool {
    std::env::var_os("SESAM_TEST_FULL").is_some_and(|value| value == "1")
}

/// What other sessions of the project hold for us, where it is there.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = root.ancestors().map(|dir| dir.join("shared").join(name)).find(|path| path.exists());
    if found.is_none() {
        skipped(&format!("there is no ../shared/{name}"));
    }
    found
}
