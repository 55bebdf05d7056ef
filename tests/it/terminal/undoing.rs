//! Help, deleting and taking it back: items 19, 21 and 22 of the checklist.

use super::{picture::rows, tmux::Tmux};
use crate::cli::sesam::Home;

#[test]
fn item_19_help_fits_and_finds_words() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "help") else { return };
    tmux.keys(&["?"]);
    let picture = tmux.sees("Esc closes");
    let at = |words: &str| picture.lines().position(|line| line.contains(words));
    assert!(at("─ Help ─").is_some() && at("─ Help ─") < at("Esc closes"), "{picture}");
    assert!(at("Esc closes") < Some(24) && picture.contains('╭') && picture.contains('╯'), "{picture}");
    tmux.keys(&["/"]);
    tmux.types("undo");
    let picture = tmux.shows("lines with undo alone", |picture| !picture.contains("copy code"));
    let inside: Vec<&str> = picture.lines().filter(|line| line.contains("│ ")).collect();
    assert!(inside.iter().filter(|line| line.contains("undo")).count() >= 2, "{picture}");
    tmux.keys(&["Escape"]);
    tmux.sees("copy code");
    tmux.keys(&["Escape"]);
    assert_eq!(rows(&tmux.misses("Esc closes")), 12);
}

#[test]
fn item_21_a_deleted_account_comes_back_to_its_place() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "undo") else { return };
    tmux.goes_to("Old router");
    let before: Vec<String> = tmux.picture().lines().map(str::to_owned).collect();
    tmux.keys(&["d"]);
    let picture = tmux.shows("the row gone", |picture| rows(picture) == 11);
    assert!(picture.contains("u undo") && picture.contains("Deleted Old router"), "{picture}");
    tmux.keys(&["u"]);
    let picture = tmux.shows("the row again", |picture| rows(picture) == 12);
    let place = |lines: &[String]| lines.iter().position(|line| line.contains("Old router  "));
    let after: Vec<String> = picture.lines().map(str::to_owned).collect();
    assert_eq!(place(&before), place(&after), "{picture}");
    tmux.selects("Old router");
}

#[test]
fn item_22_undo_outlives_the_program() {
    let home = Home::with_accounts();
    let Some(tmux) = Tmux::vault(&home, "outlive", &[]) else { return };
    tmux.goes_to("Old router");
    tmux.keys(&["d"]);
    tmux.shows("the row gone", |picture| rows(picture) == 2);
    tmux.keys(&["q"]);
    assert_eq!(tmux.ends(), 0);
    drop(tmux);
    let Some(tmux) = Tmux::vault(&home, "outlived", &[]) else { return };
    tmux.shows("two accounts", |picture| rows(picture) == 2);
    tmux.keys(&["u"]);
    tmux.shows("the row again", |picture| rows(picture) == 3 && picture.contains("Undone: delete"));
    assert!(home.names().contains(&"Old router".to_owned()));
}
