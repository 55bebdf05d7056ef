//! A real SMTP server: aiosmtpd in a Python of its own, which hands over what it took as lines of JSON.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::Value;

/// An SMTP server that stops with the test.
pub(super) struct Mailbox {
    server: Child,
    lines: Receiver<Value>,
    pub(super) port: u16,
}

/// What arrived.
#[derive(Debug)]
pub(super) struct Mail {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) head: String,
}

impl Mailbox {
    /// On a free port, or on one that was free before; `None` where there is no aiosmtpd.
    pub(super) fn open(port: u16) -> Option<Self> {
        Self::covered(port, "plain", Path::new("."))
    }

    /// One that speaks `starttls` or `tls` with the certificate of a directory, and wants a user and a password.
    pub(super) fn covered(port: u16, cover: &str, dir: &Path) -> Option<Self> {
        let Some(python) = python() else {
            println!("skipped: no Python with aiosmtpd was found");
            return None;
        };
        let mut server = Command::new(python)
            .args(["-c", SERVER, &port.to_string(), cover])
            .current_dir(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
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
        Some(Self { server, lines, port })
    }

    /// The settings that send there.
    pub(super) fn settings(&self) -> String {
        settings(self.port)
    }

    /// The next letter, once it is there.
    pub(super) fn next(&self) -> Mail {
        let mail = self.lines.recv_timeout(Duration::from_mins(2)).expect("a letter comes");
        let text = |name: &str| mail[name].as_str().unwrap().to_owned();
        Mail { to: text("to"), subject: text("subject"), text: text("text"), head: text("head") }
    }

    /// What came and was not looked at.
    pub(super) fn rest(&self) -> usize {
        self.lines.try_iter().count()
    }

    /// From now on every letter is answered so.
    pub(super) fn answer(&mut self, answer: &str) {
        let input = self.server.stdin.as_mut().unwrap();
        writeln!(input, "{answer}").unwrap();
        input.flush().unwrap();
        assert_eq!(self.lines.recv_timeout(Duration::from_mins(2)).unwrap(), Value::from("heard"));
    }
}

impl Mail {
    /// The code, which stands alone on its line.
    pub(super) fn code(&self) -> String {
        let code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
        self.text.lines().map(str::trim).find(code).expect("a code").to_owned()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The settings that send to a port of this machine.
pub(super) fn settings(port: u16) -> String {
    format!("[mail]\nsmtp = \"smtp://127.0.0.1:{port}\"\nfrom = \"MFA <mfa@example.com>\"\n")
}

fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    let has = |python: &PathBuf| {
        let asked = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    [own, PathBuf::from("python3")].into_iter().find(has)
}

const SERVER: &str = r#"
import asyncio, email, email.policy, json, ssl, sys, threading
from aiosmtpd.smtp import SMTP, AuthResult

answer = "250 OK"

def say(what):
    print(what if isinstance(what, int) else json.dumps(what), flush=True)

class Handler:
    async def handle_DATA(self, server, session, envelope):
        if answer.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            head = envelope.content.split(b"\r\n\r\n")[0].decode()
            say({"to": ",".join(envelope.rcpt_tos), "subject": mail["subject"], "text": mail.get_content(), "head": head})
        return answer

def known(server, session, envelope, mechanism, data):
    right = data.login == b"mfa@example.com" and data.password == b"a word of ours"
    return AuthResult(success=right, handled=right)

def orders():
    global answer
    for line in sys.stdin:
        answer = line.strip()
        say("heard")

async def main():
    loop = asyncio.get_running_loop()
    cover = sys.argv[2]
    more, tls = {"enable_SMTPUTF8": True, "loop": loop}, None
    if cover != "plain":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain("ca.pem", "key.pem")
        more["authenticator"] = known
        more["auth_required"] = True
        more["auth_require_tls"] = cover == "starttls"
    if cover == "starttls":
        more["tls_context"], more["require_starttls"] = tls, True
        tls = None
    made = lambda: SMTP(Handler(), **more)
    server = await loop.create_server(made, "127.0.0.1", int(sys.argv[1]), reuse_address=True, ssl=tls)
    say(server.sockets[0].getsockname()[1])
    threading.Thread(target=orders, daemon=True).start()
    await server.serve_forever()

asyncio.run(main())
"#;
