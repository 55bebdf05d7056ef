//! The tags of one account.

use super::screen::Screen;

fn tags_of(name: &str) -> Screen {
    let mut screen = Screen::demo(80, 24);
    screen.keys("/").types(name).keys("<tab> t").says("Tags of ");
    screen
}

#[test]
fn known_tags_are_switched_on_and_off_and_saved_as_one_step() {
    let mut screen = tags_of("GitHub");
    screen
        .says("Tags of GitHub hugo@example.com")
        .says("Tags  work, git")
        .says("[x] work  6")
        .says("[ ] home  4");
    let at = |screen: &Screen, name: &str| screen.text().find(name);
    assert!(at(&screen, "] work") < at(&screen, "] home"), "the most used first");
    screen
        .keys("<down> <space>")
        .says("[ ] work")
        .says("Tags  git ")
        .keys("<down> <space>")
        .says("Tags  git, home");
    screen.keys("<enter>").until("✓ Tags of GitHub hugo@example.com: git, home. u undoes.");
    screen.keys("u").until("Undone: tags of GitHub").keys("t").says("Tags  work, git");
}

#[test]
fn tags_can_be_typed_and_esc_leaves_them_as_they_were() {
    let mut screen = tags_of("Steam");
    screen.types(", play, home").says("[x] home").keys("<esc>").says("The tags are as they were.");
    screen
        .keys("t")
        .says("Tags  home▏ ")
        .types(", play")
        .keys("<enter>")
        .until("Tags of Steam hugo_s: home, play.");
}

#[test]
fn small_windows_show_the_row_that_has_the_keys() {
    for (width, height) in [(60, 15), (40, 10), (30, 4), (20, 2), (1, 1)] {
        let mut screen = tags_of("Steam");
        screen.resize(width, height);
        if width > 20 {
            screen
                .says("home▏")
                .keys("<down>")
                .says("] work")
                .keys("<down>")
                .says("] home")
                .keys("<up> <up>");
        }
        screen.paste(&"x".repeat(1 << 20));
        screen.resize(80, 24).says("nothing was pasted").says("home▏ ");
    }
}

#[test]
fn locking_closes_it() {
    let mut screen = tags_of("Steam");
    screen.app.lock("Locked by you.");
    screen.resize(80, 24).says("Locked").is_silent_about("Tags of");
}
