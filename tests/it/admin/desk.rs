//! The rest of the help desk's command line, against a real sesamd: lists, numbers, applications, enrolling, doctor.

use serde_json::{Value, json};
use sesam::{
    clock::{Clock, SystemClock},
    otp::parse_link,
};

use super::{
    faults::desk,
    proxy::{Proxy, Turn, json as says},
};

const WHY: [&str; 3] = ["--reason", "ticket 4711", "-y"];

#[test]
fn users_are_listed_by_the_fields_that_are_wanted() {
    let own = desk("owner", |_| Turn::Pass);
    let listed = own.admin(&["user", "list", "--fields", "name,fails,factors,last"]).ok();
    assert_eq!(
        listed.lines().collect::<Vec<_>>(),
        ["user0\t0\tTOTP\tnever", "user1\t0\tTOTP\tnever", "user2\t0\tTOTP\tnever"]
    );
    assert_eq!(own.admin(&["user", "list", "--limit", "2"]).ok().lines().count(), 2);
    assert_eq!(own.admin(&["user", "list", "--page-all", "--json"]).json().as_array().unwrap().len(), 3);
    own.admin(&["user", "list", "--fields", "password"]).fails(2);
    own.admin(&["user", "list", "--state", "sleeping"]).fails(2);
    assert_eq!(own.admin(&["user", "list", "--state", "locked"]).code, 3);
}

#[test]
fn a_bypass_is_listed_and_one_that_outlived_its_end_is_swept() {
    let own = desk("owner", |_| Turn::Pass);
    assert_eq!(own.admin(&["bypass", "list"]).code, 3);
    own.admin(&[&["user", "bypass", "user1", "--for", "1h"], &WHY[..]].concat()).ok();
    assert!(own.admin(&["bypass", "list"]).ok().starts_with("user1\t"));
    let swept = own.admin(&[&["bypass", "sweep"], &WHY[..]].concat());
    assert!(swept.code == 0 && swept.stderr.contains("no bypass"), "{swept:?}");
    assert_eq!(own.admin(&["bypass", "list", "--json"]).json()[0]["overdue"], false);
}

#[test]
fn the_second_step_of_an_application_is_switched_and_browsers_are_remembered() {
    let own = desk("owner", |_| Turn::Pass);
    let show = || own.admin(&["app", "show", "vpn", "--json"]).json();
    let plan = own.admin(&["app", "set", "vpn", "--factor", "totp=off,email=off", "--dry-run"]).ok();
    assert!(plan.contains("delete 3 bindings of 3 users for good"), "{plan}");
    let set = |more: &[&str]| own.admin(&[&["app", "set", "vpn"], more, &WHY[..]].concat());
    set(&["--remember", "12h"]).ok();
    assert_eq!(show()["remember_minutes"], 720);
    let plan = own.admin(&["app", "set", "vpn", "--remember", "off", "--dry-run"]).ok();
    assert!(plan.contains("at each sign-in (now: 12 h)"), "{plan}");
    set(&["--remember", "off"]).ok();
    assert_eq!(show()["remember_minutes"], Value::Null);
    assert!(set(&["--mfa", "off"]).fails(2).contains("--confirm"), "bindings go");
    own.admin(&["app", "set", "vpn", "--mfa", "off", "--reason", "x", "--confirm", "vpn"]).ok();
    assert_eq!(show()["factors"], json!({"otp": false, "email": false, "sms": false}));
    set(&["--mfa", "on"]).ok();
    assert_eq!(show()["factors"]["otp"], true);
    set(&[]).fails(2);
    set(&["--mfa", "on", "--factor", "otp=on"]).fails(2);
    own.admin(&["app", "set", "nobody", "--mfa", "on", "-y"]).fails(3);
    let listed = own.admin(&["factor", "list"]).ok();
    assert!(listed.lines().any(|line| line.starts_with("otp\t")), "{listed}");
    assert!(own.admin(&["factor", "disable", "sms"]).fails(8).contains("sesam admin app set"));
}

#[test]
fn an_authenticator_is_enrolled_and_confirmed_by_a_code() {
    let own = desk("owner", |_| Turn::Pass);
    let begun = own.admin(&[&["user", "enrol", "user1", "--app", "vpn", "--json"], &WHY[..]].concat()).json();
    let otp = parse_link(begun["uri"].as_str().unwrap()).unwrap().otp;
    let (binding, why) = (begun["binding"].as_str().unwrap(), ["--reason", "x"]);
    let confirm =
        |code: &str| own.admin(&[&["user", "confirm", "user1", binding, "--code", code], &why[..]].concat());
    let code = otp.code(u64::try_from(SystemClock.now().as_second()).unwrap()).unwrap();
    let wrong = if code.as_str() == "000000" { "111111" } else { "000000" };
    let refused = confirm(wrong);
    assert_ne!(refused.code, 0, "{refused:?}");
    confirm(code.as_str()).ok();
    let shown = own.admin(&["user", "show", "user1", "--json"]).json();
    let states: Vec<&Value> = shown["bindings"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert!(states.iter().all(|state| **state == "active"), "{shown}");
    assert!(own.admin(&["user", "enrol", "user1", "--app", "vpn", "--mail"]).fails(8).contains("e-mail"));
    let link = own.admin(&[&["user", "enrol", "user2", "--app", "vpn", "--uri"], &WHY[..]].concat()).ok();
    assert!(link.starts_with("otpauth://totp/"), "{link}");
    let picture = own.admin(&[&["user", "enrol", "user2", "--app", "vpn", "--qr"], &WHY[..]].concat()).ok();
    assert!(picture.contains('█') && picture.lines().count() > 20, "{picture}");
}

#[test]
fn the_audit_is_printed_as_a_table_for_spreadsheets_and_as_bars() {
    let own = desk("owner", |_| Turn::Pass);
    own.admin(&[&["user", "unlock", "user0"], &WHY[..]].concat()).ok();
    let table = own.home.bare(&["admin", "audit", "list", "--csv", "--limit", "3", "--since", "1h"]).ok();
    assert!(table.starts_with("time,user,result,app,what,detail,from,by,id\r\n"), "{table}");
    assert!((2..=4).contains(&table.lines().count()), "{table}");
    own.admin(&["audit", "list", "--csv", "--json"]).fails(2);
    let help = own.admin(&["server", "--help"]).ok();
    assert!(help.contains("sesam admin server add mfa --url https://mfa.example.com"), "{help}");
    assert_eq!(own.admin(&["audit", "list", "--until", "2020-01-01T00:00:00Z"]).code, 3);
    for by in ["hour", "day", "user", "app", "source", "reason", "event", "weekday-hour"] {
        let chart = own.admin(&["audit", "stats", "--by", by, "--chart"]).ok();
        assert!(chart.contains(" in all; the most at "), "{by}: {chart}");
        own.admin(&["audit", "stats", "--by", by, "--json"]).ok();
    }
}

#[test]
fn doctor_goes_the_way_to_a_server_step_by_step() {
    let own = desk("helpdesk", |_| Turn::Pass);
    let found = own.home.bare(&["doctor", "server"]).ok();
    for words in [
        "mfa is at http://127.0.0.1",
        "127.0.0.1, this machine",
        "asks as key:boss",
        "role is helpdesk",
        "version is",
        "s apart",
    ] {
        assert!(found.contains(words), "{words}: {found}");
    }
    assert_eq!(own.proxy.changes().len(), 0);
    let none = own.home.bare(&["doctor", "server", "--server", "nobody"]);
    assert!(none.code == 1 && none.stdout.contains("no server is called nobody"), "{none:?}");
    let late = json!({"users": 1, "locked": 0, "bypassed": 0, "disabled": 0, "version": "1",
        "time": "2020-01-01T00:00:00Z", "actor": "key:boss", "role": "viewer"});
    let proxy = Proxy::open(None, move |_| Turn::Say(says(&late)));
    let home = super::faults::home(&proxy.url(), "t", &[]);
    let found = home.bare(&["doctor", "server", "--json"]);
    assert_eq!(found.code, 1, "{found:?}");
    assert!(found.stdout.contains("s ahead of mfa") && found.stdout.contains("change nothing"), "{found:?}");
}

#[test]
fn line_mode_goes_the_same_way_at_a_server() {
    let own = desk("helpdesk", |_| Turn::Pass);
    let vault = own.home.path("passphrase").display().to_string();
    own.home.run(&["vault", "create"]).ok();
    let lines = "admin\nuser1\n1\nunlock 1 -y --reason x\npasscode 1 1h -y --reason x\nreset 1 --reason x\nbypass 1 end\naudit \
                 user:user1\nnobody\nback\nquit\n";
    let mut command = own.home.command(&["--screen-reader", "--passphrase-file", &vault]);
    let heard = crate::cli::sesam::run(&mut command, lines);
    crate::cli::hostile::safe(&heard);
    assert_eq!(heard.code, 0, "{heard:?}");
    for words in [
        "mfa as key:boss, 3 users.",
        "mfa, TEST. Search users",
        "1 user1, ok",
        "#1  TOTP",
        "Nobody matches",
        "0 accounts.",
    ] {
        assert!(heard.stdout.contains(words), "{words}: {heard:?}");
    }
    assert!(
        heard.stderr.contains("user1 is unlocked") && heard.stderr.contains("--confirm=user1"),
        "{heard:?}"
    );
    assert_eq!(own.proxy.changes().len(), 2, "unlock and passcode");
}
