//! tmux and GNU screen between sesam and the terminal: what arrives outside, and what is said inside.

use std::path::Path;

use super::terminal::{Arrived, line, run};
use crate::cli::sesam::{Home, installed, program, skipped, write};

/// A time of the demo with 18 s left.
const EARLY: (&str, &str) = ("SESAM_DEMO_NOW", "1795186332");

/// What came of a copy inside a multiplexer.
struct Inside {
    arrived: Arrived,
    said: String,
    code: String,
    buffer: String,
}

/// A shell script that copies once a terminal is attached: what is written before that reaches nobody.
fn script(home: &Home, prefix: &str) -> String {
    let words = format!(
        "while [ \"$(tmux display -p '#{{session_attached}}' 2>/dev/null)\" = 0 ]; do :; done\n\
         {prefix} '{program}' --demo --color never copy GitHub 2>said; echo $? >code\n\
         {prefix} '{program}' doctor clipboard >doctor 2>&1\n\
         tmux show-buffer >buffer 2>/dev/null\n",
        program = program()
    );
    write(&home.path("inside"), words);
    format!("sh {}", home.path("inside").display())
}

fn read(home: &Home, arrived: Arrived) -> Inside {
    let file = |name: &str| line(&home.path(name));
    Inside { arrived, said: file("said"), code: file("code"), buffer: file("buffer") }
}

/// A server of its own for each test: its socket lies in the home.
fn in_tmux(set_clipboard: &str, passthrough: &str, prefix: &str) -> Option<(Home, Inside)> {
    if !installed("tmux") {
        skipped("tmux is not installed");
        return None;
    }
    let home = Home::new();
    let settings = format!("set -s set-clipboard {set_clipboard}\nset -wg allow-passthrough {passthrough}\n");
    write(&home.path("tmux.conf"), settings);
    let (socket, conf) = (path(&home, "socket"), path(&home, "tmux.conf"));
    let script = script(&home, prefix);
    let arrived = run(&home, &[EARLY], &["tmux", "-S", &socket, "-f", &conf, "new-session", &script]);
    let inside = read(&home, arrived);
    Some((home, inside))
}

fn path(home: &Home, name: &str) -> String {
    home.path(name).to_str().expect("a path of ours").to_owned()
}

fn says(home: &Home, words: &str) {
    let doctor = line(&home.path("doctor"));
    assert!(doctor.contains(words), "{words} is not in {doctor}");
}

#[test]
fn tmux_that_takes_it_gets_it_plain_and_tells_the_terminal() {
    for passthrough in ["on", "off"] {
        let Some((home, inside)) = in_tmux("on", passthrough, "") else { return };
        let copies = inside.arrived.copies();
        assert_eq!((inside.code.as_str(), copies.len()), ("0", 1), "{passthrough}: {}", inside.said);
        assert_eq!(inside.buffer, copies[0].1, "tmux keeps a buffer of it");
        assert!(inside.said.contains("to your terminal (OSC 52)"), "{}", inside.said);
        says(&home, "through tmux (set-clipboard on), which keeps the code among its buffers");
    }
}

#[test]
fn tmux_that_only_hands_on_gets_it_wrapped() {
    for set_clipboard in ["external", "off"] {
        let Some((home, inside)) = in_tmux(set_clipboard, "on", "") else { return };
        let copies = inside.arrived.copies();
        assert_eq!((inside.code.as_str(), copies.len()), ("0", 1), "{set_clipboard}: {}", inside.said);
        assert!(copies[0].0 == "c" && copies[0].1.len() == 6, "{copies:?}");
        assert_eq!(inside.buffer, "", "tmux has not read it");
        says(&home, "through tmux (allow-passthrough)");
    }
}

#[test]
fn tmux_that_does_neither_is_named_with_its_cure() {
    for set_clipboard in ["external", "off"] {
        let Some((home, inside)) = in_tmux(set_clipboard, "off", "") else { return };
        assert_eq!((inside.code.as_str(), inside.arrived.copies().len()), ("1", 0));
        let reason =
            format!("tmux passes nothing on: set-clipboard is {set_clipboard}, allow-passthrough is off");
        assert!(inside.said.contains(&reason), "{}", inside.said);
        assert!(inside.said.contains("tmux set -s set-clipboard on"), "{}", inside.said);
        assert!(!inside.said.contains("The code"), "stderr is no terminal: {}", inside.said);
        says(&home, "tmux set -s set-clipboard on");
        says(&home, &format!("tmux: set-clipboard {set_clipboard}, allow-passthrough off"));
    }
}

/// Over SSH only TERM is left, and `screen` may mean either: what GNU screen takes, tmux takes too.
#[test]
fn a_far_multiplexer_that_calls_itself_screen_may_be_tmux() {
    let prefix = "env -u TMUX -u TMUX_PANE TERM=screen-256color";
    let Some((_home, inside)) = in_tmux("on", "off", prefix) else { return };
    let copies = inside.arrived.copies();
    assert_eq!((inside.code.as_str(), copies.len()), ("0", 1), "{}", inside.said);
    assert_eq!(inside.buffer, copies[0].1);
}

#[test]
fn a_tmux_that_does_not_answer_is_no_reason_to_fail() {
    let Some((home, inside)) = in_tmux("on", "off", "env TMUX=/nonexistent/tmux,1,0") else { return };
    assert_eq!((inside.code.as_str(), inside.arrived.copies().len()), ("0", 1), "{}", inside.said);
    says(&home, "TMUX is set and tmux does not answer");
}

#[test]
fn screen_hands_on_what_is_wrapped_for_it() {
    if !installed("screen") {
        return skipped("screen is not installed");
    }
    let home = Home::new();
    let sockets = home.path("sockets");
    private_dir(&sockets);
    write(&home.path("screenrc"), "startup_message off\n");
    script(&home, "");
    let script = path(&home, "inside");
    let (sockets, rc) = (path(&home, "sockets"), path(&home, "screenrc"));
    let arrived = run(&home, &[EARLY, ("SCREENDIR", &sockets)], &["screen", "-c", &rc, "sh", &script]);
    let inside = read(&home, arrived);
    let copies = inside.arrived.copies();
    assert_eq!((inside.code.as_str(), copies.len()), ("0", 1), "{}", inside.said);
    assert!(copies[0].0 == "c" && copies[0].1.len() == 6, "{copies:?}");
    says(&home, "through GNU screen");
}

fn private_dir(path: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(path).expect("a directory of ours");
}
