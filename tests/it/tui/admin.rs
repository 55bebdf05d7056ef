//! Admin mode on the screens: servers, users, filters, a connection that goes and comes back.

use std::sync::Arc;

use ratatui::style::Color;
use sesam::{admin::error::AdminError, tui::app::Turn};

use super::{
    admin_door::{Desk, unreachable, with},
    screen::Screen,
};

/// The demo, connected to `mfa`, at its users.
pub(super) fn users(desk: &Arc<Desk>, size: (u16, u16)) -> Screen {
    let mut screen = Screen::with(size.0, size.1, with(desk));
    screen.keys("A <enter>").until("alan");
    screen
}

#[test]
fn a_and_enter_lead_from_codes_to_users_and_back_to_the_same_place() {
    let desk = Desk::new();
    let mut screen = Screen::with(80, 24, with(&desk));
    screen.keys("/ git <tab> A").says("2 servers").until("× refused").until("ok ");
    screen.says("PROD").says("LAB").says("plain http");
    screen.keys("<enter>").until("alan");
    screen.says("Admin › mfa › Users").says("PROD   as admin@ops").says("locked ×").says("[1 Users]");
    screen.keys("A").says("/ git").says("GitHub").keys("A").says("locked ×");
    screen.keys("<esc>").says("2 servers").keys("<esc>").says("GitHub");
}

#[test]
fn a_server_that_is_not_there_is_told_and_the_list_stays() {
    let desk = Desk::new();
    let mut screen = Screen::with(80, 24, with(&desk));
    screen
        .keys("A")
        .until("× refused")
        .keys("k <enter>")
        .until("lab cannot be reached: nobody listens there");
    screen.says("2 servers");
}

#[test]
fn it_begins_in_admin_mode_without_any_vault() {
    let desk = Desk::new();
    let dir = tempfile::tempdir().unwrap();
    let mut screen = Screen::first_run_with(dir.path(), (80, 24), with(&desk));
    screen.keys("5").says("2 servers").keys("<enter>").until("alan");
    screen.keys("L").says("2 servers").says("Locked by you. The connection is closed.");
    screen.keys("<esc>").says("Welcome");
}

#[test]
fn a_filter_is_asked_of_the_server_and_only_the_newest_answer_counts() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    desk.holds("users al");
    screen.keys("/ a l").keys("<backspace> <backspace>").types("den").until("1 of 4");
    screen.says("dennis").is_silent_about("Alan Turing");
    desk.frees("users al");
    screen.keys("<enter>").wait(1).says("dennis").is_silent_about("Alan Turing");
    screen.keys("<esc>").until("Alan Turing");
}

#[test]
fn a_filter_that_is_none_is_named_and_the_table_stays() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("/").types("bad:key").until("there is no filter of this name");
    screen.says("Alan Turing").says("USER ").says("bad:key");
    screen.keys("<ctrl-u>").types("st").keys("<tab>").types("lo").keys("<tab>").until("1 of 4");
    screen.says("state:locked").says("alan").keys("<esc> / <up>").until("1 of 4").says("state:locked");
}

#[test]
fn pages_come_as_one_scrolls_and_the_selection_stays_on_its_user() {
    let desk = Desk::new();
    desk.crowd(230, 100);
    let mut screen = Screen::with(80, 24, with(&desk));
    screen.keys("A <enter>").until("user0000").says("100+ of 230");
    screen.keys("G").until("200+ of 230").keys("G").until("230 of 230").keys("G").until("user0229");
    screen.keys("k <f5>").until("refreshed just now").says("▌ user0228");
}

#[test]
fn a_list_is_read_again_by_the_clock() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    let before = desk.count("users ");
    screen.wait(31);
    while desk.count("users ") == before {
        screen.answer();
    }
    screen.until("refreshed just now");
}

#[test]
fn a_connection_that_goes_leaves_what_was_read_and_says_its_age() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    desk.breaks(Some(unreachable()));
    screen.keys("<f5>").until("Connection lost").says("the connection was closed").says("tried 1 time");
    screen.says("alan").keys("e").says("cannot be reached").keys("y").says("Copied the report");
    assert!(screen.copied()[0].contains("mfa.corp.example"));
    screen.keys("<esc>").says("no answer since").says("as of").says("Alan Turing").says("no answer");
    screen.keys("<f5>").until("Connection lost");
    desk.breaks(None);
    screen.keys("<f5>").until("mfa answers again").is_silent_about("Connection lost");
}

#[test]
fn it_is_tried_again_by_itself_and_b_leads_to_the_servers() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    desk.breaks(Some(unreachable()));
    screen.keys("<f5>").until("Connection lost");
    desk.breaks(None);
    screen.wait(6).until("mfa answers again").is_silent_about("Connection lost");
    desk.breaks(Some(unreachable()));
    screen.keys("<f5>").until("Connection lost").keys("b").says("2 servers");
}

#[test]
fn ctrl_c_stops_waiting_first_and_then_the_program() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    desk.holds("users ");
    screen.keys("<f5>");
    screen.keys("<ctrl-c>").says("No longer waiting for mfa");
    assert_eq!(screen.turn, Turn::Go);
    desk.frees("users ");
    screen.keys("<ctrl-c>");
    assert_eq!(screen.turn, Turn::End(130));
}

#[test]
fn locking_drops_the_connection_and_unlocking_opens_it_at_the_same_place() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    screen.keys("j <enter>").until("OTP bindings").keys("L").says("Locked by you");
    screen.is_silent_about("alan").is_silent_about("corp");
    screen.keys("<enter>").until("PROD   as admin@ops").wait(1).until("OTP bindings").says("Alan Turing");
    screen.keys("<esc>").until("▌ alan");
}

#[test]
fn every_window_shows_something() {
    let desk = Desk::new();
    let mut screen = users(&desk, (140, 40));
    screen.keys("j").until("wrong code").says("│").says("corp.example");
    screen.resize(60, 15).says("alan").says("locked ×").is_silent_about("FACTORS");
    screen.resize(30, 4).says("alan").says("locked");
    screen.resize(20, 2).says("alan locked ×");
    screen.resize(80, 24).keys("<enter>").until("Last 1").says("wrong code");
    screen.resize(30, 4).says("alan").resize(20, 2).says("alan");
}

#[test]
fn what_a_server_says_never_reaches_the_terminal_raw() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    let why = "\u{1b}]0;pwn\u{7} \u{202e}".to_owned();
    desk.breaks(Some(AdminError::Refused { server: "mfa".to_owned(), why, right: None }));
    screen.keys("<f5>").until("refused").says("\\x1b]0;pwn\\x07");
}

#[test]
fn no_screen_of_admin_mode_binds_a_key_twice() {
    let places = [
        "",
        "<enter>",
        "<enter> /",
        "<enter> / a",
        "<enter> <enter>",
        "<enter> x",
        "<enter> x b",
        "<enter> 5",
    ];
    for place in places {
        let desk = Desk::new();
        let mut screen = Screen::with(80, 24, with(&desk));
        screen.keys("A").until("ok ");
        for key in place.split(' ').filter(|key| !key.is_empty()) {
            screen.keys(key);
            if key == "<enter>" {
                screen.until("ada");
            }
        }
        let mut bound = std::collections::HashSet::new();
        for action in screen.app.actions() {
            for key in screen.app.cx.keymap.keys(action) {
                assert!(bound.insert(*key), "{place}: {key} of {action:?} is bound twice");
            }
        }
    }
}

#[test]
fn who_waits_is_told_and_who_does_not_is_not() {
    let desk = Desk::new();
    let mut screen = users(&desk, (80, 24));
    desk.holds("users ");
    screen.keys("<f5>");
    let told = (0..1_000_000).any(|_| {
        std::thread::yield_now();
        screen.wait(0).text().contains("asking mfa …")
    });
    assert!(told, "{}", screen.text());
    desk.frees("users ");
    screen.until("refreshed just now").is_silent_about("asking mfa");
}

#[test]
fn a_server_that_fails_later_is_nothing_to_the_one_that_is_open() {
    let desk = Desk::new();
    let mut screen = Screen::with(80, 24, |start| {
        with(&desk)(start);
        let mut other = start.config.admin.servers["mfa"].clone();
        other.url = "https://slow.example".to_owned();
        start.config.admin.servers.insert("slow".to_owned(), other);
    });
    desk.holds("open slow");
    screen.keys("A").until("ok ").keys("<enter>").until("alan");
    desk.frees("open slow");
    desk.waits_for("closed slow", 1);
    screen.keys("<f5>").until("refreshed just now").is_silent_about("Connection lost").says("12 ms");
}

#[test]
fn a_server_has_a_theme_of_its_own_while_it_is_open() {
    let desk = Desk::new();
    let dressed = |name: &str| {
        let (desk, name) = (Arc::clone(&desk), name.to_owned());
        move |start: &mut sesam::tui::Start| {
            with(&desk)(start);
            start.config.admin.servers.get_mut("mfa").unwrap().theme = Some(name);
        }
    };
    let mut screen = Screen::with(80, 24, dressed("prod-red"));
    screen.keys("A").says("2 servers");
    assert_ne!(screen.style_of("sesam ›").bg, Some(Color::Red));
    screen.keys("<enter>").until("alan");
    assert_eq!(screen.style_of("sesam ›").bg, Some(Color::Red));
    screen.keys("<esc>").says("2 servers");
    assert_ne!(screen.style_of("sesam ›").bg, Some(Color::Red));
    let mut screen = Screen::with(80, 24, dressed("odd"));
    screen.keys("A <enter>").until("There is no theme \"odd\": there are default, mono");
}
