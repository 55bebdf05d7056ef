//! `sesamd user`: users on the machine itself, while it serves and while it does not.

use std::{io::Write as _, process::Stdio};

use super::{
    http::Client,
    people::{self, PASSWORD},
    process::Site,
};

fn ran(site: &Site, arguments: &[&str], stdin: &str) -> (Option<i32>, String) {
    let mut command = site.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

#[test]
fn users_are_made_brought_in_switched_and_deleted() {
    let site = Site::new(None, "");
    people::settle(&site, 0);
    let server = site.serve(0);
    let mut client = Client::connect(server.address).unwrap();
    let mut sign_in = |user: &str| {
        let body = serde_json::json!({"application": "vpn", "user": user, "password": PASSWORD});
        client.post("/v1/sign-ins", "", &body.to_string()).unwrap().status
    };
    let made =
        ran(&site, &["user", "add", "Ada", "--email", "ada@example.com", "--password-stdin"], PASSWORD);
    assert_eq!(made, (Some(0), "Ada is made.\n".to_owned()));
    assert_eq!(sign_in("ada"), 201);
    let again = ran(&site, &["user", "add", " ADA "], "");
    assert_eq!(
        (again.0, again.1.contains("there is a user named ADA already")),
        (Some(1), true),
        "{}",
        again.1
    );

    let table = format!("name,email,password\nalan,alan@example.com,{PASSWORD}\nada,,\nben,nowhere,\n");
    let (code, said) = ran(&site, &["user", "import", "-"], &table);
    assert_eq!(code, Some(9), "{said}");
    assert!(said.contains("line 3 (ada): there is a user of this name already"), "{said}");
    assert!(said.contains("line 4 (ben): email is no address"), "{said}");
    assert!(said.contains("1 users are made, 2 lines are left out"), "{said}");
    assert_eq!(sign_in("alan"), 201);

    assert_eq!(ran(&site, &["user", "disable", "alan"], "").0, Some(2), "without a reason");
    assert_eq!(ran(&site, &["user", "disable", "alan", "--reason", "left"], "").1, "alan may not sign in.\n");
    assert_eq!(sign_in("alan"), 401);
    assert_eq!(ran(&site, &["user", "enable", "Alan", "--reason", "is back"], "").0, Some(0));
    assert_eq!(sign_in("alan"), 201);
    assert_eq!(ran(&site, &["user", "delete", "alan", "--reason", "left"], "").1, "alan is deleted.\n");
    let (code, said) = ran(&site, &["user", "delete", "al\u{1b}an", "--reason", "left"], "");
    assert_eq!((code, said.as_str()), (Some(1), "\u{d7} there is no user named al\\x1ban.\n"));
    assert_eq!(sign_in("alan"), 401);
    assert!(site.verified());
    let sql = "SELECT COUNT(*) FROM audit WHERE actor = 'system' AND detail LIKE '%left%'";
    assert_eq!(site.count(sql, vec![]), 2, "the reasons are kept");
}
