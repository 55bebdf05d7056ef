//! Many users with authenticators whose seeds are known, made in one go while nobody serves or beside those who do.

use futures_util::future::try_join_all;
use sesam::{
    clock::{Clock, SystemClock},
    otp::{Otp, Secret},
    server::{
        domain::{
            application::Application,
            binding::{Binding, Device, State},
            factor::{Factor, Factors},
            judge::Moving,
            lock::Failures,
            name::UserName,
            user::User,
        },
        seal::{
            password::PasswordHash,
            token::{Kind, Token},
        },
        service::Service,
        store::{
            Ask,
            keys::{ApplicationKey, CreateApplicationKey, Passwords},
            make::{CreateApplication, CreateUser},
            rows::Scene,
        },
    },
};

use super::process::Site;

pub(crate) const PASSWORD: &str = "correct horse";

/// Users `user0`, `user1`, … with an authenticator each for `vpn`. The answer is the key of an application that knows
/// the passwords itself: the door for codes alone.
pub(crate) fn settle(site: &Site, count: usize) -> String {
    site.inside(async |service| {
        application(service, ("vpn", &[Factor::Otp, Factor::Email])).await;
        let password = PasswordHash::new(PASSWORD, [1; 16]);
        for from in (0..count).step_by(512) {
            let all = (from..count.min(from + 512)).map(|nth| one(service, nth, &password));
            try_join_all(all).await.expect("users are made");
        }
        key(service, Passwords::Elsewhere).await
    })
}

/// A key of `vpn`.
pub(crate) async fn key(service: &Service, passwords: Passwords) -> String {
    let token = Token::new(Kind::ApplicationKey, &service.bytes());
    let (id, created) = (service.id(), service.now());
    let key = ApplicationKey { id, name: "k".into(), application: "vpn".into(), passwords, created };
    let work = CreateApplicationKey { key, digest: token.digest(), scene: scene() };
    service.store.submit(work).await.expect("a key is made");
    token.expose().to_owned()
}

pub(crate) async fn application(service: &Service, (id, factors): (&str, &[Factor])) {
    let factors = factors.iter().fold(Factors::NONE, |all, one| all.with(*one, true));
    let application = Application {
        id: id.into(),
        name: id.into(),
        factors,
        agreement: None,
        agreements: 0,
        remember: None,
    };
    service.store.submit(CreateApplication { application, scene: scene() }).await.expect("it is made");
}

async fn one(
    service: &Service,
    nth: usize,
    password: &PasswordHash,
) -> Result<(), sesam::server::store::StoreError> {
    let create = CreateUser { user: user(nth), password: Some(password.clone()), scene: scene() };
    service.store.submit(create).await?;
    let binding = binding(nth, service);
    service.store.decide(ask(nth), move |case| (case.person.bindings.push(binding.clone()), vec![])).await
}

pub(crate) fn user(nth: usize) -> User {
    User {
        id: format!("u{nth}"),
        name: UserName::parse(&format!("user{nth}")).expect("a name"),
        email: Some(format!("user{nth}@example.com")),
        mobile: None,
        enabled: true,
        failures: Failures::default(),
        bypass: None,
        must_bind: false,
        display: None,
        seen: None,
    }
}

pub(crate) fn ask(nth: usize) -> Ask {
    Ask { user: format!("u{nth}"), application: Some("vpn".into()), scene: scene(), ..Ask::default() }
}

fn binding(nth: usize, service: &Service) -> Binding {
    Binding {
        id: format!("b{nth}"),
        application: Some("vpn".into()),
        device: Device::App,
        state: State::Active,
        otp: otp(nth),
        moving: Moving::default(),
        created: service.now(),
        used: None,
    }
}

/// The authenticator of a user.
pub(crate) fn otp(nth: usize) -> Otp {
    let mut seed = [b'x'; 20];
    seed[..8].copy_from_slice(&(nth as u64).to_be_bytes());
    Otp::totp(Secret::new(seed.to_vec()).expect("20 bytes are a secret"))
}

/// What a user's authenticator shows now.
pub(crate) fn code(nth: usize) -> String {
    otp(nth).code(seconds()).expect("a code").as_str().to_owned()
}

/// A code that is none within an hour.
pub(crate) fn wrong(nth: usize) -> String {
    let near: Vec<String> = (0..120)
        .map(|step| otp(nth).code(seconds() - 1800 + step * 30).expect("a code").as_str().to_owned())
        .collect();
    (0..1000).map(|guess| format!("{guess:06}")).find(|guess| !near.contains(guess)).expect("most are wrong")
}

pub(crate) fn seconds() -> u64 {
    SystemClock.now().as_second().unsigned_abs()
}

/// What the door for codes alone is told.
pub(crate) fn body(user: &str, code: &str) -> String {
    serde_json::json!({ "user": user, "code": code }).to_string()
}

pub(crate) fn scene() -> Scene {
    Scene { actor: "test".into(), ..Scene::default() }
}

/// Makes user1 locked, user2 disabled and user3 without an authenticator.
pub(crate) async fn strangers(service: &Service) {
    for nth in 1..=3 {
        let decided = service.store.decide(ask(nth), move |case| {
            let user = &mut case.person.user;
            match nth {
                1 => {
                    let until = Some(case.now.after(std::time::Duration::from_hours(1)));
                    user.failures = Failures { in_row: 6, since_success: 6, locks: 1, locked_until: until };
                }
                2 => user.enabled = false,
                _ => case.person.bindings.clear(),
            }
            ((), vec![])
        });
        decided.await.expect("they are there");
    }
}

/// Whether nothing that somebody typed stands in an answer.
pub(crate) fn keyless(answer: &str) -> bool {
    !["horse", "000000", "user0"].iter().any(|word| answer.contains(word))
}
