//! The whole way over a real SSH connection: an sshd on loopback, `ssh` in a terminal, and behind it admin mode against
//! a sesamd that runs. What is copied there arrives at the terminal here.

use std::{
    fmt::Write as _,
    fs::{self, File},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use super::{
    admin::Dev,
    tmux::{Start, Tmux, USUAL},
};
use crate::{
    cli::sesam::{Home, comes, installed, is_root, program, run, skipped, write},
    server::http::Client,
};

/// An sshd on loopback that lets in who runs the tests, by a key of this test alone.
struct Sshd<'a> {
    child: Child,
    port: u16,
    home: &'a Home,
}

impl<'a> Sshd<'a> {
    /// Starts one; `None`, and a word about it, where there is none or no client for it.
    fn start(home: &'a Home) -> Option<Self> {
        let Some(sshd) = sshd().filter(|_| installed("ssh") && installed("ssh-keygen")) else {
            skipped("sshd or ssh is not installed");
            return None;
        };
        if is_root() {
            // As root it wants the place where its service puts its unprivileged half.
            let _ = fs::create_dir_all("/run/sshd");
        }
        for key in ["host", "own"] {
            let path = home.path(key).display().to_string();
            run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &path]), "").ok();
        }
        fs::copy(home.path("own.pub"), home.path("authorized")).expect("ssh-keygen wrote it");
        write(&home.path("over-there"), script(home));
        // Another program may take the port between the question and its use.
        let started = (0..5).find_map(|_| Self::listen(&sshd, home));
        let Some(started) = started else {
            let log = fs::read_to_string(home.path("sshd.log")).unwrap_or_default();
            panic!("sshd does not listen: {log}");
        };
        Some(started)
    }

    /// Listens at a port that is free now.
    fn listen(sshd: &Path, home: &'a Home) -> Option<Self> {
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let path = |name: &str| home.path(name).display().to_string();
        let settings = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {host}\nAuthorizedKeysFile {authorized}\nPidFile none\nUsePAM no\n\
             StrictModes no\nPermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n",
            host = path("host"),
            authorized = path("authorized"),
        );
        write(&home.path("sshd_config"), settings);
        let host = fs::read_to_string(home.path("host.pub")).expect("ssh-keygen wrote it");
        write(&home.path("known"), format!("[127.0.0.1]:{port} {host}"));
        let log = File::create(home.path("sshd.log")).expect("a file of ours");
        let child = Command::new(sshd)
            .args(["-D", "-e", "-f", &path("sshd_config")])
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("sshd starts");
        let mut started = Self { child, port, home };
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut has_ended = false;
        comes(|| {
            has_ended = started.child.try_wait().is_ok_and(|ended| ended.is_some());
            has_ended || TcpStream::connect(address).is_ok()
        });
        (!has_ended).then_some(started)
    }

    /// The words behind `ssh`: nothing of this machine's own settings, and no question.
    fn words(&self, tty: &str, command: &str) -> Vec<String> {
        let path = |name: &str| self.home.path(name).display().to_string();
        let user = run(Command::new("id").arg("-un"), "").ok();
        let mut words: Vec<String> = ["-F", "/dev/null", "-q", tty, "-i"].map(str::to_owned).into();
        words.extend([path("own"), "-p".into(), self.port.to_string()]);
        let known = format!("UserKnownHostsFile={}", path("known"));
        let options = [
            "BatchMode=yes",
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=yes",
            "GlobalKnownHostsFile=/dev/null",
        ];
        for option in options.into_iter().chain([known.as_str()]) {
            words.extend(["-o".to_owned(), option.to_owned()]);
        }
        words
            .extend([format!("{}@127.0.0.1", user.trim()), format!("sh '{}' {command}", path("over-there"))]);
        words
    }

    /// Runs sesam there without a terminal.
    fn prints(&self, command: &str) -> String {
        run(Command::new("ssh").args(self.words("-T", command)), "").ok()
    }

    /// Runs sesam there in a window here.
    fn shows(&self, name: &str, command: &str) -> Option<Tmux<'a>> {
        let mut arguments = String::new();
        for word in self.words("-tt", command) {
            let _ = write!(arguments, " '{}'", word.replace('\'', r"'\''"));
        }
        let start = Start { name, arguments: &arguments, variables: &[], size: USUAL };
        Tmux::runs(self.home, "ssh", &start)
    }
}

impl Drop for Sshd<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where sshd is: seldom on the path of a person.
fn sshd() -> Option<PathBuf> {
    ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.is_file())
}

/// What a login there runs: sesam in the home of the test, with all that sshd says of the connection.
fn script(home: &Home) -> String {
    let mut script = String::new();
    for (name, value) in home.environment() {
        let _ = writeln!(script, "export {name}='{}'", value.display());
    }
    let _ = writeln!(script, "exec '{}' \"$@\"", program());
    script
}

/// A sign-in at the server that waits for its second step: its id.
fn begun(client: &mut Client) -> String {
    let wish = json!({"application": "vpn", "user": "alan", "password": "correct horse battery"});
    let answer = client.post("/v1/sign-ins", "", &wish.to_string()).expect("an answer");
    let view: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(view["stage"], "second_step", "{view}");
    view["id"].as_str().expect("an id").to_owned()
}

/// Shows a passcode: the status, and the stage of the sign-in then.
fn shown(client: &mut Client, id: &str, passcode: &str) -> (u16, Value) {
    let body = json!({"factor": "passcode", "code": passcode}).to_string();
    let answer = client.post(&format!("/v1/sign-ins/{id}/verify"), "", &body).expect("an answer");
    let view: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    (answer.status, view["stage"].clone())
}

/// Finds alan among all users and takes away his bindings.
fn reset(tmux: &Tmux<'_>) {
    tmux.sees("ok ");
    tmux.keys(&["Enter"]);
    tmux.sees("locked ×");
    tmux.keys(&["/"]);
    tmux.types("user:alan");
    tmux.sees("1 of 10");
    tmux.keys(&["Enter"]);
    tmux.sees("▌ alan");
    tmux.keys(&["x"]);
    tmux.sees("alan must enrol again");
    tmux.keys(&["r"]);
    tmux.sees("cannot sign in until enrolled");
    tmux.types("lost phone, over SSH");
    tmux.keys(&["Tab"]);
    tmux.types("alan");
    tmux.sees("[ Reset ]");
    tmux.keys(&["Tab", "Tab", "Enter"]);
    tmux.sees("alan: unbound ▲");
}

/// Sees on the tab of the audit that it was done, and why.
fn sees_it_in_the_audit(tmux: &Tmux<'_>) {
    tmux.keys(&["2"]);
    tmux.sees("Binding reset");
    tmux.keys(&["Enter"]);
    tmux.sees("As the server said it");
    tmux.keys(&["Down"; 12]);
    tmux.sees("lost phone, over SSH");
    tmux.keys(&["Escape"]);
    tmux.misses("lost phone, over SSH");
    tmux.keys(&["1"]);
    tmux.sees("▌ alan");
}

/// Ends the lock, which a reset leaves: until then no passcode is taken either.
fn unlock(tmux: &Tmux<'_>) {
    tmux.keys(&["x"]);
    tmux.sees("Actions: alan");
    tmux.keys(&["u"]);
    tmux.sees("this will, for");
    tmux.keys(&["Tab", "Tab", "Enter"]);
    tmux.misses("this will, for");
}

/// Issues a passcode, copies it, and closes its box: what arrived at the terminal here.
fn passcode(tmux: &Tmux<'_>) -> String {
    tmux.keys(&["x"]);
    tmux.sees("Actions: alan");
    tmux.keys(&["c"]);
    tmux.sees("good once within");
    tmux.keys(&["1"]);
    tmux.sees("this will, for");
    tmux.types("until the new phone is here");
    tmux.keys(&["Tab", "Tab", "Enter"]);
    let picture = tmux.sees("It is shown once");
    tmux.keys(&["y"]);
    tmux.sees("to your terminal (OSC 52)");
    let copied = tmux.copied("");
    let seen = picture.replace(' ', "");
    assert!(copied.len() == 8 && seen.contains(&copied), "{copied} of\n{picture}");
    tmux.keys(&["Escape"]);
    tmux.sees("The passcode of alan is hidden");
    copied
}

#[test]
fn the_whole_way_of_a_lost_telephone() {
    let Some(dev) = Dev::start() else { return };
    let Some(sshd) = Sshd::start(&dev.home) else { return };
    let audit = || sshd.prints("admin audit list user:alan --json");
    assert!(!audit().contains("Binding reset"), "nothing was done yet");
    let Some(tmux) = sshd.shows("over-ssh", "admin") else { return };
    reset(&tmux);
    assert!(audit().contains("Binding reset"), "{}", audit());
    sees_it_in_the_audit(&tmux);
    unlock(&tmux);
    let passcode = passcode(&tmux);
    tmux.keys(&["q", "q"]);
    assert_eq!(tmux.ends(), 0);

    let address = dev.url.trim_start_matches("http://").trim_end_matches('/').parse().expect("an address");
    let mut client = Client::connect(address).expect("a connection");
    let id = begun(&mut client);
    let wrong = if passcode == "00000000" { "00000001" } else { "00000000" };
    assert_ne!(shown(&mut client, &id, wrong).0, 200, "another passcode opens nothing");
    // It is the second step; what is left is to bind the new telephone.
    assert_eq!(shown(&mut client, &id, &passcode), (200, json!("binding")));
}
