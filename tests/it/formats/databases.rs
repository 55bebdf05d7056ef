//! `SQLite` databases of apps, and those that were made to harm.
//!
//! Written with Python's sqlite3 in the tables of the apps; `authenticator-plus.db` by `SQLCipher` 3.4.1.

use std::{fs, time::Instant};

use rusqlite::Connection;
use sesam::formats::{Decoded, FormatError};

use super::fixtures::{KEY, PASSPHRASE, file, opened, read, record};

fn lines(decoded: &Decoded) -> Vec<String> {
    let line = |link: &sesam::otp::Link| {
        let otp = &link.otp;
        let tags = link.extras.tags.join(" ");
        format!("{}:{} {} {} [{tags}]", link.issuer, link.account, otp.type_name(), otp.digits.count())
    };
    decoded.entries.iter().map(|entry| line(&entry.record.link)).collect()
}

#[test]
fn every_row_is_an_account_or_says_why_not() {
    let expected: [(&str, &[&str], &str); 4] = [
        (
            "authenticator-plus.db",
            &["Acme:alice totp 6 [Work]", "Counter:bob hotp 6 []", "Battle.net:EU-1 totp 8 []"],
            "Broken",
        ),
        (
            "google.sqlite",
            &["Acme:alice totp 6 []", "Counter:bob hotp 6 []", "Plain:carol totp 6 []"],
            "Sealed",
        ),
        ("phonefactor.sqlite", &["Acme:alice totp 6 []", "Microsoft:bob@outlook.com totp 8 []"], "Sealed"),
        (
            "stratum.sqlite",
            &["Acme:alice totp 8 [Work]", "Counter:bob hotp 6 []", "Yandex:carol yandex 8 []"],
            "Odd",
        ),
    ];
    for (name, accounts, bad) in expected {
        let decoded = opened(name);
        assert_eq!(lines(&decoded), accounts, "{name}");
        assert_eq!((decoded.bad.len(), decoded.bad[0].issuer.as_str()), (1, bad), "{name}");
    }
    assert!(opened("google.sqlite").bad[0].reason.contains("never leaves the phone"));
    let stratum = opened("stratum.sqlite");
    assert_eq!((stratum.losses.len(), stratum.losses[0].field), (1, "icon"));
    assert_eq!(record(&stratum, "Acme").link.extras.icon, "acme");
}

#[test]
fn a_changed_page_of_a_sealed_database_is_damage() {
    let mut bytes = file("authenticator-plus.db");
    let end = bytes.len();
    bytes[end - 500] ^= 1;
    let error = read(&bytes, &[PASSPHRASE]).unwrap_err();
    assert!(matches!(error, FormatError::Damaged { .. }), "{error}");
}

#[test]
fn an_empty_database_names_the_file_beside_it() {
    let error = read(&file("no-accounts.sqlite"), &[]).unwrap_err().to_string();
    assert!(error.contains("-wal") && error.contains("wal_checkpoint"), "{error}");
}

/// A database out of these statements, as a file.
fn made(sql: &str) -> Vec<u8> {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("made.sqlite");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(sql).unwrap();
    drop(connection);
    fs::read(path).unwrap()
}

#[test]
fn a_hostile_schema_runs_nothing_and_ends_soon() {
    let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n";
    let hostile = [
        format!(
            "CREATE VIEW accounts(email, secret, counter, provider) AS SELECT x, '{KEY}', 0, 0 FROM ({endless})"
        ),
        "CREATE VIRTUAL TABLE accounts USING fts5(email, secret, counter, provider)".to_owned(),
        "CREATE TABLE accounts(email, secret, counter, provider, type AS (length(zeroblob(1 << 28))));
         INSERT INTO accounts VALUES('a', 'b', 0, 0)"
            .to_owned(),
        "CREATE TABLE accounts(email, secret, counter, provider);
         INSERT INTO accounts VALUES(zeroblob(8 << 20), 'b', 0, 0)"
            .to_owned(),
    ];
    for sql in hostile {
        let bytes = made(&sql);
        let start = Instant::now();
        match read(&bytes, &[]) {
            Ok(decoded) => assert!(decoded.entries.is_empty(), "{sql}"),
            Err(error) => {
                assert!(
                    matches!(error, FormatError::Damaged { .. } | FormatError::Unknown(_)),
                    "{sql}: {error}"
                );
            }
        }
        assert!(start.elapsed().as_secs() < 2, "{sql}");
    }
}

#[test]
fn more_rows_than_any_app_keeps_end_the_reading() {
    let sql = format!(
        "CREATE TABLE accounts(email, secret, counter, provider);
         WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 60000)
         INSERT INTO accounts SELECT x, '{KEY}', 0, 0 FROM n"
    );
    assert_eq!(read(&made(&sql), &[]).unwrap_err(), FormatError::TooManyEntries);
}
