//! What users see and change of themselves.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use sesam::server::{
    domain::{factor::Factor, help},
    mail::post::Post,
    store::Ask,
};
use tokio::task::JoinHandle;

use super::{
    calls::{Answer, House},
    databases::{Database, run},
    mailbox::{self, Mailbox},
    scene::{ask, binding, code, person},
};

/// Juniper with an authenticator, a session that was begun with a code of it, and a post where there is a mailbox.
struct Juniper {
    house: House,
    token: String,
    post: Option<JoinHandle<()>>,
}

impl Juniper {
    async fn at_home(database: &Database, mailbox: Option<&Mailbox>) -> Self {
        let house = House::open(database, &mailbox::settings(mailbox.map_or(1, |one| one.port))).await;
        house.settle(&[Factor::Otp, Factor::Email]).await;
        bind(&house, "b1", Some("vpn")).await;
        let post = mailbox
            .map(|_| tokio::spawn(Post::new(&house.service.config).unwrap().deliver(house.service.clone())));
        let mut juniper = Self { house, token: String::new(), post };
        juniper.token = juniper.sign_in().await;
        juniper
    }

    /// Signs in with password and code: the token of the session.
    async fn sign_in(&self) -> String {
        self.house.clock.wait(30);
        let id = self.house.sign_in().await;
        let done = self.house.show(&id, "otp", &code(&self.house.clock)).await;
        assert_eq!(done.status, 200, "{done:?}");
        done.body["session"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> Answer {
        self.house.call((Method::GET, path), Some(&self.token), None).await
    }

    async fn post(&self, path: &str, body: Option<Value>) -> Answer {
        self.house.call((Method::POST, path), Some(&self.token), body).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.house.call((Method::DELETE, path), Some(&self.token), None).await
    }

    async fn confirm(&self, email: &str, code: &str) -> u16 {
        let show = json!({"email": email, "code": code});
        self.post("/v1/me/email/confirm", Some(show)).await.status
    }

    async fn heard_last(&self) -> String {
        self.house.heard().await.pop().unwrap()
    }
}

impl Drop for Juniper {
    fn drop(&mut self) {
        if let Some(post) = &self.post {
            post.abort();
        }
    }
}

async fn bind(house: &House, id: &'static str, application: Option<&'static str>) {
    let bound = house.service.store.decide(ask(), move |case| {
        case.person.bindings.push(binding(id, application));
        ((), vec![])
    });
    bound.await.unwrap();
}

#[test]
fn one_sees_oneself_and_no_secret() {
    for database in Database::all() {
        run(async {
            let juniper = Juniper::at_home(&database, None).await;
            let me = juniper.get("/v1/me").await;
            assert_eq!(me.status, 200, "{me:?}");
            assert_eq!(me.body["name"], "Juniper");
            assert_eq!(me.body["email"], "juniper@example.com", "one's own address is whole");
            assert_eq!((&me.body["state"], &me.body["must_bind"]), (&json!("ok"), &json!(false)));
            assert_eq!((&me.body["recovery_codes"], &me.body["proof"]), (&json!(0), &json!("otp")));
            let bound = &me.body["bindings"][0];
            assert_eq!(
                (&bound["id"], &bound["kind"], &bound["digits"]),
                (&json!("b1"), &json!("totp"), &json!(6))
            );
            for secret in ["GEZDGNBV", "12345678", "31323334"] {
                assert!(!me.body.to_string().contains(secret), "{me:?}");
            }
            for token in [None, Some("sesam_nonsense"), Some("")] {
                assert_eq!(juniper.house.call((Method::GET, "/v1/me"), token, None).await.status, 401);
            }
        });
    }
}

#[test]
fn a_new_sheet_of_paper_kills_the_old_one() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let juniper = Juniper::at_home(&database, Some(&mailbox)).await;
            let sheet = |answer: Answer| -> Vec<String> {
                assert_eq!(answer.status, 201, "{answer:?}");
                serde_json::from_value(answer.body["codes"].clone()).unwrap()
            };
            let old = sheet(juniper.post("/v1/me/recovery-codes", None).await);
            assert_eq!((old.len(), old[0].len()), (10, 19));
            assert!(mailbox.next().text.contains("A new sheet of recovery codes was made."));
            assert_eq!(juniper.heard_last().await, "Recovery codes created / success");
            let id = juniper.house.sign_in().await;
            assert_eq!(juniper.house.show(&id, "recovery", &old[3]).await.body["offers_binding"], true);
            assert!(
                mailbox.next().text.contains("A recovery code of yours was used to sign in. 9 are left.")
            );
            assert_eq!(juniper.get("/v1/me").await.body["recovery_codes"], 9);
            let new = sheet(juniper.post("/v1/me/recovery-codes", None).await);
            assert!(!mailbox.next().text.contains(&new[0]), "no letter has a code of the sheet");
            let id = juniper.house.sign_in().await;
            assert_eq!(juniper.house.show(&id, "recovery", &old[4]).await.status, 401);
            assert_eq!(juniper.house.show(&id, "recovery", &new[4]).await.status, 200);
            let printed = juniper.house.audit().await;
            assert!(printed.iter().all(|row| !format!("{row:?}").contains(&new[4])));
            let created =
                printed.iter().find(|row| row.fields[0].as_deref() == Some("Recovery codes created"));
            assert_eq!(created.unwrap().fields[7].as_deref(), Some("user"), "who acted");
        });
    }
}

#[test]
fn a_session_without_a_code_looks_and_changes_nothing() {
    for database in Database::all() {
        run(async {
            let mut juniper = Juniper::at_home(&database, None).await;
            let bypassed = juniper.house.service.store.decide(ask(), |case| {
                let until = case.now.after(Duration::from_mins(10));
                (help::bypass(&mut case.person, until, case.now, "ticket 1").is_ok(), vec![])
            });
            assert!(bypassed.await.unwrap());
            let wish = json!({"application": "vpn", "user": "juniper", "password": super::calls::PASSWORD});
            let done = juniper.house.post("/v1/sign-ins", wish).await;
            assert_eq!(done.body["proof"], "bypass");
            juniper.token = done.body["session"].as_str().unwrap().to_owned();
            assert_eq!(juniper.get("/v1/me").await.body["state"], "bypass");
            let email = json!({"email": "other@example.com"});
            let confirm = json!({"email": "other@example.com", "code": "123456"});
            let refused = [
                juniper.post("/v1/me/recovery-codes", None).await,
                juniper.delete("/v1/me/bindings/b1").await,
                juniper.post("/v1/me/email", Some(email)).await,
                juniper.post("/v1/me/email/confirm", Some(confirm)).await,
            ];
            for answer in refused {
                assert_eq!(answer.status, 403);
                let sentence = "this session was begun without a code: sign in again and show one";
                assert_eq!(answer.body["detail"], sentence);
            }
            assert_eq!(person(&juniper.house.service.store).await.bindings.len(), 1);
        });
    }
}

#[test]
fn one_takes_an_own_authenticator_away_and_no_token() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let juniper = Juniper::at_home(&database, Some(&mailbox)).await;
            bind(&juniper.house, "t1", None).await;
            assert_eq!(juniper.delete("/v1/me/bindings/t1").await.status, 403);
            assert_eq!(juniper.delete("/v1/me/bindings/b2").await.status, 404);
            assert_eq!(juniper.delete("/v1/me/bindings/b1").await.status, 204);
            assert_eq!(juniper.delete("/v1/me/bindings/b1").await.status, 404);
            assert_eq!(juniper.heard_last().await, "Binding removed / success");
            assert!(mailbox.next().text.contains("An authenticator was removed for vpn."));
            let left = juniper.get("/v1/me").await.body["bindings"].clone();
            assert_eq!((left.as_array().unwrap().len(), &left[0]["serial"]), (1, &json!("0815")));
        });
    }
}

#[test]
fn a_new_address_is_confirmed_by_the_code_that_goes_there() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let juniper = Juniper::at_home(&database, Some(&mailbox)).await;
            let wish = |email: &str| Some(json!({"email": email}));
            let asked = juniper.post("/v1/me/email", wish("new.home@example.org")).await;
            assert_eq!((asked.status, &asked.body["to"]), (202, &json!("n**e@example.org")));
            let mail = mailbox.next();
            assert_eq!(
                (mail.to.as_str(), mail.subject.as_str()),
                ("new.home@example.org", "Confirm this address")
            );
            assert_eq!(
                juniper.get("/v1/me").await.body["email"],
                "juniper@example.com",
                "nothing changed yet"
            );
            let again = juniper.post("/v1/me/email", wish("new.home@example.org")).await;
            assert_eq!((again.status, &again.headers["retry-after"]), (429, &"60".parse().unwrap()));
            let elsewhere = juniper.confirm("other@example.org", &mail.code()).await;
            assert_eq!(elsewhere, 401, "the code is the address's");
            assert_eq!(juniper.confirm("new.home@example.org", &mail.code()).await, 204);
            let notice = mailbox.next();
            assert_eq!(notice.to, "juniper@example.com", "the old address is told");
            assert!(
                notice.text.contains("Your codes go to n**e@example.org from now on."),
                "{}",
                notice.text
            );
            assert_eq!(juniper.get("/v1/me").await.body["email"], "new.home@example.org");
            assert_eq!(juniper.confirm("new.home@example.org", &mail.code()).await, 401, "once");
            let heard = juniper.house.heard().await;
            let changed: Vec<_> = heard.iter().filter(|row| row.starts_with("E-mail changed")).collect();
            let expected = ["failure / expired_code", "success", "failure / not_bound"];
            assert_eq!(
                changed,
                expected.map(|how| format!("E-mail changed / {how}")).iter().collect::<Vec<_>>()
            );
            let same = juniper.post("/v1/me/email", wish("new.home@example.org")).await;
            assert_eq!(same.status, 409);
        });
    }
}

#[test]
fn wrong_codes_for_an_address_lock_as_anywhere_and_a_right_one_lifts_nothing() {
    let Some(mailbox) = Mailbox::open(0) else { return };
    for database in Database::all() {
        run(async {
            let juniper = Juniper::at_home(&database, Some(&mailbox)).await;
            let wish = Some(json!({"email": "new@example.org"}));
            assert_eq!(juniper.post("/v1/me/email", wish.clone()).await.status, 202);
            let right = mailbox.next().code();
            let wrong = if right == "000000" { "000001" } else { "000000" };
            for _ in 0..5 {
                assert_eq!(juniper.confirm("new@example.org", wrong).await, 401);
            }
            assert_eq!(juniper.confirm("new@example.org", &right).await, 204);
            mailbox.next();
            assert_eq!(person(&juniper.house.service.store).await.user.failures.in_row, 5);
            juniper.house.clock.wait(60);
            let back = Some(json!({"email": "juniper@example.com"}));
            assert_eq!(juniper.post("/v1/me/email", back).await.status, 202);
            let right = mailbox.next().code();
            let wrong = if right == "000000" { "000001" } else { "000000" };
            assert_eq!(juniper.confirm("juniper@example.com", wrong).await, 401);
            assert_eq!(juniper.heard_last().await, "Lock on / success / wrong_code");
            assert_eq!(juniper.confirm("juniper@example.com", &right).await, 401, "locked");
            assert_eq!(juniper.heard_last().await, "E-mail changed / failure / locked");
            assert_eq!(juniper.get("/v1/me").await.body["state"], "locked");
            assert_eq!(juniper.post("/v1/me/email", wish).await.status, 409);
        });
    }
}

#[test]
fn what_is_no_address_is_refused() {
    let database = Database::sqlite();
    run(async {
        let juniper = Juniper::at_home(&database, None).await;
        let long = format!("{}@example.com", "a".repeat(300));
        for email in ["", "a", "a@b@c", "a b@example.com", "a@example.com\r\nBcc: b@example.com", &long] {
            let answer = juniper.post("/v1/me/email", Some(json!({"email": email}))).await;
            assert_eq!(answer.status, 422, "{email:?}: {answer:?}");
        }
        let more = json!({"email": "a@example.com", "more": 1});
        assert_eq!(juniper.post("/v1/me/email", Some(more)).await.status, 422);
        assert_eq!(juniper.confirm("a@example.com", "").await, 401);
    });
}

#[test]
fn one_ends_the_sessions_that_one_sees() {
    for database in Database::all() {
        run(async {
            let mut juniper = Juniper::at_home(&database, None).await;
            let first = juniper.token.clone();
            juniper.token = juniper.sign_in().await;
            let list = juniper.get("/v1/me/sessions").await.body["items"].clone();
            let current: Vec<_> = list.as_array().unwrap().iter().map(|one| one["current"] == true).collect();
            assert_eq!(current, [true, false], "{list}");
            assert!(!list.to_string().contains(&juniper.token), "no token is told again");
            let id = list[1]["id"].as_str().unwrap();
            assert_eq!(juniper.delete(&format!("/v1/me/sessions/{id}")).await.status, 204);
            assert_eq!(juniper.delete(&format!("/v1/me/sessions/{id}")).await.status, 404);
            let path = "/v1/me";
            assert_eq!(juniper.house.call((Method::GET, path), Some(&first), None).await.status, 401);
            assert_eq!(juniper.delete("/v1/me/session").await.status, 204);
            assert_eq!(juniper.get(path).await.status, 401);
        });
    }
}

#[test]
fn nobody_ends_the_session_of_somebody_else() {
    let database = Database::sqlite();
    run(async {
        let juniper = Juniper::at_home(&database, None).await;
        let mut other = super::scene::user("u2", "Other");
        other.email = None;
        let store = &juniper.house.service.store;
        let create = sesam::server::store::make::CreateUser {
            user: other,
            password: None,
            scene: super::scene::scene(),
        };
        store.submit(create).await.unwrap();
        let new = sesam::server::store::sessions::NewSession {
            digest: sesam::server::seal::token::Token::new(
                sesam::server::seal::token::Kind::Session,
                &[9; 32],
            )
            .digest(),
            id: "s-other".into(),
            audience: sesam::server::domain::session::Audience::User,
            proof: sesam::server::domain::sign_in::Proof::Bound,
        };
        let ask = Ask { user: "u2".into(), ..ask() };
        let begun = store.decide(ask, move |case| {
            case.out.session = Some(new.clone());
            ((), vec![])
        });
        begun.await.unwrap();
        assert_eq!(juniper.delete("/v1/me/sessions/s-other").await.status, 404);
    });
}
