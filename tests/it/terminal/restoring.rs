//! Whatever way the program ends or stops, the terminal is as it was: its modes, its screen, its title.

use super::{
    picture::rows,
    pty::{ANSWERS, Pty, SILENT},
};
use crate::cli::sesam::{Home, program, write};

#[test]
fn keys_that_end_leave_nothing_behind() {
    for (keys, end) in [("q", "EXIT=0"), ("\x03", "EXIT=130")] {
        let home = Home::new();
        let pty = Pty::shell(&home, &format!("{} --demo; echo EXIT=$?", program()));
        pty.sees("Enter copy");
        pty.types(keys);
        assert_eq!(pty.ends().picture.trim(), end, "{keys:?}");
    }
}

#[test]
fn sigterm_ends_it_silently() {
    let home = Home::new();
    let pty = Pty::shell(&home, &format!("{} --demo; echo EXIT=$?", program()));
    pty.sees("Enter copy");
    pty.signals("TERM");
    assert_eq!(pty.ends().picture.trim(), "EXIT=143");
}

#[test]
fn sighup_locks_while_the_terminal_is_there() {
    let home = Home::new();
    let pty = Pty::demo(&home, &[], ANSWERS);
    pty.sees("Enter copy");
    pty.signals("HUP");
    let picture = pty.sees("Locked because the terminal hung up");
    assert!(!picture.contains("GitHub") && rows(&picture) == 0, "{picture}");
    pty.types("x\r");
    pty.sees("Enter copy");
    pty.types("q");
    assert_eq!(pty.ends().code, 0);
}

#[test]
fn a_panic_is_told_on_the_old_screen_and_tells_no_code() {
    let home = Home::new();
    // A terminal that answers now would answer whoever comes after.
    let ended = Pty::demo(&home, &[("SESAM_DEMO_PANIC", "1")], SILENT).ends();
    assert!(
        ended.picture.starts_with("sesam: this is a defect of sesam, at src/tui/run.rs"),
        "{}",
        ended.picture
    );
    assert_eq!((ended.code, ended.picture.lines().filter(|line| !line.is_empty()).count()), (101, 1));
}

/// A shell that tells when its job was stopped, waits for Enter, and continues it.
fn stopping(job: &str) -> String {
    format!("set -m; {job}; echo STOPPED; read line; fg >/dev/null; echo EXIT=$?")
}

#[test]
fn ctrl_z_locks_gives_the_terminal_to_the_shell_and_comes_back() {
    let home = Home::new();
    let pty = Pty::shell(&home, &stopping(&format!("{} --demo", program())));
    pty.sees("Enter copy");
    pty.types("\x1a");
    let picture = pty.sees("STOPPED");
    assert!(pty.is_as_before() && !picture.contains("GitHub"), "{picture}\n{:?}", pty.bytes());
    pty.types("\r");
    let picture = pty.sees("Locked because sesam was suspended");
    assert!(!picture.contains("GitHub") && !picture.contains("STOPPED"), "{picture}");
    pty.types("x\r");
    assert_eq!(rows(&pty.sees("Enter copy")), 12);
    pty.types("jq");
    let picture = pty.ends().picture;
    assert!(picture.contains("EXIT=0") && picture.contains("STOPPED"), "{picture}");
}

#[test]
fn without_on_suspend_ctrl_z_comes_back_to_the_codes() {
    let home = Home::with_accounts();
    write(&home.path("config/sesam/config.toml"), "[lock]\non_suspend = false\n");
    let line = format!("{} --passphrase-file '{}'", program(), home.passphrase_file().display());
    let pty = Pty::shell(&home, &stopping(&line));
    pty.sees("Enter copy");
    pty.types("\x1a");
    pty.sees("STOPPED");
    assert!(pty.is_as_before(), "{:?}", pty.bytes());
    pty.types("\r");
    assert_eq!(rows(&pty.sees("Enter copy")), 3);
    pty.types("q");
    assert!(pty.ends().picture.contains("EXIT=0"));
}

/// Whoever is stopped by SIGSTOP cannot give the terminal back; the shell makes it usable, and we take it again.
#[test]
fn after_sigstop_the_keys_are_ours_again() {
    let home = Home::new();
    let line = stopping(&format!("{} --demo; stty sane", program()));
    let pty = Pty::shell(&home, &line);
    pty.sees("Enter copy");
    pty.signals("STOP");
    pty.sees("STOPPED");
    pty.types("\r");
    pty.shows("the list drawn anew", |picture| !picture.contains("STOPPED") && rows(picture) == 12);
    pty.types("j");
    pty.selects("AWS root");
    pty.types("q");
    pty.sees("EXIT=0");
}

/// Another program stops us as the terminal would: the shell gets its terminal as it was, and the list comes back.
#[test]
fn sigtstp_from_outside_gives_the_terminal_back_first() {
    let home = Home::new();
    let pty = Pty::shell(&home, &stopping(&format!("{} --demo", program())));
    pty.sees("Enter copy");
    pty.signals("TSTP");
    let picture = pty.sees("STOPPED");
    assert!(pty.is_as_before() && !picture.contains("GitHub"), "{picture}\n{:?}", pty.bytes());
    pty.types("\r");
    pty.sees("Locked because sesam was suspended");
    pty.types("x\r");
    assert_eq!(rows(&pty.sees("Enter copy")), 12);
    pty.types("q");
    assert!(pty.ends().picture.contains("EXIT=0"));
}
