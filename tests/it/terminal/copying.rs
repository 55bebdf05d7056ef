//! Copying, and what is said about it: items 5 to 9 of the checklist.

use super::{
    picture::{code, row},
    tmux::{Tmux, USUAL},
};
use crate::cli::sesam::Home;

fn digits(code: &str) -> String {
    code.replace(' ', "")
}

#[test]
fn items_5_and_7_the_code_and_the_next_one_are_copied_without_a_gap() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "copy") else { return };
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("✓ Copied GitHub");
    let first = tmux.copied("");
    assert_eq!(first, digits(&code(&picture, "GitHub")), "{picture}");
    tmux.keys(&["Y"]);
    let picture = tmux.sees("next code");
    let second = tmux.copied(&first);
    assert!(second.len() == 6, "{second} after {first}");
    assert!(row(&picture, "Copied").contains("GitHub next code"), "{picture}");
}

#[test]
fn item_6_over_ssh_it_is_the_terminal_that_gets_it() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo_with(&home, "ssh", &[("SSH_CONNECTION", "x")], USUAL) else { return };
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("Copied GitHub");
    assert!(row(&picture, "Copied").contains("to your terminal (OSC 52)"), "{picture}");
    assert_eq!(tmux.copied(""), digits(&code(&picture, "GitHub")));
}

#[test]
fn item_8_a_code_that_is_about_to_end_is_copied_with_a_warning() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "hurry") else { return };
    tmux.goes_to("VPN gateway");
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("only 3 s left");
    let status = row(&picture, "only 3 s left");
    assert!(status.trim_start().starts_with('▲') && status.contains('Y'), "{status}");
    assert_eq!(tmux.copied(""), digits(&code(&picture, "VPN gateway")));
}

#[test]
fn item_9_c_copies_and_asks_nothing() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "c") else { return };
    tmux.keys(&["c"]);
    let picture = tmux.sees("✓ Copied GitHub");
    assert!(!picture.to_lowercase().replace("d delete", "").contains("delete"), "{picture}");
    assert_eq!(tmux.copied(""), digits(&code(&picture, "GitHub")));
}
