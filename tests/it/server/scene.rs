//! One user, one application and an authenticator in a store, and the codes that are shown to it.

use std::collections::BTreeMap;

use sesam::{
    otp::{Otp, Secret},
    server::{
        domain::{
            attempt::{Rules, Try, Verdict, attempt},
            binding::{Binding, Device, State},
            factor::{Factor, Factors},
            judge::{Moving, Reach},
            lock::Failures,
            name::UserName,
            recovery::Plain,
            time::Time,
            typed::Typed,
            user::{Person, User},
        },
        seal::password::{self},
        store::{
            Ask, Store,
            make::{CreateApplication, CreateUser},
            read,
            rows::Scene,
        },
    },
};

use super::{
    actors::{SECRET, application},
    databases::{HandClock, keys},
};

pub(super) fn scene() -> Scene {
    Scene { actor: "test".into(), address: Some("192.0.2.1".into()), ..Scene::default() }
}

pub(super) fn user(id: &str, name: &str) -> User {
    User {
        id: id.into(),
        name: UserName::parse(name).unwrap(),
        email: Some("hugo@example.com".into()),
        mobile: None,
        enabled: true,
        failures: Failures::default(),
        bypass: None,
        must_bind: false,
        display: None,
        seen: None,
    }
}

pub(super) fn ask() -> Ask {
    let scene = Scene { request: Some("any\0thing".into()), ..scene() };
    Ask { user: "u1".into(), application: Some("vpn".into()), sign_in: None, role: false, scene }
}

pub(super) fn binding(id: &str, application: Option<&str>) -> Binding {
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
pub(super) async fn settle(store: &Store) {
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
pub(super) async fn show(store: &Store, factor: Factor, code: &str) -> Verdict {
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
pub(super) async fn crowd(
    stores: &[Store],
    (factor, code): (Factor, &str),
    count: usize,
) -> BTreeMap<String, usize> {
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

pub(super) fn counts(counts: &[(Verdict, usize)]) -> BTreeMap<String, usize> {
    counts.iter().map(|(verdict, count)| (format!("{verdict:?}"), *count)).collect()
}

pub(super) fn code(clock: &HandClock) -> String {
    binding("b1", None).otp.code(clock.seconds()).unwrap().as_str().to_owned()
}

pub(super) async fn person(store: &Store) -> Person {
    store.decide(ask(), |case| (case.person.clone(), vec![])).await.unwrap()
}

pub(super) async fn holds(stores: &[Store]) {
    let ends = stores[0].verify().await.unwrap();
    assert!(ends.is_ok(), "{ends:?}");
}
