//! The list in windows of every size: items 1 to 4, 29 to 31 and 35 of the checklist.

use super::{
    picture::{code, codes, column, columns, row, rows},
    tmux::Tmux,
};
use crate::cli::sesam::Home;

#[test]
fn items_1_to_4_the_demo_shows_twelve_accounts_with_what_is_left_of_them() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "list") else { return };
    let picture = tmux.sees("Enter copy");
    let lines: Vec<&str> = picture.lines().collect();
    assert!(lines[0].contains("Codes") && lines[0].contains("DEMO"), "{picture}");
    assert!(lines[23].contains("Enter copy") && lines[23].contains("? help"), "{picture}");
    assert_eq!((lines.len(), rows(&picture)), (24, 12), "{picture}");
    assert!(lines.iter().all(|line| columns(line) <= 80), "{picture}");
    assert_eq!(code(&picture, "GitHub").len(), 7);
    assert!(row(&picture, "GitHub").trim_end().ends_with("▰▰▰▰▱▱ 18"), "{picture}");
    let vpn = row(&picture, "VPN gateway");
    let next = vpn.split_once("→ ").unwrap_or_default().1;
    assert!(codes(vpn).len() == 2 && codes(next).len() == 1, "{vpn}");
    assert!(vpn.trim_end().ends_with(" 3!"), "{vpn}");
}

#[test]
fn item_35_wide_characters_do_not_shift_the_codes() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "wide") else { return };
    let picture = tmux.sees("Enter copy");
    let at = |name: &str| column(row(&picture, name), &code(&picture, name));
    let places = ["GitHub", "株式会社テスト", "مصرف المثال", "VPN gateway"].map(at);
    assert_eq!(places, [places[0]; 4], "{picture}");
}

#[test]
fn items_29_and_30_small_windows_show_what_matters() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo_with(&home, "small", &[], (60, 15)) else { return };
    let picture = tmux.sees("Enter copy");
    assert!(rows(&picture) >= 9 && codes(&picture).len() >= 8, "{picture}");
    assert!(row(&picture, "GitHub").trim_end().ends_with(" 18"), "{picture}");
    assert!(!picture.contains("too small"), "{picture}");
    let github = code(&picture, "GitHub");
    for size in [(30, 4), (20, 2)] {
        tmux.resize(size);
        let (width, height) = (usize::from(size.0), usize::from(size.1));
        tmux.shows(&format!("the code in {size:?}"), |picture| {
            picture.contains(&github)
                && picture.lines().count() == height
                && picture.lines().all(|line| columns(line) <= width)
        });
    }
}

#[test]
fn item_31_a_wide_window_has_details_and_the_selection_stays() {
    let home = Home::new();
    let Some(tmux) = Tmux::demo(&home, "resize") else { return };
    tmux.goes_to("Hetzner");
    tmux.resize((140, 40));
    let picture = tmux.sees("Used ");
    assert!(picture.lines().any(|line| line.starts_with('▌') && line.contains("Hetzner")), "{picture}");
    tmux.resize((80, 24));
    let picture = tmux.shows("the list alone", |picture| !picture.contains("Used ") && rows(picture) == 12);
    assert!(picture.lines().any(|line| line.starts_with('▌') && line.contains("Hetzner")), "{picture}");
}
