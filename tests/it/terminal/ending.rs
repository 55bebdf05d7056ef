//! Ways out: items 40 to 42 of the checklist. Each of them leaves the terminal as it was.

use std::process::Command;

use super::tmux::{Tmux, USUAL};
use crate::cli::sesam::{Home, until};

/// The keys that lead somewhere, and what is seen there.
const PLACES: [(&str, &[&str], &str); 4] = [
    ("list", &[], "Enter copy"),
    ("help", &["?"], "Esc closes"),
    ("search", &["/"], "12 of 12"),
    ("detail", &["l"], "Esc back"),
];

#[test]
fn item_40_ctrl_c_quits_from_everywhere() {
    for (name, keys, there) in PLACES {
        let home = Home::new();
        let Some(tmux) = Tmux::demo(&home, &format!("stop-{name}")) else { return };
        if !keys.is_empty() {
            tmux.keys(keys);
        }
        tmux.sees(there);
        tmux.keys(&["C-c"]);
        assert_eq!(tmux.ends(), 130, "{name}");
    }
}

/// The program that the shell in the window runs.
fn child_of(shell: &str) -> Option<String> {
    let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children")).ok()?;
    children.split_whitespace().next().map(str::to_owned)
}

#[test]
fn item_41_sigterm_leaves_the_terminal_as_it_was() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "term") else { return };
    let title = tmux.variable("pane_title");
    let mut child = None;
    until("the program", || {
        child = child_of(&tmux.variable("pane_pid"));
        child.is_some()
    });
    let sent = Command::new("kill").args(["-s", "TERM", &child.unwrap_or_default()]).status();
    assert!(sent.is_ok_and(|sent| sent.success()));
    assert_eq!((tmux.ends(), title.as_str()), (143, "sesam"));
    assert_ne!(tmux.variable("pane_title"), "sesam", "the title is the old one");
}

#[test]
fn item_41_a_panic_is_told_once_the_screen_is_left() {
    let home = Home::new();
    let Some(tmux) = Tmux::start(
        &home,
        &super::tmux::Start {
            name: "panic",
            arguments: "--demo",
            variables: &[("SESAM_DEMO_PANIC", "1")],
            size: USUAL,
        },
    ) else {
        return;
    };
    // It panics with its first picture: the answers to what it asked the terminal may come after its end, and stand
    // before the words of the shell.
    let picture = tmux.shows("the end", |picture| picture.contains("EXIT=101"));
    assert_eq!(tmux.variable("alternate_on"), "0", "the other screen is left");
    assert_eq!(tmux.variable("cursor_flag"), "1", "the cursor is shown");
    assert!(picture.contains("this is a defect of sesam") && !picture.contains("GitHub"), "{picture}");
}

/// The window is closed: tmux goes, and with it the terminal.
#[test]
fn without_a_terminal_it_ends() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "closed") else { return };
    let child = child_of(&tmux.variable("pane_pid")).expect("the program");
    let sent = Command::new("kill").args(["-s", "KILL", &tmux.variable("pid")]).status();
    assert!(sent.is_ok_and(|sent| sent.success()));
    until("the end of the program", || {
        let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        state.is_empty() || state.contains(") Z ")
    });
}

#[test]
fn item_42_q_goes_back_and_then_out() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "back") else { return };
    tmux.keys(&["l"]);
    tmux.sees("Codes › GitHub");
    tmux.keys(&["q"]);
    tmux.sees("Codes › All");
    tmux.keys(&["q"]);
    assert_eq!(tmux.ends(), 0);
}
