//! No type shows a secret: each value that can hold one is made with a known one and printed in every way it can be.

use std::fmt::{Debug, Write as _};

use sesam::{
    config::{FileText, Sources, load},
    crypt::{Identity, passphrase::Passphrase},
    formats::{Given, Record, SourcePassphrase, decode},
    otp::{Form, Kind, Otp, Pin, Secret, format_link, parse_link},
    qr::Qr,
    vault::{
        Account, Document,
        change::Reverse,
        intake::{Incoming, plan},
    },
};

const BASE32: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const BYTES: &[u8] = b"12345678901234567890";
const PIN: &str = "80486";
const WORDS: &str = "correct horse battery staple";

/// The secret in the ways in which a derived `Debug` would show it.
fn shapes() -> Vec<String> {
    let hex: String = BYTES.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let text = String::from_utf8(BYTES.to_vec()).unwrap();
    vec![
        BASE32.into(),
        hex,
        text,
        format!("{BYTES:?}"),
        "49, 50, 51, 52".into(),
        PIN.into(),
        WORDS.into(),
        "AGE-SECRET-KEY-".into(),
    ]
}

#[track_caller]
fn shows_nothing(value: &impl Debug) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        let found = shapes().into_iter().find(|shape| printed.contains(shape.as_str()));
        assert_eq!(found, None, "in {printed}");
    }
}

fn otp() -> Otp {
    Otp::totp(Secret::new(BYTES.to_vec()).unwrap())
}

fn account() -> Account {
    Account::new("Acme", "hugo", otp(), jiff::Timestamp::UNIX_EPOCH)
}

#[test]
fn codes_and_what_makes_them() {
    let pin = Pin::new(PIN).unwrap();
    shows_nothing(&pin);
    shows_nothing(&otp().secret);
    shows_nothing(&otp());
    shows_nothing(&Kind::Motp { pin: Some(pin.clone()) });
    shows_nothing(&Otp::new(Kind::Yandex { pin: Some(pin) }, otp().secret));
    let code = otp().code(59).unwrap();
    assert!(!format!("{code:?}").contains(code.as_str()));
    let link = parse_link(&format!("otpauth://totp/Acme:hugo?secret={BASE32}")).unwrap();
    shows_nothing(&link);
    shows_nothing(&Record::from(link.clone()));
    shows_nothing(&plan(&[], vec![Incoming { link, created: None }]));
    shows_nothing(&Qr::encode(&format_link("Acme", "hugo", &otp(), Form::Full)).unwrap());
}

#[test]
fn keys_and_passphrases() {
    shows_nothing(&Passphrase::new(WORDS).unwrap());
    shows_nothing(&SourcePassphrase::new(WORDS));
    shows_nothing(&Given(vec![SourcePassphrase::new(WORDS)]));
    let identity = Identity::generate();
    shows_nothing(&identity);
    shows_nothing(&identity.recipient());
}

#[test]
fn accounts_and_files() {
    shows_nothing(&account());
    let mut document = Document::empty("00");
    document.add(&[account()]);
    shows_nothing(&document.head);
    let _: fn(&Reverse) = |_| (); // holds raw lines and has no Debug: the next line would not compile
    let links = format!(
        "otpauth://totp/Acme?secret={BASE32}\nnonsense {BASE32}\notpauth://totp/B?secret={BASE32}1\n"
    );
    let decoded = decode(links.as_bytes(), None, &mut Given::default()).unwrap();
    assert_eq!((decoded.entries.len(), decoded.bad.len()), (1, 2));
    shows_nothing(&decoded);
}

#[test]
fn errors_about_secrets() {
    for bad in [
        format!("otpauth://totp/A?secret={BASE32}!"),
        format!("otpauth://totp/A?secret={BASE32}&digits=99"),
        format!("https://x/{BASE32}"),
    ] {
        let error = parse_link(&bad).unwrap_err();
        shows_nothing(&error);
        shows_nothing(&error.to_string());
    }
    let settings = format!("[admin.servers.x]\nurl = \"https://x\"\ntoken = \"{BASE32}\"\n");
    let files = [FileText::new("config.toml", settings)];
    let error = load(&Sources { files: &files, ..Sources::none() }).unwrap_err();
    shows_nothing(&error);
    shows_nothing(&error.to_string());
    shows_nothing(&files);
}
