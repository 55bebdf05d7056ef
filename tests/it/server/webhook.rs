//! The audit, posted to a real HTTPS server.

use hmac::{Hmac, KeyInit, Mac};
use sesam::{
    api::audit::Record,
    server::{
        config::Webhook,
        domain::factor::Factor,
        https::Poster,
        webhook::{follow::Hook, target::Guard},
    },
};
use sha2::Sha256;
use tokio::task::JoinHandle;

use super::{
    calls::House,
    databases::{Database, run},
    receiver::{Posted, Receiver},
    settings::refused,
};

const SECRET: &str = "a secret of its own";

/// The settings that post there.
fn webhook(receiver: &Receiver, allow: &[&str]) -> Webhook {
    let secret_file = receiver.ca_file().with_file_name("webhook.secret");
    let mut file = std::fs::File::create(&secret_file).unwrap();
    std::io::Write::write_all(&mut file, format!("{SECRET}\n").as_bytes()).unwrap();
    Webhook {
        url: format!("https://127.0.0.1:{}/audit", receiver.port),
        secret_file,
        ca_file: Some(receiver.ca_file()),
        allow: allow.iter().map(|one| one.parse().unwrap()).collect(),
    }
}

async fn follow(house: &House, receiver: &Receiver) -> JoinHandle<()> {
    let hook = Hook::new(&webhook(receiver, &["127.0.0.1"])).await.unwrap();
    tokio::spawn(hook.follow(house.service.clone()))
}

/// The rows of a request, once its signature was found right.
fn rows(posted: &Posted) -> Vec<i64> {
    let timestamp = &posted.headers["sesamd-timestamp"];
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("{timestamp}.{}", posted.body).as_bytes());
    let expected = data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes());
    assert_eq!(posted.headers["sesamd-signature"], format!("sha256={expected}"));
    assert_eq!(posted.headers["content-type"], "application/x-ndjson");
    assert_eq!(posted.path, "/audit", "no redirect is followed");
    let read = |line: &str| serde_json::from_str::<Record>(line).unwrap().seq;
    posted.body.lines().map(read).collect()
}

/// Takes requests until this row has arrived.
fn until(receiver: &Receiver, last: i64) -> Vec<i64> {
    let mut all = Vec::new();
    while all.last() != Some(&last) {
        let posted = receiver.next();
        let rows = rows(&posted);
        if posted.status == 200 {
            all.extend(rows);
        }
    }
    all
}

/// The replica of these stories is the first one of a database.
const REPLICA: &str = "[server]\nreplica = \"r0\"\n";

#[test]
fn every_row_arrives_in_order_whatever_happens_on_the_way() {
    let Some(mut receiver) = Receiver::open() else { return };
    for database in Database::all() {
        run(async {
            let house = House::open(&database, REPLICA).await;
            house.settle(&[Factor::Otp]).await;
            let hook = follow(&house, &receiver).await;
            assert_eq!(until(&receiver, 2), [1, 2]);
            for status in [500, 302, 401] {
                receiver.answer(status);
                let before = house.audit().await.len();
                let id = house.sign_in().await;
                assert_eq!(house.show(&id, "otp", "000000").await.status, 409, "this one must bind");
                let wrong = serde_json::json!({"application": "vpn", "user": "juniper", "password": "x"});
                for _ in 0..3 {
                    assert_eq!(house.post("/v1/sign-ins", wrong.clone()).await.status, 401, "nothing waits");
                }
                let last = i64::try_from(house.audit().await.len()).unwrap();
                assert_eq!(last, i64::try_from(before).unwrap() + 3);
                let first = receiver.next();
                assert_eq!(first.status, u64::from(status));
                assert_eq!(rows(&first)[0], last - 2, "what did not arrive comes again from its first row");
                receiver.answer(200);
                assert_eq!(
                    until(&receiver, last),
                    (last - 2..=last).collect::<Vec<_>>(),
                    "{}",
                    database.name
                );
            }
            hook.abort();
            let _ = hook.await;
        });
    }
}

#[test]
fn a_new_start_goes_on_where_the_last_one_came_to() {
    let Some(receiver) = Receiver::open() else { return };
    for database in Database::all() {
        run(async {
            let house = House::open(&database, REPLICA).await;
            house.settle(&[]).await;
            let hook = follow(&house, &receiver).await;
            until(&receiver, 2);
            let arrived = "SELECT seq FROM webhook_positions WHERE seq = 2";
            for _ in 0..1200 {
                if house.service.store.pool().rows(arrived, vec![]).await.unwrap().len() == 1 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            hook.abort();
            let _ = hook.await;
            let wrong = serde_json::json!({"application": "vpn", "user": "juniper", "password": "x"});
            house.post("/v1/sign-ins", wrong).await;
            let hook = follow(&house, &receiver).await;
            assert_eq!(until(&receiver, 3), [3], "{}", database.name);
            hook.abort();
        });
    }
}

#[test]
fn nothing_is_sent_to_this_machine_unless_it_is_named() {
    let Some(receiver) = Receiver::open() else { return };
    run(async {
        let own = webhook(&receiver, &["10.1.2.3"]);
        let private = "webhook.url leads to this machine or a private network: name the address in webhook.allow if \
            that is meant";
        for host in ["127.0.0.1", "localhost"] {
            let url = format!("https://{host}:{}/", receiver.port);
            let error = Hook::new(&Webhook { url, ..own.clone() }).await.unwrap_err();
            assert_eq!(error.to_string(), private);
        }
        // A name that led elsewhere at start leads here now.
        let url = format!("https://localhost:{}/", receiver.port);
        let poster = Poster::new("x", (&url, own.ca_file.as_deref()), Guard::new(vec![])).unwrap();
        let answer = tokio::task::spawn_blocking(move || poster.post(&[], b"x")).await.unwrap();
        assert!(answer.unwrap_err().to_string().contains("leads where nothing is sent"));
        // Named, it arrives: the server was there all the time.
        let guard = Guard::new(vec!["127.0.0.1".parse().unwrap(), "::1".parse().unwrap()]);
        let poster = Poster::new("x", (&url, own.ca_file.as_deref()), guard).unwrap();
        assert!(receiver.is_silent());
        tokio::task::spawn_blocking(move || poster.post(&[], b"x")).await.unwrap().unwrap();
        assert_eq!(receiver.next().body, "x");
    });
}

#[test]
fn who_shows_another_certificate_gets_nothing() {
    let (Some(receiver), Some(other)) = (Receiver::open(), Receiver::open()) else { return };
    let url = format!("https://127.0.0.1:{}/", receiver.port);
    let own = || Guard::new(vec!["127.0.0.1".parse().unwrap()]);
    for trusted in [Some(other.ca_file()), None] {
        let poster = Poster::new("x", (&url, trusted.as_deref()), own()).unwrap();
        let error = poster.post(&[], b"x").unwrap_err().to_string();
        assert!(error.starts_with("TLS failed") || error.starts_with("the connection failed"), "{error}");
    }
    assert!(receiver.is_silent());
}

#[test]
fn a_webhook_that_cannot_be_meant_ends_the_start() {
    let at = |url: &str| format!("[webhook]\nurl = \"{url}\"\nsecret_file = \"sesamd.key\"\n");
    let plain = "webhook.url is no https:// address: nothing is sent where others can read it";
    let user = "webhook.url has a user in it: take away what stands before the @";
    let number = "webhook.url writes an address as a number: four numbers with dots are one";
    let private = "webhook.url leads to this machine or a private network: name the address in webhook.allow if \
        that is meant";
    for (url, sentence) in [
        ("http://169.254.169.254/latest/", plain),
        ("http://2130706433/", plain),
        ("http://localhost.:80/", plain),
        ("https://user@127.0.0.1/", user),
        ("https://169.254.169.254/latest/", private),
        ("https://2130706433/", number),
        ("https://localhost.:80/", "webhook.url names a host that ends in a dot: take the dot away"),
        ("https://[::ffff:127.0.0.1]/", private),
        ("https://0x7f000001/", number),
        ("gopher://127.0.0.1/", plain),
    ] {
        refused(&at(url), sentence);
    }
}
