//! What strangers may not learn: unknown, wrong, locked, disabled and without a second factor are answered to the byte
//! alike. That they take as long is measured by `cargo bench --bench server -- alike`.

use super::{
    http::Client,
    people::{PASSWORD, body, code, keyless, settle, strangers},
    process::Site,
};

#[test]
fn unknown_wrong_locked_disabled_and_unbound_are_answered_alike() {
    let site = Site::new(None, "");
    let key = settle(&site, 6);
    site.inside(async |service| strangers(service).await);
    let server = site.serve(0);
    let mut client = Client::connect(server.address).unwrap();
    let (wrong, right) = ("wrong horse", format!("{PASSWORD}000000"));
    let all = ["nobody", "user0", "user1", "user2", "user3", " USER0", "nobody\u{0}", "", &"x".repeat(500)];
    let mut begun = Vec::new();
    let mut verified = Vec::new();
    for user in all {
        let named = serde_json::json!({ "application": "vpn", "user": user, "password": wrong }).to_string();
        begun.push(client.post("/v1/sign-ins", "", &named).unwrap().bytes());
        let one = serde_json::json!({ "application": "vpn", "user": user, "code": right }).to_string();
        verified.push(client.post("/v1/verify", "", &one).unwrap().bytes());
        verified.push(client.post("/v1/verify", &key, &body(user, "000000")).unwrap().bytes());
    }
    // Right codes of those who may not come in, and passwords that are right where they may not.
    for nth in [1, 2] {
        let user = format!("user{nth}");
        verified.push(client.post("/v1/verify", &key, &body(&user, &code(nth))).unwrap().bytes());
    }
    let disabled =
        serde_json::json!({ "application": "vpn", "user": "user2", "password": PASSWORD }).to_string();
    begun.push(client.post("/v1/sign-ins", "", &disabled).unwrap().bytes());
    for answers in [&begun, &verified] {
        assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:#?}");
    }
    assert!(begun[0].starts_with("401 "), "{}", begun[0]);
    assert_eq!(begun[0], verified[0], "and both doors say the same");
    assert!(keyless(&begun[0]), "nothing of a password comes back");
    assert_eq!(server.log(), format!("sesamd listens on http://{}\n", server.address), "and no log tells");
}
