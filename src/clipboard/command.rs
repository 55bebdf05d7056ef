//! The user's own program: the text goes to its stdin, never into its arguments.

use std::{
    io::Write,
    process::{Command, Stdio},
    time::Duration,
};

use zeroize::Zeroizing;

use super::{bounded, choose::NoWay};

/// How long the program may take.
const LIMIT: Duration = Duration::from_secs(5);

/// Runs program and arguments with `text` on stdin, and waits until it ends.
///
/// Its stdout and stderr are closed: what stays in the background to serve the clipboard (`xclip`, `xsel`) would hold
/// them, and with them a script that reads ours.
///
/// # Errors
/// [`NoWay::NoCommand`], [`NoWay::CommandFailed`]
pub fn run(command: &[String], text: &str) -> Result<(), NoWay> {
    let (program, arguments) = command.split_first().ok_or(NoWay::NoCommand)?;
    let failed = |how: String| NoWay::CommandFailed { program: program.clone(), how };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    let pipe = child.stdin.take();
    let text = Zeroizing::new(text.to_owned());
    std::thread::spawn(move || pipe.map(|mut pipe| pipe.write_all(text.as_bytes()))); // its exit code is the answer
    match bounded::ended(&mut child, LIMIT) {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(failed(match status.code() {
            Some(code) => format!("ended with exit code {code}"),
            None => "was killed".to_owned(),
        })),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            Err(failed(format!("did not end within {} s", LIMIT.as_secs())))
        }
    }
}
