//! Files that are not taken at all: no TOML, secrets, addresses that are never used.

use std::fs;
use std::path::Path;

use sesam::config::{ConfigError, UrlFault};

use super::load_text;

#[test]
fn a_syntax_error_has_line_and_column() {
    let error = load_text("[ui]\nmouse = true\n  theme = nord\n").expect_err("no TOML");
    let ConfigError::Syntax { place, column, .. } = &error else { panic!("{error}") };
    assert_eq!((place.line, *column), (3, 11));
    assert!(error.to_string().starts_with("config.toml:3, column 11: "), "{error}");
    assert!(!error.to_string().contains("nord"));
}

#[test]
fn a_secret_is_refused_wherever_it_stands_and_never_shown() {
    for text in [
        "[admin.servers.x]\nurl = \"https://h\"\ntoken = \"hush\"",
        "[server.x]\nurl=\"https://h\"\ntoken=\"hush\"",
        "token = \"hush\"",
        "[admin.servers.x]\npassword = \"hush\"",
        "[admin.servers.x]\nclient_secret = \"hush\"",
        "[admin.servers.x]\nclientSecret = \"hush\"",
        "[admin]\nservers = { x = { Api-Key = \"hush\" } }",
        "[vault]\npassphrase = \"hush\"",
        "x = [{ token = [\"hush\"] }]",
        "token = 4711",
        "password = 1979-05-27",
    ] {
        let error = load_text(text).expect_err(text);
        assert!(matches!(error, ConfigError::Secret { .. }), "{text}: {error}");
        let told = format!("{error} {error:?} {}", error.hint());
        assert!(!told.contains("hush") && !told.contains("4711"), "{told}");
        assert!(error.hint().contains("keyring") && error.hint().contains("admin server add --token-stdin"));
    }
}

#[test]
fn the_place_of_a_secret_is_none() {
    for token in ["keyring", "file:/run/token", "command:pass show mfa", "systemd:mfa", "file:relative"] {
        let text = format!("[admin.servers.x]\nurl = \"https://h\"\ntoken = \"{token}\"");
        assert!(load_text(&text).is_ok(), "{token}");
    }
    assert!(load_text("[keys]\npassword = \"p\"\n[vault]\npassphrase_command = [\"pass\"]").is_ok());
}

#[test]
fn an_address_that_is_never_used_is_refused() {
    let fault = |address: &str| match load_text(&format!("[admin.servers.x]\nurl = \"{address}\"")) {
        Err(ConfigError::Url { fault, .. }) => Some(fault),
        Err(other) => panic!("{other}"),
        Ok(_) => None,
    };
    assert_eq!(fault("https://mfa.example"), None);
    assert_eq!(fault("http://127.0.0.1:8080"), None);
    assert_eq!(fault("http://mfa.example"), Some(UrlFault::Unencrypted));
    assert_eq!(fault("file:///etc/passwd"), Some(UrlFault::Scheme));
    assert_eq!(fault("https://admin:hush@mfa.example"), Some(UrlFault::Credentials));
}

/// The hostile files of the collection, which is not part of this repository.
#[test]
fn hostile_files_are_errors_or_warnings() {
    for (name, text, is_error) in [
        ("c_file_url", "[server.x]\nurl=\"file:///etc/passwd\"\n", true),
        ("c_token_inline", "[server.x]\nurl=\"https://h\"\ntoken=\"abc\"\n", true),
        ("c_unknown_key", "vualt=\"x\"\n", false),
        ("c_negative", "clipboard_clear_seconds = -1\n", false),
    ] {
        let loaded = load_text(text);
        assert_eq!(loaded.is_err(), is_error, "{name}");
        if let Ok(loaded) = loaded {
            assert_eq!(loaded.warnings.len(), 1, "{name}");
            assert!(loaded.warnings[0].to_string().starts_with("config.toml:1: "), "{name}");
        }
    }
    let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/malicious/config");
    for file in fs::read_dir(collection).into_iter().flatten().flatten() {
        let _ = load_text(&fs::read_to_string(file.path()).expect("text"));
    }
}
