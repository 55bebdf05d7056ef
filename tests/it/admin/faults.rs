//! What goes wrong between sesam and a real sesamd: nothing is sent twice, nothing by who may only read, and each
//! fault is one sentence and one exit code.

use serde_json::{Value, json};

use super::proxy::{Proxy, Seen, Turn, answer, json as says, problem};
use crate::{
    cli::{
        hostile::safe,
        sesam::{Home, Ran, write},
    },
    server::{
        people::settle,
        process::{Sesamd, Site},
    },
};

/// A server, a proxy in front of it, and a home with a profile that leads to the proxy.
pub(super) struct Desk {
    pub(super) site: Site,
    pub(super) server: Sesamd,
    pub(super) proxy: Proxy,
    pub(super) home: Home,
}

/// With three users, bound at `vpn`, and a key of a role.
pub(super) fn desk(role: &str, judge: impl Fn(&Seen) -> Turn + Send + Sync + 'static) -> Desk {
    let site = Site::new(None, "");
    settle(&site, 3);
    let key = site.api_key("boss", role);
    let server = site.serve(0);
    let proxy = Proxy::open(Some(server.address), judge);
    let home = home(&proxy.url(), &key, &[]);
    Desk { site, server, proxy, home }
}

/// A home with a profile; an answer may take two seconds.
pub(super) fn home(url: &str, token: &str, more: &[&str]) -> Home {
    let home = Home::new();
    write(&home.path("token"), token);
    let place = format!("file:{}", home.path("token").display());
    home.bare(&["config", "set", "admin.timeout", "2s"]).ok();
    let words = ["admin", "server", "add", "mfa", "--url", url, "--kind", "test", "--token", &place];
    home.bare(&[&words[..], more].concat()).ok();
    home
}

impl Desk {
    pub(super) fn admin(&self, words: &[&str]) -> Ran {
        let ran = self.home.bare(&[&["admin"], words].concat());
        safe(&ran);
        ran
    }

    /// How often it is in the audit.
    fn written(&self, event: &str) -> usize {
        let rows = self.site.rows("SELECT event FROM audit", vec![]);
        rows.iter().filter(|row| row.text(0).is_ok_and(|own| own == event)).count()
    }
}

const RESET: [&str; 7] = ["user", "reset", "user0", "--confirm", "user0", "--reason", "lost phone"];

/// Every change there is, as it is typed.
const CHANGES: [&[&str]; 11] = [
    &RESET,
    &["user", "unbind", "user0", "1", "--confirm", "user0", "--reason", "x"],
    &["user", "enrol", "user0", "--app", "vpn", "--reason", "x", "-y"],
    &["user", "bypass", "user0", "--for", "1h", "--reason", "x", "-y"],
    &["user", "bypass", "user0", "--end", "--reason", "x", "-y"],
    &["user", "unlock", "user0", "--reason", "x", "-y"],
    &["user", "passcode", "user0", "--reason", "x", "-y"],
    &["user", "disable", "user0", "--confirm", "user0", "--reason", "x"],
    &["user", "enable", "user0", "user1", "--reason", "x", "-y"],
    &["user", "reset", "user0", "user1", "--confirm", "2 users", "--reason", "x"],
    &["app", "set", "vpn", "--factor", "email=off", "--confirm", "vpn", "--reason", "x"],
];

#[test]
fn who_may_only_read_sends_nothing_but_get() {
    let own = desk("owner", |_| Turn::Pass);
    let check = |more: &[&str]| {
        for words in CHANGES {
            let refused = own.admin(&[words, more].concat()).fails(8);
            assert!(refused.contains("read-only"), "{words:?}: {refused}");
            own.admin(&[words, more, &["--dry-run"]].concat()).ok();
        }
    };
    check(&["--read-only"]);
    own.home.bare(&["admin", "server", "edit", "mfa", "--read-only"]).ok();
    check(&[]);
    for words in [
        &["user", "list"][..],
        &["user", "show", "user0"],
        &["app", "list"],
        &["audit", "list"],
        &["audit", "stats"],
        &["server", "test"],
    ] {
        own.admin(words).ok();
    }
    assert!(own.proxy.seen().len() > 30, "the proxy saw what was read");
    assert_eq!(own.proxy.changes().len(), 0, "{:?}", own.proxy.changes());
}

#[test]
fn a_change_without_an_answer_was_sent_once_and_its_outcome_is_not_known() {
    let turns: [fn() -> Turn; 6] = [
        || Turn::Swallow,
        || Turn::Cut(0),
        || Turn::Cut(20),
        || Turn::Say(answer("502 Bad Gateway", "text/html", "<html>bad gateway</html>")),
        || Turn::Say(answer("200 OK", "text/html", "<html>sign in</html>")),
        || Turn::Say(answer("504 Gateway Timeout", "application/json", "{}")),
    ];
    let next = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let at = std::sync::Arc::clone(&next);
    let own = desk("owner", move |seen| match seen.method.as_str() {
        "GET" => Turn::Pass,
        _ => turns[at.load(std::sync::atomic::Ordering::SeqCst)](),
    });
    for nth in 0..6 {
        next.store(nth, std::sync::atomic::Ordering::SeqCst);
        let ran = own.admin(&["user", "passcode", "user1", "--reason", "x", "-y"]);
        let said = ran.fails(7);
        assert!(said.contains("not known") && said.contains("not sent again"), "{nth}: {said}");
        assert_eq!(own.proxy.changes().len(), nth + 1, "exactly one request");
    }
    let object = own.admin(&["user", "enable", "user1", "--reason", "x", "-y", "--json"]).error(7);
    assert_eq!(object["kind"], "outcome_unknown");
    let many = own.admin(&["user", "enable", "user1", "user2", "--reason", "x", "-y"]);
    assert_eq!((many.code, many.stdout.matches("not known").count()), (9, 2), "{many:?}");
    assert_eq!(own.proxy.changes().len(), 9);
    assert_eq!(own.written("Administrator passcode issued"), 3, "what was passed on was done once");
}

#[test]
fn what_another_administrator_did_meanwhile_is_not_overwritten() {
    let token = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let (key, upstream) = (std::sync::Arc::clone(&token), std::sync::Arc::new(std::sync::Mutex::new(None)));
    let there = std::sync::Arc::clone(&upstream);
    let own = desk("owner", move |seen| {
        if seen.method == "GET" {
            return Turn::Pass;
        }
        let (key, address) = (key.lock().unwrap().clone(), there.lock().unwrap().unwrap());
        Turn::After(Box::new(move || {
            let mut client = crate::server::http::Client::connect(address).unwrap();
            let why = json!({"minutes": 60, "reason": "meanwhile"}).to_string();
            let done = client.ask(("PUT", "/v1/admin/users/u0/bypass"), &key, &why).unwrap();
            assert_eq!(done.status, 204, "{done:?}");
        }))
    });
    *upstream.lock().unwrap() = Some(own.server.address);
    *token.lock().unwrap() = own.site.api_key("ben", "owner");
    let said = own.admin(&RESET).fails(6);
    assert!(said.contains("user0") && said.contains("changed") && said.contains("key:ben"), "{said}");
    let bindings = own.site.count("SELECT count(*) FROM bindings WHERE user_id = 'u0'", vec![]);
    assert_eq!((own.proxy.changes().len(), bindings), (1, 1));
}

#[test]
fn a_user_who_vanished_is_named() {
    let own = desk("owner", |seen| match seen.method.as_str() {
        "GET" => Turn::Pass,
        _ => Turn::Say(problem("404 Not Found", "missing", "there is none of this id")),
    });
    let said = own.admin(&RESET).fails(3);
    assert!(said.contains("has no user \"user0\""), "{said}");
    own.admin(&["user", "show", "nobody"]).fails(3);
}

#[test]
fn a_missing_right_is_named_with_who_asked_and_where() {
    let own = desk("viewer", |_| Turn::Pass);
    let said = own.admin(&RESET).fails(8);
    let words = "mfa refused: key:boss may not reset users (role \"viewer\", this needs \"helpdesk\")";
    assert!(said.contains(words), "{said}");
    let set = ["app", "set", "vpn", "--factor", "email=off", "--confirm", "vpn", "--reason", "x"];
    let said = own.admin(&set).fails(8);
    assert!(said.contains("key:boss may not switch factors") && said.contains("\"security\""), "{said}");
}

#[test]
fn a_token_that_is_none_or_has_ended_asks_for_another_one() {
    let own = desk("owner", |_| Turn::Pass);
    write(&own.home.path("token"), "sesam_key_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    for words in [&["user", "list"][..], &["server", "test"], &RESET] {
        let said = own.admin(words).fails(4);
        assert!(said.contains("mfa does not know this token") && !said.contains("AAAA"), "{said}");
    }
    write(&own.home.path("token"), "");
    assert!(own.admin(&["user", "list"]).fails(4).contains("is empty"));
    assert_eq!(own.proxy.changes().len(), 0);
}

/// What is no server of ours: each with what is said of it, and the exit code.
#[test]
fn what_is_no_sesamd_is_told_apart() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"items\":[";
    let cases: [(Turn, i32, &str); 12] = [
        (Turn::Say(answer("200 OK", "text/html", "<html>sign in</html>")), 1, "status 200, HTML"),
        (Turn::Say(answer("502 Bad Gateway", "text/html", "<html>")), 1, "status 502, HTML"),
        (Turn::Say(says(&json!({"items": [{"name": "alan"}], "next": null}))), 1, "another version"),
        (Turn::Say(problem("404 Not Found", "nowhere", "nothing here")), 1, "does not know this request"),
        (Turn::Say(answer("404 Not Found", "text/plain", "no")), 1, "status 404, text/plain"),
        (Turn::Say(answer("500 Oops", "application/json", "{}")), 7, "status 500"),
        (Turn::Say(problem("503 No", "unavailable", "sesamd cannot decide now")), 7, "cannot decide now"),
        (Turn::Say(problem("429 Slow", "too_often", "too many tries")), 8, "too many tries"),
        (Turn::Say(answer("200 OK", "application/json", "{\"items\": [")), 1, "breaks off"),
        (Turn::Say(cut.into()), 7, "cannot be reached"),
        (Turn::Say(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec()), 1, "no HTTP"),
        (Turn::Say(vec![]), 7, "broke off"),
    ];
    for (turn, code, words) in cases {
        let turn = std::sync::Mutex::new(Some(turn));
        let proxy = Proxy::open(None, move |_| turn.lock().unwrap().take().expect("one request"));
        let ran = home(&proxy.url(), "t", &[]).bare(&["admin", "user", "list"]);
        safe(&ran);
        let said = ran.fails(code);
        assert!(said.contains("mfa") && said.contains(words), "{words}: {said}");
        assert_eq!(proxy.seen().len(), 1, "{words}: it was asked once");
    }
}

#[test]
fn a_redirect_is_followed_nowhere_and_the_token_stays() {
    let other = Proxy::open(None, |_| Turn::Say(says(&json!({"items": [], "next": null}))));
    for to in [other.url(), "http://mfa.example.com/".to_owned(), "https://127.0.0.1:9/".to_owned()] {
        for status in ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"] {
            let head = format!("HTTP/1.1 {status}\r\nLocation: {to}\r\nConnection: close\r\n\r\n");
            let own = desk_of_answers(head.into_bytes());
            let said = own.1.bare(&["admin", "user", "list"]).fails(1);
            assert!(said.contains("redirect to") && said.contains("not followed"), "{said}");
            let seen = own.0.seen();
            assert!(seen.len() == 1 && seen[0].head.contains("Bearer t"), "{seen:?}");
        }
    }
    assert_eq!(other.seen().len(), 0, "the token went nowhere else");
    let own = desk("owner", |seen| match seen.method.as_str() {
        "GET" => Turn::Pass,
        _ => Turn::Say(
            b"HTTP/1.1 307 T\r\nLocation: http://127.0.0.1:9/\r\nConnection: close\r\n\r\n".to_vec(),
        ),
    });
    own.admin(&RESET).fails(1);
    assert_eq!((own.proxy.changes().len(), own.written("Binding reset")), (1, 0));
}

fn desk_of_answers(bytes: Vec<u8>) -> (Proxy, Home) {
    let proxy = Proxy::open(None, move |_| Turn::Say(bytes.clone()));
    let home = home(&proxy.url(), "t", &[]);
    (proxy, home)
}

#[test]
fn an_answer_without_an_end_ends_by_size_or_by_time() {
    let head = |more: &str| format!("HTTP/1.1 200 OK\r\n{more}").into_bytes();
    let json = "Content-Type: application/json\r\n\r\n[";
    let cases: [(Turn, i32, &str); 5] = [
        (Turn::Endless(head(json)), 1, "16 MiB"),
        (Turn::Drip(head(json)), 7, "in time"),
        (Turn::Drip(head("X-More: no")), 7, "in time"),
        (Turn::Drip(vec![]), 7, "in time"),
        (Turn::Endless(head("X-More: aaaa")), 1, "no HTTP"),
    ];
    for (turn, code, words) in cases {
        let turn = std::sync::Mutex::new(Some(turn));
        let proxy = Proxy::open(None, move |_| turn.lock().unwrap().take().expect("one request"));
        let said = home(&proxy.url(), "t", &[]).bare(&["admin", "user", "list"]).fails(code);
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_list_of_nearly_16_mib_is_shown_and_a_larger_one_is_refused() {
    let users = |count: usize| -> Value {
        let user = |nth| {
            json!({"id": format!("u{nth}"), "name": format!("user{nth}"), "display": "d".repeat(600), "email": null,
                "mobile": null, "state": "ok", "enabled": true, "locked_until": null, "failures": 0,
                "failures_since_success": 0, "bypass_until": null, "must_bind": false, "last_success": null,
                "created": "2026-01-01T00:00:00Z", "bindings": [], "version": "v"})
        };
        json!({"items": (0..count).map(user).collect::<Vec<_>>(), "next": null})
    };
    let (_proxy, near) = desk_of_answers(says(&users(16_000)));
    let listed = near.bare(&["admin", "user", "list", "--page-all"]).ok();
    assert_eq!(listed.lines().count(), 16_000);
    let (_proxy, large) = desk_of_answers(says(&users(20_000)));
    let said = large.bare(&["admin", "user", "list"]).fails(1);
    assert!(said.contains("16 MiB") && said.contains("narrow the search"), "{said}");
}

#[test]
fn nobody_there_is_said_as_what_it_is() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let home = home(&format!("http://{free}"), "t", &[]);
    assert!(home.bare(&["admin", "user", "list"]).fails(7).contains("nobody listens there"));
    home.bare(&["admin", "server", "edit", "mfa", "--url", "https://mfa.invalid"]).ok();
    let said = home.bare(&["admin", "user", "list"]).fails(7);
    assert!(said.contains("mfa cannot be reached"), "{said}");
}

#[test]
fn names_from_a_hostile_server_do_nothing_to_the_terminal() {
    let long = "x".repeat(10_000);
    for name in
        ["\u{1b}]52;c;aGk=\u{7}", "a\nSigned in as root", "evil\u{202e}moc", "\u{9b}31m", "a\u{0}b\tc", &long]
    {
        let user = json!({"id": name, "name": name, "display": name, "email": name, "mobile": null, "state": "ok",
            "enabled": true, "locked_until": null, "failures": 0, "failures_since_success": 0, "bypass_until": null,
            "must_bind": false, "last_success": null, "created": "2026-01-01T00:00:00Z", "version": "v",
            "recovery_codes": 0, "passcode_until": null, "sessions": 1, "role": null,
            "bindings": [{"id": name, "application": name, "kind": name, "serial": name, "state": name,
                "algorithm": name, "digits": 6, "period": 30, "created": "2026-01-01T00:00:00Z", "used": null}]});
        let record = json!({"replica": name, "seq": 1, "at": "2026-01-01T00:00:00Z", "actor": name, "user": name,
            "application": name, "event": name, "result": "failure", "address": name, "detail": name});
        let seen = json!({"users": 1, "locked": 0, "bypassed": 0, "disabled": 0, "version": name,
            "time": "2026-01-01T00:00:00Z", "actor": name, "role": name});
        let app = json!([{"id": name, "name": name, "factors": {"otp": true, "email": true, "sms": true},
            "remember_minutes": null, "agreement": null, "users": 1, "bindings": 1}]);
        let proxy = Proxy::open(None, move |seen_: &Seen| {
            let path = seen_.path.as_str();
            Turn::Say(match () {
                () if path.starts_with("/v1/admin/users?") => says(&json!({"items": [user], "next": null})),
                () if path.starts_with("/v1/admin/users/") && seen_.method == "GET" => says(&user),
                () if path.starts_with("/v1/admin/audit?") => says(&json!({"items": [record], "next": null})),
                () if path.starts_with("/v1/admin/overview") => says(&seen),
                () if path == "/v1/admin/applications" => says(&app),
                () => problem("403 Forbidden", "forbidden", &user["name"].to_string()),
            })
        });
        let home = home(&proxy.url(), "t", &[]);
        for words in [
            &["user", "list"][..],
            &["user", "list", "--json"],
            &["user", "show", name.trim_matches('\u{0}')],
            &["user", "reset", name, "--dry-run"],
            &["user", "reset", name, "--confirm", name, "--reason", "x"],
            &["audit", "list"],
            &["app", "list"],
            &["server", "test"],
        ] {
            if words.iter().any(|word| word.contains('\u{0}')) {
                continue;
            }
            let ran = home.bare(&[&["admin"], words].concat());
            let lines = ran.stdout.lines().chain(ran.stderr.lines());
            let starts = lines.filter(|line| line.starts_with("Signed in as root")).count();
            assert_eq!(starts, 0, "{words:?} {ran:?}");
            safe(&ran);
        }
    }
}
