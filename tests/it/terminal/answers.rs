//! The questions of the start: answered at once, late, in pieces, wrongly or never. Nobody loses a key by it, and no
//! answer is taken for one.

use super::{
    picture::{row, rows},
    pty::{ANSWERS, Answers, Pty, SILENT},
};
use crate::cli::sesam::Home;

/// The list is as it was at the start, and its keys do what they should.
#[track_caller]
fn nothing_was_pressed(pty: Pty, when: &str) {
    let picture = pty.sees("Enter copy");
    assert!(picture.contains("[All 12]") && picture.contains("show all"), "{when}: {picture}");
    pty.types("j");
    let picture = pty.selects("AWS root");
    assert!(rows(&picture) == 12 && !picture.contains("Copied"), "{when}: {picture}");
    pty.types("q");
    assert_eq!(pty.ends().code, 0, "{when}");
}

#[test]
fn a_terminal_that_says_nothing_costs_nothing() {
    let home = Home::new();
    nothing_was_pressed(Pty::demo(&home, &[], SILENT), "silent");
}

#[test]
fn late_answers_and_pieces_of_them_are_no_keys() {
    const LATE: Answers = &[(300, "\x1b[1;2R\x1b[?62;4;52c")];
    const PIECES: Answers = &[(0, "\x1b[1"), (30, ";2R\x1b"), (30, "[?62;"), (30, "4;5"), (30, "2c")];
    const SLOW: Answers = &[(0, "\x1b[1;2R\x1b[?6"), (300, "2;4;2"), (300, "2c")];
    for (name, answers, last) in [("late", LATE, 400), ("pieces", PIECES, 200), ("slow pieces", SLOW, 700)] {
        let home = Home::new();
        // The running clock tells when the last answer has been sent.
        let pty = Pty::demo(&home, &[("SESAM_DEMO_NOW", "1700000022,run")], answers);
        let seconds = 17 - last / 1000;
        pty.shows("time goes on", |picture| {
            picture.contains("GitHub") && row(picture, "GitHub").trim_end().ends_with(&format!(" {seconds}"))
                || picture.contains("Copied")
        });
        pty.shows("time goes on", |picture| {
            row(picture, "GitHub").trim_end().ends_with(&format!(" {}", seconds - 1))
                || picture.contains("Copied")
        });
        nothing_was_pressed(pty, name);
    }
}

#[test]
fn answers_to_questions_of_others_are_no_keys() {
    const OTHERS: Answers = &[
        (0, "\x1b]11;rgb:0000/1111/ccdd\x1b\\\x1bP>|xterm(388)\x1b\\\x1b]11;rgb:dddd/cccc/HHHH\x07"),
        (0, "\x1b[?9999999999999999999999;;;$y\x1b[;;;;R\x1b[?62;4c"),
    ];
    let home = Home::new();
    nothing_was_pressed(Pty::demo(&home, &[], OTHERS), "others");
}

#[test]
fn symbols_that_take_two_columns_are_replaced() {
    const WIDE: Answers = &[(0, "\x1b[1;3R\x1b[?62;4c")];
    let home = Home::new();
    let pty = Pty::demo(&home, &[], WIDE);
    let picture = pty.sees("####-- 18");
    assert!(row(&picture, "GitHub").starts_with('>'), "{picture}");
}

#[test]
fn what_is_typed_before_the_first_picture_is_not_lost() {
    const LATE: Answers = &[(300, "\x1b[1;2R\x1b[?62;4c")];
    for answers in [ANSWERS, SILENT, LATE] {
        let home = Home::new();
        let pty = Pty::demo(&home, &[], answers);
        pty.types("/git");
        let picture = pty.sees(" 2 of 12");
        assert_eq!(rows(&picture), 2, "{picture}");
        pty.types("\x1b[B\r");
        pty.sees("Copied GitLab");
    }
}

/// What is pasted while the terminal is being asked is text and no keys.
#[test]
fn what_is_pasted_before_the_answer_is_a_paste() {
    const PASTES: Answers = &[(0, "\x1b[200~Hdx\x1b[201~\x1b[1;2R\x1b[?62;4c")];
    let home = Home::new();
    let pty = Pty::demo(&home, &[], PASTES);
    let picture = pty.sees("Pasted text is only taken in a field");
    assert!(rows(&picture) == 12 && picture.contains("show all"), "{picture}");
}

#[test]
fn esc_before_the_answer_is_a_key() {
    const ESCAPES: Answers = &[(0, "\x1b")];
    let home = Home::new();
    let pty = Pty::demo(&home, &[], ESCAPES);
    pty.types("?");
    pty.types("j");
    let picture = pty.sees("Enter copy");
    assert!(!picture.contains("EXIT"), "{picture}");
}
