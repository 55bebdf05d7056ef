//! Links good and bad: what is read, what is read with a note, what is refused.

use super::*;
use crate::otp::{Algorithm, Counter, Digits, Kind, OtpError, Pin, Weakness};

const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn link(rest: &str) -> Result<Link, LinkError> {
    parse_link(&rest.replace("KEY", KEY))
}

fn good(rest: &str) -> Link {
    link(rest).unwrap_or_else(|error| panic!("{rest}: {error}"))
}

fn names(link: &Link) -> (&str, &str) {
    (&link.issuer, &link.account)
}

#[test]
fn reads_names_as_apps_write_them() {
    let cases = [
        ("otpauth://totp/Acme:alice?secret=KEY&issuer=Acme", ("Acme", "alice")),
        ("otpauth://totp/Acme%3Aalice?secret=KEY&issuer=Acme", ("Acme", "alice")),
        ("otpauth://totp/Acme%3A%20alice?secret=KEY", ("Acme", "alice")),
        ("otpauth://totp/alice?secret=KEY", ("", "alice")),
        ("otpauth://totp/?secret=KEY", ("", "")),
        ("otpauth://totp?secret=KEY", ("", "")),
        ("otpauth://totp/:test?secret=KEY", ("", "test")),
        ("otpauth://totp/Title:none?secret=KEY&issuer=Title", ("Title", "none")),
        ("otpauth://hotp/Air%20Canada:b?secret=KEY&issuer=Air+Canada&counter=5", ("Air Canada", "b")),
        ("otpauth://totp/A+B:x?secret=KEY&issuer=A+B%2BC", ("A B+C", "A+B:x")),
        ("otpauth://totp/Acme:alice?secret=KEY&issuer=A", ("A", "Acme:alice")),
        ("otpauth://totp/Box #7:a#b?secret=KEY&issuer=Box #7", ("Box #7", "a#b")),
        ("otpauth://totp/a/b:c/d?secret=KEY", ("a/b", "c/d")),
        ("OTPAUTH://TOTP/Acme:a?SECRET=KEY&ISSUER=Acme", ("Acme", "a")),
        ("\u{feff}otpauth://totp/Acme:a?secret=KEY\r\n", ("Acme", "a")),
        ("otpauth://totp/Acme:a?secret=KEY&issuer=%22%5D%0A%5Bevil%5D", ("\"]\n[evil]", "Acme:a")),
        ("otpauth://totp/%1B%5D0%3Bshell%07a?secret=KEY", ("", "\u{1b}]0;shell\u{7}a")),
        ("otpauth://totp/a?secret=KEY&issuer=Acme%00Hidden", ("Acme\0Hidden", "a")),
    ];
    for (text, expected) in cases {
        let link = good(text);
        assert_eq!(names(&link), expected, "{text}");
        assert_eq!(link.notes.iter().filter(|note| **note != LinkNote::CounterMissing).count(), 0, "{text}");
    }
}

#[test]
fn reads_every_parameter() {
    let otp = good("otpauth://totp/a?secret=KEY&algorithm=SHA256&digits=8&period=15").otp;
    assert_eq!(
        (otp.algorithm, otp.digits.count(), otp.period().unwrap().seconds()),
        (Algorithm::Sha256, 8, 15)
    );
    let hotp = good("otpauth://hotp/a?secret=KEY&digits=7&counter=9223372036854775807").otp;
    assert_eq!(hotp.kind, Kind::Hotp { counter: Counter::new(u64::MAX >> 1).unwrap() });
    let winauth = good("otpauth://totp/BattleNet:x?secret=KEY&digits=8&serial=EU1234&data=%7B%7D&deviceid=9");
    assert_eq!(winauth.otp.digits.count(), 8);
}

#[test]
fn knows_steam_in_each_disguise() {
    for text in [
        "steam://KEY",
        "STEAM://KEY",
        "otpauth://steam/Steam:a?secret=KEY&issuer=Steam&algorithm=SHA1&digits=5&period=30",
        "otpauth://totp/Steam:a?secret=KEY&encoder=steam&digits=6",
        "otpauth://totp/Steam:a?secret=KEY",
        "otpauth://totp/a?secret=KEY&issuer=Steam&digits=5&period=30",
    ] {
        let link = good(text);
        assert_eq!((&link.otp.kind, link.issuer.as_str()), (&Kind::Steam, "Steam"), "{text}");
        assert_eq!(link.otp.digits.count(), 5, "{text}");
    }
    assert_eq!(good("otpauth://totp/Steam:a?secret=KEY").notes, [LinkNote::SteamByIssuer]);
    for text in ["steam:a?secret=KEY", "Steam:a?secret=KEY&digits=6", "Steam:a?secret=KEY&period=60&digits=5"]
    {
        assert_eq!(good(&format!("otpauth://totp/{text}")).otp.type_name(), "totp", "{text}");
    }
}

#[test]
fn reads_motp_and_yandex() {
    let motp = good("motp://MOTP:user?secret=7ac61d4736f51a2b");
    assert_eq!((names(&motp), motp.otp.type_name()), (("MOTP", "user"), "motp"));
    assert_eq!(motp.otp, good("otpauth://motp/x?secret=7AC61D4736F51A2B&algorithm=MD5").otp);
    assert_eq!(motp.otp, good("otpauth://motp/x?secret=PLDB2RZW6UNCW").otp);
    let pin = |text: &str| match good(text).otp.kind {
        Kind::Motp { pin } | Kind::Yandex { pin } => pin,
        other => panic!("{other:?}"),
    };
    assert_eq!(pin("otpauth://yaotp/Yandex:u?secret=KEY&issuer=Yandex&pin_length=8"), None);
    for text in
        ["yaotp/u?secret=KEY&pin=GUZDGOI", "yandex/u?secret=KEY&pin=5239", "motp/u?secret=KEY&pin=5239"]
    {
        assert_eq!(pin(&format!("otpauth://{text}")), Some(Pin::new("5239").unwrap()), "{text}");
    }
    assert_eq!(link("otpauth://yaotp/u?secret=KEY&pin=8x").unwrap_err(), OtpError::PinInvalid.into());
    assert_eq!(link("otpauth://yaotp/u?secret=GEZDGNBV").unwrap_err(), OtpError::SecretTooShort.into());
}

#[test]
fn says_what_it_read_in_another_way() {
    let digits = Digits::new(5).unwrap();
    let cases = [
        ("totp/a?secret=KEY&algorithm=HmacSHA1", LinkNote::AlgorithmSpelling(Algorithm::Sha1)),
        ("totp/a?secret=KEY&codeDisplay=%5B", LinkNote::CodeDisplayUnreadable),
        ("hotp/a?secret=KEY", LinkNote::CounterMissing),
        ("totp/a?secret=KEY&issuer=%FF%FE%C0%80", LinkNote::InvalidUtf8),
        ("totp/%FFa?secret=KEY", LinkNote::InvalidUtf8),
        ("totp/a?secret=KEY&digits=6&digits=8", LinkNote::Repeated("digits")),
        ("totp/a?secret=KEYR7", LinkNote::SecretNotCanonical),
        ("totp/a?secret=GEZDGNBV%20KEY", LinkNote::SecretSpaced),
        ("totp/a?secret=KEY&digits=5", LinkNote::Weak(Weakness::Digits(digits))),
        ("totp/a?secret=GEZDGNBV", LinkNote::Weak(Weakness::ShortSecret(5))),
    ];
    for (text, note) in cases {
        assert_eq!(good(&format!("otpauth://{text}")).notes, [note], "{text}");
    }
    assert_eq!(good("otpauth://totp/a?secret=KEY&digits=8&digits=6").otp.digits.count(), 8);
    assert!(good("otpauth://totp/a?secret=KEY&algorithm=sha1&secret=KEY").notes.is_empty());
    assert!(good("otpauth://totp/a?secret=KEY%3D%3D%3D%3D").notes.is_empty());
}

#[test]
fn keeps_what_apps_add() {
    let tagged = good("otpauth://totp/a?secret=KEY&tags=work&tags=git&image=http%3A%2F%2F169.254.169.254%2F");
    assert_eq!(
        (tagged.extras.tags.join(" "), tagged.extras.icon.as_str()),
        ("work git".into(), "http://169.254.169.254/")
    );
    let ente =
        good("otpauth://totp/a?secret=KEY&codeDisplay=%7B%22pinned%22%3Atrue%2C%22note%22%3A%22a+b%22%7D");
    assert_eq!(ente.extras.code_display.as_deref(), Some("{\"pinned\":true,\"note\":\"a b\"}"));
    #[cfg(feature = "client")]
    assert_eq!((ente.extras.favourite, ente.extras.note.as_str()), (true, "a b"));
}

#[test]
fn refuses_what_would_show_wrong_codes() {
    let foreign = |character, place| LinkError::Otp(OtpError::SecretNotBase32 { character, place });
    let cases = [
        ("algorithm=MD5", OtpError::AlgorithmUnknown, "algorithm"),
        ("algorithm=none", OtpError::AlgorithmUnknown, "algorithm"),
        ("algorithm=", OtpError::AlgorithmUnknown, "algorithm"),
        ("digits=", OtpError::DigitsOutOfRange, "digits"),
        ("digits=0", OtpError::DigitsOutOfRange, "digits"),
        ("digits=-1", OtpError::DigitsOutOfRange, "digits"),
        ("digits=11", OtpError::DigitsOutOfRange, "digits"),
        ("digits=256", OtpError::DigitsOutOfRange, "digits"),
        ("period=", OtpError::PeriodOutOfRange, "period"),
        ("period=0", OtpError::PeriodOutOfRange, "period"),
        ("period=-30", OtpError::PeriodOutOfRange, "period"),
        ("period=30.5", OtpError::PeriodOutOfRange, "period"),
        ("period=18446744073709551615", OtpError::PeriodOutOfRange, "period"),
    ];
    for (parameter, error, named) in cases {
        let refused = link(&format!("otpauth://totp/a?secret=KEY&{parameter}")).unwrap_err();
        assert_eq!(refused, error.into(), "{parameter}");
        assert!(refused.to_string().contains(named), "{refused}");
    }
    for counter in ["", "-1", "9223372036854775808", "18446744073709551615"] {
        let refused = link(&format!("otpauth://hotp/a?secret=KEY&counter={counter}")).unwrap_err();
        assert_eq!(refused, OtpError::CounterOutOfRange.into(), "{counter}");
    }
    assert_eq!(link("otpauth://totp/a?secret=JBSW0189!").unwrap_err(), foreign('0', 5));
    assert_eq!(link("otpauth://totp/a?secret=48656c6c6f21").unwrap_err(), foreign('8', 2));
    assert_eq!(link("steam://run/440").unwrap_err(), foreign('/', 4));
    assert_eq!(link("otpauth://totp/a?secret=").unwrap_err(), OtpError::SecretEmpty.into());
}

#[test]
fn refuses_what_is_no_link_of_one_account() {
    let long = "x".repeat(1025);
    let cases = [
        ("https://evil.example/otpauth://totp/a?secret=KEY".to_owned(), LinkError::NotALink),
        ("garbage".to_owned(), LinkError::NotALink),
        (String::new(), LinkError::NotALink),
        ("otpauth-migration://offline?data=AA".to_owned(), LinkError::Migration),
        ("otpauth://ocra/a?secret=KEY".to_owned(), LinkError::TypeUnknown),
        ("otpauth://totp/a?issuer=Acme".to_owned(), LinkError::SecretMissing),
        ("otpauth://totp/a?secret=KEY&secret=GEZDGNBV".to_owned(), LinkError::SecretRepeated),
        (format!("otpauth://totp/a?secret={}", "A".repeat(65_536)), LinkError::TooLong),
        (format!("otpauth://totp/{long}?secret=KEY"), LinkError::AccountTooLong),
        (format!("otpauth://totp/a?secret=KEY&issuer={long}"), LinkError::IssuerTooLong),
    ];
    for (text, error) in cases {
        assert_eq!(link(&text).unwrap_err(), error, "{}", &text[..text.len().min(60)]);
    }
    assert!(LinkError::TooLong.to_string().contains("4096"));
    let full = "ä".repeat(1024 / 2);
    assert_eq!(good(&format!("otpauth://totp/{full}?secret=KEY")).account, full);
}

#[test]
fn messages_are_lower_case_without_full_stop_and_without_the_secret() {
    for text in
        ["otpauth://totp/a?secret=GEZDGNBV1", "otpauth://totp/a?secret=KEY&secret=GEZDGNBV", "GEZDGNBV://"]
    {
        let message = link(text).unwrap_err().to_string();
        assert!(!message.contains("GEZDGNBV") && !message.ends_with('.'), "{message}");
        assert!(message.starts_with(char::is_lowercase), "{message}");
    }
}

#[test]
fn a_wrong_link_is_named_without_its_secret() {
    let cases = [
        ("otpauth://totp/Acme:al%20ice?secret=1", ("Acme", "al ice")),
        ("otpauth://ocra/alice?issuer=Acme", ("Acme", "alice")),
        ("motp://Acme:alice?secret=zz", ("Acme", "alice")),
        ("otpauth://totp/Acme:alice&secret=GEZDGNBV", ("", "")),
        ("otpauth://totp/Acme%3Fsecret%3DGEZDGNBV?x", ("", "")),
        ("otpauth://totp/GEZDGNBV", ("", "")),
        ("steam://GEZDGNBV?x", ("", "")),
        ("otpauth-migration://offline?data=AA", ("", "")),
    ];
    for (text, (issuer, account)) in cases {
        assert_eq!(link_names(text), (issuer.into(), account.into()), "{text}");
    }
}
