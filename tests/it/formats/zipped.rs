//! Archives: what is found in them, under which passphrases, and those that were made to harm.
//!
//! `winauth.zip` was written by Info-ZIP 3.0 (`ZipCrypto`), `authenticator-plus.zip` by pyzipper 0.4.0 (AES-256), the others
//! by Python's zipfile.

use std::{fs, time::Instant};

use sesam::formats::{FormatError, Record};

use super::fixtures::{PASSPHRASE, file, opened, read, record};
use crate::cli::sesam::shared;

#[test]
fn what_is_inside_is_read_as_what_it_is() {
    let inside = [
        ("authenticator-plus.zip", "uri"),
        ("bitwarden.zip", "bitwarden"),
        ("proton-pass.zip", "proton"),
        ("winauth.zip", "uri"),
    ];
    for (name, format) in inside {
        assert_eq!(opened(name).format, format, "{name}");
    }
    let plus = opened("authenticator-plus.zip");
    assert_eq!(record(&plus, "Bank").link.account, "bob");
    assert_eq!(record(&plus, "Acme").link.otp.digits.count(), 8, "the page beside the list stays behind");
}

#[test]
fn an_item_of_1password_may_have_several_codes() {
    let decoded = opened("1password.1pux");
    let line = |record: &Record| {
        let (link, extras) = (&record.link, &record.link.extras);
        let digits = link.otp.digits.count();
        let tags = extras.tags.join(" ");
        format!("{}:{} {digits} [{tags}] {} {}", link.issuer, link.account, extras.note, extras.favourite)
    };
    let lines: Vec<_> = decoded.entries.iter().map(|entry| line(&entry.record)).collect();
    assert_eq!(
        lines,
        [
            "Acme:alice 8 [Work daily] ask Bob true",
            "Acme:alice 6 [Work daily] ask Bob true",
            "Old:carol 6 [Work]  false",
        ]
    );
    let created = decoded.entries[0].record.created.unwrap().to_string();
    assert_eq!(created, "2024-05-06T07:08:09Z");
    assert_eq!((decoded.bad[0].issuer.as_str(), decoded.bad[0].account.as_str()), ("Broken", "erin"));
}

#[test]
fn a_changed_archive_gives_no_account() {
    for name in ["authenticator-plus.zip", "winauth.zip", "bitwarden.zip"] {
        let whole = file(name);
        let data = 30 + usize::from(whole[26]) + usize::from(whole[28]); // behind the name and what follows it
        for at in [0, 12, 40] {
            let mut changed = whole.clone();
            changed[data + at] ^= 1;
            let error = read(&changed, &[PASSPHRASE]).unwrap_err();
            let fits = matches!(error, FormatError::Damaged { .. } | FormatError::WrongPassphrase);
            assert!(fits, "{name}, {at}: {error}");
        }
        let cut = read(&whole[..whole.len() - 30], &[PASSPHRASE]).unwrap_err();
        assert!(matches!(cut, FormatError::Damaged { .. }), "{name}: {cut}");
    }
}

#[test]
fn an_archive_without_a_usable_file_says_so() {
    let empty = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    assert!(read(empty, &[]).unwrap_err().to_string().contains("no file inside that sesam reads"));
    let many = [b"PK\x03\x04".as_slice(), &b"PK\x01\x02".repeat(1001)].concat();
    assert!(matches!(read(&many, &[]), Err(FormatError::TooMuchWork(_))));
}

#[test]
fn hostile_archives_are_refused_in_no_time() {
    for (name, words) in [("zip_bomb.zip", "32 MiB"), ("zip_slip.zip", "no file inside")] {
        let Some(path) = shared(&format!("malicious/import/{name}")) else { return };
        let start = Instant::now();
        let error = read(&fs::read(path).unwrap(), &[]).unwrap_err();
        assert!(error.to_string().contains(words), "{name}: {error}");
        assert!(start.elapsed().as_secs() < 2, "{name}");
    }
}
