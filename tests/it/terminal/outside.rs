//! What the checklist asks of the same program without a screen: items 49 and 50.

use crate::cli::sesam::{Home, SECRET, run};

#[test]
fn item_49_pipes_get_data_and_no_screen() {
    let home = Home::new();
    let list = home.bare(&["--demo", "list"]).ok();
    let first = list.lines().next().unwrap_or_default();
    assert!(first.contains('\t') && !list.contains('\x1b'), "{list}");
    let digits = |field: &str| field.len() == 6 && field.bytes().all(|byte| byte.is_ascii_digit());
    assert!(!list.split(['\t', '\n']).any(digits), "{list}");
    let said = home.bare(&["--demo", "code", "g"]).fails(5);
    assert!(said.contains("GitHub") && said.contains("GitLab"), "{said}");
    let said = home.bare(&[]).fails(2);
    assert!(said.contains("the full-screen view needs a terminal") && !said.contains("panicked"), "{said}");
    let dumb = home.bare(&["--demo"]).fails(2);
    assert!(dumb.contains("sesam list"), "{dumb}");
}

#[test]
fn item_50_the_codes_are_those_of_rfc_6238() {
    let home = Home::with_vault();
    let link = format!("otpauth://totp/RFC:t?secret={SECRET}&digits=8");
    home.run_with(&["add", "--uri", "-"], &link).ok();
    assert_eq!(home.run(&["code", "--at", "59", "RFC"]).ok(), "94287082\n");
    assert_eq!(home.run(&["code", "--at", "1111111109", "RFC"]).ok(), "07081804\n");
    let wrong = run(&mut home.command(&["--passphrase-file", "-", "code", "RFC"]), "x\n");
    wrong.fails(4);
}
