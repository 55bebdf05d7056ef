//! Colours, letters and movement: items 32 to 34 and 36 to 38 of the checklist.

use super::{
    picture::{codes, row, rows},
    pty::{ANSWERS, Pty},
    tmux::{RUNS, Tmux, USUAL},
};
use crate::cli::sesam::{Home, SECRET, write};

/// The parameters of every sequence that chooses colours or bold.
fn styles(colours: &str) -> Vec<Vec<u16>> {
    let sequences = colours.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m'));
    let numbers = |text: &str| text.split([';', ':']).filter_map(|number| number.parse().ok()).collect();
    let plain = sequences.map(|(text, _)| text).filter(|text| !text.contains(char::is_alphabetic));
    plain.map(numbers).collect()
}

#[test]
fn item_32_no_color_leaves_bold_and_reverse() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo_with(&home, "mono", &[("NO_COLOR", "1")], USUAL) else { return };
    tmux.sees("Enter copy");
    let colours = tmux.colours();
    let styles = styles(&colours).concat();
    let is_colour = |style: &&u16| matches!(**style, 30..=38 | 40..=48 | 90..=97 | 100..=107);
    assert_eq!(styles.iter().find(is_colour), None, "{colours:?}");
    assert!(styles.contains(&1) && styles.contains(&7), "{colours:?}");
}

#[test]
fn item_33_sixteen_colours_are_enough() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo_with(&home, "sixteen", &[("TERM", "xterm-16color")], USUAL) else { return };
    tmux.sees("Enter copy");
    let colours = tmux.colours();
    let styles = styles(&colours);
    assert!(styles.len() > 12, "there are colours: {colours:?}");
    for style in &styles {
        let chosen = style.windows(3).filter(|three| matches!(three[0], 38 | 48));
        let is_more = |three: &[u16]| three[1] != 5 || three[2] > 15;
        assert!(!chosen.into_iter().any(is_more), "{style:?} in {colours:?}");
    }
}

#[test]
fn item_34_without_utf_8_there_is_only_ascii_outside_of_names() {
    let home = Home::new();
    let variables = [("LANG", "C"), ("LC_ALL", "C")];
    let Some(tmux) = Tmux::demo_with(&home, "ascii", &variables, USUAL) else { return };
    let picture = tmux.sees("Enter copy");
    assert!(row(&picture, "GitHub").trim_end().ends_with("####-- 18"), "{picture}");
    let named = ["taro@", "hugo@example.ae"];
    let strange =
        picture.lines().find(|line| !line.is_ascii() && !named.iter().any(|name| line.contains(name)));
    assert_eq!(strange, None, "{picture}");
    for key in ["?", "Escape", "H", "l"] {
        tmux.keys(&[key]);
        let what = match key {
            "?" => "Esc closes",
            "Escape" => "q quit",
            "H" => "except the selected",
            _ => "Esc back",
        };
        let picture = tmux.sees(what);
        let strange =
            picture.lines().find(|line| !line.is_ascii() && !named.iter().any(|name| line.contains(name)));
        assert_eq!(strange, None, "after {key}: {picture}");
    }
}

#[test]
fn item_36_a_name_cannot_move_the_terminal() {
    let home = Home::with_vault();
    let link = format!("otpauth://totp/%1b]0;pwn%07%20a%E2%80%AEb?secret={SECRET}\n");
    write(&home.path("links.txt"), link);
    home.run(&["import", "links.txt", "--yes"]).ok();
    let Some(tmux) = Tmux::vault(&home, "names", &[]) else { return };
    let picture = tmux.sees("\\x1b]0;pwn\\x07");
    assert!(picture.contains("\\u{202E}") && !picture.contains('\u{202e}'), "{picture}");
    assert_eq!(
        (tmux.variable("pane_title").as_str(), codes(&picture).is_empty()),
        ("sesam", false),
        "{picture}"
    );
    tmux.keys(&["Enter"]);
    let picture = tmux.sees("Copied");
    assert!(row(&picture, "Copied").contains("\\x1b]0;pwn\\x07"), "{picture}");
    assert_eq!(tmux.variable("pane_title"), "sesam");
    tmux.keys(&["l"]);
    tmux.sees("Esc back");
    assert_eq!(tmux.variable("pane_title"), "sesam");
    tmux.keys(&["C-c"]);
    assert_eq!(tmux.ends(), 130);
    assert!(!tmux.variable("pane_title").contains("pwn"));
}

/// The seconds left in a row.
fn left(picture: &str, name: &str) -> u64 {
    let row = row(picture, name).trim_end().trim_end_matches('!');
    row.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[test]
fn item_37_an_idle_screen_sends_little() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo_with(&home, "idle", &[RUNS], USUAL) else { return };
    tmux.shows("a second gone", |picture| left(picture, "GitHub") <= 17);
    let recorded = tmux.records("recorded");
    let first = left(&tmux.picture(), "GitHub");
    let last = tmux.shows("eight more", |picture| left(picture, "GitHub") + 8 <= first);
    let bytes = std::fs::metadata(recorded).map(|facts| facts.len()).unwrap_or_default();
    let seconds = first - left(&last, "GitHub");
    assert!(bytes > 100 && bytes < 200 * seconds, "{bytes} bytes in {seconds} s");
}

#[test]
fn item_37_the_code_changes_in_the_picture_in_which_its_time_begins_anew() {
    let home = Home::new();
    let near = [("SESAM_DEMO_NOW", "1700000036,run")];
    let Some(tmux) = Tmux::demo_with(&home, "anew", &near, USUAL) else { return };
    let mut seen = Vec::new();
    tmux.shows("a new code", |picture| {
        let now = (left(picture, "GitHub"), codes(row(picture, "GitHub")));
        if seen.last() != Some(&now) {
            seen.push(now.clone());
        }
        now.0 > 20 && now.0 < 30
    });
    let (old, new): (Vec<_>, Vec<_>) = seen.iter().partition(|(left, _)| *left <= 5);
    assert!(
        !old.is_empty() && old.iter().all(|(_, codes)| codes == &old[0].1 && codes.len() == 2),
        "{seen:?}"
    );
    assert!(new.iter().all(|(_, codes)| codes.len() == 1 && codes[0] == old[0].1[1]), "{seen:?}");
}

#[test]
fn item_38_without_motion_the_numbers_are_round_and_there_are_no_bars() {
    let home = Home::new();
    let variables = [RUNS, ("NO_MOTION", "1")];
    let Some(tmux) = Tmux::demo_with(&home, "calm", &variables, USUAL) else { return };
    let first = tmux.sees("Enter copy");
    assert!(!first.contains(['▰', '▱']) && rows(&first) == 12, "{first}");
    assert_eq!(left(&first, "GitHub"), 20, "{first}");
    let without_vpn = |picture: &str| {
        let rest: Vec<&str> = picture.lines().filter(|line| !line.contains("VPN gateway")).collect();
        rest.join("\n")
    };
    let mut changed = Vec::new();
    tmux.shows("the next round number", |picture| {
        let is_next = left(picture, "GitHub") == 10;
        if !is_next && without_vpn(picture) != without_vpn(&first) {
            changed.push(picture.to_owned());
        }
        is_next
    });
    assert_eq!(changed, [""; 0]);
}

/// The terminal says that it draws sixels: the picture is there, and gone with the cleared window.
#[test]
fn a_real_picture_is_drawn_once_and_cleared_away() {
    let home = Home::new();
    let pty = Pty::demo(&home, &[], ANSWERS);
    pty.sees("Enter copy");
    pty.types("p");
    pty.sees("Tab picture");
    pty.types("\t");
    pty.sees("Tab blocks");
    pty.types("\x1b");
    pty.sees("Enter copy");
    let bytes = pty.bytes();
    let (before, drawn) =
        bytes.split_once("\\u{1b}P0;1q").or_else(|| bytes.split_once("\x1bP0;1q")).expect("sixels");
    assert!(!drawn.contains("P0;1q"), "drawn once");
    assert!(drawn.contains("[2J"), "cleared away");
    assert!(!before.contains("P0;1q"));
    pty.types("q");
    pty.ends();
}
