//! What is told of the accounts of one app each: the entries of its files, one by one, and what of them stays behind.
//!
//! How the files came to be: by the app itself where its name is given, else by a second implementation in Python.

use std::time::Instant;

use sesam::{
    formats::{Decoded, FormatError, Given, SourcePassphrase, decode_beside, waits},
    otp::Kind,
};

use super::fixtures::{PASSPHRASE, file, opened, read};
use crate::cli::sesam::{Home, write};

/// `issuer|account|kind|algorithm digits period-or-counter` of each entry, in the order of the file.
fn lines(decoded: &Decoded) -> Vec<String> {
    let line = |entry: &sesam::formats::Entry| {
        let link = &entry.record.link;
        let (kind, time) = match &link.otp.kind {
            Kind::Totp { period } => ("totp", period.seconds().to_string()),
            Kind::Hotp { counter } => ("hotp", counter.value().to_string()),
            Kind::Steam => ("steam", "30".into()),
            _ => ("other", String::new()),
        };
        let (algorithm, digits) = (link.otp.algorithm.as_str(), link.otp.digits.count());
        format!("{}|{}|{kind} {algorithm} {digits} {time}", link.issuer, link.account)
    };
    decoded.entries.iter().map(line).collect()
}

fn bad(decoded: &Decoded) -> Vec<String> {
    decoded.bad.iter().map(|bad| format!("{}|{}|{}", bad.issuer, bad.account, bad.reason)).collect()
}

fn lost(decoded: &Decoded) -> Vec<(&str, &'static str)> {
    decoded.losses.iter().map(|loss| (loss.account.as_str(), loss.field)).collect()
}

#[test]
fn steam_names_what_is_no_code() {
    let decoded = opened("steam-android.json");
    assert_eq!(lines(&decoded), ["Steam|alice|steam SHA1 5 30"]);
    assert_eq!(bad(&decoded), ["Steam|bob|secret is not base64"]);
    assert_eq!(lost(&decoded), [("alice", "identity_secret"), ("alice", "revocation_code")]);
    assert_eq!(lines(&opened("steam.maFile")), ["Steam|alice|steam SHA1 5 30"]);
}

/// Steam Desktop Authenticator and steamguard-cli: what opens a file stands in their manifest.
#[test]
fn an_encrypted_mafile_opens_beside_its_manifest() {
    let beside = |manifest: &str, name: &str, passphrase: &str| {
        let sealings = opened(manifest).sealings;
        let given = Given(vec![SourcePassphrase::new("wrong"), SourcePassphrase::new(passphrase)]);
        decode_beside(&file(name), &sealings, None, &mut { given })
    };
    for (manifest, name, account) in [
        ("steam-manifest.json", "steam-sda.maFile", "alice"),
        ("steam-manifest.json", "steam-sda-2.maFile", "carol"),
        ("steam-cli-manifest.json", "steam-cli.maFile", "dave"),
    ] {
        assert!(waits(&file(name)) && !waits(&file(manifest)));
        let decoded = beside(manifest, name, PASSPHRASE).unwrap();
        assert_eq!(lines(&decoded), [format!("Steam|{account}|steam SHA1 5 30")], "{name}");
        assert_eq!(beside(manifest, name, "käse 8").unwrap_err(), FormatError::WrongPassphrase, "{name}");
        let alone = read(&file(name), &[PASSPHRASE]).unwrap_err();
        assert_eq!(alone, FormatError::ManifestNeeded);
        assert!(alone.hint().unwrap().contains("give both: sesam import manifest.json"));
    }
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let home = Home::with_vault();
    let path = |name: &str| format!("{}/tests/it/formats/files/{name}", env!("CARGO_MANIFEST_DIR"));
    let (file, manifest) = (path("steam-sda.maFile"), path("steam-manifest.json"));
    let given = home.path("given");
    write(&given, PASSPHRASE);
    let given = given.to_str().unwrap();
    for alone in [&["import", &file][..], &["import", &file, "--source-passphrase-file", given]] {
        let said = home.run(alone);
        assert!(said.code != 0 && said.stderr.contains("needs its manifest.json as well"), "{said:?}");
    }
    home.run(&["import", &file, &manifest, "--source-passphrase-file", given]).ok();
    assert!(home.run(&["list"]).stdout.contains("alice"));
}

#[test]
fn a_manifest_asks_for_bounded_work() {
    let entry = r#"{"encryption_iv":"AAAAAAAAAAAAAAAAAAAAAA==","encryption_salt":"AAAAAAAAAAA=","filename":"a.maFile","steamid":1}"#;
    let text = format!("{{\"entries\":[{}{entry}]}}", format!("{entry},").repeat(64));
    assert!(matches!(read(text.as_bytes(), &[]), Err(FormatError::TooMuchWork(_))));
}

#[test]
fn authy_names_issuers_as_far_as_it_knows_them() {
    let decoded = opened("authy.xml");
    let expected = [
        "Acme|alice|totp SHA1 8 30",
        "Corp|bob|totp SHA1 6 30",
        "Mail|carol|totp SHA1 6 30",
        "Github|plain|totp SHA1 6 30",
    ];
    assert_eq!(lines(&decoded), expected);
    assert_eq!(decoded.entries[0].record.link.extras.icon, "acme");
    assert_eq!(bad(&decoded), ["Gone|no secret|secret is missing"]);
    let decoded = opened("authy-encrypted.xml");
    assert_eq!(lines(&decoded), ["Acme|alice|totp SHA1 8 30", "Corp|bob|totp SHA1 6 30"]);
    assert_eq!(bad(&decoded), ["Gone|carol|its secret is under another passphrase or was changed"]);
    let decoded = opened("authy-own.xml");
    assert_eq!((lines(&decoded), bad(&decoded).len()), (vec!["Acme||totp SHA1 7 10".to_owned()], 1));
    for name in ["authy-exported.json", "authy-links.json"] {
        let decoded = opened(name);
        assert_eq!(lines(&decoded), ["Acme|alice|totp SHA1 8 30"], "{name}");
        assert!(bad(&decoded)[0].starts_with("Corp|bob|secret is"), "{name}");
    }
}

#[test]
fn authy_asks_for_bounded_work_in_all() {
    let text = String::from_utf8(file("authy-encrypted.xml")).unwrap();
    for rounds in ["10000001", "9999999"] {
        let token = format!("&quot;key_derivation_iterations&quot;:{rounds}");
        let hostile = text
            .replace("&quot;key_derivation_iterations&quot;:5000", &token)
            .replace("&quot;isNew&quot;:false", &format!("&quot;isNew&quot;:false,{token}"));
        let hostile = hostile.replace(
            "}]",
            &format!("}},{}]", "{&quot;encryptedSecret&quot;:&quot;AA&quot;,X}".replace('X', &token)),
        );
        assert!(matches!(read(hostile.as_bytes(), &[PASSPHRASE]), Err(FormatError::TooMuchWork(_))));
    }
}

/// The mask is the app's: it was checked against samples of both apps that their users published.
#[test]
fn battlenet_has_one_code_of_eight_digits() {
    for name in ["battlenet.xml", "battlenet-old.xml"] {
        assert_eq!(lines(&opened(name)), ["Battle.net|EU-1234-5678-9012|totp SHA1 8 30"], "{name}");
    }
}

#[test]
fn totp_authenticator_opens_by_its_own_password_or_the_users() {
    for name in ["totp-authenticator.encrypt", "totp-authenticator-own.encrypt", "totp-authenticator.xml"] {
        let decoded = opened(name);
        let expected = ["Acme|alice|totp SHA1 8 60", "Corp|bob|totp SHA1 6 30", "Mail|carol|totp SHA1 6 30"];
        assert_eq!(lines(&decoded), expected, "{name}");
        assert!(decoded.entries[0].record.link.extras.favourite, "{name}");
        assert_eq!(bad(&decoded), ["Gone|dave|secret is not base32: \"0\" at place 1"], "{name}");
    }
}

/// Encrypted by filippo.io/age 1.2 and written by gopkg.in/yaml.v3, as totp-cli does it; the old file by Python.
#[test]
fn totp_cli_gives_the_same_from_its_file_and_from_its_dump() {
    let expected = [
        "Acme|alice|totp SHA256 8 60",
        "Acme|12345|totp SHA1 6 30",
        "Acme|prefixed: \"x\" #1|totp SHA1 6 30",
        "Corp|- ünï: 'q'|totp SHA512 6 30",
        "Corp|two\nlines|totp SHA1 6 30",
        "Corp||totp SHA1 6 30",
        "Corp|yes|totp SHA1 6 30",
    ];
    for name in ["totp-cli.age", "totp-cli.yaml"] {
        let decoded = opened(name);
        assert_eq!(lines(&decoded), expected, "{name}");
        assert_eq!(bad(&decoded).len(), 1, "{name}");
        assert_eq!(lost(&decoded), [("prefixed: \"x\" #1", "prefix")], "{name}");
    }
    let decoded = opened("totp-cli-old.txt");
    assert_eq!(decoded.format, "totp-cli");
    assert_eq!(lines(&decoded), ["Acme|alice|totp SHA1 6 30", "Acme|carol|totp SHA1 6 30"]);
}

/// `OTPClient` 3.1.4 opens the first of them; the newer two by Python, the second under the passphrase cut as it once was.
#[test]
fn otpclient_reads_the_same_from_every_version() {
    for name in ["otpclient.json", "otpclient-1.enc", "otpclient-2.enc", "otpclient-3.enc"] {
        let decoded = opened(name);
        let expected =
            ["Acme|alice|totp SHA256 8 60", "Corp|bob|hotp SHA1 6 7", "Steam|carol|steam SHA1 5 30"];
        assert_eq!(
            (decoded.format, lines(&decoded)),
            ("otpclient", expected.map(str::to_owned).to_vec()),
            "{name}"
        );
        assert_eq!(decoded.entries[0].record.link.extras.tags, ["work"], "{name}");
        assert_eq!(bad(&decoded).len(), 1, "{name}");
    }
}

#[test]
fn a_database_of_otpclient_that_was_changed_or_asks_for_too_much_is_refused() {
    let bytes = file("otpclient-3.enc");
    for at in [20, 40, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert_eq!(read(&changed, &[PASSPHRASE]).unwrap_err(), FormatError::WrongPassphrase, "{at}");
    }
    for at in [61, 65, 69] {
        let mut hostile = bytes.clone();
        hostile[at] = 0xff;
        assert!(matches!(read(&hostile, &[PASSPHRASE]), Err(FormatError::TooMuchWork(_))), "{at}");
    }
    let mut newer = bytes.clone();
    newer[12] = 4;
    assert!(matches!(read(&newer, &[PASSPHRASE]), Err(FormatError::Newer { .. })));
}

/// The secrets were encrypted by `OpenSSL`, whose old way `CryptoJS` has; the hashes are those of argon2-cffi.
#[test]
fn the_extension_of_browsers_has_encrypted_in_three_ways() {
    for number in ["", "-1", "-2", "-3"] {
        let decoded = opened(&format!("authenticator{number}.json"));
        let expected = [
            "Acme|alice|totp SHA256 8 60",
            "Corp|bob|hotp SHA1 6 7",
            "Mail|carol|totp SHA1 6 30",
            "Game|dave|totp SHA1 8 30",
            "Steam|erin|steam SHA1 5 30",
        ];
        assert_eq!(lines(&decoded), expected, "{number}");
        assert!(decoded.entries[0].record.link.extras.favourite, "{number}");
        assert!(bad(&decoded)[0].starts_with("Gone|frank|secret is not base32"), "{number}");
    }
}

#[test]
fn raivo_reads_the_same_from_its_json_and_its_page() {
    for name in ["raivo.json", "raivo.html"] {
        let decoded = opened(name);
        assert_eq!(lines(&decoded), ["Acme|alice|totp SHA256 8 60", "Corp|bob & co|hotp SHA1 6 7"], "{name}");
        assert!(bad(&decoded)[0].starts_with("Gone|carol|secret is not base32"), "{name}");
    }
    let extras = &opened("raivo.json").entries[0].record.link.extras;
    assert_eq!((extras.favourite, extras.icon.as_str()), (true, "acme.png"));
}

#[test]
fn twofauth_names_the_picture_that_stays_behind() {
    let decoded = opened("2fauth.json");
    let expected = ["Acme|alice|totp SHA256 8 60", "Corp|bob|hotp SHA1 6 7", "Steam|carol|steam SHA1 5 30"];
    assert_eq!(lines(&decoded), expected);
    assert_eq!(lost(&decoded), [("alice", "icon")]);
}

#[test]
fn gnome_authenticators_old_list_has_the_issuer_as_its_first_tag() {
    let decoded = opened("gnome.json");
    assert_eq!(lines(&decoded), ["Acme|alice|totp SHA256 8 60", "Corp|bob|hotp SHA1 6 7"]);
    assert_eq!(decoded.entries[1].record.link.extras.tags, ["Corp", "home"]);
    assert_eq!(lines(&opened("cotp-links.json")), ["Acme|alice|totp SHA256 8 60"]);
}

/// The first bytes of what `GnuPG` 2.2 wrote, to a key of RSA and of Curve25519 and under a passphrase.
#[test]
fn what_openpgp_encrypted_says_how_to_decrypt_it() {
    let tail = [0x5a; 400];
    let heads: [&[u8]; 4] = [
        b"\x85\x01\x8c\x03\x01\x02\x03\x04\x05\x06\x07\x08\x01\x0c\x00",
        b"\x84\x5e\x03\x01\x02\x03\x04\x05\x06\x07\x08\x12\x01\x07",
        b"\x8c\x0d\x04\x09\x03\x02\x01\x02\x03\x04\x05\x06\x07\x08\xff",
        b"\n-----BEGIN PGP MESSAGE-----\n\nhQGMA",
    ];
    for head in heads {
        let error = read(&[head, &tail].concat(), &[PASSPHRASE]).unwrap_err();
        assert_eq!(error, FormatError::Pgp);
        assert_eq!(error.hint(), Some("decrypt it first: gpg -d FILE | sesam import -"));
    }
}

#[test]
fn what_no_program_can_read_is_named() {
    for (file, words) in [
        (&b"ANDROID BACKUP\n5\n1\nAES-256\n"[..], "backup of Android"),
        (b"bplist00\xd4\x01\x02", "property list of Apple"),
        (
            b"<?xml version=\"1.0\"?>\n<WinAuth version=\"3.5\"><data encrypted=\"u\">00</data></WinAuth>",
            "WinAuth",
        ),
    ] {
        let error = read(file, &[]).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// Whatever a file repeats, reading it takes time and memory in proportion to its size.
#[test]
fn a_large_file_of_each_app_ends_soon() {
    let size = 2 << 20;
    for (head, piece, tail) in [
        (
            "<map><string name=\"com.authy.storage.tokens.authenticator.key\">[",
            "{&quot;encryptedSecret&quot;:1},",
            "1]</string>",
        ),
        ("<map>com.authy.storage.tokens.", "<string name=\"", ""),
        ("<map>STATIC_TOTP_CODES_LIST", "<string name=\"&", ""),
        ("<h1>Raivo OTP data export</h1>Seed: <code>", "<h3>", ""),
        ("<map>com.blizzard.bma.AUTH_STORE.HASH", "<string name=\"a\">&amp;</string>", ""),
        ("- name: a\n  accounts:\n    - token: x\n", "    - name: |-\n", ""),
        ("- name: a\n  accounts:\n    - token: x\n      name: |-\n", "              a\n", ""),
        ("- name: a\n  accounts:\n    - token: \"", "\\x41", "\"\n"),
        ("{\"items\":[", "\"otpauth://x\",", "1]}"),
        (
            "{\"k\":{\"dataType\":\"EncOTPStorage\",\"keyId\":\"k\"},",
            "\"a\":{\"secret\":1,\"encrypted\":true},",
            "\"b\":1}",
        ),
        ("[{\"kind\":1,\"timer\":1,\"account\":1,\"issuer\":1},", "1,", "1]"),
        ("", "Ab1/", ""),
    ] {
        let text = format!("{head}{}{tail}", piece.repeat(size / piece.len()));
        let start = Instant::now();
        let _ = read(text.as_bytes(), &[PASSPHRASE]);
        assert!(start.elapsed().as_secs() < 20, "{head}{piece} took {:?}", start.elapsed());
    }
}
