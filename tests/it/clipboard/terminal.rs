//! A terminal of a test's own: everything that arrives there, byte for byte.

use std::{io::Read, num::NonZero, path::Path, sync::mpsc, time::Duration};

use data_encoding::BASE64;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::cli::sesam::Home;

const ROWS: NonZero<u16> = NonZero::new(24).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(250).unwrap();

/// What arrived at a terminal, and how the program ended.
pub(super) struct Arrived {
    pub(super) bytes: Vec<u8>,
    pub(super) code: u32,
}

/// Runs a program in a terminal that calls itself xterm, in a home and in no other environment.
pub(super) fn run(home: &Home, variables: &[(&str, &str)], words: &[&str]) -> Arrived {
    let size = PtySize { rows: ROWS.get(), cols: COLUMNS.get(), pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a terminal");
    let mut command = CommandBuilder::new(words[0]);
    command.args(&words[1..]);
    command.cwd(home.path(""));
    command.env_clear();
    for (name, value) in home.environment() {
        command.env(name, value);
    }
    command.env("TERM", "xterm-256color");
    for (name, value) in variables {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).expect("the program starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a terminal can be read");
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = reader.read_to_end(&mut bytes); // ends with an error when the other side is closed
        let _ = sender.send(bytes);
    });
    let bytes = receiver.recv_timeout(Duration::from_mins(1)).unwrap_or_default();
    if bytes.is_empty() {
        let _ = child.kill();
    }
    Arrived { bytes, code: child.wait().expect("the program ends").exit_code() }
}

/// The same for sesam, with the passphrase at hand.
pub(super) fn sesam(home: &Home, variables: &[(&str, &str)], words: &[&str]) -> Arrived {
    let program = crate::cli::sesam::program();
    let file = home.passphrase_file();
    let file = file.to_str().expect("a path of ours");
    run(home, variables, &[&[program.as_str(), "--passphrase-file", file], words].concat())
}

impl Arrived {
    /// The lines that the terminal shows.
    pub(super) fn screen(&self) -> String {
        let mut parser = vt100::Parser::new(ROWS, COLUMNS, 0);
        parser.process(&self.bytes);
        parser.screen().contents()
    }

    /// Every OSC 52 sequence: its selection, and the text that it carries.
    pub(super) fn copies(&self) -> Vec<(String, String)> {
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        let sequences = text.split("\x1b]52;").skip(1);
        sequences
            .map(|rest| {
                let end = rest.find(['\x07', '\x1b']).expect("the sequence ends");
                let (selection, payload) = rest[..end].split_once(';').expect("two parts");
                let text = BASE64.decode(payload.as_bytes()).expect("Base64");
                (selection.to_owned(), String::from_utf8(text).expect("text"))
            })
            .collect()
    }
}

/// A file's text without its last newline; empty when there is none.
pub(super) fn line(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default().trim_end().to_owned()
}
