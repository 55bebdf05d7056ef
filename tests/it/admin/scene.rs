//! Where the contract is tried: a demo in memory, a sesamd on each database, and servers of others that run. What a
//! user does there is said once.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use jiff::Timestamp;
use serde_json::{Value, json};
use sesam::{
    admin::{
        Provider,
        demo::{Demo, Stage},
    },
    clock::{Clock, SystemClock},
    otp::Otp,
    server::domain::administrator::Role,
};
use tokio::task::block_in_place;

use super::{
    foreign::{self, Foreign},
    live::Live,
};
use crate::server::databases::{Database, HandClock};

/// A kind of server.
pub(super) enum Place {
    /// In memory.
    Demo,
    /// The real program's routes on a socket.
    Sesamd(Database),
    /// A server of others, in real time.
    Foreign(Arc<dyn Foreign>),
}

/// A server with nothing in it, and its users' hands.
pub(super) struct Scene {
    /// Where time is turned by hand.
    clock: Arc<HandClock>,
    stage: Kind,
    ids: Mutex<BTreeMap<String, String>>,
}

enum Kind {
    Demo(Demo),
    Sesamd(Box<Live>),
    Foreign(Arc<dyn Foreign>),
}

impl Place {
    /// Every kind.
    pub(super) fn all() -> Vec<Self> {
        let own = std::iter::once(Self::Demo).chain(Database::all().into_iter().map(Self::Sesamd));
        own.chain(foreign::all().into_iter().map(Self::Foreign)).collect()
    }

    /// A server of it.
    pub(super) async fn open(&self) -> Scene {
        let (stage, clock) = match self {
            Self::Demo => {
                let clock = HandClock::new();
                (Kind::Demo(Demo::empty(clock.clone(), false)), clock)
            }
            Self::Sesamd(database) => {
                let live = Box::new(Live::over(database).await);
                let clock = Arc::clone(&live.api.clock);
                (Kind::Sesamd(live), clock)
            }
            Self::Foreign(other) => (Kind::Foreign(Arc::clone(other)), HandClock::new()),
        };
        Scene { clock, stage, ids: Mutex::default() }
    }
}

impl Scene {
    /// The server as an administrator of a role asks it.
    pub(super) async fn provider(&self, role: Role) -> Arc<dyn Provider> {
        match &self.stage {
            Kind::Demo(demo) => Arc::new(demo.again()),
            Kind::Sesamd(live) => Arc::new(live.provider(role, false).await),
            Kind::Foreign(other) => block_in_place(|| other.desk()),
        }
    }

    /// The time there.
    pub(super) fn now(&self) -> Timestamp {
        match &self.stage {
            Kind::Demo(_) | Kind::Sesamd(_) => self.clock.now(),
            Kind::Foreign(_) => Timestamp::from_second(SystemClock.now().as_second()).unwrap(),
        }
    }

    /// Lets so much time pass that a code is another one; where time is real, [`Self::code`] gives the next one.
    pub(super) fn wait(&self) {
        self.clock.wait(60);
    }

    /// After how many wrong codes a user is locked.
    pub(super) fn tries(&self) -> usize {
        if let Kind::Foreign(other) = &self.stage { other.tries() } else { 6 }
    }

    /// How the lines of the plan of a reset begin, for a user with one authenticator.
    pub(super) fn reset(&self) -> &'static [&'static str] {
        if let Kind::Foreign(other) = &self.stage {
            return other.reset();
        }
        &[
            "delete binding #1 TOTP vpn",
            "end 1 open session",
            "lead to binding at the next sign-in",
            "be written to the audit log",
        ]
    }

    /// How the lines of the plan of an unlock begin.
    pub(super) fn unlock(&self) -> &'static [&'static str] {
        if let Kind::Foreign(other) = &self.stage {
            return other.unlock();
        }
        &["end the lock", "forget 6 wrong codes", "be written to the audit log"]
    }

    /// Whether an authenticator that is bound on behalf opens nothing until a code of it was shown.
    pub(super) fn confirms(&self) -> bool {
        !matches!(self.stage, Kind::Foreign(_))
    }

    /// A user with a password; the name there.
    pub(super) async fn user(&self, name: &str) -> String {
        let id = match &self.stage {
            Kind::Demo(demo) => {
                demo.add_user(name, "Somebody Else");
                name.to_owned()
            }
            Kind::Sesamd(live) => live.api.user(name).await,
            Kind::Foreign(other) => return block_in_place(|| other.user()),
        };
        self.ids.lock().unwrap().insert(name.to_owned(), id);
        name.to_owned()
    }

    /// An application that asks for these factors.
    pub(super) async fn application(&self, id: &str, factors: &[&str]) {
        match &self.stage {
            Kind::Demo(demo) => {
                let factors: Vec<(&str, bool)> = factors.iter().map(|factor| (*factor, true)).collect();
                demo.add_application(id, &factors);
            }
            Kind::Sesamd(live) => {
                let factors: serde_json::Map<String, Value> =
                    factors.iter().map(|factor| ((*factor).to_owned(), json!(true))).collect();
                live.api.application(id, Value::Object(factors)).await;
            }
            // Applications belong to those who run such a server.
            Kind::Foreign(_) => {}
        }
    }

    /// An authenticator of a user, long enough ago that its next code is another one.
    pub(super) async fn bind(&self, user: &str, application: &str) -> Otp {
        match &self.stage {
            Kind::Demo(demo) => demo.bind(user, application).unwrap(),
            Kind::Sesamd(live) => live.api.bind(&self.id(user), application).await,
            Kind::Foreign(other) => block_in_place(|| other.bind(user)),
        }
    }

    /// Signs in with the right password: how far that led.
    pub(super) async fn begin(&self, user: &str, application: &str) -> String {
        match &self.stage {
            Kind::Demo(demo) => word(demo.sign_in((user, application), None)),
            Kind::Sesamd(live) => {
                let answer = live.api.sign_in(user, application).await;
                match answer.body["proof"].as_str() {
                    _ if answer.status == 401 => "refused".to_owned(),
                    Some("bypass") => "bypass".to_owned(),
                    _ => answer.body["stage"].as_str().unwrap_or("none").to_owned(),
                }
            }
            Kind::Foreign(other) => block_in_place(|| other.begin(user)),
        }
    }

    /// Signs in and shows a code of an authenticator.
    pub(super) async fn show(&self, own: (&str, &str), code: &str) -> String {
        match &self.stage {
            Kind::Demo(demo) => word(demo.sign_in(own, Some(code))),
            Kind::Sesamd(live) => stage(&live.api.show(own, code).await.body),
            Kind::Foreign(other) => block_in_place(|| other.show(own.0, code)),
        }
    }

    /// Signs in and shows a passcode.
    pub(super) async fn show_passcode(&self, own: (&str, &str), passcode: &str) -> String {
        let live = match &self.stage {
            Kind::Demo(demo) => return word(demo.sign_in(own, Some(passcode))),
            Kind::Sesamd(live) => live,
            Kind::Foreign(other) => return block_in_place(|| other.show(own.0, passcode)),
        };
        let begun = live.api.sign_in(own.0, own.1).await;
        let path = format!("/v1/sign-ins/{}/verify", begun.body["id"].as_str().unwrap());
        stage(&live.api.post(&path, json!({"factor": "passcode", "code": passcode})).await.body)
    }

    /// Shows a code of an authenticator that was begun; whether that confirmed it.
    pub(super) async fn confirm(&self, (user, binding): (&str, &str), code: &str) -> bool {
        match &self.stage {
            Kind::Demo(demo) => demo.is_confirmed(user, binding, code),
            Kind::Sesamd(live) => {
                let path = format!("/users/{}/bindings/{binding}/confirm", self.id(user));
                let shown = json!({"code": code, "reason": "on the telephone"});
                live.api.admin("POST", &path, shown).await.status == 204
            }
            Kind::Foreign(_) => false,
        }
    }

    /// The digits on a telephone now.
    pub(super) fn code(&self, otp: &Otp) -> String {
        if let Kind::Foreign(other) = &self.stage {
            return block_in_place(|| other.code(otp));
        }
        otp.code(self.clock.seconds()).unwrap().as_str().to_owned()
    }

    /// Six digits that are none of the codes around now.
    pub(super) fn wrong(&self, otp: &Otp) -> String {
        let now = self.now().as_second().unsigned_abs();
        let near: Vec<String> =
            (0..25).map(|step| otp.code(now + 360 - step * 30).unwrap().as_str().to_owned()).collect();
        (0..10).map(|digit| digit.to_string().repeat(6)).find(|code| !near.contains(code)).unwrap()
    }

    fn id(&self, user: &str) -> String {
        self.ids.lock().unwrap()[user].clone()
    }
}

fn stage(body: &Value) -> String {
    body["stage"].as_str().unwrap_or("none").to_owned()
}

fn word(stage: Stage) -> String {
    let word = match stage {
        Stage::Binding => "binding",
        Stage::Bypass => "bypass",
        Stage::Done => "done",
        Stage::Locked => "locked",
        Stage::Refused => "refused",
        Stage::SecondStep => "second_step",
        Stage::Wrong => "wrong",
    };
    word.to_owned()
}
