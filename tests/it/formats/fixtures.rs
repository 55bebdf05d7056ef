//! Files that we made, of each format and in each of its ways of encryption; and the same files damaged.

use std::{fs, path::PathBuf, time::Instant};

use sesam::{
    formats::{
        Decoded, FormatError, Given, MAX_ENTRIES, Record, SourcePassphrase, decode, detect,
        name_missing_parts, source::Source,
    },
    otp::{Kind, Secret},
};

pub(super) const PASSPHRASE: &str = "käse 7";
/// What maker and owner of tokens agreed on.
const TRANSPORT_KEY: &str = "30313233343536373839616263646566";
pub(super) const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// File, format, whether it is encrypted, how many entries are good and how many bad.
pub(super) const FILES: [(&str, &str, bool, usize, usize); 80] = [
    ("1password.csv", "csv", false, 1, 1),
    ("1password.1pux", "1password", false, 3, 1),
    ("2fas-encrypted.2fas", "2fas", true, 4, 1),
    ("2fas.2fas", "2fas", false, 4, 1),
    ("aegis-encrypted.json", "aegis", true, 5, 2),
    ("aegis.json", "aegis", false, 5, 2),
    ("andotp-new.bin", "andotp", true, 4, 1),
    ("andotp-old.bin", "andotp", true, 4, 1),
    ("andotp.json", "andotp", false, 4, 1),
    ("authenticator-plus.db", "authenticator-plus", true, 3, 1),
    ("authenticator-plus.zip", "zip", true, 2, 1),
    ("bitwarden-argon2.json", "bitwarden", true, 4, 1),
    ("bitwarden-authenticator.csv", "bitwarden", false, 1, 0),
    ("bitwarden-pbkdf2.json", "bitwarden", true, 4, 1),
    ("bitwarden.csv", "bitwarden", false, 1, 1),
    ("bitwarden.json", "bitwarden", false, 4, 1),
    ("bitwarden.zip", "zip", false, 4, 1),
    ("cotp-database.json", "cotp", true, 4, 1),
    ("cotp.json", "cotp", false, 4, 1),
    ("ente.json", "ente", true, 2, 1),
    ("entra.csv", "oath-csv", false, 2, 1),
    ("freeotp-plus.json", "freeotp-plus", false, 3, 1),
    ("freeotp.xml", "freeotp-plus", false, 3, 1),
    ("duo.json", "duo", false, 2, 1),
    ("freeotp2.bin", "freeotp2", true, 2, 1),
    ("keepass3.kdbx", "kdbx", true, 7, 1),
    ("keepass4-argon2id.kdbx", "kdbx", true, 7, 1),
    ("keepassxc.kdbx", "kdbx", true, 7, 1),
    ("keepassxc.csv", "keepassxc", false, 1, 1),
    ("google-last.txt", "google", false, 1, 1),
    ("google-part.txt", "google", false, 4, 0),
    ("google.sqlite", "google-db", false, 3, 1),
    ("google.txt", "google", false, 5, 1),
    ("lastpass.json", "lastpass", false, 1, 1),
    ("phonefactor.sqlite", "microsoft", false, 2, 1),
    ("links.html", "html", false, 2, 1),
    ("plain.csv", "csv", false, 2, 1),
    ("proton-encrypted.json", "proton", true, 2, 1),
    ("proton-pass.json", "proton", false, 3, 0),
    ("proton-pass.zip", "zip", false, 3, 0),
    ("proton.json", "proton", false, 2, 1),
    ("stratum-legacy.authpro", "stratum", true, 5, 1),
    ("stratum-strong.authpro", "stratum", true, 5, 1),
    ("stratum.authpro", "stratum", false, 5, 1),
    ("stratum.html", "stratum", false, 1, 1),
    ("stratum.sqlite", "stratum-db", false, 3, 1),
    ("tokens-key.pskc", "pskc", true, 2, 1),
    ("tokens-password.pskc", "pskc", true, 2, 1),
    ("tokens.csv", "oath-csv", false, 2, 1),
    ("tokens.pskc", "pskc", false, 2, 1),
    ("winauth.zip", "zip", true, 2, 1),
    ("2fauth.json", "2fauth", false, 3, 1),
    ("cotp-links.json", "cotp", false, 1, 1),
    ("gnome.json", "andotp", false, 2, 1),
    ("raivo.html", "raivo", false, 2, 1),
    ("raivo.json", "raivo", false, 2, 1),
    ("authenticator-1.json", "authenticator", true, 5, 1),
    ("authenticator-2.json", "authenticator", true, 5, 1),
    ("authenticator-3.json", "authenticator", true, 5, 1),
    ("authenticator.json", "authenticator", false, 5, 1),
    ("authy.xml", "authy", false, 4, 1),
    ("authy-encrypted.xml", "authy", true, 2, 1),
    ("authy-exported.json", "authy", false, 1, 1),
    ("authy-links.json", "authy", false, 1, 1),
    ("authy-own.xml", "authy", false, 1, 1),
    ("battlenet-old.xml", "battlenet", false, 1, 0),
    ("battlenet.xml", "battlenet", false, 1, 0),
    ("otpclient-1.enc", "andotp", true, 3, 1),
    ("otpclient-2.enc", "otpclient", true, 3, 1),
    ("otpclient-3.enc", "otpclient", true, 3, 1),
    ("otpclient.json", "otpclient", false, 3, 1),
    ("steam-android.json", "steam", false, 1, 1),
    ("steam-manifest.json", "steam", false, 0, 0),
    ("steam.maFile", "steam", false, 1, 0),
    ("totp-authenticator-own.encrypt", "totp-authenticator", true, 3, 1),
    ("totp-authenticator.encrypt", "totp-authenticator", false, 3, 1),
    ("totp-authenticator.xml", "totp-authenticator", false, 3, 1),
    ("totp-cli-old.txt", "totp-authenticator", true, 2, 1),
    ("totp-cli.age", "age", true, 7, 1),
    ("totp-cli.yaml", "totp-cli", false, 7, 1),
];

pub(super) fn file(name: &str) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    fs::read(root.join("tests/it/formats/files").join(name)).unwrap()
}

pub(super) fn read(bytes: &[u8], passphrases: &[&str]) -> Result<Decoded, FormatError> {
    decode(bytes, None, &mut Given(passphrases.iter().map(|text| SourcePassphrase::new(text)).collect()))
}

pub(super) fn opened(name: &str) -> Decoded {
    read(&file(name), &[PASSPHRASE, TRANSPORT_KEY]).unwrap()
}

pub(super) fn record<'d>(decoded: &'d Decoded, issuer: &str) -> &'d Record {
    let found = decoded.entries.iter().find(|entry| entry.record.link.issuer == issuer);
    &found.unwrap_or_else(|| panic!("no {issuer} in {decoded:?}")).record
}

#[test]
fn every_file_is_recognised_and_read_to_its_last_entry() {
    for (name, format, encrypted, good, bad) in FILES {
        let bytes = file(name);
        let found = detect(&Source::new(&bytes).unwrap()).map(|format| format.name);
        assert_eq!(found, Some(format), "{name}");
        let decoded = read(&bytes, &["wrong", PASSPHRASE, TRANSPORT_KEY])
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((decoded.entries.len(), decoded.bad.len()), (good, bad), "{name}: {decoded:?}");
        assert!(decoded.bad.iter().all(|bad| !bad.reason.is_empty()));
        let named =
            decoded.bad.iter().filter(|bad| !(bad.issuer.is_empty() && bad.account.is_empty())).count();
        assert_eq!(named, bad, "{name}: {decoded:?}");
        let keys = [Secret::from_base32(KEY), Secret::from_hex("7ac61d4736f51a2b")].map(Result::unwrap);
        let known =
            decoded.entries.iter().filter(|entry| keys.contains(&entry.record.link.otp.secret)).count();
        assert!(known + 1 >= good, "{name}: {decoded:?}");
        if encrypted {
            assert_eq!(read(&bytes, &[]).unwrap_err(), FormatError::PassphraseNeeded, "{name}");
            let expected = |error: &FormatError| match format {
                "kdbx" => *error == FormatError::WrongKey,
                _ => matches!(error, FormatError::WrongPassphrase | FormatError::ManifestNeeded),
            };
            let wrong = read(&bytes, &["kase 8"]).unwrap_err();
            assert!(expected(&wrong), "{name}: {wrong}");
        }
    }
}

#[test]
fn names_and_codes_are_those_of_the_app() {
    let without = [
        "entra.csv",
        "tokens.csv",
        "authenticator-plus.db",
        "authy",
        "battlenet",
        "steam",
        "totp-authenticator",
        "totp-cli-old.txt",
        "duo.json",
        "keepassxc.csv",
        "bitwarden-authenticator.csv",
        "bitwarden.csv",
        "ente.json",
        "google",
        "phonefactor.sqlite",
        "proton-pass",
        "stratum.html",
    ];
    for (name, ..) in
        FILES.into_iter().filter(|(name, ..)| !without.iter().any(|other| name.starts_with(other)))
    {
        let decoded = opened(name);
        let link = &record(&decoded, "Acme").link;
        let period = link.otp.period().unwrap().seconds();
        assert_eq!(
            (link.account.as_str(), link.otp.algorithm.as_str(), link.otp.digits.count(), period),
            ("alice", "SHA256", 8, 60),
            "{name}"
        );
    }
    for name in [
        "2fas.2fas",
        "aegis.json",
        "andotp.json",
        "cotp.json",
        "ente.json",
        "freeotp-plus.json",
        "freeotp2.bin",
        "google.txt",
        "authenticator-plus.db",
        "google.sqlite",
        "otpclient.json",
        "stratum.authpro",
        "stratum.sqlite",
        "2fauth.json",
        "gnome.json",
        "raivo.html",
        "raivo.json",
    ] {
        let decoded = opened(name);
        let counter = |record: &Record| match &record.link.otp.kind {
            Kind::Hotp { counter } => Some(counter.value()),
            _ => None,
        };
        let counters: Vec<_> = decoded.entries.iter().filter_map(|entry| counter(&entry.record)).collect();
        assert_eq!(counters, [7], "{name}");
    }
}

#[test]
fn tags_notes_favourites_pins_and_dates_come_along() {
    for name in [
        "2fas.2fas",
        "2fas-encrypted.2fas",
        "aegis.json",
        "andotp.json",
        "bitwarden.json",
        "bitwarden.csv",
        "ente.json",
        "lastpass.json",
        "1password.csv",
        "plain.csv",
        "stratum.authpro",
    ] {
        let decoded = opened(name);
        let extras = &record(&decoded, "Acme").link.extras;
        assert_eq!(extras.tags.first().map(|tag| tag.to_lowercase()).as_deref(), Some("work"), "{name}");
    }
    for name in [
        "1password.csv",
        "aegis.json",
        "bitwarden.json",
        "ente.json",
        "plain.csv",
        "proton-pass.json",
        "proton.json",
    ] {
        let decoded = opened(name);
        assert_eq!(record(&decoded, "Acme").link.extras.note, "ask Bob", "{name}");
    }
    for name in
        ["aegis.json", "bitwarden.csv", "bitwarden.json", "ente.json", "lastpass.json", "proton-pass.json"]
    {
        assert!(record(&opened(name), "Acme").link.extras.favourite, "{name}");
    }
    for name in ["aegis.json", "cotp.json", "stratum.authpro"] {
        let decoded = opened(name);
        let pin = matches!(&record(&decoded, "Yandex").link.otp.kind, Kind::Yandex { pin: Some(_) });
        assert!(pin, "{name}");
    }
    for name in ["bitwarden.json", "lastpass.json", "proton-pass.json"] {
        let created = record(&opened(name), "Acme").created.map(|time| time.to_string()[..10].to_owned());
        assert_eq!(created.as_deref(), Some("2024-05-06"), "{name}");
    }
    for name in ["bitwarden.json", "proton-pass.json"] {
        assert!(record(&opened(name), "Gone").link.extras.trashed, "{name}");
    }
}

#[test]
fn a_picture_that_stays_behind_is_named() {
    for (name, issuer) in [("aegis.json", "Acme"), ("stratum.authpro", "Corp")] {
        let losses = opened(name).losses;
        assert_eq!((losses.len(), losses[0].issuer.as_str(), losses[0].field), (1, issuer, "icon"), "{name}");
    }
    assert_eq!(record(&opened("stratum.authpro"), "Acme").link.extras.icon, "acme");
    assert_eq!(record(&opened("andotp.json"), "Acme").link.extras.icon, "Github");
}

#[test]
fn a_missing_part_of_an_export_is_named_across_all_files() {
    let reasons = |files: &[&str]| {
        let mut all: Vec<Decoded> = files.iter().map(|name| opened(name)).collect();
        let before: usize = all.iter().map(|decoded| decoded.bad.len()).sum();
        name_missing_parts(&mut all.iter_mut().collect::<Vec<_>>());
        let reasons: Vec<_> =
            all.iter().flat_map(|decoded| &decoded.bad).map(|bad| bad.reason.clone()).collect();
        (reasons.len() - before, reasons.concat())
    };
    assert_eq!(reasons(&["google.txt"]).0, 0);
    assert_eq!(reasons(&["google-last.txt", "google-part.txt"]).0, 0);
    let (missing, words) = reasons(&["google-part.txt"]);
    assert!(missing == 1 && words.contains("part 2 of 3"), "{words}");
    assert_eq!(reasons(&["google-last.txt"]).0, 2);
}

#[test]
fn a_file_that_is_bound_to_an_account_says_what_to_do() {
    let error = read(br#"{"encrypted":true,"encKeyValidation_DO_NOT_EDIT":"2.a|b|c","items":[]}"#, &["x"])
        .unwrap_err();
    assert_eq!(error, FormatError::AccountBound);
    assert!(error.hint().unwrap().contains("password protected"));
}

#[test]
fn a_file_that_asks_for_too_much_work_is_refused_without_any() {
    let hostile = [
        ("aegis-encrypted.json", "\"n\": 16", "\"n\": 4294967296"),
        ("aegis-encrypted.json", "\"p\": 1", "\"p\": 4294967295"),
        ("bitwarden-pbkdf2.json", "\"kdfIterations\": 1000", "\"kdfIterations\": 4000000000"),
        ("bitwarden-argon2.json", "\"kdfMemory\": 1", "\"kdfMemory\": 99999"),
        ("ente.json", "\"memLimit\": 65536", "\"memLimit\": 1099511627776"),
        ("ente.json", "\"opsLimit\": 1", "\"opsLimit\": 4294967295"),
    ];
    for (name, from, to) in hostile {
        let text = String::from_utf8(file(name)).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        let start = Instant::now();
        let error = read(text.replace(from, to).as_bytes(), &[PASSPHRASE]).unwrap_err();
        assert!(matches!(error, FormatError::TooMuchWork(_)), "{name}: {error}");
        assert!(start.elapsed().as_secs() < 1, "{name}");
    }
}

#[test]
fn what_is_cut_off_or_changed_never_panics() {
    for (name, _, encrypted, ..) in FILES {
        let bytes = file(name);
        let (step, passphrases): (_, &[&str]) = if encrypted { (7, &[]) } else { (1, &[]) };
        for end in (0..bytes.len()).step_by(step) {
            let _ = read(&bytes[..end], passphrases);
        }
        for at in (0..bytes.len()).step_by(step + 2) {
            for flip in [1, 0x20, 0x80] {
                let mut changed = bytes.clone();
                changed[at] ^= flip;
                let _ = read(&changed, passphrases);
            }
        }
    }
}

/// With the passphrase: whatever is changed behind the head, nothing that was changed is taken for genuine.
#[test]
fn a_sealed_file_that_was_changed_is_refused() {
    for name in [
        "2fas-encrypted.2fas",
        "aegis-encrypted.json",
        "andotp-new.bin",
        "andotp-old.bin",
        "bitwarden-pbkdf2.json",
        "ente.json",
    ] {
        let bytes = file(name);
        let key = ["\"db\": \"", "\"data\": \"", "\"encryptedData\": \"", "\"servicesEncrypted\": \""];
        let text = String::from_utf8_lossy(&bytes);
        let sealed =
            key.iter().find_map(|key| Some(text.find(key)? + key.len() + 60)).unwrap_or(bytes.len() / 2);
        for at in [sealed, sealed + 40] {
            let mut changed = bytes.clone();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(read(&changed, &[PASSPHRASE]).is_err(), "{name} at {at}");
        }
    }
}

#[test]
fn too_many_entries_end_the_reading() {
    let service = format!("{{\"name\":\"a\",\"secret\":\"{KEY}\"}},");
    let text = format!("{{\"schemaVersion\":4,\"services\":[{}1]}}", service.repeat(MAX_ENTRIES));
    assert_eq!(read(text.as_bytes(), &[]).unwrap_err(), FormatError::TooManyEntries);
}
