//! What is made from the tree of commands and committed: man pages, and what shells complete.

use std::{io::Write, path::Path};

use super::sesam::{Home, installed, run, skipped};

#[test]
fn the_committed_man_pages_are_those_of_this_program() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(sesam::cli::man::COMMITTED);
    let stale = sesam::cli::man::differs_from(&committed, sesam::cli::tree::command_tree());
    assert_eq!(stale, None, "write them anew: cargo run -- man --out man");
}

/// `SESAM_TEST_WRITE=1` writes them.
#[cfg(feature = "server")]
#[test]
fn the_committed_man_pages_of_sesamd_are_those_of_this_program() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join(sesam::cli::man::COMMITTED);
    for (name, page) in sesam::cli::man::pages(sesam::server::command::tree()) {
        let path = committed.join(&name);
        if std::env::var_os("SESAM_TEST_WRITE").is_some() {
            std::fs::File::create(&path).unwrap().write_all(&page).unwrap();
        }
        assert_eq!(std::fs::read(&path).ok(), Some(page), "{name}: write it anew with SESAM_TEST_WRITE=1");
    }
}

#[test]
fn every_command_has_a_page_that_names_its_options() {
    let pages = sesam::cli::man::pages(sesam::cli::tree::command_tree());
    let page = |name: &str| {
        let (_, bytes) = pages.iter().find(|(page, _)| page == name).expect(name);
        String::from_utf8_lossy(bytes).into_owned()
    };
    assert!(page("sesam.1").contains("sesam") && page("sesam-code.1").contains("min\\-left"));
    assert!(page("sesam-vault-restore.1").contains("\\-\\-list"));
}

#[test]
fn every_shell_gets_a_script() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell", "nushell"] {
        let script = home.bare(&["completions", shell]).ok();
        assert!(script.contains("sesam"), "{shell}");
    }
    let nushell = home.bare(&["completions", "nushell"]).ok();
    assert!(nushell.contains("string@\"nu-complete sesam accounts\""), "names complete in nushell too");
    assert!(home.bare(&["completions", "csh"]).fails(2).contains("csh"));
}

/// What bash would offer after these words.
fn offered(home: &Home, words: &[&str]) -> String {
    let mut command = home.command(&["--"]);
    command
        .args(words)
        .env("SESAM_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string());
    command.env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "true").env("_CLAP_IFS", "\n");
    run(&mut command, "").ok()
}

#[test]
fn names_complete_only_while_the_vault_opens_without_a_question() {
    let home = Home::with_accounts();
    assert!(offered(&home, &["sesam", "co"]).contains("code"));
    assert_eq!(offered(&home, &["sesam", "code", "git"]).trim(), "", "locked: nothing, and no question");
    if home.run(&["unlock", "--for", "5m"]).code != 0 {
        return skipped("the kernel keyring does not answer here");
    }
    let names = offered(&home, &["sesam", "code", "git"]);
    assert!(
        names.contains("GitHub:hugo") && names.contains("GitLab:hugo") && !names.contains("router"),
        "{names}"
    );
}

#[test]
fn the_script_for_bash_is_bash() {
    if !installed("bash") {
        return skipped("no bash");
    }
    let home = Home::new();
    let script = home.bare(&["completions", "bash"]).ok();
    let mut bash = std::process::Command::new("bash");
    bash.args(["-n", "-c", &script]);
    run(&mut bash, "").ok();
}
