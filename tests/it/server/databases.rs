//! Real databases for the store: SQLite in a temporary directory, and a PostgreSQL that is started for the test where
//! one is installed. Also the things every story in a store needs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use sesam::{
    clock::Clock,
    server::{
        random,
        seal::keys::Keys,
        store::{Settings, Store, StoreError, database::Place},
    },
};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A clock that is set by hand and shared by every replica.
#[derive(Debug)]
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_800_000_000)))
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn seconds(&self) -> u64 {
        self.0.load(Ordering::SeqCst).unsigned_abs()
    }
}

impl Clock for HandClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn pause(&self, _: Duration) {}
}

/// A database, and how many replicas a test should start on it.
pub(crate) struct Database {
    pub(crate) place: Place,
    pub(crate) replicas: usize,
    pub(crate) name: &'static str,
    pub(crate) dir: PathBuf,
    /// As settings name it; SQLite is left to the one who writes the settings.
    pub(crate) url: Option<String>,
    _sqlite: Option<TempDir>,
    postgres: Option<Postgres>,
}

impl Database {
    /// SQLite, and PostgreSQL where it is installed.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::sqlite()];
        match Postgres::start() {
            Some(postgres) => all.push(Self::postgres(postgres)),
            None => println!("skipped on PostgreSQL: no initdb was found"),
        }
        all
    }

    pub(crate) fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sesamd.db");
        let place = Place::parse(&format!("sqlite:{}", path.display())).unwrap();
        let path = dir.path().to_owned();
        Self { place, replicas: 1, name: "SQLite", dir: path, url: None, _sqlite: Some(dir), postgres: None }
    }

    fn postgres(postgres: Postgres) -> Self {
        let dir = postgres.dir.clone();
        let url = format!("postgres://postgres@localhost/postgres?host={}", dir.display());
        let place = Place::parse(&url).unwrap();
        let (name, url) = ("PostgreSQL", Some(url));
        Self { place, replicas: 3, name, dir, url, _sqlite: None, postgres: Some(postgres) }
    }

    /// Stops PostgreSQL as a crash does, and starts it again: `true` starts.
    pub(crate) fn turn(&self, on: bool) {
        self.postgres.as_ref().expect("SQLite is not turned off").turn(on);
    }

    pub(crate) fn settings(&self, replica: usize, clock: &Arc<HandClock>) -> Settings {
        Settings {
            place: self.place.clone(),
            replica: format!("r{replica}"),
            patience: PATIENCE,
            keys: Arc::new(keys(7)),
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            random: random::system,
        }
    }

    /// Starts every replica.
    pub(crate) async fn open(&self, clock: &Arc<HandClock>) -> Vec<Store> {
        let mut stores = Vec::new();
        for replica in 0..self.replicas {
            stores.push(Store::open(self.settings(replica, clock)).await.unwrap().0);
        }
        stores
    }

    /// Changes the tables behind the server's back.
    pub(crate) async fn tamper(&self, sql: &'static str) -> Result<(), StoreError> {
        self.place.connect(PATIENCE).await?.run(sql).await
    }
}

pub(crate) fn keys(byte: u8) -> Keys {
    Keys::new(BTreeMap::from([(1, Zeroizing::new([byte; 32]))])).unwrap()
}

/// A machine that does much else besides makes a disk wait for long.
const PATIENCE: Duration = Duration::from_mins(5);

/// Runs a story to its end.
pub(crate) fn run<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(story)
}

/// A server of its own, on a socket in a directory of its own, that stops with the test.
struct Postgres {
    bin: PathBuf,
    dir: PathBuf,
}

impl Postgres {
    fn start() -> Option<Self> {
        let bin = bin()?;
        let made = as_server(Command::new("mktemp").arg("-d"))?;
        let dir = PathBuf::from(String::from_utf8(made.stdout).unwrap().trim());
        let server = Self { bin, dir };
        let data = server.dir.join("data");
        let mut initdb = Command::new(server.bin.join("initdb"));
        initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "-D"]).arg(&data);
        as_server(&mut initdb)?;
        server.turn(true)?;
        Some(server)
    }

    fn turn(&self, on: bool) -> Option<Output> {
        let (data, log) = (self.dir.join("data"), self.dir.join("log"));
        let options = format!("-k {} -c listen_addresses=''", self.dir.display());
        let mut control = Command::new(self.bin.join("pg_ctl"));
        control.arg("-D").arg(data);
        if on {
            control.args(["-w", "-l"]).arg(log).args(["-o", &options, "start"]);
        } else {
            control.args(["-m", "immediate", "stop"]);
        }
        as_server(&mut control)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.turn(false);
        as_server(Command::new("rm").arg("-rf").arg(&self.dir));
    }
}

/// Where the newest PostgreSQL has its programs, on Debian and elsewhere.
pub(super) fn bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|entry| entry.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<PathBuf> = debian.chain(std::env::split_paths(&path)).collect();
    all.retain(|dir| Path::exists(&dir.join("initdb")) && Path::exists(&dir.join("pg_ctl")));
    all.into_iter().max()
}

/// PostgreSQL refuses to run as root: root becomes the user that its package made.
fn as_server(command: &mut Command) -> Option<Output> {
    let mut run = if rustix::process::geteuid().is_root() {
        let mut run = Command::new("runuser");
        run.args(["-u", "postgres", "--"]).arg(command.get_program()).args(command.get_args());
        run
    } else {
        std::mem::replace(command, Command::new("true"))
    };
    // pg_ctl leaves a server behind that would hold a pipe open: only mktemp's answer is read.
    run.current_dir("/").stdin(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    if !run.get_args().any(|argument| argument == "-d") {
        run.stdout(std::process::Stdio::null());
        return run.status().ok().filter(std::process::ExitStatus::success).map(|status| Output {
            status,
            stdout: vec![],
            stderr: vec![],
        });
    }
    run.output().ok().filter(|output| output.status.success())
}
