//! The corpus of malicious requests at the real server, and clients that never finish what they say.

use std::{fs, io::Write as _, net::TcpStream, path::Path};

use serde_json::Value;
use sesam::{
    clock::{Clock as _, SystemClock},
    server::{domain::name::UserName, service::Service, store::make::CreateUser},
};

use super::{
    http::{Answer, Client},
    people::{body, settle, user},
    process::{Sesamd, Site},
};
use crate::cli::sesam::shared;

/// A site with `alice`, whom the corpus knows, and its server.
fn house() -> (Site, Sesamd, String) {
    let site = Site::new(None, "");
    let key = settle(&site, 2);
    site.inside(async |service: &Service| {
        let mut alice = user(9);
        alice.name = UserName::parse("alice").unwrap();
        let scene = super::people::scene();
        service.store.submit(CreateUser { user: alice, password: None, scene }).await.unwrap();
    });
    let server = site.serve(0);
    (site, server, key)
}

/// Everything of the users and their bindings but how often they were looked at and who failed.
fn state(site: &Site) -> Vec<String> {
    let sql = "SELECT u.id || name || COALESCE(email, '') || enabled || must_bind || COALESCE(b.id, '') || \
        COALESCE(b.state, '') || COALESCE(b.last_step, 0) FROM users u LEFT JOIN bindings b ON b.user_id = u.id \
        ORDER BY 1";
    site.rows(sql, vec![]).iter().map(|row| row.text(0).unwrap()).collect()
}

#[test]
fn every_malicious_request_ends_as_it_should() {
    let Some(manifest) = shared("malicious/manifest.json") else { return };
    let root = manifest.parent().unwrap();
    let manifest: Value = serde_json::from_str(&fs::read_to_string(&manifest).unwrap()).unwrap();
    let (site, server, key) = house();
    let wrong = Client::connect(server.address).unwrap().post("/v1/verify", &key, &body("user0", "000000"));
    let (wrong, before, mut checked) = (wrong.unwrap().bytes(), state(&site), 0);
    let entries = manifest["entries"].as_array().unwrap().iter();
    for entry in entries.filter(|entry| entry["surface"] == "server") {
        let id = entry["id"].as_str().unwrap();
        if id.starts_with("s_ssrf") {
            refused_target(id, &fs::read_to_string(root.join(entry["file"].as_str().unwrap())).unwrap());
            checked += 1;
            continue;
        }
        if id == "s_name_xss" {
            continue; // it makes a user: below, when the others have been compared
        }
        let rows = site.count(ROWS, vec![]);
        let start = SystemClock.now();
        let answer = attack(&server, root, (entry, &key));
        let took = SystemClock.now().duration_since(start).as_secs_f64();
        assert!(took < 2.0 * SLOW, "{id} took {took} s");
        judge(entry, &answer, (&wrong, site.count(ROWS, vec![]) - rows));
        checked += 1;
    }
    assert_eq!(state(&site), before);
    assert!(checked >= 21, "{checked}");
    stays_text(&site, &server, &fs::read_to_string(root.join("server/s_name_xss.json")).unwrap());
    assert!(server.memory().1 < 200 * 1024, "{:?}", server.memory());
    assert!(!server.log().contains("panic"), "{}", server.log());
    let names = site.rows("SELECT COALESCE(user_name, '') FROM audit", vec![]);
    assert!(names.iter().all(|row| row.text(0).unwrap().chars().count() <= 128));
    assert!(site.verified());
}

/// A webhook that leads into this machine or its network: the server does not start, and asks nobody.
fn refused_target(id: &str, url: &str) {
    let site = Site::new(None, "");
    let mut secret = fs::File::create(site.dir.path().join("webhook.secret")).unwrap();
    secret.write_all(b"a secret that is long enough for everybody").unwrap();
    let path = site.settings(0);
    let text = fs::read_to_string(&path).unwrap();
    let hook = format!("[webhook]\nurl = \"{}\"\nsecret_file = \"webhook.secret\"\n", url.trim());
    fs::File::create(&path).unwrap().write_all(format!("{hook}{text}").as_bytes()).unwrap();
    let ended = site.command(&["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && said.contains("webhook.url"), "{id}: {said}");
    assert!(!said.contains("panic") && !said.contains("listens"), "{id}: {said}");
}

/// A name with a script in it is kept as it was sent, and no browser would take the answer for a page.
fn stays_text(site: &Site, server: &Sesamd, text: &str) {
    let key = site.api_key("stays text", "owner");
    let mut client = Client::connect(server.address).unwrap();
    let mut wish: Value = serde_json::from_str(text).unwrap();
    wish["name"] = wish.as_object_mut().unwrap().remove("user").unwrap();
    let made = client.post("/v1/admin/users", &key, &wish.to_string()).unwrap();
    assert_eq!(made.status, 201, "{}", made.body);
    let header =
        |name: &str| made.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("x-content-type-options"), Some("nosniff"));
    assert!(header("content-security-policy").is_some_and(|policy| policy.contains("default-src 'none'")));
    assert_eq!(made.json()["display"], wish["display"]);
}

/// Sends what an entry is; the code door for what is JSON.
fn attack(server: &Sesamd, root: &Path, (entry, key): (&Value, &str)) -> Answer {
    let mut client = Client::connect(server.address).unwrap();
    let Some(file) = entry["file"].as_str() else {
        let head = "POST /v1/verify HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";
        client.send(format!("{head}Content-Length: {}\r\n\r\n", 64 << 20).as_bytes()).unwrap();
        // The server need not take it all.
        let _ = (0..64).try_for_each(|_| client.send(&vec![0; 1 << 20]));
        return client.answer().unwrap();
    };
    let bytes = fs::read(root.join(file)).unwrap();
    if entry["command"] == "raw TCP" {
        let _ = client.send(&bytes);
        let answer = client.answer().unwrap();
        assert!(client.is_closed(), "{entry}: the connection goes on");
        return answer;
    }
    let text = String::from_utf8(bytes).unwrap();
    if Path::new(file).extension().is_some_and(|end| end == "json") {
        return client.post("/v1/verify", key, &text).unwrap();
    }
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let head = format!("POST /v1/verify HTTP/1.1\r\nHost: h\r\n{form}Content-Length: {}\r\n\r\n", text.len());
    client.send((head + &text).as_bytes()).unwrap();
    client.answer().unwrap()
}

fn judge(entry: &Value, answer: &Answer, (wrong, rows): (&str, i64)) {
    let asserts = entry["asserts"].to_string();
    let (says, id) = (|what: &str| asserts.contains(what), &entry["id"]);
    assert!((400..500).contains(&answer.status), "{id}: {answer:?}");
    if says("status_415") {
        assert_eq!(answer.status, 415, "{id}");
    }
    if says("status_413") {
        assert_eq!(answer.status, 413, "{id}");
    }
    if says("status_431_or_400") {
        assert!([400, 431].contains(&answer.status), "{id}: {answer:?}");
    }
    if says("status_400_and_close") {
        assert_eq!(answer.status, 400, "{id}");
    }
    if says("status_400_or_422") || says("unknown_fields_refused") {
        assert!([400, 422].contains(&answer.status), "{id}: {answer:?}");
    }
    // A body of 100,000 characters is larger than any that is read.
    if says("same_public_answer_as_wrong_code") && answer.status != 413 {
        assert_eq!(answer.bytes(), wrong, "{id}");
        assert_eq!(rows, 1, "{id}: one record");
    }
    if says("counts_as_exactly_one_failure_or_400") {
        assert!(answer.status == 400 || answer.status == 401 && rows == 1, "{id}: {rows} {answer:?}");
    }
}

#[test]
fn a_head_that_says_two_lengths_is_refused_and_ends_the_connection() {
    let (_site, server, _) = house();
    let heads = [
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: +2\r\n",
        "Content-Length: -1\r\n",
        "Content-Length : 2\r\n",
    ];
    for head in heads {
        let mut client = Client::connect(server.address).unwrap();
        let smuggled = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";
        let text = format!("POST /v1/verify HTTP/1.1\r\nHost: h\r\n{head}\r\n{smuggled}");
        client.send(text.as_bytes()).unwrap();
        assert_eq!(client.answer().unwrap().status, 400, "{head}");
        assert!(client.is_closed(), "{head}: a second request was answered");
    }
}

#[test]
fn a_thousand_connections_that_never_finish_keep_nobody_out() {
    let (_site, server, key) = house();
    let mut held = Vec::new();
    let heads = [
        "",
        "POST /v1/verify HT",
        "POST /v1/verify HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    ];
    for nth in 0..1200 {
        // More than this process may hold open is no use to it.
        let Ok(mut stream) = TcpStream::connect(server.address) else { break };
        let _ = stream.write_all(heads[nth % 3].as_bytes());
        held.push(stream);
    }
    assert!(held.len() > 500, "{}", held.len());
    held.truncate(held.len() - 20); // some room for the one who means it
    let start = SystemClock.now();
    let mut client = Client::connect(server.address).unwrap();
    for stream in &mut held {
        let _ = stream.write_all(b"\"");
    }
    for _ in 0..20 {
        assert_eq!(client.get("/healthz", "").unwrap().status, 200);
        assert_eq!(client.post("/v1/verify", &key, &body("user1", "000000")).unwrap().status, 401);
    }
    let took = SystemClock.now().duration_since(start).as_secs_f64();
    assert!(took < 2.0 * SLOW, "{took} s");
    assert!(server.memory().1 < 100 * 1024, "{:?} KiB", server.memory());
}

#[test]
fn the_longest_unanswered_connection_goes_when_all_places_are_taken() {
    let site = Site::new(None, "");
    settle(&site, 1);
    let path = site.settings(0);
    let text = fs::read_to_string(&path).unwrap() + "connections = 3\n";
    crate::cli::sesam::write(&path, text);
    let server = site.serve(0);
    let mut busy = Client::connect(server.address).unwrap();
    let mut silent: Vec<_> = (0..2).map(|_| Client::connect(server.address).unwrap()).collect();
    for one in &mut silent {
        assert_eq!(one.get("/healthz", "").unwrap().status, 200); // its place is taken now
    }
    for _ in 0..4 {
        // Answered again and again, it is never the one that waits longest.
        assert_eq!(busy.get("/healthz", "").unwrap().status, 200);
        let mut next = Client::connect(server.address).unwrap();
        assert_eq!(next.get("/healthz", "").unwrap().status, 200);
        silent.push(next);
    }
    assert_eq!(busy.get("/healthz", "").unwrap().status, 200);
    assert!(silent[0].is_closed() && silent[1].is_closed(), "they lost their places");
}

const ROWS: &str = "SELECT COUNT(*) FROM audit";
/// A machine that does much else besides takes longer than the manifest allows.
const SLOW: f64 = 5.0;
