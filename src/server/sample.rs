//! A company to look at: users in every state, four applications, and four weeks of history. For `sesamd serve --dev`
//! and for pictures; nobody's data.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use super::{
    config::Config,
    domain::{
        application::Application,
        attempt::{Rules, Try, attempt},
        audit::Event,
        binding::{Binding, Device, State},
        factor::{Factor, Factors},
        help,
        judge::{Moving, Reach},
        name::UserName,
        one_field,
        pepper::Pepper,
        sign_in::{self, Begin},
        time::{Time, hours},
        typed::Typed,
        user::User,
    },
    random,
    run::RunError,
    seal::{key_file, password::PasswordHash},
    store::{
        Ask, Case, Decide, Settings, Store, StoreError, Work,
        console::KeepConsole,
        database::Place,
        desk::Desk,
        make::{CreateApplication, CreateUser},
        rows::Scene,
        work::Held,
    },
};
use crate::{
    clock::Clock,
    otp::{Counter, Kind, Otp, Secret},
};

/// Fills an empty database, and says with which password its users sign in.
pub async fn fill(config: &Config, clock: &Arc<dyn Clock>) -> Result<String, RunError> {
    let keys = Arc::new(key_file::read(&config.database.key_file)?);
    let now = Time::from(clock.now());
    let past = Arc::new(Past(AtomicI64::new(now.millis() - DAYS * DAY)));
    let settings = Settings {
        place: Place::parse(&config.database.url)?,
        replica: config.server.replica.clone(),
        patience: std::time::Duration::from_secs(30),
        keys: Arc::clone(&keys),
        clock: Arc::clone(&past) as Arc<dyn Clock>,
        random: random::system,
    };
    let (store, writer) = Store::open(settings).await?;
    store.submit(KeepConsole).await?;
    let hash = PasswordHash::new(PASSWORD, random::bytes(random::system));
    for (id, name, factors) in APPLICATIONS {
        store
            .submit(CreateApplication { application: application(id, name, factors), scene: scene("system") })
            .await?;
    }
    for one in PEOPLE {
        let work =
            CreateUser { user: user(one.0, one.1), password: Some(hash.clone()), scene: scene("system") };
        store.submit(work).await?;
        equip(&store, one).await?;
    }
    let pepper = keys.pepper();
    history(&store, (&past, now), &pepper).await?;
    past.0.store(now.millis() - HOUR / 3, Ordering::Relaxed);
    settle(&store, now).await?;
    drop(store);
    let _ = writer.await;
    Ok(format!("{} people, each with the password \"{PASSWORD}\"", PEOPLE.len()))
}

/// Authenticators, as each has them.
async fn equip(store: &Store, (name, _, kind): Person) -> Result<(), RunError> {
    let mut bindings = vec![];
    if kind != "none" {
        for (application, ..) in &APPLICATIONS[..3] {
            let mut own = binding(&format!("b-{name}-{application}"), Otp::totp(secret(name)));
            own.application = Some((*application).to_owned());
            bindings.push(own);
        }
    }
    if kind == "token" {
        let counter = Counter::new(812).unwrap_or_default();
        let mut token = binding(&format!("t-{name}"), Otp::new(Kind::Hotp { counter }, secret(name)));
        token.device = Device::Token { serial: "0041-7781".into() };
        bindings.push(token);
    }
    store
        .decide(ask(name, "vpn", scene("system")), move |case| {
            let now = case.now;
            case.person.bindings.extend(bindings.iter().cloned().map(|own| Binding { created: now, ..own }));
            ((), vec![])
        })
        .await?;
    Ok(())
}

/// Sign-ins over four weeks: on working days more, at night fewer, some wrong, some of nobody. A day is one
/// transaction.
async fn history(store: &Store, (past, now): (&Arc<Past>, Time), pepper: &Pepper) -> Result<(), RunError> {
    let mut dice = Dice(0x5e5a);
    for day in 0..DAYS {
        let start = now.millis() - (DAYS - day) * DAY;
        let mut tries: Vec<Planned> =
            (0..24).flat_map(|hour| an_hour(&mut dice, start + hour * HOUR)).collect();
        tries.retain(|one| one.at < now.millis() - 3 * HOUR);
        tries.sort_by_key(|one| one.at);
        store.submit(Day { tries, past: Arc::clone(past), pepper: pepper.clone() }).await?;
    }
    Ok(())
}

fn an_hour(dice: &mut Dice, start: i64) -> Vec<Planned> {
    let (hour, weekday) = ((start / HOUR).rem_euclid(24), (start / DAY + 3).rem_euclid(7));
    let busy = if weekday < 5 && (7..=18).contains(&hour) { 12 } else { 2 };
    let planned = |dice: &mut Dice| {
        let (name, _, kind) = PEOPLE[dice.index(PEOPLE.len())];
        Planned {
            at: start + dice.below(HOUR),
            name,
            application: APPLICATIONS[dice.index(3)].0,
            address: format!("10.8.0.{}", 10 + dice.below(40)),
            wrong: dice.below(12) == 0 || kind == "none",
            forgot: dice.below(15) == 0,
        }
    };
    (0..dice.below(busy)).map(|_| planned(dice)).collect()
}

/// One sign-in of the past.
struct Planned {
    at: i64,
    name: &'static str,
    application: &'static str,
    address: String,
    wrong: bool,
    forgot: bool,
}

/// A day of them.
struct Day {
    tries: Vec<Planned>,
    past: Arc<Past>,
    pepper: Pepper,
}

impl Work for Day {
    type Answer = ();

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            for one in &self.tries {
                self.past.0.store(one.at, Ordering::Relaxed);
                let from = Scene { address: Some(one.address.clone()), ..scene("user") };
                let mut decide = Decide {
                    ask: ask(one.name, one.application, from),
                    decide: |case: &mut Case| ((), one.happen(case, &self.pepper)),
                };
                decide.once(desk).await?;
            }
            Ok(())
        })
    }
}

impl Planned {
    fn happen(&self, case: &mut Case, pepper: &Pepper) -> Vec<Event> {
        let own = case.application.clone().expect("it was asked for");
        if self.forgot {
            let id = String::new();
            let begin = Begin { id, application: &own, password_right: false, remembered: false };
            return sign_in::begin(&mut case.person, begin, case.now).1;
        }
        let bound = case.person.bindings.iter().find(|binding| binding.opens(&own.id));
        let code = bound.filter(|_| !self.wrong).and_then(|one| one.otp.code(case.now.unix_seconds()).ok());
        let text = code.as_ref().map_or("000000", |code| code.as_str());
        let typed = Typed::parse(text).expect("digits are a code");
        let factors = one_field::factors();
        let code = Try { application: &own, factors, code: &typed, paper: None, sign_in: "" };
        let rules = Rules { reach: Reach::default(), pepper };
        attempt(&mut case.person, &code, rules, case.now).events
    }
}

/// The states that somebody wants to see: one locked, one bypassed, one reset, one disabled.
async fn settle(store: &Store, now: Time) -> Result<(), RunError> {
    let desk = || scene("admin:ida");
    let wrong = Typed::parse("000000").expect("digits are a code");
    for _ in 0..6 {
        let (wrong, own) = (wrong.clone(), Scene { address: Some("10.8.0.14".into()), ..scene("user") });
        store
            .decide(ask("alan", "vpn", own), move |case: &mut Case| {
                let application = case.application.clone().expect("it was asked for");
                let factors = Factors::NONE.with(Factor::Otp, true);
                let code = Try { application: &application, factors, code: &wrong, paper: None, sign_in: "" };
                let pepper = Pepper::new([0; 32]);
                let rules = Rules { reach: Reach::default(), pepper: &pepper };
                ((), attempt(&mut case.person, &code, rules, case.now).events)
            })
            .await?;
    }
    store
        .decide(ask("edsger", "vpn", desk()), move |case: &mut Case| {
            let events =
                help::bypass(&mut case.person, now.after(hours(4)), case.now, "new telephone on Monday");
            ((), events.unwrap_or_default())
        })
        .await?;
    store
        .decide(ask("radia", "vpn", desk()), |case: &mut Case| {
            ((), help::reset(&mut case.person, "lost phone, ticket 4711").events)
        })
        .await?;
    store
        .decide(ask("ken", "vpn", desk()), |case: &mut Case| {
            case.person.user.enabled = false;
            ((), vec![])
        })
        .await?;
    Ok(())
}

fn user(name: &str, display: &str) -> User {
    let mut user = User::new(id(name), UserName::parse(name).expect("a name of the table is one"));
    user.display = Some(display.to_owned());
    user.email = Some(format!("{name}@corp.example"));
    user
}

fn application(id: &str, name: &str, factors: &[Factor]) -> Application {
    Application {
        id: id.to_owned(),
        name: name.to_owned(),
        factors: factors.iter().copied().collect(),
        agreements: 0,
        agreement: None,
        remember: None,
    }
}

fn binding(id: &str, otp: Otp) -> Binding {
    let (device, state, moving) = (Device::App, State::Active, Moving::default());
    let application = None;
    Binding {
        id: id.to_owned(),
        application,
        device,
        state,
        otp,
        moving,
        created: Time::default(),
        used: None,
    }
}

/// A secret of its own for each: the name, filled up.
fn secret(name: &str) -> Secret {
    let bytes: Vec<u8> = name.bytes().cycle().take(20).collect();
    Secret::new(bytes).expect("20 bytes are a secret")
}

fn ask(name: &str, application: &str, scene: Scene) -> Ask {
    Ask { user: id(name), application: Some(application.to_owned()), sign_in: None, role: false, scene }
}

fn scene(actor: &str) -> Scene {
    Scene { actor: actor.to_owned(), ..Scene::default() }
}

fn id(name: &str) -> String {
    format!("u-{name}")
}

/// A clock that is set while the past is written.
struct Past(AtomicI64);

impl Clock for Past {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0.load(Ordering::Relaxed)).unwrap_or_default()
    }

    fn pause(&self, _: std::time::Duration) {}
}

/// The same throws each time.
struct Dice(u64);

impl Dice {
    fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(i64::try_from(end).unwrap_or(1))).unwrap_or(0)
    }

    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap_or(0) % end.max(1)
    }
}

/// Name, what people call them, and what they have.
type Person = (&'static str, &'static str, &'static str);

const PEOPLE: [Person; 10] = [
    ("ada", "Ada Lovelace", "app"),
    ("alan", "Alan Turing", "app"),
    ("barbara", "Barbara Liskov", "app"),
    ("dennis", "Dennis Ritchie", "none"),
    ("edsger", "Edsger Dijkstra", "app"),
    ("frances", "Frances Allen", "app"),
    ("grace", "Grace Hopper", "token"),
    ("hugo", "Hugo H.", "app"),
    ("ken", "Ken Thompson", "app"),
    ("radia", "Radia Perlman", "app"),
];
const APPLICATIONS: [(&str, &str, &[Factor]); 4] = [
    ("vpn", "VPN", &[Factor::Otp]),
    ("ssh-bastion", "SSH bastion", &[Factor::Otp]),
    ("wiki", "Wiki", &[Factor::Otp, Factor::Email]),
    ("payroll", "Payroll", &[Factor::Otp]),
];
const PASSWORD: &str = "correct horse battery";
const DAYS: i64 = 28;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
