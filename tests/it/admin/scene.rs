//! Where the contract is tried: a demo in memory, and a sesamd on each database. What a user does there is said once.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use sesam::{
    admin::{
        Provider,
        demo::{Demo, Stage},
    },
    otp::Otp,
    server::domain::administrator::Role,
};

use super::live::Live;
use crate::server::databases::{Database, HandClock};

/// A kind of server.
pub(super) enum Place {
    /// In memory.
    Demo,
    /// The real program's routes on a socket.
    Sesamd(Database),
}

/// A server with nothing in it, and its users' hands.
pub(super) struct Scene {
    pub(super) clock: Arc<HandClock>,
    stage: Kind,
    ids: Mutex<BTreeMap<String, String>>,
}

enum Kind {
    Demo(Demo),
    Sesamd(Box<Live>),
}

impl Place {
    /// Every kind.
    pub(super) fn all() -> Vec<Self> {
        std::iter::once(Self::Demo).chain(Database::all().into_iter().map(Self::Sesamd)).collect()
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
        }
    }

    /// A user with a password.
    pub(super) async fn user(&self, name: &str) {
        let id = match &self.stage {
            Kind::Demo(demo) => {
                demo.add_user(name, "Somebody Else");
                name.to_owned()
            }
            Kind::Sesamd(live) => live.api.user(name).await,
        };
        self.ids.lock().unwrap().insert(name.to_owned(), id);
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
        }
    }

    /// An authenticator of a user, long enough ago that its next code is another one.
    pub(super) async fn bind(&self, user: &str, application: &str) -> Otp {
        match &self.stage {
            Kind::Demo(demo) => demo.bind(user, application).unwrap(),
            Kind::Sesamd(live) => live.api.bind(&self.id(user), application).await,
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
        }
    }

    /// Signs in and shows a code of an authenticator.
    pub(super) async fn show(&self, own: (&str, &str), code: &str) -> String {
        match &self.stage {
            Kind::Demo(demo) => word(demo.sign_in(own, Some(code))),
            Kind::Sesamd(live) => stage(&live.api.show(own, code).await.body),
        }
    }

    /// Signs in and shows a passcode.
    pub(super) async fn show_passcode(&self, own: (&str, &str), passcode: &str) -> String {
        let live = match &self.stage {
            Kind::Demo(demo) => return word(demo.sign_in(own, Some(passcode))),
            Kind::Sesamd(live) => live,
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
        }
    }

    /// The digits on a telephone now.
    pub(super) fn code(&self, otp: &Otp) -> String {
        otp.code(self.clock.seconds()).unwrap().as_str().to_owned()
    }

    /// Six digits that are none of the codes around now.
    pub(super) fn wrong(&self, otp: &Otp) -> String {
        let now = self.clock.seconds();
        let near: Vec<String> =
            (0..9).map(|step| otp.code(now + 120 - step * 30).unwrap().as_str().to_owned()).collect();
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
