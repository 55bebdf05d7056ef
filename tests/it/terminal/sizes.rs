//! Windows of every size and terminals of every name.

use super::{
    picture::rows,
    pty::{ANSWERS, Pty, SILENT},
};
use crate::cli::sesam::{Home, program};

/// Sizes that have nothing to do with each other.
const SIZES: [(u16, u16); 16] = [
    (1, 1),
    (200, 60),
    (2, 1),
    (1, 50),
    (80, 3),
    (23, 24),
    (24, 4),
    (300, 1),
    (49, 11),
    (50, 12),
    (120, 20),
    (79, 19),
    (3, 3),
    (119, 40),
    (5, 90),
    (80, 24),
];

#[test]
fn a_window_of_one_cell_is_no_reason_to_stop() {
    let home = Home::new();
    for size in [(1, 1), (2, 2), (1, 24), (80, 1)] {
        let pty = Pty::run(&home, &[&program(), "--demo"], &[], (ANSWERS, size));
        pty.shows("something", |picture| !picture.trim().is_empty());
        pty.types("?\x1b[B");
        pty.types("q");
        pty.resize(80, 24);
        pty.sees("Enter copy");
        pty.types("q");
        assert_eq!(pty.ends().code, 0, "{size:?}");
    }
}

#[test]
fn wild_resizing_while_keys_come_ends_in_a_whole_picture() {
    for (keys, there) in [
        ("", "Enter copy"),
        ("?", "Esc closes"),
        ("/hub", " 1 of 12"),
        ("l", "Esc back"),
        ("L", "Passphrase"),
    ] {
        let home = Home::new();
        let pty = Pty::demo(&home, &[], ANSWERS);
        pty.sees("Enter copy");
        pty.types(keys);
        pty.sees(there);
        for (columns, lines) in SIZES.into_iter().cycle().take(SIZES.len() * 3) {
            pty.resize(columns, lines);
            pty.types("\x1b[B\x1b[A");
        }
        pty.shows("a whole picture", |picture| picture.contains(there) && picture.lines().count() == 24);
        pty.types("\x03");
        pty.ends();
    }
}

#[test]
fn terminals_of_every_name_get_a_picture() {
    for name in ["vt220", "linux", "screen", "xterm", "xterm-16color", "tmux-256color", "unheard-of"] {
        let home = Home::new();
        let pty = Pty::demo(&home, &[("TERM", name)], SILENT);
        assert_eq!(rows(&pty.sees("Enter copy")), 12, "{name}");
        assert!(!pty.bytes().contains("38;2;"), "{name}");
        pty.types("jq");
        assert_eq!(pty.ends().code, 0, "{name}");
    }
}

#[test]
fn a_dumb_terminal_is_told_what_it_can_have() {
    for name in ["dumb", ""] {
        let home = Home::new();
        let ended = Pty::demo(&home, &[("TERM", name)], SILENT).ends();
        assert_eq!(ended.code, 2, "{name}");
        assert!(
            ended.picture.contains("TERM=dumb") && ended.picture.contains("sesam list"),
            "{}",
            ended.picture
        );
    }
}

/// A terminal that tells of its focus: nothing is drawn for nobody, but a picture is never missing.
#[test]
fn without_the_focus_the_picture_is_there_all_the_same() {
    let home = Home::new();
    let pty = Pty::demo(&home, &[], ANSWERS);
    pty.sees("Enter copy");
    pty.types("\x1b[O");
    pty.resize(100, 30);
    let picture = pty.shows("the new size", |picture| picture.lines().count() == 30);
    assert_eq!(rows(&picture), 12, "{picture}");
    pty.types("j");
    pty.selects("AWS root");
}
