//! Seeds of hardware tokens.
//!
//! The three `.pskc` were written by python-pskc 1.4, and pskctool 2.6.7 reads the plain one; the tables by hand.

use sesam::formats::{Decoded, FormatError};

use super::fixtures::{PASSPHRASE, file, opened, read};

fn lines(decoded: &Decoded) -> Vec<String> {
    let line = |link: &sesam::otp::Link| {
        let otp = &link.otp;
        let (kind, algorithm, digits) = (otp.type_name(), otp.algorithm, otp.digits.count());
        format!("{}:{} {kind} {algorithm} {digits} [{}]", link.issuer, link.account, link.extras.note)
    };
    decoded.entries.iter().map(|entry| line(&entry.record.link)).collect()
}

#[test]
fn packages_are_read_plain_and_under_both_kinds_of_keys() {
    for name in ["tokens.pskc", "tokens-password.pskc", "tokens-key.pskc"] {
        let decoded = opened(name);
        assert_eq!(
            lines(&decoded),
            ["Acme:alice totp SHA256 8 [serial number A-1]", "Acme:B-2 hotp SHA1 6 [serial number B-2]"],
            "{name}"
        );
        assert_eq!((decoded.bad[0].account.as_str(), decoded.bad.len()), ("C-3", 1), "{name}");
    }
    for key in ["0123456789abcdef", "MDEyMzQ1Njc4OWFiY2RlZg=="] {
        assert_eq!(read(&file("tokens-key.pskc"), &[key]).unwrap().entries.len(), 2, "{key}");
    }
}

#[test]
fn a_changed_secret_is_bad_and_a_wrong_key_is_a_wrong_key() {
    let text = String::from_utf8(file("tokens-password.pskc")).unwrap();
    let changed = text.replacen("<xenc:CipherValue>y3vP", "<xenc:CipherValue>Y3vP", 1);
    let at = text.match_indices("<xenc:CipherValue>").nth(1).unwrap().0 + 19;
    let mut changed = if changed == text { text.clone().into_bytes() } else { changed.into_bytes() };
    if changed == text.as_bytes() {
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
    }
    let decoded = read(&changed, &[PASSPHRASE]).unwrap();
    assert_eq!((decoded.entries.len(), decoded.bad.len()), (1, 2));
    assert_eq!(decoded.bad[0].reason, "its secret was changed");
    assert_eq!(read(text.as_bytes(), &["no"]).unwrap_err(), FormatError::WrongPassphrase);
}

#[test]
fn tables_are_read_with_and_without_names() {
    assert_eq!(
        lines(&opened("entra.csv")),
        [
            "Acme:alice@acme.example totp SHA1 6 [serial number 1234567]",
            "Acme:1234568 totp SHA1 6 [serial number 1234568]"
        ]
    );
    assert_eq!(
        lines(&opened("tokens.csv")),
        [":T-1 totp SHA1 8 [serial number T-1]", ":T-2 hotp SHA1 6 [serial number T-2]"]
    );
    assert_eq!(
        lines(&opened("tokens-seed.csv")),
        [":F-1 totp SHA256 8 [serial number F-1]", ":F-2 hotp SHA1 6 [serial number F-2]"]
    );
}

#[test]
fn hostile_packages_are_refused() {
    let text = String::from_utf8(file("tokens-password.pskc")).unwrap();
    let rounds = text.replace("<IterationCount>1000<", "<IterationCount>4000000000<");
    assert!(matches!(read(rounds.as_bytes(), &[PASSPHRASE]), Err(FormatError::TooMuchWork(_))));
    let entities = "<!DOCTYPE x [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><KeyContainer>&b;</KeyContainer>";
    let deep = format!("<KeyContainer>{}", "<a>".repeat(1 << 20));
    let wide = format!("<KeyContainer><KeyPackage>{}</KeyPackage></KeyContainer>", "<a/>".repeat(1 << 20));
    let unknown = "<KeyContainer><KeyPackage>&file;</KeyPackage></KeyContainer>";
    for text in [entities, &deep, &wide, unknown, "<KeyContainer", "<KeyContainer>"] {
        let error = read(text.as_bytes(), &[]).unwrap_err();
        assert!(matches!(error, FormatError::Damaged { .. }), "{error}");
    }
}
