//! The charts on the screen: bars, a week of hours, a table; and the way from a bar to its audit.

use super::screen::Screen;

fn charts(width: u16, height: u16) -> Screen {
    let mut screen = Screen::demo(width, height);
    screen.keys("A <enter>").until("ada").keys("3").until("Failed sign-ins");
    screen
}

#[test]
fn bars_say_what_stands_out_and_lead_to_the_audit() {
    let mut screen = charts(80, 24);
    screen.says("Failed sign-ins per hour, today").says("at 14 h").says("x usual").says("Top sources");
    screen.says("185.220.101.4").says("unknown user").says("14 h: ").says("Enter opens the audit of it");
    screen
        .keys("<left>")
        .says("13 h: ")
        .keys("<right>")
        .says("14 h: ")
        .keys("<home>")
        .says("00 h: 0")
        .keys("<end>");
    screen
        .says("23 h: 0")
        .keys("<left> <left> <left> <left> <left> <left> <left> <left> <left>")
        .says("14 h: ");
    screen.keys("<enter>").until("[11-14 14:00 - 11-14 15:00]").says("[2 Audit]").says("/ result:fail");
    screen.until("unknown user: ").keys("<esc>").until("100+ of");
}

#[test]
fn a_longer_time_is_counted_by_the_day() {
    let mut screen = charts(80, 24);
    screen.keys("-").says("Today is the shortest range").keys("+").until("per hour, last 24 h");
    screen.keys("+").until("per day, last 7 days").says("Tue 14: ");
    screen.keys("+").until("per day, last 28 days").keys("+").says("Last 28 days is the longest range");
    screen
        .keys("<tab> <tab>")
        .says("TIME")
        .says("EVENTS")
        .says("USUAL")
        .says("Tue 14")
        .keys("k")
        .says("Mon 13: ");
}

#[test]
fn the_heatmap_shows_the_week_in_shades_and_in_numbers() {
    let mut screen = charts(80, 24);
    screen.keys("<tab>").says("weekday x hour, 4 weeks").says("busiest Tue 14 h:").says("Mon").says("Sun");
    screen.says("and more   (blank = 0)").says("█").says("Tue 14 h: ").says("audit of 2023-11-14, 14 h");
    screen.keys("<down> <right>").says("Wed 15 h: ").says("2023-11-08").keys("<up> <left> <enter>");
    screen.until("[11-14 14:00 - 11-14 15:00]").says("[2 Audit]");
}

#[test]
fn without_unicode_the_symbols_are_plain() {
    let mut screen = Screen::with(80, 24, |start| start.mode.ascii = true);
    screen
        .keys("A <enter>")
        .until("ada")
        .keys("3")
        .until("Failed sign-ins")
        .says("#")
        .keys("<tab>")
        .says("Tue");
    let text = screen.text();
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn another_filter_is_counted_and_one_that_is_none_is_named() {
    let mut screen = charts(80, 24);
    screen.keys("/").types("user:alan").keys("<enter>").until("Events user:alan per hour, today");
    screen.keys("/").types(" bad:key").keys("<enter>").until("\"bad\" is no filter");
    screen.says("Events user:alan").keys("<esc>").until("Failed sign-ins per hour");
    screen.keys("E").says("The demo writes no file.");
}

#[test]
fn every_size_shows_something_of_it() {
    let mut screen = charts(140, 40);
    screen.says("Mon").says("Top users").says("at 14 h").says("(blank = 0)").says("206");
    screen.resize(60, 15).says("14 h").resize(30, 4).says("at 14 h").resize(20, 2).says("at 14 h");
}

#[test]
fn the_server_says_what_it_is_and_what_it_can() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("A <enter>").until("ada").keys("5").until("as this computer's");
    screen.says("https://mfa.corp.example").says("admin@ops").says("owner").says("1 204, 3 locked, 1 bypass");
    screen.says("What it can").says("statistics yes").says("reset: yes").keys("j").says("unbind: yes");
    screen.resize(60, 15).says("Address").resize(30, 4).says("mfa.corp").resize(20, 2).says("sesamd");
}

#[test]
fn a_number_that_does_not_fit_is_left_out_and_not_cut() {
    let mut screen = charts(80, 24);
    screen.keys("<tab>");
    let total = |screen: &Screen| {
        let lines = screen.lines();
        let line = lines.iter().find(|line| line.trim_start().starts_with("Tue")).unwrap().clone();
        line.split_whitespace().last().unwrap().to_owned()
    };
    let whole = total(&screen);
    assert!(whole.len() == 3 && whole.chars().all(|char| char.is_ascii_digit()), "{whole}");
    screen.resize(60, 15);
    assert!(!total(&screen).contains(|char: char| char.is_ascii_digit()), "{}", screen.text());
}
