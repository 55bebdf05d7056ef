//! Changes from the screens: said beforehand, confirmed, sent once, read back.

use sesam::admin::error::AdminError;

use super::{
    admin::users,
    admin_door::{Desk, cannot_enrol, unreachable, with},
    screen::Screen,
};

/// The box that resets alan.
fn reset(desk: &std::sync::Arc<Desk>) -> Screen {
    let mut screen = users(desk, (80, 24));
    screen.keys("j <enter>").until("OTP bindings").keys("x").says("alan must enrol again").keys("r");
    screen.until("On mfa (PROD) this will, for alan (Alan Turing):");
    screen
}

#[test]
fn a_reset_needs_the_whole_name_and_is_read_back() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    screen.says("delete binding b1").says("delete binding b2").says("This cannot be undone here");
    screen
        .types("lost phone")
        .keys("<tab>")
        .types("ala")
        .keys("<enter> <enter>")
        .says("Reset (type alan first)");
    screen.keys("<tab> <tab> <enter>").says("Reset (type alan first)");
    assert_eq!(desk.changes(), [""; 0], "nothing is sent before the name is whole");
    screen.keys("<shift-tab> <shift-tab>").types("n").says("[ Reset ]").keys("<tab> <tab> <enter>");
    screen.until("alan: unbound ▲, 0 bindings").until("No OTP binding");
    assert_eq!(desk.changes(), ["reset alan: lost phone"]);
}

#[test]
fn no_reason_is_asked_for_where_none_is_written_down() {
    let desk = Desk::new();
    desk.forgets_reasons();
    let mut screen = reset(&desk);
    screen.is_silent_about("Reason").says("Type the user name").types("alan").keys("<enter> <enter>");
    screen.until("alan: unbound ▲, 0 bindings");
    assert_eq!(desk.changes(), ["reset alan: none given"]);
}

#[test]
fn a_word_is_no_answer_and_no_is_told() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("j x u").until("this will, for").keys("<tab>").types("alany").says("this will, for");
    screen.keys("<enter>").says("Nothing was done");
    assert_eq!(desk.changes(), [""; 0]);
    screen.keys("x u").until("this will, for").keys("<tab>").types("y").until("alan: ok");
    assert_eq!(desk.changes().len(), 1);
}

#[test]
fn a_name_cannot_be_pasted_and_a_reason_can() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    screen.paste("ticket 4711").says("ticket 4711").keys("<tab>").paste("alan").says("type it");
    screen.keys("<enter>").says("Reset (type alan first)");
    assert_eq!(desk.changes(), [""; 0]);
}

#[test]
fn letters_do_nothing_while_a_name_is_asked_for() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    screen.keys("<tab> <tab> y").says("Reset (type alan first)").keys("<tab> y n").says("Reset OTP bindings");
    screen.keys("<esc>").is_silent_about("Reset OTP bindings");
    assert_eq!(desk.changes(), [""; 0]);
}

#[test]
fn a_reason_may_be_required_or_not_asked_for() {
    let desk = Desk::new();
    let mut screen = Screen::with(80, 24, |start| {
        with(&desk)(start);
        start.config.admin.reason = sesam::config::AskReason::Require;
    });
    screen.keys("A <enter>").until("alan").keys("j x u").until("this will, for").says("a reason first");
    screen.types("called us").keys("<tab>").says("[ Unlock ]").keys("y").until("alan: ok, 2 bindings");
    assert_eq!(desk.changes(), ["unlock alan: called us"]);
    let mut screen = Screen::with(80, 24, |start| {
        with(&desk)(start);
        start.config.admin.reason = sesam::config::AskReason::Off;
    });
    screen.keys("A <enter>").until("alan").keys("x b 1").until("this will, for").is_silent_about("Reason");
    screen
        .keys("<enter>")
        .is_silent_about("this will")
        .keys("x b 1")
        .until("this will, for")
        .keys("<tab> <enter>");
    screen.until("ada: bypass ▲ until");
    assert_eq!(desk.changes().last().unwrap(), "bypass ada: none given");
}

#[test]
fn somebody_who_was_faster_is_named_and_nothing_is_sent() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    desk.changes_by_others("alan");
    screen.keys("<tab>").types("alan").keys("<enter> <enter>");
    screen.until("alan was changed by ben@ops 12 s ago (wrong code)").says("Shown again; nothing");
}

#[test]
fn an_unknown_outcome_is_said_and_nothing_is_repeated() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    desk.refuses(AdminError::Unknown { server: "mfa".to_owned() });
    screen.keys("<tab>").types("alan").keys("<enter> <enter>").until("whether it was done is not known");
    screen.is_silent_about("Reset OTP bindings");
    assert_eq!(desk.changes().len(), 1);
}

#[test]
fn what_was_not_sent_can_be_tried_again_as_it_was_typed() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    desk.refuses(unreachable());
    screen.types("lost").keys("<tab>").types("alan").keys("<enter> <enter>").until("Nothing was sent");
    screen.says("lost").keys("<enter>").until("alan: unbound ▲");
    assert_eq!(desk.changes(), ["reset alan: lost", "reset alan: lost"]);
}

#[test]
fn a_missing_right_is_named_with_who_asked() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    let (why, right) = ("may not reset users".to_owned(), Some("security".to_owned()));
    desk.refuses(AdminError::Refused { server: "mfa".to_owned(), why, right });
    screen.keys("<tab>").types("alan").keys("<enter> <enter>").until("mfa refused: admin@ops");
    screen.says("security");
}

#[test]
fn a_state_that_cannot_be_read_back_is_not_confirmed() {
    let desk = Desk::new();
    let mut screen = reset(&desk);
    let before = desk.count("user alan");
    desk.holds("reset ");
    screen.keys("<tab>").types("alan").keys("<enter> <enter>");
    screen.is_silent_about("unbound");
    desk.holds("user ");
    desk.frees("reset ");
    desk.waits_for("user alan", before + 1);
    desk.breaks(Some(unreachable()));
    desk.frees("user ");
    screen.until("not confirmed by the server");
}

#[test]
fn read_only_says_why_instead_of_a_dead_key() {
    let desk = Desk::new();
    let mut screen = Screen::with(80, 24, with(&desk));
    screen.keys("A").until("ok ").keys("R").until("alan").says("READ ONLY   PROD");
    screen.keys("j x").says("read-only").keys("r").says("Read only").says("Esc, b, then Enter on mfa");
    screen.keys("<esc> x b").says("Read only");
    assert_eq!(desk.changes(), [""; 0]);
    assert_eq!(desk.count("plan"), 0);
}

#[test]
fn what_a_server_cannot_do_is_said_with_what_to_do_instead() {
    let desk = Desk::new();
    desk.can(cannot_enrol());
    let mut screen = users(&desk, (80, 24));
    screen
        .keys("j x")
        .says("binding is up to")
        .keys("p")
        .says("Bind anew: not here: binding is up to the user: send them the portal");
}

#[test]
fn a_passcode_is_shown_once_and_taken_away() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("j x c 1").until("this will, for").keys("<tab> <tab> <enter>").until("2158 1800");
    screen.keys("y").says("Copied alan passcode");
    assert_eq!(screen.copied(), ["21581800"]);
    screen.keys("<esc>").is_silent_about("2158").says("is hidden, in the clipboard too");
    assert_eq!(screen.copied().last().unwrap(), "(cleared)");
}

#[test]
fn binding_anew_shows_the_picture_for_an_application_that_takes_codes() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("j x p").until("vpn").says("wiki").is_silent_about("mail").keys("1").until("this will, for");
    screen.keys("<tab> <tab> <enter>").until("▀").says("opens nothing before").keys("<esc>").says("alan");
}

#[test]
fn one_binding_of_two_is_chosen_and_its_name_typed() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen
        .keys("j x d")
        .says("#2")
        .keys("2")
        .until("this will, for")
        .keys("<tab>")
        .types("alan")
        .keys("<enter> <enter>");
    screen.until("1 binding");
    assert_eq!(desk.changes(), ["unbind alan: none given"]);
}

#[test]
fn a_long_bypass_is_typed_and_a_bad_span_is_told() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("x b").says("4 h ");
    // The list ends with the field for something else.
    screen.keys("<up> <enter>").types("soon").keys("<enter>").says("A span such as");
    screen.keys("<ctrl-u>").types("3d").keys("<enter>").until("this will, for").says("type ada first");
    screen.keys("<esc>");
    assert_eq!(desk.changes(), [""; 0]);
}

#[test]
fn several_users_need_their_count_and_what_failed_can_be_tried_again() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen
        .keys("<space> <space>")
        .says("2 marked: ada, alan")
        .keys("x")
        .is_silent_about("Passcode")
        .keys("r");
    screen
        .until("for 2 users")
        .says("delete 3 bindings in all")
        .types("moving")
        .keys("<tab>")
        .types("2 user");
    screen.keys("<enter>").says("type 2 users first").types("s");
    desk.refuses(AdminError::Refused { server: "mfa".into(), why: "busy".into(), right: None });
    screen.keys("<enter> <enter>").until("1 of 2 done").says("× ada").says("busy").says("alan: unbound ▲");
    screen
        .keys("r")
        .until("for 1 user")
        .keys("<tab>")
        .types("1 user")
        .keys("<enter> <enter>")
        .until("1 of 1 done");
    assert_eq!(desk.changes(), ["reset ada: moving", "reset alan: moving", "reset ada: none given"]);
}

#[test]
fn several_changes_stop_after_the_one_that_is_sent() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("<space> <space> <space> x e").until("for 3 users").keys("<tab>").types("3 users");
    desk.holds("disable alan");
    screen.keys("<enter> <enter>").until("1 of 3").keys("s");
    desk.frees("disable alan");
    screen.until("2 of 3 done").says("Stopped: done for 2 of 3, 1 were not begun");
    assert_eq!(desk.changes().len(), 2);
}

#[test]
fn the_second_tab_from_a_user_is_left_for_the_audit() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("j <enter>").until("OTP bindings").says("2 audit of this user").keys("2");
    let wish = screen.app.cx.admin.as_ref().and_then(|link| link.wish.clone());
    assert!(wish.is_none_or(|wish| wish.filter.query == "user:alan"));
}
