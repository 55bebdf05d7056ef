//! Codes that nobody else should read: items 16 to 18 and 39 of the checklist.

use super::{
    picture::{codes, row, rows},
    tmux::{RUNS, Tmux, USUAL},
};
use crate::cli::sesam::{Home, PASSPHRASE, write};

const HIDDEN: &str = "••• •••";

#[test]
fn items_16_and_18_h_hides_all_but_one_then_all_and_a_copy_shows_its_row() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "hide") else { return };
    tmux.keys(&["H"]);
    let picture = tmux.sees("except the selected one");
    assert_eq!((codes(&picture).len(), codes(row(&picture, "GitHub")).len()), (1, 1), "{picture}");
    assert_eq!(picture.matches(HIDDEN).count(), 11, "{picture}");
    tmux.keys(&["H"]);
    let picture = tmux.sees("All codes hidden");
    assert!(codes(&picture).is_empty() && !picture.contains("KB2CV"), "{picture}");
    assert_eq!(picture.matches(HIDDEN).count(), 12, "{picture}");
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("Copied GitHub");
    let shown = codes(&picture);
    assert_eq!((shown.len(), codes(row(&picture, "GitHub"))), (1, shown.clone()), "{picture}");
    assert_eq!(tmux.copied(""), shown[0].replace(' ', ""));
}

#[test]
fn item_17_a_revealed_code_hides_again() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo_with(&home, "reveal", &[RUNS], USUAL) else { return };
    tmux.keys(&["H", "H"]);
    tmux.sees("All codes hidden");
    tmux.keys(&["r"]);
    let picture = tmux.shows("one code", |picture| codes(picture).len() == 1);
    assert_eq!(codes(row(&picture, "GitHub")).len(), 1, "{picture}");
    tmux.shows("no code any more", |picture| rows(picture) == 12 && codes(picture).is_empty());
}

#[test]
fn the_time_for_which_a_code_is_revealed_is_a_setting() {
    let home = Home::with_accounts();
    write(&home.path("config/sesam/config.toml"), "[codes]\nreveal_seconds = 2\nshow = \"none\"\n");
    let Some(tmux) = Tmux::vault(&home, "seconds", &[]) else { return };
    assert!(codes(&tmux.sees("reveal 2 s")).is_empty());
    tmux.keys(&["r"]);
    tmux.shows("a code", |picture| !codes(picture).is_empty());
    tmux.shows("no code any more", |picture| picture.contains("GitHub") && codes(picture).is_empty());
}

#[test]
fn item_39_it_locks_by_itself_and_comes_back_with_the_same_filter() {
    let home = Home::with_accounts();
    write(&home.path("config/sesam/config.toml"), "[lock]\nafter = \"5s\"\n");
    let Some(tmux) = Tmux::vault(&home, "lock", &[]) else { return };
    tmux.keys(&["/"]);
    tmux.types("git");
    tmux.sees(" 2 of 3");
    let picture = tmux.sees("Locked after 5 s");
    assert!(codes(&picture).is_empty() && !picture.contains("GitHub"), "{picture}");
    assert!(!picture.contains("of 3") && picture.contains("Passphrase"), "{picture}");
    tmux.types(PASSPHRASE);
    tmux.keys(&["Enter"]);
    let picture = tmux.sees(" 2 of 3");
    assert!(rows(&picture) == 2 && codes(&picture).len() >= 2, "{picture}");
}
