//! Questions on a real pseudo-terminal, and what it shows of the answers.

use std::{
    io::{Read, Write},
    path::Path,
    process::Command,
};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::sesam::{Home, PASSPHRASE, program, until};

#[test]
fn the_passphrase_is_asked_for_on_the_terminal_even_in_a_pipe() {
    let home = Home::with_accounts();
    let out = home.path("out");
    let shell = format!("{} > '{}'", line(&home, &[], "code --at 59 github"), out.display());
    let asked = in_a_terminal(&shell, &home.path(""), &format!("not this one\r{PASSPHRASE}\r"));
    assert_eq!(std::fs::read_to_string(&out).unwrap_or_default(), "287082\n", "{asked}");
    assert!(asked.contains("Passphrase:") && asked.contains("did not open the vault"), "{asked}");
    assert!(!asked.contains(PASSPHRASE), "it is not echoed: {asked}");
}

/// A line of shell that runs the program in a home, with further variables.
pub(crate) fn line(home: &Home, more: &[(&str, &str)], arguments: &str) -> String {
    let mut variables: Vec<String> =
        home.environment().iter().map(|(name, value)| format!("{name}='{}'", value.display())).collect();
    variables.extend(more.iter().map(|(name, value)| format!("{name}='{value}'")));
    format!("env -i {} {} {arguments}", variables.join(" "), program())
}

/// Runs a line of shell in a terminal, types a line at each question for a passphrase or for what to do with a
/// duplicate, and gives back what the terminal showed.
pub(crate) fn in_a_terminal(shell: &str, dir: &Path, typed: &str) -> String {
    let pair = native_pty_system().openpty(PtySize::default()).expect("a terminal");
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", shell]);
    command.cwd(dir);
    let mut child = pair.slave.spawn_command(command).expect("sh starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a terminal can be read");
    let mut writer = pair.master.take_writer().expect("a terminal can be typed at");
    let mut shown = Vec::new();
    let mut answers = typed.split_inclusive('\r');
    let mut buffer = [0; 4096];
    let mut answered = 0;
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        shown.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&shown).to_lowercase();
        let questions = text.matches("passphrase").count() + text.matches("eep both?").count();
        if (text.ends_with(": ") || text.ends_with("? ")) && questions > answered {
            answered = questions;
            let _ = writer.write_all(answers.next().unwrap_or("\u{3}").as_bytes());
        }
    }
    child.wait().expect("sh ends");
    String::from_utf8_lossy(&shown).into_owned()
}

fn is_hidden(terminal: &dyn MasterPty) -> bool {
    terminal
        .get_termios()
        .is_some_and(|modes| !modes.local_flags.contains(nix::sys::termios::LocalFlags::ECHO))
}

/// The program at a terminal of its own, and what the terminal shows.
struct Asked {
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    reader: Box<dyn Read + Send>,
    writer: Box<dyn Write + Send>,
    shown: Vec<u8>,
}

impl Asked {
    /// Asks for a code, up to the question for the passphrase.
    fn new(home: &Home) -> Self {
        let pair = native_pty_system().openpty(PtySize::default()).expect("a terminal");
        let mut command = CommandBuilder::new(program());
        command.args(["code", "--at", "59", "github"]);
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let reader = pair.master.try_clone_reader().expect("a terminal can be read");
        let writer = pair.master.take_writer().expect("a terminal can be typed at");
        let mut asked = Self { master: pair.master, child, reader, writer, shown: Vec::new() };
        asked.sees("Passphrase: ");
        asked
    }

    /// Reads until the words have been shown.
    fn sees(&mut self, words: &str) {
        let mut buffer = [0; 4096];
        while !String::from_utf8_lossy(&self.shown).contains(words) {
            let read = self.reader.read(&mut buffer).unwrap_or(0);
            assert!(read > 0, "no {words} in {:?}", String::from_utf8_lossy(&self.shown));
            self.shown.extend_from_slice(&buffer[..read]);
        }
    }

    fn types(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("a terminal takes keys");
    }

    /// Sends a signal to the program alone.
    fn signals(&self, name: &str) {
        let process = self.child.process_id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status().expect("kill starts");
        assert!(sent.success());
    }

    fn is_stopped(&self) -> bool {
        let process = self.child.process_id().expect("it runs");
        std::fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| stat.contains(") T "))
    }

    /// What was shown in all, and how it ended.
    fn ends(mut self) -> (String, portable_pty::ExitStatus) {
        let status = self.child.wait().expect("it ends");
        assert!(!is_hidden(&*self.master), "what is typed next is shown again");
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = self.reader.read(&mut buffer) {
            self.shown.extend_from_slice(&buffer[..read]);
        }
        (String::from_utf8_lossy(&self.shown).into_owned(), status)
    }
}

#[test]
fn keys_that_come_with_the_question_are_not_shown() {
    let home = Home::with_accounts();
    for _ in 0..5 {
        let mut asked = Asked::new(&home);
        asked.types(&format!("wrong\u{15}株\u{7f}{PASSPHRASE}\r"));
        asked.sees("287082");
        let (shown, status) = asked.ends();
        assert!(status.success() && !shown.contains("correct") && !shown.contains("wrong"), "{shown}");
    }
}

#[test]
fn ctrl_c_and_the_signals_that_end_leave_the_terminal_as_it_was() {
    let home = Home::with_accounts();
    for (keys, signal, word) in
        [("\u{3}", "", "Interrupt"), ("", "INT", "Interrupt"), ("", "TERM", "Terminated")]
    {
        let mut asked = Asked::new(&home);
        asked.types("half of it");
        match signal {
            "" => asked.types(keys),
            signal => asked.signals(signal),
        }
        let (shown, status) = asked.ends();
        assert_eq!(status.signal(), Some(word), "as a shell sees 130 and 143: {status:?}");
        assert!(shown.ends_with("Passphrase: \r\n"), "{shown:?}");
    }
}

#[test]
fn ctrl_d_and_a_terminal_that_is_gone_are_no_answer() {
    let home = Home::with_accounts();
    let mut asked = Asked::new(&home);
    asked.types("\u{4}");
    let (shown, status) = asked.ends();
    assert!(status.exit_code() == 4 && shown.contains("the vault is locked"), "{shown}");
}

#[test]
fn stopped_and_continued_it_asks_again() {
    let home = Home::with_accounts();
    let mut asked = Asked::new(&home);
    asked.types("\u{1a}");
    until("a stop", || asked.is_stopped());
    assert!(!is_hidden(&*asked.master));
    asked.signals("CONT");
    asked.shown.clear();
    asked.sees("Passphrase: ");
    asked.types(&format!("{PASSPHRASE}\r"));
    asked.sees("287082");
    assert!(asked.ends().1.success());
}
