//! Layers, origins, types and warnings.

use std::time::Duration;

use proptest::prelude::*;
use sesam::config::{
    Config, ConfigError, FileText, KEYS, Motion, NextCode, Origin, Place, Show, Sources, Theme, load,
};

use super::{load_text, warnings};

#[test]
fn without_sources_all_is_default() {
    let loaded = load(&Sources::none()).expect("nothing to fail");
    assert_eq!(loaded.config, Config::default());
    assert!(loaded.warnings.is_empty());
    assert!(KEYS.iter().all(|key| *loaded.origin(key.name) == Origin::Default));
}

#[test]
fn each_layer_overrides_the_one_below() {
    let files = [
        FileText::new("/etc/sesam/config.toml", "[codes]\nshow = \"selected\"\ngroup = 4\nsort = \"name\"\n"),
        FileText::new("user.toml", "[codes]\nsort = \"last\"\ngroup = 5\n"),
        FileText::new("named.toml", "\n\n[codes]\ngroup = 6\nreveal_seconds = 20\n"),
    ];
    let environment = |name: &str| (name == "SESAM_SHOW").then(|| "none".to_owned());
    let flags = [("codes.reveal_seconds", "30")];
    let sources = Sources { files: &files, environment: &environment, flags: &flags, home: None };
    let loaded = load(&sources).expect("sound sources");
    assert_eq!(loaded.warnings, vec![]);
    assert_eq!(loaded.config.codes.show, Show::None);
    assert_eq!(loaded.config.codes.group, 6);
    assert_eq!(loaded.config.codes.reveal_seconds, Duration::from_secs(30));
    assert_eq!(*loaded.origin("codes.show"), Origin::Environment("SESAM_SHOW"));
    assert_eq!(*loaded.origin("codes.group"), Origin::File(Place { path: "named.toml".into(), line: 4 }));
    assert_eq!(*loaded.origin("codes.sort"), Origin::File(Place { path: "user.toml".into(), line: 2 }));
    assert_eq!(*loaded.origin("codes.reveal_seconds"), Origin::Flag);
    assert_eq!(*loaded.origin("codes.next"), Origin::Default);
}

#[test]
fn types_arrive_as_they_are_meant() {
    let config = load_text(
        r#"
        ui.theme = { dark = "nord", light = "default-light" }
        [codes]
        next = "10s"
        clock_offset = -37
        previous = "5s"
        [copy]
        command = ["xsel", "-ib"]
        clear_after = 0
        [lock]
        after = "0"
        unlock_for = "1h30m"
        [admin]
        refresh = 0
        [terminal]
        query_ms = 0
        [keys]
        copy = ["enter", "c"]
        lock = "L"
        "#,
    )
    .expect("sound")
    .config;
    assert_eq!(config.ui.theme, Theme::ByBackground { dark: "nord".into(), light: "default-light".into() });
    assert_eq!(config.codes.next, NextCode::Last10s);
    assert_eq!(config.codes.clock_offset, -37);
    assert_eq!(config.codes.previous, Duration::from_secs(5));
    assert_eq!(config.copy.command, ["xsel", "-ib"]);
    assert_eq!(config.copy.clear_after, None);
    assert_eq!(config.lock.after, None);
    assert_eq!(config.lock.unlock_for, Duration::from_mins(90));
    assert_eq!(config.admin.refresh, None);
    assert_eq!(config.terminal.query_ms, Duration::ZERO);
    assert_eq!(config.keys["copy"], ["enter", "c"]);
    assert_eq!(config.keys["lock"], ["L"]);
}

#[test]
fn the_environment_speaks_its_own_words() {
    let loaded = |name: &'static str, text: &'static str| {
        let environment = move |asked: &str| (asked == name).then(|| text.to_owned());
        load(&Sources { environment: &environment, ..Sources::none() }).expect("only warnings")
    };
    assert_eq!(loaded("NO_MOTION", "1").config.ui.motion, Motion::Reduced);
    assert_eq!(loaded("NO_MOTION", "").config.ui.motion, Motion::Full);
    assert!(loaded("SESAM_SCREEN_READER", "1").config.ui.screen_reader);
    assert!(!loaded("SESAM_SCREEN_READER", "0").config.ui.screen_reader);
    assert_eq!(loaded("SESAM_VAULT", "/x/vault.age").config.vault.path, Some("/x/vault.age".into()));
    assert_eq!(
        loaded("SESAM_SHOW", "some").warnings[0].to_string(),
        "environment SESAM_SHOW: codes.show must be one of all, selected, none; it keeps \"all\""
    );
}

#[test]
fn unknown_keys_are_told_with_line_and_nearest_name() {
    let told = warnings("vualt = \"x\"\n[lock]\naftr = \"1m\"\n[nonsense]\na = 1\n[ui]\nafter = \"5m\"\n");
    assert_eq!(
        told,
        [
            "config.toml:1: unknown key \"vualt\", did you mean vault?",
            "config.toml:3: unknown key \"lock.aftr\", did you mean lock.after?",
            "config.toml:4: unknown key \"nonsense\"",
            "config.toml:7: unknown key \"ui.after\", did you mean lock.after?",
        ]
    );
}

#[test]
fn wrong_values_are_told_and_the_key_keeps_what_it_had() {
    let text = "[lock]\nafter = 5\nunlock_for = \"-1m\"\n[copy]\nclear_after = -1\ncommand = \"xsel\"\n\
                [vault]\nwork_factor = 21\n[ui]\nmouse = \"yes\"\nhints = 2026-01-01\n[codes]\ngroup = 2.5\n";
    let loaded = load_text(text).expect("only warnings");
    assert_eq!(loaded.config, Config::default());
    let told: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[0],
        "config.toml:2: lock.after must be a time such as \"30s\", from \"5s\" to \"1d\", or 0; it keeps \"5m\""
    );
    assert_eq!(told[2], "config.toml:5: copy.clear_after must be seconds from 0 to 3600; it keeps 30");
    assert_eq!(told[4], "config.toml:8: vault.work_factor must be a whole number from 15 to 20; it keeps 18");
    assert_eq!(told.len(), 8);
}

#[test]
fn a_wrong_value_above_leaves_the_right_one_below() {
    let files = [FileText::new("a", "[codes]\ngroup = 4"), FileText::new("b", "[codes]\ngroup = 99")];
    let loaded = load(&Sources { files: &files, ..Sources::none() }).expect("only warnings");
    assert_eq!(loaded.config.codes.group, 4);
    assert!(loaded.warnings[0].to_string().ends_with("; it keeps 4"));
}

#[test]
fn a_section_that_is_no_table_is_told() {
    assert_eq!(
        warnings("vault = \"x\""),
        ["config.toml:1: vault must be a table: [vault]; it keeps its defaults"]
    );
    assert_eq!(warnings("[admin]\nservers = 1").len(), 1);
    assert_eq!(warnings("[admin.servers]\nx = 1").len(), 1);
    assert_eq!(warnings("[[ui]]\nmouse = true").len(), 1);
}

#[test]
fn warnings_show_no_control_character_and_no_value() {
    let told = warnings(
        "\"a\\u001b[2J\" = \"hush\"\n[lock]\nafter = \"hush\"\n[admin.servers.\"x\\u202e\\n\"]\nread_only = 3\n",
    );
    assert_eq!(told[0], r#"config.toml:1: unknown key "a\u{1b}[2J""#);
    assert!(told.iter().any(|line| line.contains(r#"the server "x\u{202e}\n" has no url"#)), "{told:?}");
    let told = told.concat();
    assert!(!told.contains(|c: char| c.is_control() || c == '\u{202e}') && !told.contains("hush"), "{told}");
}

#[test]
fn wrong_flags_are_errors() {
    let load_flag = |key, value| load(&Sources { flags: &[(key, value)], ..Sources::none() });
    assert!(matches!(load_flag("ui.them", "nord"), Err(ConfigError::UnknownKey { .. })));
    assert!(matches!(load_flag("codes.show", "some"), Err(ConfigError::Value { .. })));
}

#[test]
fn the_list_shows_each_key_once_with_its_origin() {
    let loaded = load_text("[copy]\nclear_after = \"45s\"\n[keys]\ncopy = \"c\"\n").expect("sound");
    let lines: Vec<_> = loaded.list().into_iter().map(|s| (s.key, s.value, s.origin.to_string())).collect();
    assert_eq!(lines.len(), KEYS.len() + 1);
    let line = |key: &str, value: &str, origin: &str| (key.to_owned(), value.to_owned(), origin.to_owned());
    assert!(lines.contains(&line("copy.clear_after", "45", "config.toml:2")));
    assert!(lines.contains(&line("lock.after", "\"5m\"", "default")));
    assert_eq!(lines[KEYS.len()], line("keys.copy", "[\"c\"]", "config.toml:4"));
    assert!(matches!(loaded.get("admin.servers.x.url"), Err(ConfigError::NotSet { .. })));
    assert!(matches!(loaded.get("lock.aftr"), Err(ConfigError::UnknownKey { .. })));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String) {
        let _ = load_text(&text);
    }

    #[test]
    fn no_value_makes_it_panic(key in 0..KEYS.len(), value in r#"["'\[\]{}=,.0-9a-z#\n -]{0,12}"#) {
        let key = &KEYS[key];
        let (section, own) = key.name.split_once('.').unwrap_or(("", key.name));
        let head = if section.is_empty() { String::new() } else { format!("[{section}]\n") };
        if let Ok(loaded) = load_text(&format!("{head}{own} = {value}\n")) {
            prop_assert!(loaded.get(key.name).is_ok());
        }
    }
}
