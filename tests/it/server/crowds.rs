//! Crowds at the real server: of so many at once exactly one is accepted, of so many wrong ones exactly six are judged.

use std::{collections::BTreeMap, net::SocketAddr, sync::Mutex};

use sesam::server::{
    domain::{
        factor::Factor,
        mail_code::{Purpose, SentCodes, Whose},
        recovery::Plain,
    },
    seal::{
        password,
        token::{Kind, Token},
    },
};

use super::{
    databases::Database,
    http::{Answer, Client},
    people::{PASSWORD, application, ask, body, code, settle, wrong},
    process::{Sesamd, Site},
};
use crate::cli::sesam::full;

/// One request: path, token, body.
pub(super) type Asked = (String, String, String);

/// Many requests at once over so many connections, which are spread over the processes.
pub(super) fn crowd(servers: &[SocketAddr], connections: usize, requests: Vec<Asked>) -> Vec<Answer> {
    let (requests, answers) = (Mutex::new(requests), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for nth in 0..connections {
            let (requests, answers) = (&requests, &answers);
            scope.spawn(move || {
                let mut client = Client::connect(servers[nth % servers.len()]).unwrap();
                loop {
                    let next = requests.lock().unwrap().pop();
                    let Some((path, token, body)) = next else { return };
                    let answer = client.post(&path, &token, &body).unwrap();
                    answers.lock().unwrap().push(answer);
                }
            });
        }
    });
    answers.into_inner().unwrap()
}

/// A site on each database with so many users, and its processes.
pub(super) fn sites(users: usize) -> Vec<(Database, Site, Vec<Sesamd>, String)> {
    let all = Database::all().into_iter().map(|database| {
        let site = Site::new(database.url.as_deref(), "");
        let key = settle(&site, users);
        let servers = (0..database.replicas).map(|replica| site.serve(replica)).collect();
        (database, site, servers, key)
    });
    all.collect()
}

pub(super) fn addresses(servers: &[Sesamd]) -> Vec<SocketAddr> {
    servers.iter().map(|server| server.address).collect()
}

/// How often each answer came.
fn tally(answers: &[Answer]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        *tally.entry(answer.bytes()).or_default() += 1;
    }
    tally
}

/// How often the audit gives each reason for a user's codes, and how many requests it knows.
fn reasons(site: &Site, user: &str) -> (BTreeMap<String, i64>, usize) {
    let sql = "SELECT COALESCE(reason, outcome), COUNT(*) FROM audit WHERE user_id = $1 AND request IS NOT NULL \
        AND event LIKE 'Secondary authentication%' GROUP BY COALESCE(reason, outcome)";
    let reasons = site.rows(sql, vec![user.into()]);
    let reasons = reasons.iter().map(|row| (row.text(0).unwrap(), row.int(1).unwrap())).collect();
    let sql = "SELECT COUNT(DISTINCT request) FROM audit WHERE user_id = $1";
    (reasons, usize::try_from(site.count(sql, vec![user.into()])).unwrap())
}

fn expected(reasons: &[(&str, i64)]) -> BTreeMap<String, i64> {
    reasons.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect()
}

/// One right code is sent so often at once.
const TIMES: usize = 1000;

#[test]
fn of_a_thousand_requests_with_one_right_code_exactly_one_is_accepted() {
    let users = if full() { 20 } else { 3 };
    for (database, site, servers, key) in sites(users) {
        let servers_at = addresses(&servers);
        for nth in 0..users {
            let one: Asked = ("/v1/verify".into(), key.clone(), body(&format!("user{nth}"), &code(nth)));
            let answers = crowd(&servers_at, 64, vec![one; TIMES]);
            let tally = tally(&answers);
            let accepted = answers.iter().filter(|answer| answer.status == 200).count();
            assert_eq!((accepted, answers.len()), (1, TIMES), "{}: {tally:?}", database.name);
            assert_eq!(tally.len(), 2, "all others are answered alike: {tally:?}");
            let (reasons, requests) = reasons(&site, &format!("u{nth}"));
            assert_eq!(reasons, expected(&[("replayed_code", 999), ("success", 1)]), "{}", database.name);
            assert_eq!(requests, TIMES, "a row for each");
        }
        let counted = "SELECT COUNT(*) FROM users WHERE in_row > 0 OR since_success > 0 OR locks > 0";
        assert_eq!(site.count(counted, vec![]), 0, "none was counted as a failure");
        assert!(site.verified(), "{}", database.name);
    }
}

#[test]
fn of_a_thousand_wrong_codes_at_once_exactly_six_are_judged() {
    for (database, site, servers, key) in sites(1) {
        let one: Asked = ("/v1/verify".into(), key.clone(), body("user0", &wrong(0)));
        let answers = crowd(&addresses(&servers), 64, vec![one; TIMES]);
        assert_eq!(tally(&answers).len(), 1, "wrong and locked are answered alike");
        assert_eq!(answers[0].status, 401);
        let (reasons, requests) = reasons(&site, "u0");
        assert_eq!(reasons, expected(&[("locked", 994), ("wrong_code", 6)]), "{}", database.name);
        assert_eq!(requests, TIMES);
        let right = crowd(&addresses(&servers), 1, vec![("/v1/verify".into(), key, body("user0", &code(0)))]);
        assert_eq!(right[0].bytes(), answers[0].bytes(), "not even the right one opens");
        assert!(site.verified(), "{}", database.name);
    }
}

/// So many sign-ins of one user, begun with the password.
fn begun(servers: &[SocketAddr], (application, user): (&str, &str), count: usize) -> Vec<String> {
    let text =
        serde_json::json!({ "application": application, "user": user, "password": PASSWORD }).to_string();
    let all = crowd(servers, 8, vec![("/v1/sign-ins".into(), String::new(), text); count]);
    all.iter().map(|answer| answer.json()["id"].as_str().expect(&answer.body).to_owned()).collect()
}

#[test]
fn of_many_requests_with_one_printed_or_mailed_code_exactly_one_is_accepted() {
    let times = if full() { 1000 } else { 60 };
    let sheet = Plain::sheet(&std::array::from_fn(|nth| u8::try_from(nth).unwrap().wrapping_mul(37)));
    for (database, site, servers, _) in sites(1) {
        let servers_at = addresses(&servers);
        let ids = begun(&servers_at, ("vpn", "user0"), 4);
        let mailed_to = Token::read(Kind::SignIn, &ids[0]).unwrap().digest_text();
        let mailed = site.inside(async |service| {
            let (printed, pepper) =
                (password::paper(&sheet, [3; 16], &service.keys.paper()), service.pepper());
            let decided = service.store.decide(ask(0), move |case| {
                case.person.recovery = Some(printed.clone());
                let (purpose, sign_in) = (Purpose::Email, mailed_to.as_str());
                let whose = Whose { pepper: &pepper, purpose, user: "u0", sign_in };
                let codes = case.person.sent.entry(purpose).or_insert_with(SentCodes::default);
                (codes.ask(&whose, case.now, [9; 8]).unwrap().expose().to_owned(), vec![])
            });
            decided.await.unwrap()
        });
        let show = |factor: &str, id: &str, code: &str| {
            let text = serde_json::json!({ "factor": factor, "code": code }).to_string();
            (format!("/v1/sign-ins/{id}/verify"), String::new(), text)
        };
        // The printed one at several sign-ins at once; the mailed one where it was sent for.
        let mut printed = Vec::new();
        for nth in 0..times {
            printed.push(show("recovery", &ids[1 + nth % 3], &sheet[4].grouped()));
        }
        for (requests, factor) in
            [(printed, "recovery"), (vec![show("email", &ids[0], &mailed); times], "email")]
        {
            let answers = crowd(&servers_at, 64, requests);
            let accepted = answers.iter().filter(|answer| answer.status == 200).count();
            assert_eq!(accepted, 1, "{} {factor}: {:?}", database.name, tally(&answers));
            // Where a machine is slow some are held back before anybody looks at their code.
            let known = |answer: &Answer| [200, 401, 409, 503].contains(&answer.status);
            assert!(answers.iter().all(known), "{} {factor}: {:?}", database.name, tally(&answers));
        }
        let (reasons, _) = reasons(&site, "u0");
        assert_eq!(reasons["success"], 2, "{reasons:?}");
        assert!(!reasons.contains_key("wrong_code"), "{reasons:?}");
        assert!(site.verified(), "{}", database.name);
    }
}

#[test]
fn the_six_are_counted_over_all_doors_and_spellings() {
    for (database, site, servers, key) in sites(1) {
        let servers_at = addresses(&servers);
        let ids = begun(&servers_at, ("vpn", "user0"), 2);
        let (guess, doors) = (wrong(0), ["User0", " USER0 ", "ｕｓｅｒ０"]);
        let mut requests: Vec<Asked> = doors
            .iter()
            .flat_map(|spelling| vec![("/v1/verify".into(), key.clone(), body(spelling, &guess)); 100])
            .collect();
        for factor in ["otp", "email", "passcode"] {
            let text = serde_json::json!({ "factor": factor, "code": guess }).to_string();
            let path = format!("/v1/sign-ins/{}/verify", ids[requests.len() % 2]);
            requests.extend(vec![(path, String::new(), text); 100]);
        }
        let whole = format!("{PASSWORD}{guess}");
        let text = serde_json::json!({ "application": "vpn", "user": "USER0", "code": whole }).to_string();
        requests.extend(vec![("/v1/verify".into(), String::new(), text); 8]);
        let answers = crowd(&servers_at, 64, requests);
        assert!(answers.iter().all(|answer| answer.status == 401), "{:?}", tally(&answers));
        let (reasons, _) = reasons(&site, "u0");
        assert_eq!(reasons.get("wrong_code"), Some(&6), "{}: {reasons:?}", database.name);
        assert!(site.verified(), "{}", database.name);
    }
}

#[test]
fn wrong_codes_at_the_binding_are_counted_with_all_others() {
    for (database, site, servers, key) in sites(1) {
        let servers_at = addresses(&servers);
        site.inside(async |service| {
            application(service, ("portal", &[Factor::Otp])).await;
            let gone = service.store.decide(ask(0), |case| (case.person.bindings.clear(), vec![]));
            gone.await.unwrap();
        });
        let id = begun(&servers_at, ("portal", "user0"), 1).remove(0);
        let mut client = Client::connect(servers_at[0]).unwrap();
        let started = client.post(&format!("/v1/sign-ins/{id}/binding"), "", "").unwrap();
        let binding = started.json()["binding"].as_str().expect(&started.body).to_owned();
        let text =
            serde_json::json!({ "binding": binding, "code": "000000", "email_code": "000000" }).to_string();
        let mut requests: Vec<Asked> =
            vec![(format!("/v1/sign-ins/{id}/binding/confirm"), String::new(), text); 100];
        requests.extend(vec![("/v1/verify".into(), key, body(" User0", "000000")); 20]);
        let answers = crowd(&servers_at, 64, requests);
        assert!(answers.iter().all(|answer| answer.status == 401), "{:?}", tally(&answers));
        let locked = "SELECT COUNT(*) FROM users WHERE locked_until IS NOT NULL AND in_row <= 6";
        assert_eq!(site.count(locked, vec![]), 1, "{}", database.name);
        let judged = "SELECT COUNT(*) FROM audit WHERE user_id = 'u0' AND reason = 'wrong_code' \
            AND event <> 'Lock on'";
        assert_eq!(site.count(judged, vec![]), 6, "{}", database.name);
        assert!(site.verified(), "{}", database.name);
    }
}
