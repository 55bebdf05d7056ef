//! Changing one key: what is written, and that nothing else moves.

use proptest::prelude::*;
use sesam::config::{ConfigError, KEYS, default_file, set, unset};

use super::load_text;

#[test]
fn a_value_is_replaced_in_its_place() {
    let text = "# mine\n[ui]\n  theme = 'nord'   # at night\n\n[codes]\nshow=\"all\"\n";
    let changed = set(text, "ui.theme", "mono").expect("sound");
    assert_eq!(changed, text.replace("'nord'", "\"mono\""));
    assert_eq!(set(&changed, "codes.show", "none").expect("sound"), changed.replace("\"all\"", "\"none\""));
}

#[test]
fn in_the_default_file_it_comes_after_its_own_line() {
    let file = default_file();
    let changed = set(&file, "codes.group", "4").expect("sound");
    assert!(changed.contains("492 039; 0 = no gap\ngroup = 4\n# next"), "{changed}");
    assert_eq!(unset(&changed, "codes.group").expect("sound"), file);
    let changed = set(&file, "keys.copy", "[\"c\"]").expect("sound");
    assert!(changed.ends_with("action names\ncopy = [\"c\"]\n"), "{changed}");
    let changed = set(&file, "version", "1").expect("sound");
    assert!(changed.contains("keys\nversion = 1\n[ui]"), "{changed}");
    let changed = set(&file, "admin.servers.lab.url", "https://lab.example").expect("sound");
    assert!(changed.ends_with("\n\n[admin.servers.lab]\nurl = \"https://lab.example\"\n"), "{changed}");
}

#[test]
fn sections_are_made_where_they_are_missing() {
    assert_eq!(set("", "lock.after", "10m").expect("sound"), "[lock]\nafter = \"10m\"\n");
    assert_eq!(set("[ui]", "ui.mouse", "off").expect("sound"), "[ui]\nmouse = false\n");
    assert_eq!(set("[ui]\r\n", "ui.mouse", "off").expect("sound"), "[ui]\r\nmouse = false\r\n");
    assert_eq!(
        set("[ui]\nmouse = true", "codes.show", "none").expect("sound"),
        "[ui]\nmouse = true\n\n[codes]\nshow = \"none\"\n"
    );
    let dotted = set("[admin.servers.a]\nurl = \"https://a\"\n", "admin.timeout", "5s").expect("sound");
    assert_eq!(dotted, "[admin.servers.a]\nurl = \"https://a\"\n\n[admin]\ntimeout = \"5s\"\n");
    let named = set("", "admin.servers.mfa.corp.url", "https://mfa.corp").expect("sound");
    assert_eq!(named, "[admin.servers.\"mfa.corp\"]\nurl = \"https://mfa.corp\"\n");
}

#[test]
fn files_written_in_other_ways_are_understood() {
    for text in ["ui = { theme = \"x\", mouse = true } # c\n", "ui.theme = \"x\"\nui.mouse = true # c\n"] {
        let changed = set(text, "ui.hints", "false").expect("sound");
        let config = load_text(&changed).expect("TOML").config;
        assert!(!config.ui.hints && config.ui.mouse && changed.contains("# c"), "{changed}");
        let without = unset(text, "ui.theme").expect("sound");
        assert_eq!(load_text(&without).expect("TOML").get("ui.mouse").expect("a key").value, "true");
        assert!(!without.contains("theme") && without.contains("mouse = true"), "{without}");
    }
    let table = set("[ui.theme]\ndark = \"a\"\nlight = \"b\"\n", "ui.theme", "mono").expect("sound");
    assert_eq!(load_text(&table).expect("TOML").get("ui.theme").expect("a key").value, "\"mono\"");
    let without = unset("[ui.theme]\ndark = \"a\"\nlight = \"b\"\n", "ui.theme").expect("sound");
    assert!(!without.contains("dark"), "{without}");
    let marked = set("\u{FEFF}[ui]\n", "version", "1").expect("sound");
    assert!(load_text(&marked).expect("TOML").warnings.is_empty(), "{marked:?}");
    let trap = "[ui]\nbanner = \"\"\"\n# theme = 1\n\"\"\"\n";
    let changed = set(trap, "ui.theme", "mono").expect("sound");
    assert!(changed.contains("\n# theme = 1\n\"\"\"\n"), "{changed}");
}

#[test]
fn the_table_checks_what_is_typed() {
    let wrong = |key, value| matches!(set("", key, value), Err(ConfigError::Value { .. }));
    assert!(wrong("codes.group", "11") && wrong("codes.show", "some") && wrong("ui.mouse", "maybe"));
    assert!(wrong("lock.after", "5") && wrong("copy.command", "xsel") && wrong("ui.theme", "{ dark = 1 }"));
    assert!(matches!(set("", "ui.them", "x"), Err(ConfigError::UnknownKey { .. })));
    assert!(matches!(set("", "keys.", "x"), Err(ConfigError::UnknownKey { .. })));
    assert!(matches!(unset("", "nothing"), Err(ConfigError::UnknownKey { .. })));
    assert!(matches!(set("[ui", "ui.mouse", "off"), Err(ConfigError::Syntax { .. })));
    assert!(matches!(set("ui = 1", "ui.mouse", "off"), Err(ConfigError::Value { .. })));
}

#[test]
fn a_secret_or_a_bad_address_is_not_written() {
    let error = set("", "admin.servers.x.token", "hush").expect_err("a secret");
    assert!(matches!(error, ConfigError::Secret { .. }) && !format!("{error:?}{error}").contains("hush"));
    assert_eq!(error.to_string(), "command line: admin.servers.x.token holds a secret");
    assert!(matches!(set("", "admin.servers.x.url", "http://h"), Err(ConfigError::Url { .. })));
    assert!(matches!(set("", "admin.servers.x.password", "hush"), Err(ConfigError::Secret { .. })));
    assert!(set("", "admin.servers.x.token", "keyring").is_ok());
    assert!(set("", "keys.token", "t").is_ok(), "an action may be called so");
}

#[test]
fn every_key_can_be_set_to_its_default_and_unset_again() {
    for (text, key) in
        [String::new(), default_file()].iter().flat_map(|text| KEYS.iter().map(move |key| (text, key)))
    {
        let changed = set(text, key.name, key.default.trim_matches('"')).expect("the default is a value");
        let loaded = load_text(&changed).expect("TOML");
        assert_eq!(loaded.warnings, vec![], "{changed}");
        assert!(loaded.origin(key.name).to_string().starts_with("config.toml:"), "{changed}");
        if !text.is_empty() {
            assert_eq!(unset(&changed, key.name).expect("sound"), *text);
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}=.#\"'a-z\n ]{0,40}", value: String) {
        let _ = set(&text, "ui.theme", &value);
        let _ = unset(&text, "ui.theme");
    }
}
