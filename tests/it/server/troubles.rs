//! Troubles that are nobody's attack: what is no request, a stop in the middle of one, a wrong key, a newer database, a
//! full disk. Each has the right answer, and nothing must be started anew.

use std::{fs, io::Write as _, process::Command};

use super::{
    crowds::addresses,
    databases::Database,
    http::Client,
    people::{PASSWORD, body, code, settle},
    process::{Sesamd, Site},
};
use crate::cli::sesam::{is_root, skipped, until, write};

#[test]
fn what_is_no_request_is_refused_with_a_sentence_and_counts_nothing() {
    let site = Site::new(None, "");
    let key = settle(&site, 1);
    let server = site.serve(0);
    let mut client = Client::connect(server.address).unwrap();
    let deep = format!("{{\"user\":{}1{}}}", "[".repeat(30_000), "]".repeat(30_000));
    let bodies: [(&str, &[u16]); 9] = [
        ("{", &[400]),
        ("[]", &[422]),
        ("nul", &[400]),
        ("{\"user\":\"user0\"}", &[422]),
        ("{\"user\":\"user0\",\"code\":\"000000\",\"more\":1}", &[422]),
        ("{\"user\":\"user0\",\"code\":\"000000\",\"code\":\"1\"}", &[422]),
        ("{\"user\":1,\"code\":000000}", &[400, 422]),
        ("\u{0}", &[400]),
        (&deep, &[400, 422]),
    ];
    for (text, expected) in bodies {
        let answer = client.post("/v1/verify", &key, text).unwrap();
        let shown: String = text.chars().take(60).collect();
        assert!(expected.contains(&answer.status), "{shown}: {answer:?}");
        assert!(answer.json()["detail"].as_str().is_some_and(|said| said.len() > 10), "{shown}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
    for (method, path, expected) in [
        ("GET", "/v1/verify", 405),
        ("DELETE", "/v1/sign-ins", 405),
        ("BREW", "/v1/verify", 405),
        ("GET", "/v1/none", 404),
        ("GET", "/../etc/passwd", 404),
        ("GET", "/v1/sign-ins/%00%ff", 400),
        ("GET", "/v1/sign-ins/none", 404),
    ] {
        let answer = client.ask((method, path), "", "").unwrap();
        assert!(answer.status == expected || answer.status == 404, "{method} {path}: {answer:?}");
        assert!(answer.json()["detail"].is_string(), "{method} {path}: {answer:?}");
    }
    let whole = format!("{{\"user\":\"user0\",\"code\":\"{}\"}}", " ".repeat(70_000));
    assert_eq!(client.post("/v1/verify", &key, &whole).unwrap().status, 413);
    let failed = "SELECT COUNT(*) FROM users WHERE in_row > 0";
    assert_eq!(site.count(failed, vec![]), 0);
    let mut client = Client::connect(server.address).unwrap();
    assert_eq!(client.post("/v1/verify", &key, &body("user0", &code(0))).unwrap().status, 200);
    assert_eq!(server.log().lines().count(), 1, "{}", server.log());
}

#[test]
fn what_is_asked_before_a_stop_is_answered() {
    for database in Database::all() {
        let site = Site::new(database.url.as_deref(), "");
        settle(&site, 8);
        let mut server = site.serve(0);
        let mut asked = Vec::new();
        for nth in 0..8 {
            let mut client = Client::connect(server.address).unwrap();
            let begin = serde_json::json!({ "application": "vpn", "user": format!("user{nth}"),
                "password": PASSWORD })
            .to_string();
            let head = "POST /v1/sign-ins HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";
            // All but the last byte: the request has begun.
            let text = format!("{head}Content-Length: {}\r\n\r\n{begin}", begin.len());
            let (early, last) = text.as_bytes().split_at(text.len() - 1);
            client.send(early).unwrap();
            asked.push((client, last.to_vec()));
        }
        // A request of its own behind them: when it is answered, the others have been seen.
        Client::connect(server.address).unwrap().get("/readyz", "").unwrap();
        server.terminate();
        until("no more connections", || {
            Client::connect(server.address).and_then(|mut client| client.get("/healthz", "")).is_err()
        });
        for (client, last) in &mut asked {
            client.send(last).unwrap();
            assert_eq!(client.answer().unwrap().status, 201, "{}", database.name);
        }
        drop(asked);
        assert_eq!(server.stop(), Some(0), "{}", server.log());
        assert!(site.verified());
    }
}

#[test]
fn a_wrong_key_a_newer_database_and_none_end_with_a_sentence_and_change_nothing() {
    let site = Site::new(None, "");
    settle(&site, 1);
    let (key, database) = (site.dir.path().join("sesamd.key"), site.dir.path().join("sesamd.db"));
    let right = fs::read(&key).unwrap();
    let serve = |code: i32, says: &str| {
        let ran = site.command(&["serve"]).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(code), "{said}");
        assert!(said.contains(says) && said.lines().count() <= 3, "{said}");
    };
    let other = Site::new(None, "");
    fs::remove_file(&key).unwrap();
    serve(4, "sesamd.key");
    fs::copy(other.dir.path().join("sesamd.key"), &key).unwrap();
    serve(4, "not the one of this database");
    write(&key, "rubbish");
    serve(4, "sesamd.key");
    write(&key, right);
    site.rows("UPDATE meta SET value = '999' WHERE name = 'schema'", vec![]);
    serve(5, "schema 999");
    site.rows("UPDATE meta SET value = '1' WHERE name = 'schema'", vec![]);
    assert!(site.verified());
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(site.dir.path().join(format!("sesamd.db{end}")));
    }
    write(&database, "this is no database at all, but long enough to be looked at as one ".repeat(99));
    serve(1, "database");
}

/// A small file system in memory that goes with the test.
struct Disk(std::path::PathBuf);

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_is_accepted_until_there_is_room() {
    let site = Site::new(None, "");
    let place = site.dir.path().join("disk");
    fs::create_dir(&place).unwrap();
    let mount = ["-t", "tmpfs", "-o", "size=4m,mode=700", "none"];
    if !is_root() || !Command::new("mount").args(mount).arg(&place).status().is_ok_and(|end| end.success()) {
        return skipped("no file system of a few MiB can be mounted here");
    }
    let disk = Disk(place);
    let (settings, small) = (fs::read_to_string(site.settings(0)).unwrap(), disk.0.join("sesamd.db"));
    for replica in 0..5 {
        let text = settings.replace("sqlite:sesamd.db", "sqlite:disk/sesamd.db");
        write(&site.settings(replica), text.replace("\"r0\"", &format!("\"r{replica}\"")));
    }
    let key = settle(&site, 8);
    let server = site.serve(0);
    let mut client = Client::connect(addresses(std::slice::from_ref(&server))[0]).unwrap();
    let show = |client: &mut Client, nth: usize| {
        client.post("/v1/verify", &key, &body(&format!("user{nth}"), &code(nth))).unwrap()
    };
    assert_eq!(show(&mut client, 0).status, 200);
    let filler = disk.0.join("filler");
    let mut file = fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 512]).is_ok() {}
    until("a 503", || show(&mut client, 0).status == 503);
    // What still goes into the room that is left is written; what does not is said.
    let refused = (1..8).map(|nth| {
        let answer = show(&mut client, nth);
        assert!([200, 503].contains(&answer.status), "{answer:?}");
        assert!(!answer.body.contains("disk") && !answer.body.contains("sqlite"), "{answer:?}");
        answer.status == 503
    });
    let refused: Vec<bool> = refused.collect();
    assert!(refused.contains(&true));
    assert_eq!(client.get("/healthz", "").unwrap().status, 200);
    drop(file);
    fs::remove_file(&filler).unwrap();
    until("being ready", || client.get("/readyz", "").unwrap().status == 200);
    for (nth, refused) in (1..).zip(refused) {
        let answer = show(&mut client, nth);
        assert!(answer.status == 200 || !refused, "{answer:?}, {}", server.log());
    }
    assert!(small.exists());
    drop((client, server));
    verified(&site);
}

/// With settings of its own, which the site does not know.
fn verified(site: &Site) {
    let ran = site.command(&["audit", "verify"]).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_database_that_is_locked_for_long_is_said_in_time() {
    let site = Site::new(None, "");
    let key = settle(&site, 2);
    let server: Sesamd = site.serve(0);
    let mut client = Client::connect(server.address).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let place = site.place();
    let mut other = runtime.block_on(place.connect(std::time::Duration::from_mins(1))).unwrap();
    runtime.block_on(other.run("BEGIN IMMEDIATE")).unwrap();
    let refused = client.post("/v1/verify", &key, &body("user0", &code(0))).unwrap();
    assert_eq!(refused.status, 503, "{refused:?}");
    runtime.block_on(other.run("ROLLBACK")).unwrap();
    assert_eq!(client.post("/v1/verify", &key, &body("user1", &code(1))).unwrap().status, 200);
    drop((client, server));
    assert!(site.verified());
}
