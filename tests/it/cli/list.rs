//! `list`, `search`, `show`, `tag list`: what is in the vault, for people and for programs.

use super::sesam::{Home, SECRET};

#[test]
fn a_pipe_gets_tabs_without_head_colour_or_codes() {
    let home = Home::with_accounts();
    let printed = home.run(&["list", "--sort", "name"]).ok();
    assert_eq!(
        printed, "GitHub\thugo\ttotp\twork\nGitLab\thugo\ttotp\t\nOld router\t\thotp\t\n",
        "issuer, account, type, tags"
    );
    assert_eq!(home.run(&["ls", "--sort", "name"]).ok(), printed);
}

#[test]
fn columns_rows_and_codes_on_request() {
    let home = Home::with_accounts();
    let rows = home.run(&["list", "--codes", "--at", "59", "--fields", "name,code,left", "hugo"]).ok();
    assert_eq!(rows, "GitHub:hugo\t287082\t1\nGitLab:hugo\t287082\t1\n");
    assert_eq!(home.run(&["list", "-0", "--fields", "name", "#work"]).ok(), "GitHub:hugo\0");
    for (query, count) in [("hugo", 2), ("type:hotp", 1), ("!work", 2), ("is:fav", 0), ("gìthub", 1)] {
        assert_eq!(home.run(&["list", query]).ok().lines().count(), count, "{query}");
    }
    let said = home.run(&["list", "--fields", "nmae"]).fails(2);
    assert!(said.contains("there is no field \"nmae\"") && said.contains("issuer, account"), "{said}");
}

#[test]
fn favourites_come_first() {
    let home = Home::with_accounts();
    home.run(&["edit", "gitlab", "--favourite"]).ok();
    let names = home.run(&["list", "--sort", "name", "--fields", "name"]).ok();
    assert_eq!(names, "GitLab:hugo\nGitHub:hugo\nOld router\n");
    home.run(&["edit", "gitlab", "--favourite=no"]).ok();
    assert!(home.run(&["list", "--sort", "name", "--fields", "name"]).ok().starts_with("GitHub"));
}

#[test]
fn programs_get_objects_without_secrets() {
    let home = Home::with_accounts();
    let rows = home.run(&["list", "--json", "--sort", "name"]).json();
    assert_eq!(rows.as_array().expect("an array").len(), 3);
    assert_eq!(rows[0]["schema"], "sesam.account/1");
    assert_eq!(rows[0]["tags"], serde_json::json!(["work"]));
    assert_eq!(rows[2]["counter"], 5);
    assert!(!rows.to_string().contains(SECRET) && rows[0].get("code").is_none());
    let lines = home.run(&["list", "--jsonl"]).ok();
    assert_eq!(lines.lines().count(), 3);
    assert!(lines.lines().all(|line| line.starts_with("{\"schema\":\"sesam.account/1\"")));
    let rows = home.run(&["list", "--json", "--codes", "--at", "59", "--sort", "name"]).json();
    assert_eq!(rows[0]["code"], "287082");
    assert_eq!(rows[2]["code"], serde_json::Value::Null, "listing never counts");
}

#[test]
fn a_search_tells_by_its_exit_code() {
    let home = Home::with_accounts();
    assert_eq!(home.run(&["search", "git"]).ok().lines().count(), 2);
    home.run(&["find", "zzz"]).fails(3);
}

#[test]
fn a_secret_is_shown_only_when_it_is_asked_for_twice() {
    let home = Home::with_accounts();
    let printed = home.run(&["show", "github"]).ok();
    assert!(printed.contains("GitHub") && printed.contains("work") && !printed.contains(SECRET), "{printed}");
    let said = home.run(&["show", "--reveal", "github"]).fails(2);
    assert!(said.contains("--yes") && !said.contains(SECRET), "{said}");
    assert!(home.run(&["show", "--reveal", "--yes", "github"]).ok().contains(SECRET));
    let link = home.run(&["show", "--uri", "-y", "github"]).ok();
    assert!(link.starts_with("otpauth://totp/GitHub:hugo?secret=") && link.contains(SECRET), "{link}");
}

#[test]
fn a_link_goes_out_and_comes_in_the_same() {
    let (one, other) = (Home::with_accounts(), Home::with_vault());
    let link = one.run(&["show", "--uri", "-y", "router"]).ok();
    other.run_with(&["add", "--uri", "-"], &link).ok();
    assert_eq!(other.run(&["show", "--uri", "-y", "router"]).ok(), link);
    assert_eq!(other.run(&["code", "router"]).ok(), "254676\n");
}

#[test]
fn tags_are_counted() {
    let home = Home::with_accounts();
    home.run(&["tag", "add", "git", "github", "gitlab"]).ok();
    assert_eq!(home.run(&["tag", "list"]).ok(), "git\t2\nwork\t1\n");
    let rows = home.run(&["tag", "list", "--json"]).json();
    assert_eq!(rows, serde_json::json!([{"tag": "git", "accounts": 2}, {"tag": "work", "accounts": 1}]));
}

#[test]
fn an_account_as_a_picture_for_a_phone() {
    let home = Home::with_accounts();
    let picture = home.run(&["qr", "github"]).ok();
    assert!(picture.contains('█') && picture.lines().count() > 10);
    assert!(home.run(&["qr", "--ascii", "github"]).ok().is_ascii());
    home.run(&["qr", "github", "-o", "github.png"]).ok();
    assert!(home.run(&["qr", "github", "-o", "github.png"]).fails(6).contains("--force"));
    home.run(&["qr", "github", "-o", "github.png", "--force"]).ok();
    home.run(&["qr", "github", "-o", "github.bmp"]).fails(2);
    let bytes = std::fs::read(home.path("github.png")).expect("a picture");
    assert!(bytes.starts_with(b"\x89PNG"));
}
