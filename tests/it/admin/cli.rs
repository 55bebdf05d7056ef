//! `sesam admin` as it is typed: the real program against a sesamd that listens, proven by sign-ins.

use serde_json::{Value, json};

use super::live::Live;
use crate::{
    cli::sesam::{Home, Ran},
    server::databases::{Database, run},
};

/// A home with a profile of the server; the token is in a file.
fn home(live: &Live) -> Home {
    let home = Home::new();
    let token = home.path("token");
    crate::cli::sesam::write(&token, &live.api.owner);
    let place = format!("file:{}", token.display());
    home.bare(&["admin", "server", "add", "mfa", "--url", &live.url, "--kind", "TEST", "--token", &place])
        .ok();
    home
}

/// Runs without anybody to ask.
fn typed(home: &Home, words: &[&str]) -> Ran {
    let words: Vec<String> = ["admin"].iter().chain(words).map(|word| (*word).to_owned()).collect();
    tokio::task::block_in_place(|| home.bare(&words.iter().map(String::as_str).collect::<Vec<_>>()))
}

#[test]
fn a_lost_telephone_in_two_commands() {
    let database = Database::sqlite();
    run(async {
        let live = Live::over(&database).await;
        let id = live.api.user("alan").await;
        live.api.application("vpn", json!({"otp": true})).await;
        live.api.bind(&id, "vpn").await;
        let home = home(&live);
        let plan = typed(&home, &["user", "reset", "alan", "--dry-run"]).ok();
        assert!(plan.contains("delete binding #1 TOTP vpn") && plan.contains("cannot be undone"), "{plan}");
        assert!(
            typed(&home, &["user", "reset", "alan", "--reason", "x"]).fails(2).contains("--confirm=alan")
        );
        assert!(
            typed(&home, &["user", "reset", "alan", "--reason", "x", "--confirm", "alam"])
                .fails(6)
                .contains("alan")
        );
        assert_eq!(live.api.sign_in("alan", "vpn").await.body["stage"], "second_step", "nothing was sent");
        typed(&home, &["user", "reset", "ALAN", "--reason", "lost phone", "--confirm", "alan"]).ok();
        assert_eq!(live.api.sign_in("alan", "vpn").await.body["stage"], "binding");
        let issued =
            typed(&home, &["user", "passcode", "alan", "--for", "1h", "--reason", "x", "-y", "--json"]);
        let issued: Value = serde_json::from_str(&issued.ok()).unwrap();
        assert_eq!(
            (&issued["schema"], issued["passcode"].as_str().unwrap().len()),
            (&json!("sesam.passcode/1"), 8)
        );
        let begun = live.api.sign_in("alan", "vpn").await;
        let path = format!("/v1/sign-ins/{}/verify", begun.body["id"].as_str().unwrap());
        let shown = json!({"factor": "passcode", "code": issued["passcode"]});
        assert_eq!(live.api.post(&path, shown).await.body["stage"], "binding");
    });
}

#[test]
fn several_users_need_their_number_and_one_that_fails_stops_no_other() {
    let database = Database::sqlite();
    run(async {
        let live = Live::over(&database).await;
        for name in ["ada", "alan", "ida"] {
            live.api.user(name).await;
        }
        let home = home(&live);
        let names = home.path("names");
        crate::cli::sesam::write(&names, "# the whole office\nada\nalan\nADA\n\n");
        let from = names.display().to_string();
        let words = ["user", "disable", "ida", "--from", &from, "--reason", "moving", "--confirm"];
        typed(&home, &[&words[..], &["2 users"]].concat()).fails(6);
        let done = typed(&home, &[&words[..], &["3 users"]].concat()).ok();
        assert_eq!(done.lines().filter(|line| line.starts_with("done")).count(), 3, "{done}");
        assert_eq!(live.api.sign_in("ada", "sesamd").await.status, 401);
        let listed = typed(&home, &["user", "list", "--state", "disabled", "--json"]).ok();
        let listed: Value = serde_json::from_str(&listed).unwrap();
        assert_eq!(listed.as_array().unwrap().len(), 3, "{listed}");
        let wrong = typed(&home, &["user", "enable", "ada", "nobody", "--reason", "x", "-y"]);
        assert!(wrong.fails(3).contains("nobody"));
        assert_eq!(
            live.api.sign_in("ada", "sesamd").await.status,
            401,
            "a wrong name is told before anything is done"
        );
    });
}

#[test]
fn a_server_is_set_up_tried_changed_and_removed() {
    let database = Database::sqlite();
    run(async {
        let live = Live::over(&database).await;
        let home = home(&live);
        let seen = typed(&home, &["server", "test"]).ok();
        assert!(seen.contains("key:boss") && seen.contains("owner"), "{seen}");
        typed(&home, &["server", "add", "mfa", "--url", "https://x.example"]).fails(6);
        let plain = typed(&home, &["server", "add", "far", "--url", "http://mfa.example.com"]);
        assert!(plain.fails(2).contains("http"), "a token never travels in clear");
        typed(&home, &["server", "edit", "mfa", "--read-only"]).ok();
        live.api.user("alan").await;
        let refused = typed(&home, &["user", "disable", "alan", "--reason", "x", "--confirm", "alan"]);
        assert!(refused.fails(8).contains("read-only"));
        typed(&home, &["server", "edit", "mfa", "--url", "http://127.0.0.1:9"]).ok();
        assert!(typed(&home, &["server", "test"]).fails(7).contains("nobody listens"));
        typed(&home, &["server", "rm", "mfa", "-y"]).ok();
        assert!(typed(&home, &["user", "list"]).fails(3).contains("no server is set up"));
    });
}
