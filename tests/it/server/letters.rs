//! Codes by e-mail, through a real SMTP server.

use axum::http::Method;
use serde_json::{Value, json};
use sesam::{
    otp::{Otp, Secret},
    server::{
        domain::factor::Factor,
        mail::post::Post,
        store::letters::{Channel, Letter},
    },
};
use tokio::task::JoinHandle;

use super::{
    calls::{Answer, House},
    databases::{Database, run},
    mailbox::{self, Mailbox},
    receiver::Receiver,
    scene::ask,
};

/// Starts the post of a server.
pub(super) fn post(house: &House) -> JoinHandle<()> {
    let post = Post::new(&house.service.config).unwrap();
    tokio::spawn(post.deliver(house.service.clone()))
}

pub(super) async fn send(house: &House, sign_in: &str) -> Answer {
    house.post(&format!("/v1/sign-ins/{sign_in}/code"), json!({"factor": "email"})).await
}

/// How many letters wait.
pub(super) async fn waiting(house: &House) -> i64 {
    house.service.store.pool().rows("SELECT COUNT(*) FROM letters", vec![]).await.unwrap()[0].int(0).unwrap()
}

/// Until so many letters wait, be it never: then the test ends by its limit.
pub(super) async fn until_waiting(house: &House, count: i64) {
    for _ in 0..1200 {
        if waiting(house).await == count {
            return;
        }
        house.service.letters.notify_one();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{} letters wait, and not {count}", waiting(house).await);
}

#[test]
fn a_code_comes_by_mail_and_opens_once() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let house = House::open(&database, &mailbox.settings()).await;
            house.settle(&[Factor::Email]).await;
            let post = post(&house);
            let sign_in = house.sign_in().await;
            let sent = send(&house, &sign_in).await;
            assert_eq!((sent.status, &sent.body["to"]), (202, &json!("j**r@example.com")));
            assert_eq!(sent.body["seconds"], 600);
            let mail = mailbox.next();
            assert_eq!(
                (mail.to.as_str(), mail.subject.as_str()),
                ("juniper@example.com", "Your code for VPN")
            );
            assert!(mail.head.contains("From: MFA <mfa@example.com>"), "{}", mail.head);
            assert!(mail.head.contains("Auto-Submitted: auto-generated"), "{}", mail.head);
            until_waiting(&house, 0).await;

            let again = send(&house, &sign_in).await;
            assert_eq!(again.status, 429, "{again:?}");
            assert_eq!(again.headers["retry-after"], "60");
            house.clock.wait(59);
            assert_eq!(send(&house, &sign_in).await.headers["retry-after"], "1");
            house.clock.wait(1);
            assert_eq!(send(&house, &sign_in).await.status, 202);
            let new = mailbox.next();
            if mail.code() != new.code() {
                let old = house.show(&sign_in, "email", &mail.code()).await;
                assert_eq!(old.status, 401, "a new code kills the old one: {old:?}");
            }
            let right = house.show(&sign_in, "email", &new.code()).await;
            assert_eq!((right.status, &right.body["proof"]), (200, &json!("email")));
            assert_eq!(house.show(&sign_in, "email", &new.code()).await.status, 409, "it is done");
            let heard = house.heard().await;
            assert_eq!(heard.last().unwrap(), "Secondary authentication - E-mail / success");
            assert!(
                !heard.iter().any(|row| row.ends_with("wrong_code")),
                "an old code is no guess: {heard:?}"
            );
            post.abort();
            assert_eq!(mailbox.rest(), 0, "{}", database.name);
        });
    }
}

#[test]
fn a_code_is_good_for_ten_minutes() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let house = House::open(&database, &mailbox.settings()).await;
            house.settle(&[Factor::Email]).await;
            let post = post(&house);
            for (seconds, status) in [(599, 200), (600, 401)] {
                let sign_in = house.sign_in().await;
                assert_eq!(send(&house, &sign_in).await.status, 202);
                let code = mailbox.next().code();
                house.clock.wait(seconds);
                assert_eq!(house.show(&sign_in, "email", &code).await.status, status, "after {seconds} s");
            }
            let heard = house.heard().await;
            assert_eq!(heard.last().unwrap(), "Secondary authentication - E-mail / failure / expired_code");
            post.abort();
        });
    }
}

#[test]
fn the_first_binding_needs_the_code_that_was_mailed() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let house = House::open(&database, &mailbox.settings()).await;
            house.settle(&[Factor::Otp]).await;
            let post = post(&house);
            let sign_in = house.sign_in().await;
            let path = format!("/v1/sign-ins/{sign_in}/binding");
            let begun = house.call((Method::POST, &path), None, None).await;
            assert_eq!((begun.status, &begun.body["email_code_to"]), (201, &json!("j**r@example.com")));
            let mailed = mailbox.next().code();
            let secret = Secret::from_base32(begun.body["base32"].as_str().unwrap()).unwrap();
            let code = Otp::totp(secret).code(house.clock.seconds()).unwrap().as_str().to_owned();
            let confirm = |mailed: Option<&str>| {
                let show = json!({"binding": begun.body["binding"], "code": code, "email_code": mailed});
                (format!("{path}/confirm"), show)
            };
            let (path, show) = confirm(None);
            assert_eq!(house.post(&path, show).await.status, 401, "without the mailed code");
            let (path, show) = confirm(Some(&mailed));
            let bound = house.post(&path, show).await;
            assert_eq!((bound.status, &bound.body["proof"]), (200, &json!("bound")));
            let notice = mailbox.next();
            assert!(notice.text.contains("An authenticator was bound for VPN."), "{}", notice.text);
            post.abort();
        });
    }
}

#[test]
fn a_server_that_is_down_gets_its_letters_when_it_comes_back() {
    let Some(mut mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let place = mailbox.port;
            let house = House::open(&database, &mailbox.settings()).await;
            house.settle(&[Factor::Email]).await;
            let post = post(&house);
            mailbox.answer("451 Come back later");
            let sign_in = house.sign_in().await;
            assert_eq!(send(&house, &sign_in).await.status, 202);
            tried(&house).await;
            drop(std::mem::replace(&mut mailbox, Mailbox::open(0).unwrap())); // nobody listens at the port
            house.clock.wait(60);
            until_tried_again(&house).await;
            mailbox = Mailbox::open(place).unwrap();
            house.clock.wait(200);
            until_waiting(&house, 0).await;
            let code = mailbox.next().code();
            assert_eq!(house.show(&sign_in, "email", &code).await.status, 200);
            post.abort();
        });
    }
}

/// Until the letter was tried and waits for its next turn.
pub(super) async fn tried(house: &House) {
    until_due(house, "SELECT COUNT(*) FROM letters WHERE tries >= 1 AND due <= $1", 8).await;
}

/// Somebody guesses: whose account it is hears of the lock, once.
#[test]
fn a_lock_is_told_by_mail() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let house = House::open(&database, &mailbox.settings()).await;
            house.settle(&[Factor::Email]).await;
            let (post, sign_in) = (post(&house), house.sign_in().await);
            assert_eq!(send(&house, &sign_in).await.status, 202);
            let wrong = if mailbox.next().code() == "000000" { "111111" } else { "000000" };
            for _ in 0..7 {
                house.show(&sign_in, "email", wrong).await;
            }
            let mail = mailbox.next();
            let said = "Your account is locked until";
            assert!(mail.subject == "Your second factor" && mail.text.contains(said), "{}", mail.text);
            until_waiting(&house, 0).await;
            post.abort();
            assert_eq!(mailbox.rest(), 0, "{}", database.name);
        });
    }
}

async fn until_tried_again(house: &House) {
    until_due(house, "SELECT COUNT(*) FROM letters WHERE tries >= 2 AND due <= $1", 16).await;
}

async fn until_due(house: &House, sql: &'static str, seconds: u64) {
    for _ in 0..1200 {
        let within = i64::try_from((house.clock.seconds() + seconds) * 1000).unwrap();
        let pool = house.service.store.pool();
        if pool.rows(sql, vec![within.into()]).await.unwrap()[0].int(0).unwrap() == 1 {
            return;
        }
        house.service.letters.notify_one();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no letter was tried");
}

#[test]
fn letters_expire_with_their_code() {
    for database in Database::all() {
        run(async {
            let house = House::open(&database, &mailbox::settings(1)).await;
            house.settle(&[Factor::Email]).await;
            let post = post(&house);
            let sign_in = house.sign_in().await;
            assert_eq!(send(&house, &sign_in).await.status, 202);
            tried(&house).await;
            assert_eq!(waiting(&house).await, 1);
            house.clock.wait(600);
            until_waiting(&house, 0).await;
            post.abort();
        });
    }
}

#[test]
fn what_a_server_refuses_for_good_is_given_up_and_goes_on_for_the_others() {
    let Some(mut mailbox) = Mailbox::open(0) else { return };
    let database = Database::sqlite();
    run(async {
        let house = House::open(&database, &mailbox.settings()).await;
        house.settle(&[Factor::Email]).await;
        let post = post(&house);
        mailbox.answer("550 No such user: your code is 123456");
        letter(&house, "juniper@example.com", "One").await;
        until_waiting(&house, 0).await;
        mailbox.answer("535 Who are you?");
        letter(&house, "juniper@example.com", "Two").await;
        tried(&house).await;
        mailbox.answer("250 OK");
        letter(&house, "juniper@example.com\r\nRCPT TO:<evil@example.com>", "Three").await;
        letter(&house, "juniper@example.com", "Four\r\nBcc: evil@example.com").await;
        house.clock.wait(60);
        until_waiting(&house, 0).await;
        let mut came = [mailbox.next(), mailbox.next()];
        came.sort_by(|a, b| b.subject.cmp(&a.subject));
        assert_eq!([came[0].subject.as_str(), &came[1].subject], ["Two", "Four  Bcc: evil@example.com"]);
        assert!(came.iter().all(|mail| mail.to == "juniper@example.com"), "{came:?}");
        assert!(!came.iter().any(|mail| mail.head.contains("\r\nBcc")), "{came:?}");
        assert_eq!(mailbox.rest(), 0);
        post.abort();
    });
}

/// Asks for a letter.
pub(super) async fn letter(house: &House, to: &str, subject: &str) {
    let until = sesam::server::domain::time::Time::from_seconds(1_900_000_000);
    let letter = Letter {
        channel: Channel::Email,
        to: to.into(),
        subject: subject.into(),
        text: "Hello".into(),
        until,
    };
    let ask = sesam::server::store::Ask { application: None, ..ask() };
    let decided = house.service.store.decide(ask, move |case| {
        case.out.letters.push(letter.clone());
        ((), vec![])
    });
    decided.await.unwrap();
    house.service.letters.notify_one();
}

#[test]
fn without_a_mail_server_no_code_is_asked_for() {
    for database in Database::all() {
        run(async {
            let house = House::open(&database, "").await;
            house.settle(&[Factor::Email, Factor::Otp]).await;
            let wish = json!({"application": "vpn", "user": "juniper", "password": super::calls::PASSWORD});
            let begun = house.post("/v1/sign-ins", wish).await;
            assert_eq!((&begun.body["stage"], &begun.body["factors"]), (&json!("binding"), &json!([])));
            let path = format!("/v1/sign-ins/{}", begun.body["id"].as_str().unwrap());
            let refused = |answer: Answer| {
                assert_eq!(answer.status, 409);
                let said = answer.body["detail"].as_str().unwrap().to_owned();
                assert!(said.starts_with("no code can be sent this way: this server sends no "), "{said}");
            };
            refused(house.call((Method::POST, &format!("{path}/binding")), None, None).await);
            refused(house.post(&format!("{path}/code"), json!({"factor": "email"})).await);
            refused(house.post(&format!("{path}/code"), json!({"factor": "sms"})).await);
            assert_eq!(waiting(&house).await, 0);
            let person = super::scene::person(&house.service.store).await;
            assert_eq!(person.user.email.as_deref(), Some("juniper@example.com"), "hidden, not gone");
            assert_eq!(
                house.call((Method::GET, &path), None, None).await.body["factors"],
                Value::Array(vec![])
            );
        });
    }
}

#[test]
fn an_sms_goes_through_the_gateway() {
    let Some(mut receiver) = Receiver::open() else { return };
    let database = Database::sqlite();
    run(async {
        let ca = receiver.ca_file();
        let body = r#"{"messages": [{"to": "{to}", "text": "{text}"}]}"#;
        let settings = format!(
            "[sms]\nurl = \"https://127.0.0.1:{}/send\"\nbody = '{body}'\nca_file = \"{}\"\n",
            receiver.port,
            ca.display()
        );
        let house = House::open(&database, &settings).await;
        house.settle(&[Factor::Sms]).await;
        let numbered = house.service.store.decide(ask(), |case| {
            case.person.user.mobile = Some("+49 170 1234567".into());
            ((), vec![])
        });
        numbered.await.unwrap();
        receiver.answer(302);
        let post = post(&house);
        let sign_in = house.sign_in().await;
        let path = format!("/v1/sign-ins/{sign_in}/code");
        let sent = house.post(&path, json!({"factor": "sms"})).await;
        assert_eq!((sent.status, &sent.body["to"]), (202, &json!("**67")));
        assert_eq!(receiver.next().path, "/send", "and no redirect is followed");
        tried(&house).await;
        receiver.answer(200);
        house.clock.wait(60);
        until_waiting(&house, 0).await;
        let posted = receiver.next();
        assert_eq!((posted.path.as_str(), posted.status), ("/send", 200));
        let posted: Value = serde_json::from_str(&posted.body).unwrap();
        assert_eq!(posted["messages"][0]["to"], "+49 170 1234567");
        let text = posted["messages"][0]["text"].as_str().unwrap();
        assert!(text.ends_with(" is your code for VPN. It is good for 10 minutes."), "{text}");
        assert_eq!(house.show(&sign_in, "sms", &text[..6]).await.status, 200);
        post.abort();
    });
}
