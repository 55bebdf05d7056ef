//! The store on real databases: one story told to both, crowds that come at once, and rows that somebody changed.

use std::{collections::BTreeMap, sync::Arc};

use sesam::{
    otp::{Otp, Secret},
    server::{
        domain::{
            application::{Switch, SwitchRefused},
            attempt::{Rules, Try, Verdict, attempt},
            audit::Reason,
            binding::{Binding, Device, State},
            factor::{Factor, Factors},
            help,
            judge::{Moving, Reach},
            lock::Failures,
            mail_code::{Purpose, SentCodes, Whose},
            name::UserName,
            passcode::Passcode,
            recovery::Plain,
            time::{Time, hours},
            typed::Typed,
            user::{Person, User},
        },
        seal::password::{self, PasswordHash},
        store::{
            Ask, Store, StoreError,
            make::{CreateApplication, CreateUser, SetPassword, SwitchFactor},
            read,
            rows::Scene,
        },
    },
};

use super::{
    actors::{SECRET, application},
    databases::{Database, HandClock, keys, run},
};

fn scene() -> Scene {
    Scene { actor: "test".into(), address: Some("192.0.2.1".into()), ..Scene::default() }
}

fn user(id: &str, name: &str) -> User {
    User {
        id: id.into(),
        name: UserName::parse(name).unwrap(),
        email: Some("hugo@example.com".into()),
        mobile: None,
        enabled: true,
        failures: Failures::default(),
        bypass: None,
        must_bind: false,
    }
}

fn ask() -> Ask {
    let scene = Scene { request: Some("any\0thing".into()), ..scene() };
    Ask { user: "u1".into(), application: Some("vpn".into()), sign_in: None, scene }
}

fn binding(id: &str, application: Option<&str>) -> Binding {
    Binding {
        id: id.into(),
        application: application.map(str::to_owned),
        device: if application.is_some() { Device::App } else { Device::Token { serial: "0815".into() } },
        state: State::Active,
        otp: Otp::totp(Secret::new(SECRET.to_vec()).unwrap()),
        moving: Moving::default(),
        created: Time::from_seconds(1),
        used: None,
    }
}

/// Hugo, an application with every factor, and an authenticator.
async fn settle(store: &Store) {
    store.submit(CreateUser { user: user("u1", "Hugo"), password: None, scene: scene() }).await.unwrap();
    let application = application("vpn", &[Factor::Otp, Factor::Email]);
    store.submit(CreateApplication { application, scene: scene() }).await.unwrap();
    store
        .decide(ask(), |case| {
            case.person.bindings.push(binding("b1", Some("vpn")));
            ((), vec![])
        })
        .await
        .unwrap();
}

/// One code by one factor, as any door tries it.
async fn show(store: &Store, factor: Factor, code: &str) -> Verdict {
    let code = Typed::parse(code).unwrap();
    let keys = keys(7);
    let paper = match Plain::read(&code) {
        None => None,
        Some(plain) => {
            let login = read::login(store.pool(), &UserName::parse("hugo").unwrap()).await.unwrap();
            Some(password::present(&plain, login.unwrap().salt, &keys.paper()))
        }
    };
    let pepper = keys.pepper();
    store
        .decide(ask(), move |case| {
            let application = case.application.clone().unwrap();
            let (factors, paper) = (Factors::NONE.with(factor, true), paper.as_ref());
            let attempt_ = Try { application: &application, factors, code: &code, paper, sign_in: "s1" };
            let rules = Rules { reach: Reach::default(), pepper: &pepper };
            let ruling = attempt(&mut case.person, &attempt_, rules, case.now);
            (ruling.verdict, ruling.events)
        })
        .await
        .unwrap()
}

/// The same code a thousand times at once, spread over all replicas.
async fn crowd(stores: &[Store], (factor, code): (Factor, &str), count: usize) -> BTreeMap<String, usize> {
    let mut tries = Vec::new();
    for nth in 0..count {
        let (store, code) = (stores[nth % stores.len()].clone(), code.to_owned());
        tries.push(tokio::spawn(async move { show(&store, factor, &code).await }));
    }
    let mut verdicts = BTreeMap::new();
    for one in tries {
        *verdicts.entry(format!("{:?}", one.await.unwrap())).or_default() += 1;
    }
    verdicts
}

fn counts(counts: &[(Verdict, usize)]) -> BTreeMap<String, usize> {
    counts.iter().map(|(verdict, count)| (format!("{verdict:?}"), *count)).collect()
}

fn code(clock: &HandClock) -> String {
    binding("b1", None).otp.code(clock.seconds()).unwrap().as_str().to_owned()
}

async fn person(store: &Store) -> Person {
    store.decide(ask(), |case| (case.person.clone(), vec![])).await.unwrap()
}

async fn holds(stores: &[Store]) {
    let ends = stores[0].verify().await.unwrap();
    assert!(ends.is_ok(), "{ends:?}");
}

#[test]
fn of_a_thousand_submissions_of_one_right_code_exactly_one_is_accepted() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            for _ in 0..2 {
                let verdicts = crowd(&stores, (Factor::Otp, &code(&clock)), 1000).await;
                let expected = counts(&[
                    (Verdict::Accepted(Factor::Otp), 1),
                    (Verdict::Refused(Reason::ReplayedCode), 999),
                ]);
                assert_eq!(verdicts, expected, "{}", database.name);
                clock.wait(30);
            }
            assert_eq!(person(&stores[0]).await.user.failures, Failures::default());
            holds(&stores).await;
        });
    }
}

#[test]
fn of_a_thousand_wrong_codes_exactly_six_are_judged() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            let wrong = if code(&clock) == "000000" { "000001" } else { "000000" };
            let verdicts = crowd(&stores, (Factor::Otp, wrong), 1000).await;
            let expected =
                counts(&[(Verdict::Refused(Reason::WrongCode), 6), (Verdict::Refused(Reason::Locked), 994)]);
            assert_eq!(verdicts, expected, "{}", database.name);
            assert_eq!(show(&stores[0], Factor::Otp, &code(&clock)).await, Verdict::Refused(Reason::Locked));
            clock.wait(3600);
            let right = show(&stores[0], Factor::Otp, &code(&clock)).await;
            assert_eq!(right, Verdict::Accepted(Factor::Otp));
            holds(&stores).await;
        });
    }
}

#[test]
fn of_many_submissions_of_one_printed_or_mailed_code_exactly_one_is_accepted() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            let sheet = Plain::sheet(&std::array::from_fn(|nth| u8::try_from(nth).unwrap().wrapping_mul(37)));
            let printed = password::paper(&sheet, [3; 16], &keys(7).paper());
            let mailed = stores[0]
                .decide(ask(), move |case| {
                    case.person.recovery = Some(printed.clone());
                    let pepper = keys(7).pepper();
                    let whose = Whose { pepper: &pepper, purpose: Purpose::Email, user: "u1", sign_in: "s1" };
                    let codes = case.person.sent.entry(Purpose::Email).or_insert_with(SentCodes::default);
                    (codes.ask(&whose, case.now, [9; 8]).unwrap().expose().to_owned(), vec![])
                })
                .await
                .unwrap();
            for (factor, code) in [(Factor::Recovery, sheet[4].expose()), (Factor::Email, mailed.as_str())] {
                let verdicts = crowd(&stores, (factor, code), 60).await;
                let expected =
                    counts(&[(Verdict::Accepted(factor), 1), (Verdict::Refused(Reason::ReplayedCode), 59)]);
                assert_eq!(verdicts, expected, "{}", database.name);
            }
            assert_eq!(person(&stores[0]).await.recovery.unwrap().left(), 9);
            holds(&stores).await;
        });
    }
}

#[test]
fn a_person_is_read_back_as_it_was_written() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            let written = stores[0]
                .decide(ask(), |case| {
                    let (pepper, person) = (keys(7).pepper(), &mut case.person);
                    let mut hotp = binding("b0", None);
                    let counter = sesam::otp::Counter::new(41).unwrap();
                    hotp.otp = Otp::new(sesam::otp::Kind::Hotp { counter }, hotp.otp.secret);
                    hotp.otp.algorithm = sesam::otp::Algorithm::Sha512;
                    hotp.otp.digits = sesam::otp::Digits::new(8).unwrap();
                    hotp.moving = Moving { last: Some(77), drift: -2 };
                    person.bindings.insert(0, hotp);
                    person.bindings[1].state = State::Disabled;
                    person.user.bypass = Some(case.now.after(hours(3)));
                    person.user.failures =
                        Failures { in_row: 2, since_success: 20, locks: 3, locked_until: Some(case.now) };
                    person.user.email = None;
                    (person.user.mobile, person.user.must_bind) = (Some("+49 1".into()), true);
                    let (passcode, _) = Passcode::issue((&pepper, "u1"), hours(1), case.now, [1; 8]).unwrap();
                    person.passcode = Some(passcode);
                    person.agreed.insert("vpn".into(), 3);
                    for purpose in Purpose::ALL {
                        let whose = Whose { pepper: &pepper, purpose, user: "u1", sign_in: "s1" };
                        person.sent.entry(purpose).or_default().ask(&whose, case.now, [2; 8]).unwrap();
                    }
                    (person.clone(), vec![])
                })
                .await
                .unwrap();
            assert_eq!(person(&stores[0]).await, written, "{}", database.name);
            let emptied = stores[0]
                .decide(ask(), |case| {
                    help::reset(&mut case.person, "lost");
                    case.person.sent.clear();
                    (case.person.passcode, case.person.user.bypass) = (None, None);
                    (case.person.clone(), vec![])
                })
                .await
                .unwrap();
            assert_eq!(person(&stores[0]).await, emptied, "{}", database.name);
        });
    }
}

#[test]
fn another_spelling_is_the_same_name_and_one_refused_work_takes_no_other_along() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            let create = |id: &str, name: &str| {
                let work = CreateUser { user: user(id, name), password: None, scene: scene() };
                let store = stores[0].clone();
                tokio::spawn(async move { store.submit(work).await })
            };
            let works =
                [create("u2", " ＨＵＧＯ "), create("u3", "Ida"), create("u4", "hugo"), create("u5", "Jo")];
            let mut answers = Vec::new();
            for work in works {
                answers.push(work.await.unwrap().is_ok());
            }
            assert_eq!(answers, [false, true, false, true], "{}", database.name);
            let nobody = Ask { user: "u9".into(), ..ask() };
            let missing = stores[0].decide(nobody, |_| ((), vec![])).await;
            assert!(matches!(missing, Err(StoreError::Missing)), "{missing:?}");
            let mut odd = user("u6", "Kim");
            odd.email = Some("nul\0@example.com".into());
            let _ = stores[0].submit(CreateUser { user: odd, password: None, scene: scene() }).await;
            let page = read::users(stores[0].pool(), "", 10).await.unwrap();
            let names: Vec<_> = page.iter().take(3).map(|user| user.name.shown()).collect();
            assert_eq!(names, ["Hugo", "Ida", "Jo"]);
            let rest = read::users(stores[0].pool(), "hugo", 1).await.unwrap();
            assert_eq!(rest[0].id, "u3");
            holds(&stores).await;
        });
    }
}

#[test]
fn turning_otp_off_removes_the_bindings_of_everybody_but_no_token() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            stores[0]
                .decide(ask(), |case| {
                    let mut begun = binding("b2", Some("vpn"));
                    begun.state = State::Unconfirmed;
                    case.person.bindings.extend([begun, binding("t1", None), binding("b3", Some("mail"))]);
                    ((), vec![])
                })
                .await
                .unwrap();
            let switch = |bindings| {
                let wish = Switch { factor: Factor::Otp, on: false, bindings };
                stores[0].submit(SwitchFactor { application: "vpn".into(), wish, scene: scene() })
            };
            assert_eq!(switch(None).await.unwrap(), Err(SwitchRefused::BindingsGo(1)));
            assert_eq!(switch(Some(1)).await.unwrap(), Ok(()));
            let left: Vec<_> = person(&stores[0]).await.bindings.into_iter().map(|one| one.id).collect();
            assert_eq!(left, ["b3", "t1"], "{}", database.name);
            let newest = read::audit(stores[0].pool(), None, 1).await.unwrap();
            assert_eq!(newest[0].fields[0].as_deref(), Some("Application factor off"));
        });
    }
}

#[test]
fn the_audit_is_read_in_pages_that_neither_repeat_nor_skip() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            for nth in 0..25 {
                clock.wait(nth % 2);
                show(&stores[usize::try_from(nth).unwrap() % stores.len()], Factor::Passcode, "123").await;
            }
            let (mut seen, mut cursor) = (Vec::new(), None);
            loop {
                let page = read::audit(stores[0].pool(), cursor.as_ref(), 7).await.unwrap();
                let Some(last) = page.last() else { break };
                cursor = Some(read::Cursor { at: last.at, replica: last.replica.clone(), seq: last.seq });
                seen.extend(page.into_iter().map(|row| (row.at, row.replica, row.seq)));
            }
            assert_eq!(seen.len(), 27, "{}", database.name);
            assert!(seen.windows(2).all(|two| two[0] > two[1]));
        });
    }
}

#[test]
fn every_change_behind_the_servers_back_is_found() {
    let changes = [
        ("edited", "UPDATE audit SET outcome = 'success' WHERE seq = 5"),
        ("moved in time", "UPDATE audit SET at = at + 1 WHERE seq = 5"),
        ("emptied", "UPDATE audit SET address = NULL WHERE seq = 5"),
        ("deleted", "DELETE FROM audit WHERE seq = 5"),
        ("cut off", "DELETE FROM audit WHERE seq > 7"),
        ("all gone", "DELETE FROM audit"),
        ("head gone", "DELETE FROM audit_heads"),
        ("head moved", "DELETE FROM audit WHERE seq > 7; UPDATE audit_heads SET seq = 7"),
        ("given to another", "UPDATE audit SET replica = 'x'"),
        (
            "swapped",
            "UPDATE audit SET seq = 100 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 6; \
            UPDATE audit SET seq = 6 WHERE seq = 100",
        ),
        (
            "inserted",
            "INSERT INTO audit SELECT replica, 11, at, event, outcome, reason, factor, application, \
            user_id, user_name, actor, address, country, request, detail, prev, hash FROM audit WHERE seq = 5",
        ),
    ];
    for (what, sql) in changes {
        run(async {
            let database = Database::sqlite();
            let clock = HandClock::new();
            let stores = database.open(&clock).await;
            settle(&stores[0]).await;
            for _ in 0..8 {
                show(&stores[0], Factor::Passcode, "123").await;
            }
            holds(&stores).await;
            database.tamper(sql).await.unwrap();
            assert!(stores[0].verify().await.unwrap().is_err(), "{what}");
        });
    }
}

#[test]
fn a_restart_goes_on_with_the_chain_and_a_used_code_stays_used() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            let (store, writer) = Store::open(database.settings(0, &clock)).await.unwrap();
            settle(&store).await;
            assert_eq!(show(&store, Factor::Otp, &code(&clock)).await, Verdict::Accepted(Factor::Otp));
            drop(store);
            writer.await.unwrap();
            let (store, _) = Store::open(database.settings(0, &clock)).await.unwrap();
            let again = show(&store, Factor::Otp, &code(&clock)).await;
            assert_eq!(again, Verdict::Refused(Reason::ReplayedCode), "{}", database.name);
            assert_eq!(store.verify().await.unwrap().unwrap()[0].1.seq, 4);
        });
    }
}

#[test]
fn a_newer_schema_and_another_key_file_are_refused_with_a_sentence() {
    for database in Database::all() {
        run(async {
            let clock = HandClock::new();
            database.open(&clock).await;
            let mut other = database.settings(0, &clock);
            other.keys = Arc::new(keys(8));
            let error = Store::open(other).await.unwrap_err();
            assert!(matches!(error, StoreError::OtherKey { .. }), "{error}");
            database.tamper("UPDATE meta SET value = '99' WHERE name = 'schema'").await.unwrap();
            let error = Store::open(database.settings(0, &clock)).await.unwrap_err();
            let sentence = "the database has schema 99, this sesamd knows 1: use the newer sesamd";
            assert_eq!(error.to_string(), sentence, "{}", database.name);
        });
    }
}

#[test]
fn no_file_of_the_database_holds_a_seed_or_a_password() {
    run(async {
        let database = Database::sqlite();
        let clock = HandClock::new();
        let stores = database.open(&clock).await;
        settle(&stores[0]).await;
        let password = PasswordHash::new("correct horse", [7; 16]);
        let work = SetPassword { user: "u1".into(), password, scene: scene() };
        stores[0].submit(work).await.unwrap();
        let login = read::login(stores[0].pool(), &UserName::parse("HUGO").unwrap()).await.unwrap().unwrap();
        assert!(password::verify(login.password.as_ref(), "correct horse"));
        let secret = Secret::new(SECRET.to_vec()).unwrap();
        let hidden = [
            SECRET.to_vec(),
            secret.to_base32().as_bytes().to_vec(),
            data_encoding::HEXLOWER.encode(SECRET).into_bytes(),
            data_encoding::HEXUPPER.encode(SECRET).into_bytes(),
            data_encoding::BASE64.encode(SECRET).into_bytes(),
            b"correct horse".to_vec(),
        ];
        let mut files = 0;
        for entry in std::fs::read_dir(&database.dir).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            files += 1;
            for text in &hidden {
                assert!(
                    !bytes.windows(text.len()).any(|window| window == text.as_slice()),
                    "{}",
                    path.display()
                );
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = path.metadata().unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{}", path.display());
            }
        }
        assert!(files >= 2, "the journal is there, too");
    });
}
