//! Applications on the screen: switches wait, say what they would do, and are applied once.

use super::screen::Screen;

fn apps(width: u16, height: u16) -> Screen {
    let mut screen = Screen::demo(width, height);
    screen.keys("A <enter>").until("ada").keys("4").until("ssh-bastion");
    screen
}

/// At the codes by SMS of the wiki.
fn at_sms(screen: &mut Screen) -> &mut Screen {
    screen.keys("j j <right> <right> <right> <right>")
}

#[test]
fn a_switch_waits_with_what_it_would_do_and_can_be_dropped() {
    let mut screen = apps(80, 24);
    screen.says("REMEMBER").says("12 h").says("1 140").says("5 applications");
    at_sms(&mut screen).keys("<space>").until("leave 38 of 1198 users without a factor");
    screen.says("Pending change (not sent yet):").says("wiki SMS on → off: leave").says("[ ]*");
    screen.says("▲ 38 users would be unable to sign in to wiki.").says("1 change waiting. Nothing is sent");
    screen.keys("v").until("38 users with only SMS for wiki").says("adele.abbate").keys("<esc>");
    screen
        .keys("<esc>")
        .says("1 change dropped. Nothing was sent.")
        .is_silent_about("Pending")
        .is_silent_about("[ ]*");
    screen.keys("<space>").until("leave 38").keys("<space>").is_silent_about("Pending");
    screen.keys("2").until("alan").is_silent_about("sms off");
}

#[test]
fn who_is_kept_out_is_confirmed_by_typing_and_applied_once() {
    let mut screen = apps(80, 24);
    at_sms(&mut screen)
        .keys("<space>")
        .until("leave 38")
        .keys("w")
        .says("Apply changes")
        .says("On mfa-prod (PROD)");
    screen.types("moving").keys("<tab>").types("wiki sms").keys("<enter>").says("type wiki sms off first");
    screen.types(" off").keys("<enter> <enter>").until("sms is off for wiki.");
    screen.is_silent_about("Pending").keys("2").until("sms off: moving").says("22:13:42");
}

#[test]
fn what_keeps_nobody_out_is_asked_once() {
    let mut screen = apps(80, 24);
    screen
        .keys("<right> <right> <space>")
        .until("keeps nobody out")
        .keys("w")
        .says("Switch push off for vpn");
    screen.is_silent_about("Type").keys("<tab>").keys("y").until("push is off for vpn.").says("[ ]");
}

#[test]
fn a_read_only_server_switches_nothing() {
    let mut screen = Screen::with(80, 24, |start| start.mode.read_only = true);
    screen.keys("A <enter>").until("ada").says("READ ONLY").keys("4").until("ssh-bastion");
    screen.keys("<space>").says("open read-only").is_silent_about("Pending");
}

#[test]
fn every_size_shows_switches() {
    let mut screen = apps(140, 40);
    screen.says("legacy-mail").resize(60, 15).says("[x]").says("TOTP").says("wiki");
    screen.resize(30, 4).says("vpn TOTP on").says("[x]");
    screen.resize(20, 2).says("vpn TOTP on");
}
