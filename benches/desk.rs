//! Admin mode at a large server, in a real pseudo-terminal of 140x40: the first list, keys, filters, memory.
//!
//! `SESAM_BENCH_HOLD=1 cargo bench --bench server --features server -- s4` serves 1,000,000 users and 10,000,000 rows
//! and says where and with which key; then, in another terminal,
//! `SESAM_BENCH_DESK=http://127.0.0.1:PORT SESAM_BENCH_KEY=FILE cargo bench --bench desk`, FILE holding the key.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a bench prints, writes its own files, and ends where the program does"
)]

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sesam");
/// So long nothing more comes after the last byte of an answer to a key.
const QUIET: Duration = Duration::from_millis(12);
const PATIENCE: Duration = Duration::from_secs(30);

/// The program in its terminal.
struct Desk {
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    id: u32,
}

impl Desk {
    fn open(home: &Path) -> Self {
        let size = PtySize { rows: 40, cols: 140, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(PROGRAM);
        command.env_clear();
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8")] {
            command.env(name, value);
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"] {
            command.env(name, home);
        }
        command.args(["--config", home.join("config.toml").to_str().expect("a plain path"), "admin"]);
        let child = pair.slave.spawn_command(command).expect("it starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let keys = pair.master.take_writer().expect("a writer");
        let (send, bytes) = channel();
        std::thread::spawn(move || {
            let _pair = pair;
            let mut chunk = vec![0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                if send.send(chunk[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { keys, bytes, id: child.process_id().unwrap_or_default() }
    }

    fn press(&mut self, keys: &[u8]) -> Instant {
        self.keys.write_all(keys).and_then(|()| self.keys.flush()).expect("it listens");
        Instant::now()
    }

    /// Milliseconds until these words come.
    fn until(&self, start: Instant, words: &str) -> f64 {
        let mut seen = Vec::new();
        while let Ok(bytes) = self.bytes.recv_timeout(PATIENCE) {
            seen.extend(bytes);
            if seen.windows(words.len()).any(|window| window == words.as_bytes()) {
                return start.elapsed().as_secs_f64() * 1000.0;
            }
        }
        panic!("no {words} in {}", String::from_utf8_lossy(&seen));
    }

    /// Until nothing comes for a while.
    fn settle(&self) {
        while self.bytes.recv_timeout(Duration::from_millis(300)).is_ok() {}
    }

    /// Milliseconds from a key to the last byte of its picture, median and most.
    fn key(&mut self, key: &[u8], times: usize) -> (f64, f64) {
        let mut all: Vec<f64> = (0..times)
            .map(|_| {
                let start = self.press(key);
                let mut last = start;
                while self.bytes.recv_timeout(QUIET).is_ok() {
                    last = Instant::now();
                }
                (last - start).as_secs_f64() * 1000.0
            })
            .collect();
        all.sort_by(f64::total_cmp);
        (all[all.len() / 2], all[all.len() - 1])
    }

    /// MiB of memory, now and at most.
    fn memory(&self) -> (f64, f64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id)).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0.0) / 1024.0
        };
        (field("VmRSS:"), field("VmHWM:"))
    }
}

fn main() {
    let (Ok(url), Some(key)) = (std::env::var("SESAM_BENCH_DESK"), std::env::var_os("SESAM_BENCH_KEY"))
    else {
        println!("skipped: SESAM_BENCH_DESK and SESAM_BENCH_KEY name no server");
        return;
    };
    let home = std::env::temp_dir().join(format!("sesam-desk-{}", std::process::id()));
    fs::create_dir_all(&home).expect("a temporary directory");
    let key = fs::canonicalize(key).expect("a file with the key");
    let settings = format!(
        "[admin.servers.large]\nurl = \"{url}\"\nkind = \"lab\"\ntoken = \"file:{}\"\n",
        key.display()
    );
    fs::write(home.join("config.toml"), settings).expect("room on the disk");
    measure(&mut Desk::open(&home));
    let _ = fs::remove_dir_all(&home);
}

fn measure(desk: &mut Desk) {
    desk.until(Instant::now(), "ok ");
    desk.settle();
    let start = desk.press(b"\r");
    println!("first users: {:.0} ms (goal 300)", desk.until(start, "user0000000"));
    desk.settle();
    for (name, key, times) in [("down", &b"j"[..], 90), ("half a page", b"\x04", 90)] {
        let (median, most) = desk.key(key, times);
        println!("key {name}: median {median:.2} ms, most {most:.2} ms (goal 16)");
    }
    desk.press(b"/");
    desk.settle();
    let start = desk.press(b"name:user05");
    println!("filter name:user05, typed at once: {:.0} ms", desk.until(start, "user0500000"));
    desk.settle();
    desk.press(b"\r");
    desk.settle();
    let start = desk.press(b"2");
    println!("audit: {:.0} ms", desk.until(start, "10."));
    desk.settle();
    let (median, most) = desk.key(b"\x04", 90);
    println!("key half a page of the audit: median {median:.2} ms, most {most:.2} ms (goal 16)");
    let (now, most) = desk.memory();
    println!("memory: {now:.1} MiB, most {most:.1} (goal 60)");
    desk.press(b"\x03");
}
