//! Questions on a real pseudo-terminal, and what it shows of the answers.

use std::{
    io::{Read, Write},
    path::Path,
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

/// Runs a line of shell in a terminal, types a line at each question for a passphrase, and gives back what the
/// terminal showed.
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

fn is_hidden(terminal: &dyn MasterPty) -> bool {
    terminal
        .get_termios()
        .is_some_and(|modes| !modes.local_flags.contains(nix::sys::termios::LocalFlags::ECHO))
}
