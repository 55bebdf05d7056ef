//! Other programs, but never for longer than a limit: what is asked of them may not hang sesam.

use std::{
    io::Read,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

/// What a program prints; `None` when it cannot be started, fails, or takes longer.
pub(super) fn output(command: &mut Command, limit: Duration) -> Option<Vec<u8>> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut pipe = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut printed = Vec::new();
        let read = pipe.read_to_end(&mut printed);
        let _ = sender.send(read.map(|_| printed)); // nobody waits any more
    });
    let printed = receiver.recv_timeout(limit);
    let ended = if printed.is_ok() { ended(&mut child, limit) } else { None };
    let Some(status) = ended else {
        let _ = child.kill();
        let _ = child.wait();
        return None;
    };
    printed.ok()?.ok().filter(|_| status.success())
}

/// How a child ended; `None` when it still runs after the limit.
///
/// The thread leaves the ended child to be collected here, so that its number cannot be another process's by the time
/// that somebody kills it.
#[cfg(unix)]
pub(super) fn ended(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    let pid = Pid::from_child(child);
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        let _ = sender.send(()); // nobody waits any more
    });
    receiver.recv_timeout(limit).ok()?;
    child.wait().ok()
}

/// How a child ended. Without a limit: this system has no way to wait for a child and leave it there.
#[cfg(not(unix))]
pub(super) fn ended(child: &mut Child, _limit: Duration) -> Option<ExitStatus> {
    child.wait().ok()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(20);

    fn shell(line: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        command
    }

    #[test]
    fn what_is_printed_in_time_is_given_back() {
        assert_eq!(output(&mut shell("echo yes"), LONG), Some(b"yes\n".to_vec()));
        assert_eq!(output(&mut shell("echo yes; exit 1"), LONG), None);
        assert_eq!(output(&mut Command::new("/nonexistent/program"), LONG), None);
    }

    #[test]
    fn what_hangs_is_left() {
        assert_eq!(output(&mut shell("exec sleep 60"), SHORT), None);
        let mut child = shell("exec sleep 60").spawn().unwrap();
        assert!(ended(&mut child, SHORT).is_none());
        child.kill().unwrap();
        assert!(ended(&mut child, LONG).is_some());
    }
}
