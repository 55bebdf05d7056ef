//! QR codes on pictures: `add --qr` and `import`, and everything that is wrong with a picture.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use sesam::qr::Qr;

use super::sesam::{Home, run, write};

const LINK: &str = "otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme";

fn fixture(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/formats/files");
    root.join(name).display().to_string()
}

/// A home with a vault and a picture of this text, `code.png`.
fn home(text: &str) -> Home {
    let home = Home::with_vault();
    write(&home.path("code.png"), Qr::encode(text).unwrap().png(4));
    home
}

#[test]
fn add_takes_the_code_of_a_file_or_of_stdin() {
    let home = home(LINK);
    assert_eq!(home.run(&["add", "--qr", "code.png"]).ok(), "");
    assert_eq!(home.run(&["code", "--at", "59", "Acme"]).ok(), "287082\n");
    assert!(home.run(&["add", "--qr", "code.png"]).fails(6).contains("in the vault already"));
    let picture = fs::read(home.path("code.png")).unwrap();
    let file = home.passphrase_file().display().to_string();
    let mut command =
        home.command(&["--passphrase-file", &file, "add", "Other:bob", "--qr", "-", "--tag", "work"]);
    run(&mut command, picture).ok();
    assert_eq!(home.names(), ["Acme:alice", "Other:bob"]);
}

#[test]
fn several_codes_are_for_import() {
    let home = Home::with_vault();
    let page = fixture("qr-page.jpg");
    let said = home.run(&["add", "--qr", &page]).fails(5);
    assert!(said.contains("2 accounts on the picture"), "{said}");
    assert!(said.contains(&format!("hint: sesam import --qr {page}")), "{said}");
    let ran = home.run(&["import", "--qr", &page, &fixture("qr-clear.webp"), "--json"]);
    assert_eq!(ran.code, 9, "{}", ran.stderr);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&report["source"], &report["bad"]), (&"picture".into(), &1.into()));
    let bad = report["entries"].as_array().unwrap().iter().find(|entry| entry["state"] == "bad").unwrap();
    assert_eq!((&bad["code"], &bad["reason"]), (&2.into(), &"is a web address, no account".into()));
    assert_eq!(home.names(), ["Acme:alice", "Bank:bob"]);
}

#[test]
fn an_export_on_two_pictures_is_told_what_is_missing() {
    let home = Home::with_vault();
    let last = fs::read(fixture("google-2.png")).unwrap();
    let file = home.passphrase_file().display().to_string();
    let mut command = home.command(&["--passphrase-file", &file, "import", &fixture("google-1.png"), "-"]);
    let ran = run(&mut command, last);
    assert_eq!(ran.code, 9, "{}", ran.stderr);
    assert!(ran.stderr.contains("-, code 1: bad: part 3 of 3 of this export is missing"), "{}", ran.stderr);
    assert!(home.names().iter().any(|name| name == "Acme:alice"));
}

#[test]
fn what_is_wrong_with_a_picture_is_one_sentence_and_a_hint() {
    let home = home("https://acme.example/help");
    let before = home.generation();
    write(&home.path("blank.gif"), fs::read(fixture("google-1.png")).unwrap().get(..40).unwrap());
    write(&home.path("text"), LINK);
    write(&home.path("empty"), "");
    let cases = [
        (
            &["add", "--qr", "code.png"][..],
            2,
            "the QR code is a web address, no account",
            "where the service shows",
        ),
        (&["add", "--qr", "blank.gif"], 1, "blank.gif: the picture is damaged or cut off", "again"),
        (&["add", "--qr", "text"], 1, "not a picture that sesam reads", "PNG or JPEG"),
        (&["add", "--qr", "empty"], 1, "empty: the file is empty", ""),
        (&["add", "--qr", "nowhere.png"], 1, "there is no such file", ""),
        (&["add", "--qr", "code.png", "--secret-stdin"], 2, "cannot be used with", ""),
        (&["import", "blank.gif"], 1, "the picture is damaged or cut off", "save or download it again"),
        (&["import", "--from", "uri", "code.png"], 1, "is a picture: without --from", ""),
    ];
    for (arguments, code, words, hint) in cases {
        let said = home.run(arguments).fails(code);
        assert!(said.contains(words) && said.contains(hint), "{arguments:?}: {said}");
    }
    assert_eq!(home.generation(), before);
}

/// A program of the test's own in `bin`.
fn script(home: &Home, name: &str, text: &str) -> PathBuf {
    let _ = fs::create_dir(home.path("bin"));
    let path = home.path("bin").join(name);
    write(&path, format!("#!/bin/sh\n{text}\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

/// The settings with this program for pictures of the screen.
fn with_program(home: &Home, command: &str) {
    let settings = format!("[vault]\nwork_factor = 15\n[capture]\ncommand = {command}\n");
    write(&home.path("config/sesam/config.toml"), settings);
}

#[test]
fn the_screen_comes_from_the_program_of_the_settings() {
    let home = home(LINK);
    let shot = script(&home, "shot", "cat code.png").display().to_string();
    with_program(&home, &format!("[\"{shot}\"]"));
    home.run(&["add", "--qr", "screen"]).ok();
    let into = script(
        &home,
        "into",
        "ls -ld \"$(dirname \"$2\")\" > where; echo \"$2\" >> where; cat code.png > \"$2\"",
    );
    with_program(&home, &format!("[\"{}\", \"-f\", \"{{}}\"]", into.display()));
    let report = home.run(&["import", "--qr", "screen", "--json"]).json();
    assert_eq!((&report["found"], &report["same"]), (&1.into(), &1.into()));
    let told = fs::read_to_string(home.path("where")).unwrap();
    let (mode, path) = told.trim_end().split_once('\n').unwrap();
    assert!(mode.starts_with("drwx------"), "{mode}");
    assert!(!PathBuf::from(path).parent().unwrap().exists(), "nothing of the screen stays behind: {path}");

    let fails = script(&home, "fails", "exit 3").display().to_string();
    for (command, words) in [
        (format!("[\"{fails}\"]"), "ended with exit status: 3"),
        (format!("[\"{fails}\", \"{{}}\"]"), "ended with exit status: 3"),
        ("[\"true\"]".to_owned(), "gave no picture"),
        ("[\"/nowhere/shot\"]".to_owned(), "could not be run"),
        ("[\"echo\", \"hello\"]".to_owned(), "not a picture"),
    ] {
        with_program(&home, &command);
        let said = home.run(&["add", "--qr", "screen"]).fails(1);
        assert!(said.contains(words) && said.contains("hint: "), "{said}");
    }
}

#[test]
fn without_a_setting_the_known_programs_are_asked_in_turn() {
    let home = home(LINK);
    script(&home, "grim", "exit 1");
    script(&home, "spectacle", "cat code.png > \"$4\"");
    let file = home.passphrase_file().display().to_string();
    let ran = |display: &str, dir: &str| {
        let mut command =
            home.command(&["--passphrase-file", &file, "import", "--dry-run", "--qr", "screen"]);
        let path = format!("{}:/bin:/usr/bin", home.path(dir).display());
        command.env("PATH", path).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        run(command.env(display, ":77"), "")
    };
    assert!(ran("WAYLAND_DISPLAY", "bin").ok().contains("Acme:alice"));
    let said = ran("NO_DISPLAY", "bin").fails(1);
    assert!(
        said.contains("neither WAYLAND_DISPLAY nor DISPLAY is set") && said.contains("hint: save"),
        "{said}"
    );
    let said = home.run(&["add", "--qr", "clipboard"]).fails(1);
    assert!(said.contains("the clipboard cannot be read here") && said.contains("hint: save"), "{said}");
}

/// The page as a printer would lay it out, turned a little as on a photograph of its picture.
fn photograph(page: &str) -> Vec<u8> {
    let lines: Vec<&str> = page.lines().filter(|line| line.contains(['█', '▀', '▄'])).collect();
    let rows = u32::try_from(lines.len()).unwrap();
    let mut paper = image::GrayImage::from_pixel(480, rows * 8 + 80, image::Luma([235]));
    for (row, line) in (0_u32..).zip(&lines) {
        for (column, drawn) in (0_u32..).zip(line.chars()) {
            let (left, top) = (column * 4 + 40 + row / 8, row * 8 + 40);
            for (x, y) in (0..4).flat_map(|x| (0..8).map(move |y| (x, y))) {
                if drawn == '█' || drawn == if y < 4 { '▀' } else { '▄' } {
                    paper.put_pixel(left + x, top + y, image::Luma([30]));
                }
            }
        }
    }
    let mut file = std::io::Cursor::new(Vec::new());
    image::imageops::blur(&paper, 0.8).write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

#[test]
fn the_sheet_comes_back_from_a_photograph() {
    let home = home(LINK);
    home.run(&["add", "--qr", "code.png"]).ok();
    let page = home.run(&["vault", "sheet"]).ok();
    write(&home.path("photo.jpg"), photograph(&page));
    fs::rename(home.vault_dir().join("identity.age"), home.path("aside")).unwrap();
    home.run(&["vault", "recover", "code.png"]).fails(1);
    home.run(&["vault", "recover", "photo.jpg"]).ok();
    assert_eq!(
        fs::read(home.vault_dir().join("identity.age")).unwrap(),
        fs::read(home.path("aside")).unwrap()
    );
    assert_eq!(home.names(), ["Acme:alice"]);
    let said = home.run(&["import", "photo.jpg"]);
    assert_eq!(said.code, 9);
    assert!(said.stderr.contains("key file of a recovery sheet"), "{}", said.stderr);
}
