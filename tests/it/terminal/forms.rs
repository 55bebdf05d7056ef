//! The form and the QR picture: items 23 to 26 of the checklist.

use std::process::Command;

use super::{
    picture::{row, rows},
    pty::{ANSWERS, Pty},
    tmux::Tmux,
};
use crate::cli::sesam::{Home, SECRET, installed, skipped, write};

/// The pixels of one module of a QR code.
const MODULE: usize = 4;

/// The light and dark modules of a picture of half blocks, two rows in each line; the rest of the line is left out.
fn modules(picture: &str) -> Vec<Vec<bool>> {
    let of_code = |line: &&str| line.starts_with(['█', '▀', '▄']);
    let is_light = |char: char, upper: bool| match char {
        '█' => true,
        '▀' => upper,
        '▄' => !upper,
        _ => false,
    };
    let lines: Vec<&str> = picture.lines().filter(of_code).collect();
    let width = lines.first().map_or(0, |line| line.chars().take_while(|char| *char == '█').count());
    let half = |line: &str, upper| line.chars().take(width).map(|char| is_light(char, upper)).collect();
    lines.iter().flat_map(|line| [half(line, true), half(line, false)]).collect()
}

/// What a reader makes of the modules; an empty text where it makes nothing of them.
fn scanned(home: &Home, modules: &[Vec<bool>]) -> String {
    let width = modules.first().map_or(0, Vec::len) * MODULE;
    let mut image = format!("P1\n{width} {}\n", modules.len() * MODULE);
    for row in modules {
        let line: String =
            row.iter().map(|light| if *light { "0 " } else { "1 " }.repeat(MODULE)).collect::<String>()
                + "\n";
        image.push_str(&line.repeat(MODULE));
    }
    let path = home.path("picture.pbm");
    write(&path, image);
    let read = Command::new("zbarimg").args(["--raw", "-q"]).arg(path).output().expect("zbarimg starts");
    String::from_utf8_lossy(&read.stdout).trim().to_owned()
}

#[test]
fn item_23_the_picture_can_be_scanned() {
    if !installed("zbarimg") {
        return skipped("zbarimg is not installed");
    }
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "picture") else { return };
    tmux.keys(&["p"]);
    let picture = tmux.sees("Esc close");
    let modules = modules(&picture);
    assert_eq!((modules.first().map(Vec::len), modules.len()), (Some(45), 46), "{picture}");
    let link = scanned(&home, &modules);
    assert!(link.starts_with("otpauth://totp/GitHub:hugo") && link.contains("secret="), "{link}");
}

#[test]
fn item_24_a_picture_that_is_too_large_is_never_cut() {
    if !installed("zbarimg") {
        return skipped("zbarimg is not installed");
    }
    let home = Home::with_vault();
    let long = "A".repeat(60);
    home.run_with(&["add", "--secret-stdin", "--algorithm", "SHA512", &long], &SECRET.repeat(2)).ok();
    let Some(tmux) = Tmux::vault(&home, "large", &[]) else { return };
    tmux.keys(&["p"]);
    let picture = tmux.sees("Esc close");
    if !picture.contains("does not fit") {
        let link = scanned(&home, &modules(&picture));
        assert!(link.starts_with("otpauth://totp/") && link.contains("SHA512"), "{picture}");
    }
}

#[test]
fn items_25_and_26_a_pasted_link_fills_the_form_and_a_wrong_secret_is_named() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "form") else { return };
    tmux.pastes(&format!("otpauth://totp/RFC:test?secret={SECRET}&digits=8"));
    let picture = tmux.sees("Add account");
    assert!(
        row(&picture, "Issuer").contains("RFC") && row(&picture, "Account ").contains("test"),
        "{picture}"
    );
    tmux.keys(&["Escape"]);
    tmux.sees("Discard");
    tmux.keys(&["y"]);
    let picture = tmux.shows("the list as it was", |picture| rows(picture) == 12);
    assert!(!picture.contains("Copied") && !picture.contains("Deleted"), "no other key acted: {picture}");
    tmux.keys(&["a"]);
    tmux.sees("Add account");
    tmux.types("Wrong");
    tmux.keys(&["Tab", "Tab"]);
    tmux.types("1188");
    tmux.sees("Not base32: \"1\" at place 1");
    tmux.keys(&["C-s"]);
    tmux.keys(&["F1"]);
    tmux.sees("Esc closes");
    tmux.keys(&["Escape"]);
    tmux.sees("Add account");
}

#[test]
fn a_link_that_comes_as_keys_is_a_paste_all_the_same() {
    let home = Home::new();
    let pty = Pty::demo(&home, &[], ANSWERS);
    pty.sees("Enter copy");
    // In one piece: how long a pause between two is still a burst no test can tell on a busy machine.
    pty.types(&format!("otpauth://totp/RFC:test?secret={SECRET}&digits=8\r"));
    let picture = pty.sees("Add account");
    assert!(
        row(&picture, "Issuer").contains("RFC") && row(&picture, "Account ").contains("test"),
        "{picture}"
    );
    pty.types("\x1b");
    pty.sees("Discard");
    pty.types("y");
    let picture = pty.shows("the list as it was", |picture| rows(picture) == 12);
    assert!(picture.contains("show all") && !picture.contains("Copied"), "no key acted: {picture}");
}
