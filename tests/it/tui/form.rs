//! Adding and editing an account by the form.

use super::screen::Screen;

const RFC: &str = "otpauth://totp/RFC:test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8";
const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn adding(width: u16, height: u16) -> Screen {
    let mut screen = Screen::demo(width, height);
    screen.keys("a").says("Issuer");
    screen
}

/// Opens the form of the account that the search finds first.
fn editing(name: &str) -> Screen {
    let mut screen = Screen::demo(80, 24);
    screen.keys("/").types(name).keys("<tab> e").says("Edit account");
    screen
}

#[test]
fn the_empty_form_is_as_in_the_picture() {
    let screen = adding(80, 24);
    let lines = screen.lines();
    assert!(lines[0].starts_with(" sesam › Codes › Add"));
    assert!(lines[3].starts_with("   ╭─ Add account ─"), "{}", lines[3]);
    assert_eq!(lines[4].find("Paste an otpauth:// link anywhere"), Some("   │ ".len()));
    assert!(lines[12].contains("Type       (•) TOTP   ( ) HOTP   ( ) Steam   ( ) mOTP   ( ) Yandex"));
    assert!(lines[13].contains("Digits     (•) 6  ( ) 7  ( ) 8        Period  30 s"));
    assert!(lines[14].contains("Algorithm  (•) SHA1   ( ) SHA256   ( ) SHA512"));
    assert!(lines[23].contains("Tab field") && lines[23].contains("Ctrl-S save  "), "{}", lines[23]);
    assert!(lines[23].contains("Esc cancel") && lines[23].contains("Ctrl-O read QR image"));
}

#[test]
fn a_pasted_link_fills_the_form_and_no_key_of_it_acts() {
    let mut screen = Screen::demo(80, 24);
    screen.paste(RFC).says("Add account").says("Issuer     RFC").says("Account    test");
    screen.says("GEZD GNBV").says("160 bits").says("( ) 6  ( ) 7  (•) 8").says("check it against the site");
    screen.keys("<ctrl-s>").until("Added RFC test.").is_silent_about("Add account");
    screen.says("▌  RFC");
}

#[test]
fn a_link_pasted_into_the_form_fills_it_and_its_notes_are_told() {
    let mut screen = adding(80, 24);
    screen.types("Acme").keys("<tab> <tab> <tab>").types("work");
    screen.paste("otpauth://hotp/Big:me?secret=JBSWY3DPEHPK3PXP&algorithm=HmacSHA256");
    screen
        .says("Issuer     Big")
        .says("(•) HOTP")
        .says("Counter  0")
        .says("(•) SHA256")
        .says("Tags       work");
    screen.says("counter is missing, it starts at 0").says("base32 ok, 80 bits (short)");
    screen
        .paste("otpauth://totp/Evil?secret=1188")
        .says("The link was not read. Not base32: \"1\"")
        .says("Issuer     Big");
    screen.paste("otpauth-migration://offline?data=AAAA").says("sesam import").says("Issuer     Big");
    screen.paste("steam://JBSWY3DPEHPK3PXP").says("(•) Steam").is_silent_about("Digits");
}

#[test]
fn a_wrong_secret_is_named_and_not_saved() {
    let mut screen = adding(80, 24);
    screen.types("Acme").keys("<tab> <tab>").types("1188");
    screen.says("Not base32: \"1\" at place 1").says("Did you mean I or L?");
    screen.keys("<tab> <ctrl-s>").says("Add account").says("▲ Not base32: \"1\" at place 1");
    // The keys are back where the fault is.
    screen.keys("<ctrl-u>").types(KEY).is_silent_about("Not base32").says("ok, 160 bits");
    screen.keys("<ctrl-s>").until("Added Acme.");
}

#[test]
fn an_empty_form_says_what_is_missing_only_when_asked_to_save() {
    let mut screen = adding(80, 24);
    screen.keys("<tab> <tab>").is_silent_about("missing").is_silent_about("×");
    screen.keys("<ctrl-s>").says("An account needs a name").types("Acme").keys("<ctrl-s>");
    screen.says("The secret is missing").types(KEY).keys("<ctrl-s>").until("Added Acme.");
}

#[test]
fn every_type_can_be_added_by_hand_and_shows_its_code() {
    let name_and_secret = |secret: &str| {
        let mut screen = adding(80, 24);
        screen.types("Acme").keys("<tab>").types("me").keys("<tab>").types(secret).keys("<tab> <tab> <tab>");
        screen
    };
    // RFC 6238 and RFC 4226: the keys of their appendices, at this test's time and counter.
    let mut totp = name_and_secret(KEY);
    totp.keys("<tab> 8").says("(•) 8").says("Now        ").keys("<ctrl-s>").until("Added Acme me.");

    let mut hotp = name_and_secret(KEY);
    hotp.keys("<space>").says("(•) HOTP").says("Counter  0").says("755 224").is_silent_about("Period");
    hotp.keys("<tab> <tab> <backspace> 9").says("520 489").keys("x").says("Counter  9");
    hotp.keys("<ctrl-s>").until("Added Acme me.").keys("+").until("520 489");

    let mut steam = name_and_secret(KEY);
    steam.keys("<right> <right>").says("(•) Steam").is_silent_about("Digits").is_silent_about("Algorithm");
    steam.keys("<ctrl-s>").until("Added Acme me.");

    let mut motp = name_and_secret("7ac61d4736f51a2b");
    motp.keys("<left> <left>").says("(•) mOTP").says("hex ok, 64 bits").says("comes with the PIN");
    motp.keys("<tab> <tab> 5555").says("●●●●").is_silent_about("5555").says("check it against the site");
    motp.keys("<ctrl-t>").says("PIN        5555").keys("<ctrl-t>").is_silent_about("5555");
    motp.keys("<enter>").until("Added Acme me.");

    let mut yandex = name_and_secret("LA2V6KMCGYMWWVEW");
    yandex.keys("<left>").says("(•) Yandex").says("Secret of a Yandex account must be 16 to 512 bytes long");
    yandex.keys("<ctrl-s> <ctrl-u>").types("LA2V6KMCGYMWWVEW64RNP3JA3IAAAAAAHTSG4HRZPI");
    yandex.keys("<ctrl-s>").until("gives no code before its PIN").says("needs a P");
}

#[test]
fn unusual_digits_stay_possible() {
    let mut screen = adding(80, 24);
    screen.keys("<up> <up> <up> <up> <up>").keys("9").says("( ) 8  (•) 9").keys("0").says("( ) 8 (•) 10");
    screen
        .keys("<right>")
        .says("(•) 6  ( ) 7  ( ) 8     ")
        .keys("<left>")
        .says("(•) 8")
        .is_silent_about("10");
}

#[test]
fn enter_goes_on_and_saves_behind_the_last_field() {
    let mut screen = adding(80, 24);
    screen.types("Acme").keys("<enter> <enter>").types(KEY).keys("<enter> <enter> <enter> <enter> <enter>");
    screen.keys("<enter>").says("Add account").keys("<enter>").until("Added Acme.");
}

#[test]
fn the_code_is_live() {
    let mut screen = adding(80, 24);
    screen.types("Acme").keys("<tab> <tab>").types(KEY);
    let now = |screen: &Screen| screen.lines().into_iter().find(|line| line.contains("Now  "));
    let before = now(&screen);
    assert_eq!(now(screen.wait(17)), before);
    assert_ne!(now(screen.wait(1)), before);
}

#[test]
fn leaving_asks_where_something_would_be_lost() {
    let mut screen = adding(80, 24);
    screen.keys("<esc>").is_silent_about("Add account").keys("a").types("Acme").keys("<esc>");
    screen
        .says("is not saved")
        .keys("n")
        .says("Issuer     Acme")
        .keys("<esc> y")
        .is_silent_about("Add account");
    screen.keys("a").says("Add account").is_silent_about("Acme");
    screen.keys("<tab> <tab> <tab> <tab> <tab> q").is_silent_about("Add account");
}

#[test]
fn ctrl_c_warns_once() {
    let mut screen = adding(80, 24);
    screen.types("Acme").keys("<ctrl-c>").says("What you typed is not saved");
    assert_eq!(screen.turn, sesam::tui::app::Turn::Go);
    screen.keys("<ctrl-c>");
    assert_eq!(screen.turn, sesam::tui::app::Turn::End(130));
}

#[test]
fn letters_on_a_row_of_choices_do_nothing() {
    let mut screen = adding(80, 24);
    screen.types("Acme").keys("<up> <up>").keys("L d u x").says("Add account").says("Acme");
    screen.keys("q").says("is not saved");
}

#[test]
fn an_account_of_the_same_name_is_replaced_or_kept_beside() {
    let same_name = |screen: &mut Screen| {
        screen.keys("a").types("GitHub").keys("<tab>").types("hugo@example.com").keys("<tab>").types(KEY);
        screen.says("▲ An account GitHub hugo@example.com exists (different secret).");
        screen.says("[ Save as new ]   [ Replace it ]   [ Cancel ]");
        screen.keys("<ctrl-s>").says("Save this one as new, or replace it?");
    };
    let count = |screen: &Screen| screen.text().matches("hugo@example.com").count();

    let mut screen = Screen::demo(80, 24);
    same_name(&mut screen);
    screen.keys("<enter>").until("Added GitHub hugo@example.com.");
    assert_eq!(count(&screen), 3, "{}", screen.text());
    screen.keys("u").until("Undone: add GitHub:hugo@example.com");
    assert_eq!(count(&screen), 1 + 1, "{}", screen.text());

    let mut screen = Screen::demo(80, 24);
    let before = screen.lines().into_iter().find(|line| line.contains("GitHub"));
    same_name(&mut screen);
    screen.keys("<right> <enter>").until("Replaced GitHub hugo@example.com. u undoes.");
    let github = |screen: &Screen| screen.lines().into_iter().find(|line| line.contains("GitHub"));
    assert_ne!(github(&screen), before);
    screen.keys("u").until("Undone: replace GitHub");
    assert_eq!(github(&screen), before);
}

#[test]
fn the_very_same_account_is_not_saved_twice() {
    let mut screen = Screen::demo(80, 24);
    screen.paste(RFC).keys("<ctrl-s>").until("Added RFC test.").paste(RFC);
    screen.says("▲ RFC test is in the vault already.").is_silent_about("[ Save");
    screen.keys("<ctrl-s>").says("there is nothing to save").keys("<esc> y").is_silent_about("Add account");
}

#[test]
fn an_edit_keeps_the_secret_masked_and_shows_it_for_twenty_seconds() {
    let mut screen = editing("GitHub");
    screen.says("Issuer     GitHub").says("●●●● stays as it is").says("Tags       work, git");
    screen.says("Note       recovery codes: safe, shelf 2");
    screen.keys("<ctrl-t>").is_silent_about("stays as it is").says("ok, 160 bits");
    screen.wait(19).is_silent_about("stays as it is");
    screen.wait(1).says("●●●● stays as it is").is_silent_about("160 bits");
    screen.keys("<ctrl-s>").says("Nothing was changed.").is_silent_about("Edit account");
}

#[test]
fn an_edit_is_saved_and_undone_as_one_step() {
    let mut screen = editing("Grafana");
    screen.types(" Cloud").keys("<tab> <tab>").types(KEY).says("●●●●●●●●").is_silent_about("GEZDG");
    screen.keys("<ctrl-s>").until("✓ Saved Grafana Cloud hugo. u undoes.").says("▌★ Grafana Cloud");
    screen.keys("<esc> u").until("Undone: edit Grafana Cloud").is_silent_about("Grafana Cloud  ");
}

#[test]
fn an_edit_of_what_was_deleted_meanwhile_loses_nothing() {
    let mut screen = editing("Grafana");
    let vault = screen.app.cx.session.as_ref().unwrap().vault.clone();
    vault
        .change(|document, now| {
            let ids: Vec<_> = document.read_accounts()?.into_iter().map(|account| account.id).collect();
            document.trash(&ids[2..3], now);
            Ok(sesam::vault::Outcome::Changed(()))
        })
        .unwrap();
    screen.types(" Cloud").keys("<ctrl-s>").until("not in the vault any more. Save adds it anew.");
    screen.says("Issuer     Grafana Cloud").says("●●●● stays as it is");
    screen.keys("<ctrl-s>").until("Added Grafana Cloud hugo.");
}

#[test]
fn an_edit_keeps_a_pin_that_nobody_types() {
    let mut screen = Screen::demo(80, 24);
    screen.paste("motp://Acme:me?secret=7ac61d4736f51a2b").says("(•) mOTP").says("7ac6 1d47 36f5 1a2b");
    screen.keys("<up> <up> <up>").types("5555").says("●●●●").keys("<ctrl-s>").until("Added Acme me.");
    screen
        .keys("e")
        .says("PIN        ●●●● stays as it is")
        .types("!")
        .keys("<tab> <tab> <tab>")
        .types("home");
    screen.keys("<ctrl-s>").until("Saved Acme! me.").keys("e <ctrl-t>").says("PIN        5555");
    screen.says("7ac6 1d47 36f5 1a2b").says("Tags       home");
    screen.keys("<ctrl-t>").is_silent_about("5555").keys("<esc>").is_silent_about("Edit account");
}

#[test]
fn a_code_that_is_hidden_in_the_list_is_hidden_in_an_edit() {
    let mut screen = Screen::demo(80, 24);
    screen.keys("H H e").says("Now        ••• •••").keys("<ctrl-t>").is_silent_about("•••");
}

#[test]
fn too_much_is_refused_and_nothing_is_lost() {
    let mut screen = adding(80, 24);
    screen.types("Acme").paste(&"x".repeat(1 << 20)).says("longer than 1024 characters; nothing was pasted");
    screen.says("Issuer     Acme▏ ").paste(&format!("otpauth://totp/{}", "x".repeat(1 << 20)));
    screen.says("link is longer than 4096 bytes").says("Issuer     Acme▏ ");
    screen.paste(&"y".repeat(1020)).types("z").says("No more than 1024 characters fit here.");
}

#[test]
fn hostile_names_are_drawn_safely_and_kept_byte_for_byte() {
    let mut screen = Screen::demo(80, 24);
    screen.paste("otpauth://totp/%1B%5D0;pwn%07%20a%E2%80%AEb:me?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    screen.says("Issuer     ]0;pwn a\\u{202E}b").keys("<ctrl-s>").until("Added ");
    screen.paste("a\nb");
    screen.keys("a").paste("Two\nlines\n").says("Issuer     Twolines");
    screen.keys("<tab> <tab> <tab> <tab>").paste("one\ntwo").says("Note       one↵two");
}

#[test]
fn small_windows_show_the_row_that_has_the_keys() {
    for (width, height) in [(140, 40), (60, 15), (40, 10), (30, 4), (20, 2), (24, 4), (200, 5)] {
        let mut screen = adding(width, height);
        for label in ["Issuer", "Account", "Secret", "Tags", "Note", "Type", "Digits", "Period", "Algorithm"]
        {
            screen.says(label).keys("<tab>");
        }
        screen.says("[ Save ]").keys("<tab> <tab>").types("Acme").says("Acme▏");
    }
    let mut screen = adding(30, 4);
    screen.types("Acme").keys("<ctrl-s>").says("The secret is missing");
    screen.types("1188").says("× Not base32: \"1\" at place 1").keys("<ctrl-u>").types(KEY);
    screen.keys("<ctrl-s>").until("Acme ");
    for (width, height) in [(1, 1), (2, 3), (5, 30), (300, 100)] {
        screen.resize(width, height).keys("a").types("x").keys("<esc> y");
    }
}

#[test]
fn locking_closes_the_form() {
    let mut screen = adding(80, 24);
    screen.paste(RFC);
    screen.app.lock("Locked by you.");
    screen.resize(80, 24).says("Locked").is_silent_about("GEZD").types("x").keys("<enter>");
    screen.says("GitHub").is_silent_about("Add account");
}

#[test]
fn ascii_has_no_other_characters() {
    let mut screen = Screen::with(80, 24, |start| start.mode.ascii = true);
    screen.paste(RFC).says("(x) TOTP").says("RFC_").resize(40, 24).says("Left/Right 1 of 5");
    assert!(screen.text().is_ascii(), "{}", screen.text());
}
