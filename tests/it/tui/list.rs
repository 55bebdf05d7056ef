//! The list of codes: moving, finding, hiding, marking, changing.

use super::screen::Screen;

/// The issuers on the screen, from the top.
fn rows(screen: &Screen) -> usize {
    screen.lines().iter().filter(|line| line.contains("▰") || line.contains("counter")).count()
}

fn selected(screen: &Screen) -> String {
    screen.lines().into_iter().find(|line| line.starts_with('▌')).unwrap_or_default()
}

#[test]
fn rows_are_reached_by_letters_and_arrows() {
    let mut screen = Screen::demo(80, 24);
    assert!(selected(screen.keys("j <down> k")).contains("AWS root"));
    assert!(selected(screen.keys("G")).contains("hugo@example.ae"));
    assert!(selected(screen.keys("g")).contains("GitHub"));
    assert!(selected(screen.keys("k k")).contains("GitHub"), "at the top it stays");
}

#[test]
fn keys_of_another_layout_do_the_same() {
    let mut screen = Screen::demo(80, 24);
    assert!(selected(screen.keys("о о")).contains("Grafana"), "Cyrillic о lies on j");
    screen.keys("Р").says("Codes hidden except the selected one");
}

#[test]
fn search_narrows_and_the_selection_survives_it() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("/ git").says("2 of 12");
    assert_eq!(rows(&screen), 2);
    screen.keys("<down> <enter> <esc>");
    assert_eq!(rows(&screen), 12);
    assert!(selected(&screen).contains("GitLab"));
}

#[test]
fn a_suggestion_is_taken_with_enter_also_from_another_tab() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("] ] ] / gthub").says("Nothing matches \"gthub\" in home").says("Did you mean  GitHub");
    screen.keys("<enter>").says("hugo@example.com");
}

#[test]
fn what_is_typed_into_the_search_is_text() {
    Screen::demo(80, 24)
        .keys("/")
        .types("q?:/ L")
        .says("q?:/ L")
        .is_silent_about("Help")
        .says("Nothing matches");
}

#[test]
fn tabs_go_round_and_digits_reach_them() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("2").says("[★ 3]");
    assert_eq!(rows(&screen), 3);
    screen.keys("]").says("[work 6]").keys("[ [ [").says("[lab 2]").keys("1").says("[All 12]");
}

#[test]
fn codes_hide_with_the_same_width_and_one_is_revealed_for_ten_seconds() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("H H").says("••• •••");
    let hidden = |screen: &Screen| screen.lines().iter().filter(|line| line.contains("••• •••")).count();
    assert_eq!(hidden(&screen), 12, "the counter too");
    screen.keys("r");
    assert_eq!(hidden(&screen), 11);
    screen.wait(11);
    assert_eq!(hidden(&screen), 12);
    screen.keys("<enter>");
    assert_eq!(hidden(&screen), 11, "what was copied is readable for a while");
}

#[test]
fn marked_rows_are_deleted_as_one_step_and_come_back_as_one() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("<space> j <space>").says("2 rows are marked").keys("d").until("[All 10]");
    screen.says("Deleted 2 accounts").keys("u").until("Undone: delete 2 accounts").says("[All 12]");
    assert!(selected(&screen).contains("GitHub"), "{}", screen.text());
    screen.keys("<space> <esc> d").until("[All 11]");
}

#[test]
fn a_counter_counts_with_plus_and_goes_back_after_a_question() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("G k").says("counter  7").keys("<enter>").says("A counter's code comes with +");
    screen.keys("+").until("counter  8").until("Counted").is_silent_about("press +");
    screen.keys("<enter>");
    assert_eq!(screen.copied().len(), 1);
    screen
        .keys("-")
        .says("Set the counter of Old router admin back from 8 to 7")
        .keys("<enter>")
        .says("counter  8");
    screen.keys("- y").until("counter  7");
}

#[test]
fn the_order_is_made_by_hand_only_where_it_is_by_hand() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("G J").says("Rows can be moved in the order by hand");
    screen.keys("s s s").says("sort manual").keys("G K").until("hugo@example.ae");
    let at =
        |screen: &Screen, name: &str| screen.lines().iter().position(|line| line.contains(name)).unwrap();
    while at(&screen, "hugo@example.ae") > at(&screen, "Old router") {
        screen.answer();
    }
}

#[test]
fn the_actions_menu_names_what_can_be_done_and_does_it() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("x").says("copy next code").keys("d").until("Deleted GitHub");
    screen.keys("x <down> <down> <enter>");
    screen.is_silent_about("copy next code");
}

#[test]
fn help_is_filtered_by_entry() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("?").says("Help").says("Esc closes").keys("/ undo").says("undo").is_silent_about("to phone");
    screen.keys("<esc> <esc>").is_silent_about("Esc closes");
}

#[test]
fn read_only_refuses_every_change_in_words() {
    let mut screen = Screen::with(80, 24, |start| start.mode.read_only = true);
    for key in ["d", "e", "a", "*", "t", "u"] {
        screen.keys(key).says("Read only: --read-only refuses every change");
    }
    assert_eq!(rows(&screen), 12);
}

#[test]
fn calm_screens_have_no_bars_and_change_seldom() {
    let mut screen = Screen::with(80, 24, |start| start.mode.no_motion = true);
    screen.says(" 20").is_silent_about("▰").says("locks in 5 min");
    let before = screen.text();
    screen.wait(1);
    assert_eq!(screen.text(), before, "18 and 17 seconds look the same");
}

#[test]
fn every_hint_of_the_list_does_something() {
    let mut screen = Screen::demo(140, 40);
    let hints = screen.lines().pop().unwrap();
    for word in
        ["copy", "search", "add", "hide", "actions", "help", "quit", "phone", "edit", "delete", "details"]
    {
        assert!(hints.contains(word), "{hints}");
    }
    for key in ["<enter>", "/", "a", "H", "x", "?", "p", "e", "d", "l", "s", "L"] {
        let mut screen = Screen::demo(140, 40);
        let before = screen.text();
        assert_ne!(screen.keys(key).text(), before, "{key}");
    }
    screen.keys("q");
    assert!(matches!(screen.turn, sesam::tui::app::Turn::End(0)));
}

#[test]
fn ctrl_c_ends_at_once_wherever_it_is_pressed() {
    for keys in ["", "/ git", "?", "x", "l", "p", "d", "L"] {
        let mut screen = Screen::demo(80, 24);
        screen.keys(keys).keys("<ctrl-c>");
        assert!(matches!(screen.turn, sesam::tui::app::Turn::End(130)), "{keys}");
    }
}

/// In a field letters are text, and Enter there is the field's: the keys of the screen that come after it do not count.
#[test]
fn no_screen_binds_a_key_twice() {
    for keys in ["", "/ git", "/ zzz", "? ", "? / u", "x", "l", "p", "a", "e", "t", "L", "<space>", "G k -"] {
        let mut screen = Screen::demo(140, 40);
        screen.keys(keys);
        let app = &screen.app;
        let mut bound = std::collections::HashMap::new();
        for action in app.actions() {
            for key in app.cx.keymap.keys(action) {
                if let Some(other) = bound.insert(*key, action) {
                    panic!("after {keys:?}, {key} is {other:?} and {action:?}");
                }
            }
        }
    }
}

#[test]
fn an_error_that_is_longer_than_its_row_is_shown_whole_until_esc() {
    let mut screen = Screen::demo(60, 20);
    screen.app.cx.fail(
        "The vault does not check out: it is not what was written. What is shown is what was read last.",
    );
    screen.handle(sesam::tui::message::Event::Focus(true)).says("was read last").says("Esc closes");
    screen.keys("<esc>").is_silent_about("was read last");
}
