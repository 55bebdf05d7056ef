//! What goes wrong between sesam and a privacyIDEA, with the answers that it, its older versions and what stands before
//! it really give. Each runs against a proxy that answers for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sesam::{
    admin::{
        connect::{Door, Profile, RealDoor},
        model::{AuditFilter, Event},
    },
    config::{ProviderKind, Server, TokenSource},
};

use super::{
    faults::home,
    proxy::{Proxy, Seen, Turn, answer, json as says},
};
use crate::cli::{
    hostile::safe,
    sesam::{Home, Ran},
};

const NOW: f64 = 1_795_186_191.0; // 2026-11-20T14:49:51Z
const HTML: &str = "<html><body>Not here</body></html>";

/// An answer as it is wrapped.
fn wrapped(value: &Value, detail: &Value) -> Vec<u8> {
    says(&json!({"id": 1, "jsonrpc": "2.0", "result": {"status": true, "value": value}, "detail": detail,
        "time": NOW, "version": "privacyIDEA 3.14", "versionnumber": "3.14"}))
}

fn value(value: &Value) -> Turn {
    Turn::Say(wrapped(value, &json!({})))
}

/// A refusal as it is wrapped.
fn error(status: &str, code: u64, message: &str) -> Turn {
    let error = json!({"code": code, "message": message});
    let body = json!({"id": 1, "jsonrpc": "2.0", "result": {"status": false, "error": error}, "detail": null,
        "time": NOW, "version": "privacyIDEA 3.14"});
    Turn::Say(answer(status, "application/json", &body.to_string()))
}

/// The three ways in which something is not there.
fn missing() -> [fn() -> Turn; 3] {
    [
        || Turn::Say(answer("404 Not Found", "application/json", "{\"error\":\"Not found\"}")),
        || error("404 Not Found", 601, "The requested URL was not found on the server."),
        || Turn::Say(answer("404 Not Found", "text/html", HTML)),
    ]
}

fn sign_in(lasts: f64, rights: &Value) -> Turn {
    let payload = json!({"username": "admin", "role": "admin", "exp": NOW + lasts}).to_string();
    let token = format!("x.{}.y", data_encoding::BASE64URL_NOPAD.encode(payload.as_bytes()));
    value(&json!({"token": token, "role": "admin", "username": "admin", "realm": "", "rights": rights}))
}

fn token(serial: &str, kind: &str) -> Value {
    json!({"serial": serial, "tokentype": kind, "active": true, "revoked": false, "failcount": 2, "maxfail": 10,
        "count": 0, "otplen": 6, "description": "", "username": "alan", "rollout_state": "", "info": {}})
}

/// A server with one user, two tokens, and a little in both logs.
fn usual(seen: &Seen) -> Turn {
    let path = seen.path.split('?').next().unwrap_or_default();
    match (seen.method.as_str(), path) {
        ("POST", "/auth") => sign_in(3600.0, &json!([])),
        ("GET", "/realm/") => value(&json!({"corp": {"default": true}})),
        ("GET", "/user/") => {
            value(&json!([{"username": "alan", "givenname": "Alan", "surname": "T", "userid": "7"}]))
        }
        ("GET", "/user/count") => value(&json!({"count": 1})),
        ("GET", "/token/") => {
            value(&json!({"count": 2, "tokens": [token("TOTP1", "totp"), token("TOTP2", "totp")]}))
        }
        ("GET", "/policy/") => value(&json!([])),
        ("GET", "/conditionalaccess/lock/users") => value(&json!({"count": 0, "locked_users": []})),
        ("GET", "/conditionalaccess/lock/user") => value(&Value::Null),
        ("GET", "/audit/") => value(&json!({"auditdata": rows(seen)})),
        ("GET", "/authenticationlog/") => value(&json!({"auth_logs": logins()})),
        ("POST" | "DELETE", _) => value(&json!(1)),
        _ => error("404 Not Found", 601, "no such thing"),
    }
}

/// The audit of a server whose clock on the wall is five and a half hours ahead.
fn rows(seen: &Seen) -> Value {
    let row = |number: u64, action: &str, date: &str, more: Value| {
        let mut row = json!({"number": number, "action": action, "date": date, "success": 1, "user": "alan",
            "authentication": "", "administrator": "admin", "client": "10.0.0.1", "info": "", "token_type": ""});
        for (key, value) in more.as_object().unwrap() {
            row[key] = value.clone();
        }
        row
    };
    let question = row(90, "GET /audit/", "2026-11-20T20:19:50.9", json!({}));
    if seen.path.contains("page_size=1&") {
        return json!([question]);
    }
    let wrong =
        json!({"success": 0, "authentication": "REJECT", "administrator": "", "info": "wrong otp value"});
    let all = [
        question,
        row(80, "POST /validate/check", "2026-11-20T20:19:49.6", wrong.clone()),
        row(
            70,
            "DELETE /token/<serial>",
            "2026-11-20T20:19:45.0",
            json!({"realm": "other", "token_type": "hotp"}),
        ),
        row(7, "DELETE /token/<serial>", "2026-11-20T20:19:40.0", json!({"token_type": "totp"})),
        row(6, "POST /validate/check", "2026-11-20T20:10:00.0", wrong),
    ];
    let wanted = |row: &&Value| !row["action"].as_str().is_some_and(|action| action.starts_with("GET "));
    json!(all.iter().filter(wanted).collect::<Vec<_>>())
}

fn logins() -> Value {
    json!([{"id": 4, "event_type": "MFA_FAIL", "reasons": ["WRONG_OTP"], "timestamp": "2026-11-20T14:49:49.5+00:00",
        "username": "alan", "source_ip": "10.0.0.1", "client_label": "vpn", "serial": "TOTP1",
        "endpoint": "/validate/check"}])
}

/// A home before such a server; what is not `None` is answered instead.
fn before(judge: impl Fn(&Seen) -> Option<Turn> + Send + Sync + 'static) -> (Proxy, Home) {
    let proxy = Proxy::open(None, move |seen| judge(seen).unwrap_or_else(|| usual(seen)));
    let home = home(&proxy.url(), "adminpw", &["--provider", "privacyidea", "--user", "admin"]);
    (proxy, home)
}

fn admin(home: &Home, words: &[&str]) -> Ran {
    let ran = home.bare(&[&["admin"], words].concat());
    safe(&ran);
    ran
}

const RESET: [&str; 7] = ["user", "reset", "alan", "--confirm", "alan", "--reason", "lost phone"];
const UNLOCK: [&str; 6] = ["user", "unlock", "alan", "--reason", "x", "-y"];

fn count(proxy: &Proxy, method: &str, start: &str) -> usize {
    proxy.seen().iter().filter(|seen| seen.method == method && seen.path.starts_with(start)).count()
}

#[test]
fn a_session_that_ended_is_begun_anew_once_and_one_that_is_none_is_told() {
    let first = AtomicUsize::new(0);
    let (proxy, home) = before(move |seen| {
        let ended = seen.path.starts_with("/user/?") && first.fetch_add(1, Ordering::SeqCst) == 0;
        ended.then(|| error("401 Unauthorized", 4304, "Authentication failure. The token has expired"))
    });
    admin(&home, &["user", "list"]).ok();
    assert_eq!((count(&proxy, "POST", "/auth"), count(&proxy, "GET", "/user/?")), (2, 2), "one try more");

    let (proxy, home) = before(|seen| {
        (seen.method == "GET").then(|| error("401 Unauthorized", 4033, "missing Authorization header"))
    });
    assert!(admin(&home, &["user", "list"]).fails(4).contains("does not know this token"));
    assert_eq!((count(&proxy, "POST", "/auth"), count(&proxy, "GET", "/realm/")), (2, 2));

    let (proxy, home) = before(|seen| {
        (seen.path == "/auth").then(|| error("401 Unauthorized", 4031, "Authentication failed."))
    });
    assert!(admin(&home, &RESET).fails(4).contains("the name or the password is wrong"));
    assert_eq!(proxy.seen().len(), 1, "a wrong password is tried once");
}

#[test]
fn a_session_is_left_before_it_ends() {
    let (proxy, home) = before(|seen| (seen.path == "/auth").then(|| sign_in(0.0, &json!([]))));
    admin(&home, &["user", "list"]).ok();
    let questions = proxy.seen().len() - proxy.changes().len();
    assert_eq!(proxy.changes().len(), questions, "each question needed a session of its own");
    let (proxy, home) = before(|_| None);
    admin(&home, &["user", "list"]).ok();
    assert_eq!(proxy.changes().len(), 1, "an hour is long enough for a list");
}

#[test]
fn a_refusal_names_its_right_with_and_without_a_word() {
    let said = "Admin actions are defined, but the action delete is not allowed!";
    let refusals: [fn(&str) -> Turn; 2] = [
        |said| error("403 Forbidden", 303, said),
        |_| Turn::Say(answer("403 Forbidden", "application/json", "{}")),
    ];
    for refusal in refusals {
        let (proxy, home) = before(move |seen| (seen.method == "DELETE").then(|| refusal(said)));
        let told = admin(&home, &RESET).fails(8);
        assert!(told.contains("mfa refused"), "{told}");
        assert!(told.contains("\"delete\""), "{told}");
        assert_eq!(count(&proxy, "DELETE", "/token/"), 1, "after a refusal nothing else is sent");
    }
    let (proxy, home) =
        before(|seen| (seen.path == "/auth").then(|| sign_in(3600.0, &json!(["userlist", "tokenlist"]))));
    let told = admin(&home, &RESET).fails(8);
    assert!(told.contains("admin may not reset users (this needs the right \"delete\")"), "{told}");
    assert_eq!(proxy.changes().len(), 1, "the sign-in alone was sent");
    let (_proxy, home) = before(|seen| {
        seen.path.starts_with("/user/?").then(|| Turn::Say(answer("403 Forbidden", "application/json", "{}")))
    });
    assert!(admin(&home, &["user", "list"]).fails(8).contains("\"userlist\""));
    let (proxy, home) = before(|seen| {
        (seen.method == "DELETE").then(|| Turn::Say(answer("403 Forbidden", "text/html", HTML)))
    });
    assert!(admin(&home, &RESET).fails(1).contains("status 403, HTML"));
    assert_eq!(count(&proxy, "DELETE", "/token/"), 1);
}

#[test]
fn an_older_version_is_asked_for_less_in_whichever_shape_it_says_so() {
    for shape in missing() {
        let (proxy, home) = before(move |seen| {
            let newer = ["/conditionalaccess/", "/authenticationlog/", "/user/count"];
            newer.iter().any(|start| seen.path.starts_with(start)).then(shape)
        });
        admin(&home, &["user", "list"]).ok();
        admin(&home, &UNLOCK).ok();
        assert_eq!(count(&proxy, "POST", "/token/reset/"), 2);
        assert_eq!(count(&proxy, "DELETE", "/conditionalaccess/"), 0);
        let listed = admin(&home, &["audit", "list", "--json"]).json();
        let whats = whats(&listed);
        assert_eq!(whats, ["wrong otp value", "Binding removed TOTP", "wrong otp value"], "the audit alone");
    }
}

#[test]
fn a_token_that_went_meanwhile_is_what_was_wanted_and_a_user_that_is_none_is_named() {
    let (proxy, home) = before(|seen| {
        (seen.path == "/token/TOTP1" && seen.method == "DELETE")
            .then(|| error("404 Not Found", 601, "No token found for serials: TOTP1"))
    });
    admin(&home, &RESET).ok();
    assert_eq!(count(&proxy, "DELETE", "/token/"), 2);
    let (_proxy, home) = before(|seen| seen.path.starts_with("/user/?").then(|| value(&json!([]))));
    assert!(admin(&home, &RESET).fails(3).contains("has no user \"alan\""));
}

#[test]
fn a_proxy_that_answers_in_its_place_is_no_outcome() {
    let page = |status: &'static str| move || Turn::Say(answer(status, "text/html", HTML));
    let (proxy, home) = before(move |seen| (seen.method == "DELETE").then(page("502 Bad Gateway")));
    assert!(admin(&home, &RESET).fails(7).contains("not known"));
    assert_eq!(count(&proxy, "DELETE", "/token/"), 1, "nothing is sent after what is not known");
    let (_proxy, home) = before(move |seen| (seen.method == "GET").then(page("200 OK")));
    assert!(admin(&home, &["user", "list"]).fails(1).contains("status 200, HTML"));
    // Success is in the body, not in the status.
    let (_proxy, home) = before(|seen| (seen.method == "DELETE").then(|| value(&json!(false))));
    assert!(admin(&home, &RESET).fails(8).contains("did nothing"));
}

#[test]
fn both_logs_are_one_and_their_dates_are_in_one_zone() {
    let (_proxy, home) = before(|_| None);
    let listed = admin(&home, &["audit", "list", "--json"]).json();
    let (whats, times) = (whats(&listed), times(&listed));
    assert_eq!(
        whats,
        ["wrong code", "Binding removed TOTP", "wrong otp value"],
        "newest first, none twice: {listed}"
    );
    for (time, expected) in
        times.iter().zip(["2026-11-20T14:49:49", "2026-11-20T14:49:40", "2026-11-20T14:40:00"])
    {
        assert!(time.starts_with(expected), "{times:?}");
    }
    let first = admin(&home, &["audit", "list", "user:alan reason:wrong_code", "--json"]).json();
    assert_eq!(self::whats(&first), ["wrong code"]);
}

#[test]
fn who_may_not_see_locks_or_policies_is_told_what_that_hides() {
    let hidden = Arc::new(|seen: &Seen| {
        let start = ["/conditionalaccess/", "/policy/", "/authenticationlog/"];
        let is = start.iter().any(|start| seen.path.starts_with(start));
        is.then(|| error("403 Forbidden", 303, "Admin actions are defined, but the action x is not allowed!"))
    });
    let (_proxy, home) = before(move |seen| hidden(seen));
    admin(&home, &["user", "list"]).ok();
    let plan = admin(&home, &["user", "unlock", "alan", "--dry-run"]).ok();
    assert!(plan.contains("user_lock_read"), "{plan}");
    let plan = admin(&home, &["user", "reset", "alan", "--dry-run"]).ok();
    assert!(plan.contains("policyread"), "{plan}");
    assert_eq!(whats(&admin(&home, &["audit", "list", "--json"]).json()).len(), 3, "the audit alone");
}

/// An older server with rows of nothing but questions, thirty more at each question.
fn talkative(seen: &Seen, total: &AtomicUsize) -> Option<Turn> {
    if seen.path.starts_with("/authenticationlog/") {
        return Some(missing()[0]());
    }
    let query = seen.path.strip_prefix("/audit/?")?;
    let number = |key: &str| {
        let found = query.split('&').find_map(|part| part.strip_prefix(key));
        found.and_then(|text| text.parse::<usize>().ok()).unwrap()
    };
    let (page, size) = (number("page="), number("page_size="));
    let newest = total.fetch_add(30, Ordering::SeqCst).saturating_sub((page - 1) * size);
    let row = |number: usize| json!({"number": number, "action": "GET /audit/", "date": "2026-11-20T14:49:51", "success": 1});
    let rows: Vec<Value> = (0..size.min(newest)).map(|back| row(newest - back)).collect();
    let body = json!({"result": {"status": true, "value": {"auditdata": rows}}, "time": NOW,
        "version": "privacyIDEA 3.9"});
    Some(Turn::Say(says(&body)))
}

#[test]
fn a_follow_does_not_feed_on_its_own_questions() {
    let total = AtomicUsize::new(1000);
    let (proxy, home) = before(move |seen| talkative(seen, &total));
    let server = Server {
        provider: ProviderKind::PrivacyIdea,
        url: proxy.url(),
        user: Some("admin".to_owned()),
        token: TokenSource::File(home.path("token")),
        ..Server::default()
    };
    let (name, timeout) = ("pi".to_owned(), Duration::from_secs(20));
    let profile = Profile { name, server, read_only: false, timeout };
    let desk = RealDoor { credentials: None, attended: false }.open(&profile).unwrap();
    let mut asked = vec![];
    let mut each = |event: Option<Event>| {
        assert_eq!(event, None, "a question is no event");
        asked.push(count(&proxy, "GET", "/audit/"));
        asked.len() < 4
    };
    desk.follow(&AuditFilter::default(), None, &mut each).unwrap();
    let each_time: Vec<usize> = asked.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(each_time.iter().all(|count| *count <= 2), "{each_time:?}");
    assert!(
        !proxy.seen().iter().any(|seen| seen.path.contains("action=")),
        "it may not know how to leave out"
    );
}

fn field(listed: &Value, name: &str) -> Vec<String> {
    let all = listed.as_array().unwrap_or_else(|| panic!("{listed}"));
    all.iter().map(|event| event[name].as_str().unwrap_or_default().to_owned()).collect()
}

fn whats(listed: &Value) -> Vec<String> {
    field(listed, "what")
}

fn times(listed: &Value) -> Vec<String> {
    field(listed, "time")
}
