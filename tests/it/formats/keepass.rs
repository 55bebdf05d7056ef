//! Databases of `KeePass`: every way in which apps keep a code, what is left out, and files that were made to harm.
//!
//! `keepassxc.kdbx` was written by keepassxc-cli 2.7.4 (import of an XML; KDBX 3.1); `keepass3.kdbx` (KDBX 3.1, AES,
//! Salsa20) and `keepass4-argon2id.kdbx` (`ChaCha20`, Argon2id) by a writer in Python, and keepassxc-cli 2.7.4 opens both.

use std::time::Instant;

use sesam::formats::FormatError;

use super::fixtures::{PASSPHRASE, file, opened, read, record};

const FILES: [&str; 3] = ["keepass3.kdbx", "keepass4-argon2id.kdbx", "keepassxc.kdbx"];

#[test]
fn every_way_of_keeping_a_code_is_read() {
    for name in FILES {
        let decoded = opened(name);
        let codes: Vec<_> = decoded
            .entries
            .iter()
            .map(|entry| {
                let (link, otp) = (&entry.record.link, &entry.record.link.otp);
                let (kind, algorithm, digits) = (otp.type_name(), otp.algorithm.as_str(), otp.digits.count());
                let period = otp.period().map_or(0, sesam::otp::Period::seconds);
                format!("{}:{} {kind} {algorithm} {digits} {period}", link.issuer, link.account)
            })
            .collect();
        let mut expected = [
            "Game & Co:dave steam SHA1 5 30",
            "Acme:alice totp SHA256 8 60",
            "Counter:carol hotp SHA1 6 0",
            "Timed:frank totp SHA512 8 60",
            "KeeOtp:grace totp SHA256 8 60",
            "Two:heidi totp SHA1 6 30",
            "Two:second totp SHA1 8 30",
        ];
        let mut codes = codes;
        expected.sort_unstable();
        codes.sort_unstable();
        assert_eq!(codes, expected, "{name}");
        assert_eq!((decoded.bad[0].issuer.as_str(), decoded.bad[0].account.as_str()), ("Broken", "erin"));
    }
}

#[test]
fn groups_notes_dates_and_pictures_come_along_or_are_named() {
    for name in FILES {
        let decoded = opened(name);
        let acme = record(&decoded, "Acme");
        let mut tags = acme.link.extras.tags.clone();
        tags[1..].sort_unstable();
        assert_eq!(tags, ["Work", "big", "daily"], "{name}");
        assert_eq!(acme.link.extras.note, "ask Bob", "{name}");
        assert_eq!(acme.created.unwrap().to_string(), "2024-05-06T07:08:09Z", "{name}");
        assert_eq!(record(&decoded, "Timed").link.extras.tags, ["Work/Deep"], "{name}");
        assert!(record(&decoded, "Two").link.extras.tags.is_empty(), "{name}");
        let losses: Vec<_> = decoded.losses.iter().map(|loss| (loss.issuer.as_str(), loss.field)).collect();
        assert_eq!(losses, [("Acme", "icon")], "{name}");
    }
}

#[test]
fn damage_is_not_a_wrong_passphrase() {
    for name in FILES {
        let whole = file(name);
        for at in [whole.len() - 200, whole.len() / 2] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            let error = read(&changed, &[PASSPHRASE]).unwrap_err();
            assert!(matches!(error, FormatError::Damaged { .. }), "{name}, {at}: {error}");
        }
        let error = read(&whole[..whole.len() - 96], &[PASSPHRASE]).unwrap_err();
        assert!(matches!(error, FormatError::Damaged { .. }), "{name}: {error}");
    }
    let error = read(&file(FILES[2]), &["no"]).unwrap_err();
    assert!(error.hint().unwrap().contains("key file"));
}

#[test]
fn costs_are_judged_before_any_work() {
    let start = Instant::now();
    for (name, field) in [
        ("keepass3.kdbx", &[6, 8, 0][..]),
        ("keepass4-argon2id.kdbx", b"M\x08\0\0\0"),
        ("keepass4-argon2id.kdbx", b"I\x08\0\0\0"),
    ] {
        let mut bytes = file(name);
        let at = bytes.windows(field.len()).position(|window| window == field).unwrap() + field.len();
        bytes[at..at + 8].fill(0xff);
        let error = read(&bytes, &[PASSPHRASE]).unwrap_err();
        assert!(matches!(error, FormatError::TooMuchWork(_)), "{name}: {error}");
    }
    assert!(start.elapsed().as_secs() < 2);
}

#[test]
fn what_unfolds_to_hundreds_of_megabytes_is_refused() {
    // 65 MiB of one letter under gzip.
    let folded = file("keepass4-bomb.kdbx");
    let error = read(&folded, &[PASSPHRASE]).unwrap_err();
    assert!(matches!(&error, FormatError::TooMuchWork(what) if what.contains("64 MiB")), "{error}");
}

#[test]
fn an_older_and_a_later_generation_are_named() {
    let first = read(b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5\0\0\0\0", &[PASSPHRASE]).unwrap_err();
    assert!(first.to_string().contains("KeePass 1"), "{first}");
    let later = read(b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\0\0\x05\0", &[PASSPHRASE]).unwrap_err();
    assert!(matches!(later, FormatError::Newer { .. }), "{later}");
}
