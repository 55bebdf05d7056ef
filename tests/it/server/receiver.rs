//! A real HTTPS server with a certificate of its own: what it took is handed over as lines of JSON.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver as Lines, channel},
    time::Duration,
};

use serde_json::Value;

/// Makes a certificate for this machine, `ca.pem` with `key.pem`, where there is OpenSSL.
pub(super) fn certificate(dir: &Path) -> bool {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args([
            "-days",
            "3650",
            "-subj",
            "/CN=receiver",
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", "key.pem", "-out", "ca.pem"])
        .current_dir(dir)
        .stderr(Stdio::null())
        .status();
    made.is_ok_and(|status| status.success())
}

/// An HTTPS server on this machine that stops with the test.
pub(super) struct Receiver {
    server: Child,
    lines: Lines<Value>,
    pub(super) port: u16,
    dir: tempfile::TempDir,
}

/// What was posted.
#[derive(Debug)]
pub(super) struct Posted {
    pub(super) path: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
    /// What it was answered.
    pub(super) status: u64,
}

impl Receiver {
    /// `None` where there is no Python or no OpenSSL.
    pub(super) fn open() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
        if !certificate(dir.path()) || !python.is_ok_and(|status| status.success()) {
            println!("skipped: no python3 or no openssl was found");
            return None;
        }
        let mut server = Command::new("python3")
            .args(["-c", SERVER])
            .current_dir(dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap();
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if send.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        Some(Self { server, lines, port, dir })
    }

    /// The certificate, for who is to trust it.
    pub(super) fn ca_file(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// The next request, once it is there.
    pub(super) fn next(&self) -> Posted {
        let line = self.lines.recv_timeout(Duration::from_mins(2)).expect("a request comes");
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        Posted {
            path: text("path"),
            headers: serde_json::from_value(line["headers"].clone()).unwrap(),
            body: text("body"),
            status: line["status"].as_u64().unwrap(),
        }
    }

    /// Whether anything came that was not looked at.
    pub(super) fn is_silent(&self) -> bool {
        self.lines.try_recv().is_err()
    }

    /// From now on every request is answered so.
    pub(super) fn answer(&mut self, status: u16) {
        let input = self.server.stdin.as_mut().unwrap();
        writeln!(input, "{status}").unwrap();
        input.flush().unwrap();
        while self.lines.recv_timeout(Duration::from_mins(2)).unwrap() != "heard" {}
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

const SERVER: &str = r#"
import http.server, json, ssl, sys, threading

status = 200

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        given = status
        self.send_response(given)
        self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()
        print(json.dumps({"path": self.path, "headers": headers, "body": body, "status": given}), flush=True)
    do_GET = do_POST
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("ca.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
for line in sys.stdin:
    status = int(line)
    print('"heard"', flush=True)
"#;
