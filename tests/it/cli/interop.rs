//! Other programs open the vault: nobody is locked in.

use std::{
    io::{Read, Write},
    path::Path,
};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::sesam::{Home, PASSPHRASE, SECRET, installed, skipped, until};

#[test]
fn age_prints_the_accounts() {
    opens_with("age");
}

#[test]
fn rage_prints_the_accounts() {
    opens_with("rage");
}

/// `age -d -i identity.age vault.age`, with the passphrase typed on the terminal that it asks for.
fn opens_with(program: &str) {
    if !installed(program) {
        return skipped(&format!("{program} is not installed"));
    }
    let home = Home::with_accounts();
    let plain = home.path("plain.toml");
    let shell = format!("{program} -d -i identity.age vault.age > '{}'", plain.display());
    let asked = in_a_terminal(&shell, &home.vault_dir(), &format!("{PASSPHRASE}\r"));
    let text = std::fs::read_to_string(&plain).unwrap_or_default();
    assert!(text.starts_with("mac = \""), "{asked}");
    for words in ["issuer = \"GitHub\"", "account = \"hugo\"", "tags = [\"work\"]", "counter = 5", SECRET] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn the_passphrase_is_asked_for_on_the_terminal_even_in_a_pipe() {
    let home = Home::with_accounts();
    let variables: Vec<String> =
        home.environment().iter().map(|(name, value)| format!("{name}='{}'", value.display())).collect();
    let out = home.path("out");
    let code = format!("{} code --at 59 github", super::sesam::program());
    let shell = format!("env {} {code} > '{}'", variables.join(" "), out.display());
    let asked = in_a_terminal(&shell, &home.path(""), &format!("not this one\r{PASSPHRASE}\r"));
    assert_eq!(std::fs::read_to_string(&out).unwrap_or_default(), "287082\n", "{asked}");
    assert!(asked.contains("Passphrase:") && asked.contains("did not open the vault"), "{asked}");
    assert!(!asked.contains(PASSPHRASE), "it is not echoed: {asked}");
}

/// Runs a line of shell in a terminal, types, and gives back what the terminal showed.
fn is_hidden(terminal: &dyn portable_pty::MasterPty) -> bool {
    terminal
        .get_termios()
        .is_some_and(|modes| !modes.local_flags.contains(nix::sys::termios::LocalFlags::ECHO))
}

fn in_a_terminal(shell: &str, dir: &Path, typed: &str) -> String {
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
        let questions = String::from_utf8_lossy(&shown).to_lowercase().matches("passphrase").count();
        let colon = shown.ends_with(b": ");
        if colon && questions > answered {
            answered = questions;
            until("the terminal to hide what is typed", || is_hidden(&*pair.master));
            let _ = writer.write_all(answers.next().unwrap_or("\u{3}").as_bytes());
        }
    }
    child.wait().expect("sh ends");
    String::from_utf8_lossy(&shown).into_owned()
}
