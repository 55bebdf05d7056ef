//! `code`, `watch`, `askpass`: from a name to the digits.

use super::sesam::{Home, SECRET, run};

/// RFC 6238, appendix B.
#[test]
fn the_codes_of_the_standard() {
    let home = Home::with_vault();
    for (algorithm, key) in [
        ("SHA1", SECRET.to_owned()),
        ("SHA256", "GEZDGNBVGY3TQOJQ".repeat(4)[..52].to_owned()),
        ("SHA512", "GEZDGNBVGY3TQOJQ".repeat(7)[..103].to_owned()),
    ] {
        let link = format!("otpauth://totp/RFC:{algorithm}?secret={key}&digits=8&algorithm={algorithm}");
        home.run_with(&["add", "--uri", "-"], &link).ok();
    }
    for (time, sha1, sha256, sha512) in [
        ("59", "94287082", "46119246", "90693936"),
        ("1111111109", "07081804", "68084774", "25091201"),
        ("1111111111", "14050471", "67062674", "99943326"),
        ("1234567890", "89005924", "91819424", "93441116"),
        ("2000000000", "69279037", "90698825", "38618901"),
        ("20000000000", "65353130", "77737706", "47863826"),
    ] {
        for (name, code) in [("SHA1", sha1), ("SHA256", sha256), ("SHA512", sha512)] {
            assert_eq!(home.run(&["code", "--at", time, &format!("RFC:{name}")]).ok(), format!("{code}\n"));
        }
    }
}

#[test]
fn a_code_is_digits_and_a_newline_and_nothing_else() {
    let home = Home::with_accounts();
    let ran = home.run(&["code", "github"]);
    assert_eq!(ran.stderr, "");
    let printed = ran.ok();
    assert!(printed.len() == 7 && printed[..6].bytes().all(|byte| byte.is_ascii_digit()), "{printed:?}");
    assert!(printed.ends_with('\n'));
}

#[test]
fn every_alias_and_every_way_to_name_an_account() {
    let home = Home::with_accounts();
    let id = home.run(&["list", "--fields", "id", "github"]).ok();
    let by_id = format!("id:{}", id.trim());
    for arguments in [
        &["code", "--at", "59", "GitHub:hugo"][..],
        &["otp", "--at", "59", "GITHUB"],
        &["totp", "--at", "59", "hub", "hug"],
        &["code", "#work", "--at", "59"],
        &["code", "--at", "59", &by_id],
        &["code", "--at=1970-01-01T00:00:59Z", "--", "github"],
    ] {
        assert_eq!(home.run(arguments).ok(), "287082\n", "{arguments:?}");
    }
}

#[test]
fn one_name_must_mean_one_account() {
    let home = Home::with_accounts();
    let said = home.run(&["code", "hugo"]).fails(5);
    assert!(said.contains("2 accounts match \"hugo\""), "{said}");
    assert!(said.contains("\n  GitHub:hugo\n  GitLab:hugo\n"), "{said}");
    let error = home.run(&["code", "hugo", "--json"]).error(5);
    assert_eq!(error["kind"], "ambiguous");
    assert_eq!(error["candidates"], serde_json::json!(["GitHub:hugo", "GitLab:hugo"]));
    assert!(home.run(&["code", "nobody"]).fails(3).contains("no account matches \"nobody\""));
    assert_eq!(home.run(&["code", "nobody", "--json"]).error(3)["kind"], "not_found");
}

#[test]
fn programs_get_the_code_with_its_span() {
    let home = Home::with_accounts();
    let object = home.run(&["code", "--json", "--at", "59", "github"]).json();
    let expected = serde_json::json!({
        "schema": "sesam.code/1", "issuer": "GitHub", "account": "hugo", "type": "totp", "code": "287082",
        "digits": 6, "period": 30, "remaining": 1, "valid_from": "1970-01-01T00:00:30Z",
        "valid_until": "1970-01-01T00:01:00Z", "next": "359152",
    });
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(&object[key], value, "{key}");
    }
    assert_eq!(home.run(&["code", "--next", "--at", "59", "github"]).ok(), "359152\n");
}

/// RFC 4226, appendix D: the counters 5, 6 and 7.
#[test]
fn a_counter_moves_once_for_each_code_and_never_for_a_look() {
    let home = Home::with_accounts();
    assert_eq!(home.run(&["code", "--peek", "router"]).ok(), "254676\n");
    assert_eq!(home.run(&["list", "--codes", "--fields", "code", "router"]).ok(), "-\n");
    assert_eq!(home.run(&["code", "router"]).ok(), "254676\n");
    assert_eq!(home.run(&["code", "router"]).ok(), "287922\n");
    assert_eq!(home.run(&["code", "router", "--json"]).json()["code"], "162583");
    let counter = home.run(&["list", "--fields", "counter", "router"]).ok();
    assert_eq!(counter, "8\n");
    let said = home.run(&["code", "--next", "router"]).fails(2);
    assert!(said.contains("--peek"), "{said}");
    assert!(home.run(&["code", "--read-only", "router"]).fails(8).contains("--read-only"));
    assert_eq!(home.run(&["code", "--read-only", "--peek", "router"]).ok(), "399871\n");
}

#[test]
fn a_code_that_cannot_last_long_enough_is_not_waited_for() {
    let home = Home::with_accounts();
    let said = home.run(&["code", "--min-left", "31", "github"]).fails(2);
    assert!(said.contains("more than the 30 s"), "{said}");
    home.run(&["code", "--min-left", "1", "github"]).ok();
}

#[test]
fn a_time_that_is_none_is_refused() {
    let home = Home::with_accounts();
    for time in ["", "yesterday", "-1", "99999999999999999999", "25:00"] {
        home.run(&["code", "github", &format!("--at={time}")]).fails(2);
    }
}

#[test]
fn other_kinds_of_codes() {
    let home = Home::with_vault();
    home.add(&["Steam", "--type", "steam"]);
    let code = home.run(&["code", "--at", "59", "steam"]).ok();
    assert!(code.len() == 6 && code.trim().bytes().all(|byte| byte.is_ascii_alphanumeric()), "{code}");
    let ran = home.run_with(&["add", "VPN", "--type", "motp", "--secret-stdin"], "e3152afee62599c8");
    assert!(ran.stderr.contains("before its PIN is stored"), "{ran:?}");
    ran.ok();
    assert!(home.run(&["code", "vpn"]).fails(1).contains("--pin-file"));
    home.run_with(&["edit", "vpn", "--pin-file", "-"], "1234").ok();
    assert_eq!(home.run(&["code", "--at", "129361700", "vpn"]).ok().len(), 7);
}

#[test]
fn watching_prints_a_line_for_each_account_that_time_moves() {
    let home = Home::with_accounts();
    let printed = home.run(&["watch", "--once"]).ok();
    let rows: Vec<Vec<&str>> = printed.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), 2, "the one that counts stays out");
    assert!(rows.iter().all(|row| row.len() == 4 && row[0].len() == 6), "{printed}");
    let bar = home.run(&["watch", "--once", "--format", "waybar", "github"]).json();
    assert_eq!(bar["text"].as_str().expect("a text").len(), 7);
    assert!(bar["tooltip"].as_str().expect("a text").starts_with("GitHub hugo, "), "{bar}");
    home.run(&["watch", "--once", "nobody"]).fails(3);
}

#[test]
fn askpass_answers_questions_for_codes_alone() {
    let home = Home::with_accounts();
    let ask = |prompt: &str| {
        let file = home.passphrase_file();
        let mut command = home.command(&["askpass", prompt, "--passphrase-file"]);
        run(command.arg(file).env("SESAM_ASKPASS_ACCOUNT", "github"), "")
    };
    assert_eq!(ask("Verification code: ").ok().len(), 7);
    ask("hugo@bastion's password: ").fails(1);
    ask("Enter passphrase for key '/home/hugo/.ssh/id': ").fails(1);
    assert!(home.run(&["askpass", "code:"]).fails(2).contains("SESAM_ASKPASS_ACCOUNT"));
}

#[test]
fn the_demo_touches_no_file() {
    let home = Home::new();
    let printed = home.bare(&["--demo", "list"]).ok();
    assert!(printed.lines().count() >= 10, "{printed}");
    assert!(!printed.contains('\x1b'));
    home.bare(&["--demo", "code", "GitHub"]).ok();
    assert!(!home.path("data").exists() && !home.path("state").exists());
}
