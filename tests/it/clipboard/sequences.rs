//! OSC 52 as it arrives at a terminal without anything in between.

use super::terminal::sesam;
use crate::cli::sesam::{Home, write};

const SSH: (&str, &str) = ("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22");

fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn over_ssh_the_code_goes_to_the_terminal_and_not_to_the_display_there() {
    let home = Home::with_accounts();
    let arrived = sesam(&home, &[SSH, ("DISPLAY", ":0")], &["copy", "--min-left", "8", "github"]);
    let copies = arrived.copies();
    assert_eq!((arrived.code, copies.len()), (0, 1), "{}", arrived.screen());
    assert!(copies[0].0 == "c" && is_code(&copies[0].1), "{copies:?}");
    let screen = arrived.screen();
    assert!(screen.contains("✓ Copied GitHub code to your terminal (OSC 52), valid "), "{screen}");
    assert!(screen.contains("Nothing to paste? sesam doctor clipboard"), "{screen}");
    assert!(!screen.contains(&copies[0].1), "the code is not shown: {screen}");
    let again = sesam(&home, &[SSH], &["copy", "--min-left", "8", "github"]).screen();
    assert!(!again.contains("Nothing to paste?"), "said once: {again}");
}

#[test]
fn a_code_that_is_about_to_end_says_so() {
    let home = Home::new();
    let at = |time: &str, language: &str| {
        sesam(&home, &[("SESAM_DEMO_NOW", time), ("LANG", language)], &["--demo", "code", "-c", "GitHub"])
            .screen()
    };
    let late = at("1795186347", "C.UTF-8");
    assert!(
        late.contains("▲ Copied GitHub code (OSC 52), only 3 s left. --next copies the next one"),
        "{late}"
    );
    let early = at("1795186332", "C");
    assert!(early.contains("+ Copied GitHub code to your terminal (OSC 52), valid 18 s"), "{early}");
    assert!(!home.path("state").exists(), "the demo touches no file");
}

#[test]
fn the_code_is_shown_where_it_cannot_be_copied_unless_codes_are_hidden() {
    let home = Home::with_accounts();
    let shown = sesam(&home, &[("TERM", "linux")], &["copy", "--min-left", "8", "github"]);
    let screen = shown.screen();
    assert_eq!((shown.code, shown.copies().len()), (1, 0), "{screen}");
    assert!(screen.contains("No clipboard here (neither WAYLAND_DISPLAY nor DISPLAY is set; "), "{screen}");
    assert!(screen.contains("the terminal linux has no clipboard). The code: "), "{screen}");
    let code = screen.split("The code: ").nth(1).expect("a code").get(..7).expect("seven characters");
    assert!(is_code(&code.replace(' ', "")) && code.as_bytes()[3] == b' ', "{code:?}");
    let hidden = sesam(&home, &[("TERM", "linux"), ("SESAM_SHOW", "none")], &["copy", "github"]).screen();
    assert!(hidden.contains("has no clipboard)") && !hidden.contains("The code"), "{hidden}");
}

#[test]
fn who_switched_it_off_is_told_so() {
    let home = Home::with_accounts();
    write(&home.path("config/sesam/config.toml"), "[copy]\nmethod = \"none\"\n");
    let screen = sesam(&home, &[SSH], &["copy", "github"]).screen();
    assert!(screen.contains("switched off: copy.method is none"), "{screen}");
    assert!(screen.contains("sesam config set copy.method auto"), "{screen}");
    let forced = sesam(&home, &[SSH], &["copy", "--method", "osc52", "github"]);
    assert_eq!(forced.copies().len(), 1, "the command line has the last word");
}

#[test]
fn doctor_tells_what_the_terminal_is_and_which_way_a_code_takes() {
    let home = Home::with_accounts();
    let arrived = sesam(&home, &[SSH, ("COLORTERM", "truecolor")], &["doctor", "terminal", "clipboard"]);
    let screen = arrived.screen();
    assert_eq!(arrived.code, 0, "{screen}");
    for words in [
        "TERM xterm-256color, COLORTERM truecolor",
        "250 columns, 24 rows",
        "through SSH",
        "locale C.UTF-8, symbols Unicode",
        "codes are sent to your terminal (OSC 52): this is an SSH session",
    ] {
        assert!(screen.contains(words), "{words} is not in {screen}");
    }
    let poor = sesam(&home, &[("TERM", "dumb"), ("LANG", "C")], &["doctor", "terminal", "clipboard"]);
    let screen = poor.screen();
    assert_eq!(poor.code, 1, "{screen}");
    for words in ["TERM is dumb", "--screen-reader", "symbols ASCII", "LANG=C.UTF-8", "dumb has no clipboard"]
    {
        assert!(screen.contains(words), "{words} is not in {screen}");
    }
}
