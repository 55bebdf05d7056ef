//! sesamd as its users meet it: the real program over real sockets, one process or several on one database.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use sesam::{
    clock::SystemClock,
    server::{
        config::Config,
        run,
        service::Service,
        store::database::{Place, Row, Value},
    },
};
use tempfile::TempDir;

/// Settings, a key and a database, for as many replicas as are wanted.
pub(crate) struct Site {
    pub(crate) dir: TempDir,
    url: String,
}

/// One process that serves.
pub(crate) struct Sesamd {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Site {
    /// Writes settings for replicas and makes key and database. `more` is TOML that comes before `[database]`.
    pub(crate) fn new(url: Option<&str>, more: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let url = url.unwrap_or("sqlite:sesamd.db").to_owned();
        for replica in 0..REPLICAS {
            let text = format!(
                "[mail]\nsmtp = \"smtp://127.0.0.1:9\"\nfrom = \"mfa@example.com\"\n\
                 [limits]\nper_address_a_minute = 0\nper_user_a_minute = 0\n{more}\n\
                 [database]\nurl = \"{url}\"\nkey_file = \"sesamd.key\"\n\
                 [server]\nlisten = \"127.0.0.1:0\"\nreplica = \"r{replica}\"\n"
            );
            let path = dir.path().join(format!("r{replica}.toml"));
            File::create(path).and_then(|mut file| file.write_all(text.as_bytes())).expect("room");
        }
        let said = command(&dir.path().join("r0.toml")).arg("init").output().expect("sesamd runs");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        Self { dir, url }
    }

    pub(crate) fn settings(&self, replica: usize) -> PathBuf {
        self.dir.path().join(format!("r{replica}.toml"))
    }

    /// A command line with these settings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(&self.settings(0));
        command.args(arguments);
        command
    }

    pub(crate) fn serve(&self, replica: usize) -> Sesamd {
        Sesamd::start(&mut command(&self.settings(replica)))
    }

    /// An API key with a role, made on the machine itself.
    pub(crate) fn api_key(&self, name: &str, role: &str) -> String {
        let made = self.command(&["admin", "key", "--name", name, "--role", role]).output().expect("it runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8_lossy(&made.stdout).trim().to_owned()
    }

    /// Whether every chain of the audit holds, as the command says.
    pub(crate) fn verified(&self) -> bool {
        let ran = self.command(&["audit", "verify"]).output().expect("it runs");
        if !ran.status.success() {
            let _ = std::io::stderr().write_all(&ran.stderr);
        }
        ran.status.success()
    }

    /// Does something with the same settings in this process.
    pub(crate) fn inside<T>(&self, work: impl AsyncFnOnce(&Service) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("threads").block_on(async {
            let config = Config::read(&self.settings(REPLICAS - 1)).expect("settings");
            let opened = run::open(config, Arc::new(SystemClock)).await.expect("a database");
            work(&opened.service).await
        })
    }

    /// Asks the database past sesamd.
    pub(crate) fn rows(&self, sql: &'static str, values: Vec<Value>) -> Vec<Row> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a thread");
        runtime.block_on(async {
            let place = self.place();
            let mut connection = place.connect(Duration::from_mins(1)).await.expect("a connection");
            connection.rows(sql, values).await.expect("an answer")
        })
    }

    /// One number of the database.
    pub(crate) fn count(&self, sql: &'static str, values: Vec<Value>) -> i64 {
        self.rows(sql, values)[0].int(0).expect("a number")
    }

    pub(crate) fn place(&self) -> Place {
        let Some(path) = self.url.strip_prefix("sqlite:") else {
            return Place::parse(&self.url).expect("a place");
        };
        Place::parse(&format!("sqlite:{}", self.dir.path().join(path).display())).expect("a place")
    }
}

impl Sesamd {
    /// Starts what serves, and waits until it says where it listens.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child =
            command.arg("serve").stderr(Stdio::piped()).stdin(Stdio::null()).spawn().expect("sesamd runs");
        let lines = BufReader::new(child.stderr.take().expect("it is piped"));
        let log = Arc::new(Mutex::new(String::new()));
        let (tell, told) = mpsc::channel();
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("sesamd listens on http://") {
                    let _ = tell.send(address.parse().expect("an address"));
                }
                let mut kept = kept.lock().expect("nobody panics with it");
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let Ok(address) = told.recv_timeout(Duration::from_mins(1)) else {
            let _ = child.kill();
            let status = child.wait();
            panic!("it does not serve: {status:?}, {:?}", log.lock());
        };
        Self { child, address, log }
    }

    /// What it said on stderr.
    pub(crate) fn log(&self) -> String {
        self.log.lock().expect("nobody panics with it").clone()
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM, and what its end was.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        self.terminate();
        self.child.wait().expect("it was started").code()
    }

    pub(crate) fn terminate(&self) {
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
    }

    /// Resident memory in KiB, now and at most: Linux alone tells.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or_default()
        };
        (field("VmRSS:"), field("VmHWM:"))
    }
}

impl Drop for Sesamd {
    fn drop(&mut self) {
        self.kill();
    }
}

/// `sesamd` with these settings and without what the caller's environment says.
fn command(settings: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sesamd"));
    command.env_remove("RUST_LOG").arg("--config").arg(settings);
    command
}

/// So many replicas have settings; the last one's are for [`Site::inside`].
const REPLICAS: usize = 5;
