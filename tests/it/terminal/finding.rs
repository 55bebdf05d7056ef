//! The search: items 10 to 15 of the checklist.

use super::{
    picture::{code, columns, row, rows},
    tmux::Tmux,
};
use crate::cli::sesam::Home;

#[test]
fn items_10_to_12_the_search_filters_while_typing_and_esc_never_quits() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "find") else { return };
    tmux.keys(&["/"]);
    tmux.types("git");
    let picture = tmux.sees(" 2 of 12");
    assert!(picture.contains("GitHub") && picture.contains("GitLab"), "{picture}");
    assert_eq!(rows(&picture), 2, "{picture}");
    tmux.keys(&["Down", "Enter"]);
    let picture = tmux.sees("Copied GitLab");
    assert_eq!(tmux.copied(""), code(&picture, "GitLab").replace(' ', ""));
    assert!(picture.contains(" 2 of 12") && rows(&picture) == 2, "the filter stays: {picture}");
    tmux.keys(&["Escape"]);
    assert_eq!(rows(&tmux.misses(" 2 of 12")), 12);
    for width in [90_u16, 100, 80] {
        tmux.keys(&["Escape"]);
        // A letter right behind it would make another key of it.
        tmux.resize((width, 24));
        tmux.shows("the new width", |picture| {
            picture.contains("show all") && picture.lines().any(|line| columns(line) == usize::from(width))
        });
    }
    tmux.keys(&["G"]);
    let picture = tmux.selects("مصرف المثال");
    assert!(!picture.contains("EXIT") && rows(&picture) == 12, "{picture}");
}

#[test]
fn item_13_all_words_must_match_in_any_order() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "words") else { return };
    tmux.keys(&["/"]);
    tmux.types("hugo git");
    let picture = tmux.sees(" 2 of 12");
    assert!(picture.contains("GitHub") && picture.contains("GitLab"), "{picture}");
    assert!(!picture.contains("Grafana"), "{picture}");
}

#[test]
fn item_14_signs_are_plain_characters_in_the_field() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "signs") else { return };
    tmux.keys(&["/"]);
    tmux.types("(?:/");
    let picture = tmux.sees("(?:/");
    assert!(row(&picture, "(?:/").contains("/ "), "it stands in the field: {picture}");
    assert!(!picture.contains("Help") && picture.contains("Nothing matches \"(?:/\""), "{picture}");
}

#[test]
fn item_15_nothing_found_is_said_and_esc_brings_all_back() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "nothing") else { return };
    tmux.keys(&["/"]);
    tmux.types("zzz");
    let picture = tmux.sees("Nothing matches \"zzz\"");
    let lines: Vec<&str> = picture.lines().collect();
    assert!(lines[0].contains("Codes") && lines[1].contains("0 of 12"), "{picture}");
    assert!(lines[2].starts_with("───"), "{picture}");
    tmux.keys(&["Escape"]);
    assert_eq!(rows(&tmux.misses("Nothing matches")), 12);
}
