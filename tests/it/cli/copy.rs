//! `sesam copy` where there is neither display nor terminal, and with a program of the user's.

use super::sesam::{Home, write};

/// A home whose copies go to a file, and the file.
fn home_with_command() -> (Home, std::path::PathBuf) {
    let home = Home::with_accounts();
    let file = home.path("copied");
    let command = format!("[copy]\nmethod = \"command\"\ncommand = [\"tee\", \"{}\"]\n", file.display());
    write(&home.path("config/sesam/config.toml"), command);
    (home, file)
}

fn text(file: &std::path::Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

#[test]
fn without_any_clipboard_every_reason_is_given_and_no_code() {
    let home = Home::with_accounts();
    for words in [&["copy", "github"][..], &["code", "-c", "github"], &["code", "--clipboard", "github"]] {
        let said = home.run(words).fails(1);
        assert!(
            said.starts_with(
                "sesam: No clipboard here (neither WAYLAND_DISPLAY nor DISPLAY is set; there is no terminal to send \
                 it to)\n"
            ),
            "{said}"
        );
        assert!(said.contains("hint: sesam code prints it; sesam doctor clipboard tells more"), "{said}");
    }
    let error = home.run(&["copy", "--json", "github"]).error(1);
    assert_eq!(error["kind"], "no_clipboard");
    assert!(home.run(&["copy", "--method", "telepathy", "github"]).fails(2).contains("osc52"));
    assert!(home.run(&["copy", "nobody"]).fails(3).contains("no account matches"));
}

#[test]
fn a_counter_does_not_move_for_a_code_that_nobody_gets() {
    let home = Home::with_accounts();
    home.run(&["copy", "router"]).fails(1);
    assert_eq!(home.run(&["list", "--fields", "counter", "router"]).ok(), "5\n");
}

/// RFC 4226, appendix D: the counters 5 and 6.
#[test]
fn a_counter_moves_once_for_each_copy_and_never_for_a_look() {
    let (home, file) = home_with_command();
    for (words, code, counter) in [
        (&["copy", "--peek", "router"][..], "254676", "5\n"),
        (&["copy", "router"], "254676", "6\n"),
        (&["code", "-c", "router"], "287922", "7\n"),
    ] {
        let said = home.run(words).fails(0);
        assert_eq!(said, "✓ Gave Old router code to tee\n");
        assert_eq!(text(&file), code, "{words:?}");
        assert_eq!(home.run(&["list", "--fields", "counter", "router"]).ok(), counter);
    }
    home.run(&["copy", "--read-only", "router"]).fails(8);
}

#[test]
fn the_arguments_of_code_hold_for_copy() {
    let (home, file) = home_with_command();
    assert_eq!(home.run(&["code", "-c", "--at", "59", "github"]).fails(0), "✓ Gave GitHub code to tee\n");
    assert_eq!(text(&file), "287082", "the bare code, without a newline");
    let said = home.run(&["copy", "--next", "github"]).fails(0);
    assert!(said.starts_with("✓ Gave GitHub code to tee, valid in "), "{said}");
    assert!(home.run(&["copy", "--min-left", "31", "github"]).fails(2).contains("more than the 30 s"));
    assert_eq!(home.run(&["copy", "--quiet", "--min-left", "8", "github"]).fails(0), "");
}

#[test]
fn programs_learn_how_it_was_copied_and_never_the_code() {
    let (home, file) = home_with_command();
    let object = home.run(&["copy", "--json", "github"]).json();
    for (key, value) in
        [("schema", "sesam.copied/1"), ("issuer", "GitHub"), ("account", "hugo"), ("way", "command")]
    {
        assert_eq!(object[key], value);
    }
    assert_eq!((&object["verified"], &object["cleared_after"]), (&false.into(), &serde_json::Value::Null));
    assert!(object["remaining"].as_u64().is_some_and(|seconds| (1..=30).contains(&seconds)), "{object}");
    assert!(!object.to_string().contains(&text(&file)), "{object}");
}

#[test]
fn a_copy_counts_as_a_use() {
    let (home, _) = home_with_command();
    home.run(&["copy", "github"]).fails(0);
    home.run(&["copy", "--read-only", "gitlab"]).fails(0);
    let used = |name: &str| home.run(&["list", "--json", name]).json()[0]["used"].as_u64();
    assert_eq!((used("github"), used("gitlab")), (Some(1), Some(0)));
}

#[test]
fn a_program_that_fails_is_named_with_how() {
    let home = Home::with_accounts();
    for (command, words) in [
        ("[\"false\"]", "false ended with exit code 1"),
        ("[\"/nonexistent/xcopy\", \"-i\"]", "/nonexistent/xcopy cannot be started: No such file"),
        ("[]", "copy.command is empty"),
    ] {
        let settings = format!("[copy]\nmethod = \"command\"\ncommand = {command}\n");
        write(&home.path("config/sesam/config.toml"), settings);
        let said = home.run(&["copy", "github"]).fails(1);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_name_from_outside_stays_harmless_in_the_sentence() {
    let (home, _) = home_with_command();
    let link = "otpauth://totp/Evil%1B%5D52;c;ZXZpbA==%07:x?secret=GEZDGNBVGY3TQOJQ&issuer=Evil%1B%5D52;c;ZXZpbA==%07";
    home.run_with(&["add", "--uri", "-"], link).ok();
    let said = home.run(&["copy", "evil"]).fails(0);
    assert!(said.contains(r"Gave Evil\x1b]52;c;ZXZpbA==\x07 code to tee"), "{said:?}");
}

#[test]
fn doctor_names_what_is_missing_only_when_it_is_asked_about_it() {
    let home = Home::with_accounts();
    let ran = home.run(&["doctor", "clipboard"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("neither WAYLAND_DISPLAY nor DISPLAY is set"), "{}", ran.stdout);
    assert!(ran.stdout.contains("cure:"), "{}", ran.stdout);
    let all = home.run(&["doctor", "--json"]).stdout;
    let report: serde_json::Value = serde_json::from_str(&all).unwrap();
    let clipboard = report["findings"].as_array().unwrap().iter().find(|one| one["topic"] == "clipboard");
    assert_eq!(clipboard.expect("a finding")["state"], "good", "a service needs no clipboard");
}
