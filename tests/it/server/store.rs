//! The store on real databases: one story told to both, and crowds that come at once.

use sesam::{
    otp::Otp,
    server::{
        domain::{
            application::{Switch, SwitchRefused},
            attempt::Verdict,
            audit::Reason,
            binding::State,
            factor::Factor,
            help,
            judge::Moving,
            lock::Failures,
            mail_code::{Purpose, SentCodes, Whose},
            passcode::Passcode,
            recovery::Plain,
            time::hours,
        },
        seal::password::{self},
        store::{
            Ask, StoreError,
            make::{CreateUser, SwitchFactor},
            read,
        },
    },
};

use super::{
    databases::{Database, HandClock, keys, run},
    scene::{ask, binding, code, counts, crowd, holds, person, scene, settle, show, user},
};

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
