//! An account as a picture on the screen, read back by a program that is not ours.

use std::{fs::File, io::Write as _, process::Command};

use ratatui::style::{Color, Modifier};

use super::screen::Screen;

const LINK: &str = "otpauth://totp/GitHub:hugo%40example.com?secret=";

fn phone(name: &str, width: u16, height: u16) -> Screen {
    let mut screen = Screen::demo(width, height);
    screen.keys("/").types(name).keys("<tab> p");
    screen
}

/// The lines of the picture: those parts of the window that have its characters.
fn picture(screen: &Screen, light: char) -> Vec<Vec<bool>> {
    let lines = screen.lines();
    let first = lines.iter().map(|line| line.chars().take_while(|char| *char == ' ').count()).min();
    let mut rows = Vec::new();
    for line in lines.iter().take(23) {
        let cells: Vec<char> = line.chars().skip(first.unwrap()).take(45).collect();
        for half in ['▀', '▄'] {
            rows.push(cells.iter().map(|cell| *cell != light && *cell != half).collect());
        }
    }
    rows
}

fn pbm(rows: &[Vec<bool>]) -> String {
    const SCALE: usize = 4;
    let mut file = format!("P1\n{} {}\n", rows[0].len() * SCALE, rows.len() * SCALE);
    for row in rows {
        let line: String = row.iter().map(|dark| if *dark { "1" } else { "0" }.repeat(SCALE)).collect();
        file.push_str(&format!("{line}\n").repeat(SCALE));
    }
    file
}

fn read_back(file: &str) -> Option<String> {
    if Command::new("zbarimg").arg("--version").output().is_err() {
        println!("skipped: zbarimg is not installed");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("screen.pbm");
    File::create(&path).unwrap().write_all(file.as_bytes()).unwrap();
    let output = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&path).output().unwrap();
    Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

#[test]
fn the_whole_picture_stands_in_80x24_and_can_be_scanned() {
    let mut screen = phone("GitHub", 80, 24);
    let lines = screen.lines();
    assert_eq!(lines[0], "█".repeat(45));
    assert_eq!(lines[22].chars().take(45).collect::<String>(), "█".repeat(45));
    assert!(lines[23].contains("i invert  s save PNG  y copy link  Esc close"), "{}", lines[23]);
    screen
        .says("   GitHub")
        .says("hugo@example.com")
        .says("Closes in 60 s.")
        .says("45x23 cells: version 5-L");
    if let Some(read) = read_back(&pbm(&picture(&screen, '█'))) {
        assert!(read.starts_with(LINK) && read.ends_with("&issuer=GitHub"), "{}", read.len());
    }
}

#[test]
fn it_is_black_on_white_on_any_background_and_can_be_inverted() {
    let mut screen = phone("GitHub", 80, 24);
    let style = screen.style_of("████ ▄▄▄▄▄ ");
    assert_eq!((style.fg, style.bg), (Some(Color::White), Some(Color::Black)));
    screen.keys("i");
    assert_eq!(screen.lines()[0], "", "the quiet zone is not drawn now");
    screen.keys("i").says(&"█".repeat(45));
    let screen = Screen::with(80, 24, |start| start.mode.no_color = true);
    assert!(!screen.style_of("GitHub").add_modifier.contains(Modifier::UNDERLINED));
}

#[test]
fn a_picture_is_never_cut() {
    for (width, height) in [(44, 24), (80, 23), (60, 15), (40, 10), (30, 4)] {
        let mut screen = phone("GitHub", 80, 24);
        screen.resize(width, height).is_silent_about("██").says("does not fit").says("as PNG");
    }
    phone("GitHub", 48, 24).says(&"█".repeat(45)).is_silent_about("fit");
    let mut long = Screen::demo(80, 24);
    let link = format!("otpauth://totp/L:{}?secret={}&algorithm=SHA512", "a".repeat(200), "A".repeat(64));
    long.paste(&link).keys("<ctrl-s>").until("Added L").keys("p").says("does not fit");
    long.resize(140, 60).is_silent_about("does not fit");
    let mut huge = Screen::demo(300, 100);
    let link =
        format!("otpauth://totp/L:{}?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%E6%A0%AA".repeat(400));
    huge.paste(&link).keys("<ctrl-s>").until("Added L").keys("p").says("does not fit");
    huge.keys("s").says("too long for a QR code");
}

#[test]
fn it_closes_by_itself_and_when_the_vault_closes() {
    let mut screen = phone("GitHub", 80, 24);
    screen.wait(2).says("Closes in 58 s.").wait(57).says("Closes in 1 s.").wait(1).is_silent_about("██");
    let mut screen = phone("GitHub", 80, 24);
    screen.keys("y").wait(61).is_silent_about("██").keys("n").wait(1).is_silent_about("Scan").says("GitHub");
    let mut screen = phone("GitHub", 80, 24);
    screen.app.lock("Locked by you.");
    screen.resize(80, 24).is_silent_about("██").says("Locked");
    let mut calm = Screen::with(80, 24, |start| start.mode.no_motion = true);
    calm.keys("p").says("Closes in a").wait(30).says("Closes in a").keys("<esc>").says("Codes");
}

#[test]
fn the_link_is_copied_after_a_question() {
    let mut screen = phone("GitHub", 80, 24);
    screen.keys("y").says("holds the secret of GitHub").keys("<enter>");
    assert!(screen.copied().is_empty());
    screen.keys("y y").says("Copied GitHub");
    assert!(screen.copied()[0].starts_with(LINK));
}

#[test]
fn what_phones_do_not_read_is_said() {
    phone("Steam", 80, 24).says("Few apps on phones read a Steam");
    phone("Old router", 80, 24).says("Two devices with one counter");
    let mut motp = Screen::demo(100, 30);
    motp.paste("motp://Acme:me?secret=7ac61d4736f51a2b").keys("<ctrl-s>").until("Added").keys("p");
    motp.says("Hardly an app on a phone reads a").says("The PIN is not in");
}

#[test]
fn ascii_draws_it_where_it_fits() {
    let mut screen = Screen::with(80, 24, |start| start.mode.ascii = true);
    screen.keys("p").says("does not fit").resize(130, 50).says(&"#".repeat(90));
    assert!(screen.text().is_ascii(), "{}", screen.text());
}

#[test]
fn a_terminal_that_can_shows_a_real_picture_until_the_box_closes() {
    let mut screen = Screen::with(80, 24, |start| start.mode.kitty = true);
    screen.keys("p").says("Tab picture").says("Tab real picture");
    assert!(screen.app.graphic().is_none());
    screen.keys("<tab>").is_silent_about("█").is_silent_about("invert").says("Tab blocks");
    let graphic = screen.app.graphic().unwrap();
    assert!(graphic.bytes.starts_with("\x1b_Ga=T,f=100,C=1,q=2,c=46,r=23,"), "{:?}", graphic.place);
    assert!(graphic.place.right() <= 80 && graphic.place.bottom() <= 23);
    screen.keys("y").says("Copy the link");
    assert!(screen.app.graphic().is_none(), "nothing stands above a question");
    screen.keys("n <tab>").says("█");
    assert!(screen.app.graphic().is_none());
    screen.keys("<tab>").wait(61).is_silent_about("Tab blocks");
    assert!(screen.app.graphic().is_none());
    assert!(Screen::demo(80, 24).keys("p").text().contains("█"));
}

#[test]
fn a_picture_that_fits_in_no_blocks_may_fit_as_a_real_one() {
    let mut screen = Screen::with(60, 15, |start| start.mode.kitty = true);
    screen.keys("p").says("does not fit").keys("<tab>").is_silent_about("does not fit");
    assert!(screen.app.graphic().unwrap().place.height == 14);
}
