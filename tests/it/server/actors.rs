//! Who the stories are about: a user, an application, a clock that is set by hand.

use sesam::{
    otp::{Otp, Secret},
    server::domain::{
        application::Application,
        attempt::{Rules, Ruling, Try},
        audit::{Event, EventKind, Reason},
        binding::{Binding, Device, State},
        enrol::{self, Begun, Confirm, New, NotBegun},
        factor::{Factor, Factors},
        judge::{Moving, Reach},
        lock::Failures,
        name::UserName,
        one_field::{self, Password},
        pepper::Pepper,
        sign_in::{self, Begin, Message, NotNow, NotSent, Proof, SignIn},
        time::Time,
        typed::Typed,
        user::{Person, User},
    },
};

/// A user, an application and a time.
pub(super) struct World {
    pub(super) person: Person,
    pub(super) application: Application,
    pub(super) now: Time,
    /// Everything that was written down.
    pub(super) audit: Vec<Event>,
    pepper: Pepper,
    random: u8,
}

pub(super) const SECRET: &[u8] = b"12345678901234567890";

impl World {
    /// Hugo, who has an address and nothing else, and an application that asks for these factors.
    pub(super) fn new(factors: &[Factor]) -> Self {
        let user = User {
            id: "u-hugo".into(),
            name: UserName::parse("Hugo").unwrap(),
            email: Some("hugo@example.com".into()),
            mobile: Some("+49 170 1234567".into()),
            enabled: true,
            failures: Failures::default(),
            bypass: None,
            must_bind: false,
            display: None,
            seen: None,
        };
        Self {
            person: Person::new(user),
            application: application("vpn", factors),
            now: Time::from_seconds(1_800_000_000),
            audit: vec![],
            pepper: Pepper::new([7; 32]),
            random: 0,
        }
    }

    /// With an authenticator that is bound for the application.
    pub(super) fn bound(factors: &[Factor]) -> Self {
        let mut world = Self::new(factors);
        world.person.bindings.push(Binding {
            id: "b-1".into(),
            application: Some("vpn".into()),
            device: Device::App,
            state: State::Active,
            otp: otp(),
            moving: Moving::default(),
            created: world.now,
            used: None,
        });
        world
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.now = Time::from_millis(self.now.millis() + seconds * 1000);
    }

    pub(super) fn rules(&self) -> Rules<'static> {
        Rules { reach: Reach::default(), pepper: Box::leak(Box::new(self.pepper.clone())) }
    }

    pub(super) fn random(&mut self) -> [u8; 8] {
        self.random += 1;
        [self.random; 8]
    }

    /// The digits on Hugo's telephone now.
    pub(super) fn code(&self) -> String {
        otp().code(self.now.unix_seconds()).unwrap().as_str().to_owned()
    }

    pub(super) fn wrong_code(&self) -> &'static str {
        ["000000", "111111"].into_iter().find(|code| *code != self.code()).unwrap()
    }

    /// Signs in with the right password.
    pub(super) fn sign_in(&mut self) -> SignIn {
        self.begin(true, false).unwrap()
    }

    pub(super) fn begin(&mut self, password_right: bool, remembered: bool) -> Result<SignIn, Reason> {
        let id = format!("s-{}", self.audit.len());
        let begin = Begin { id, application: &self.application, password_right, remembered };
        let (answer, events) = sign_in::begin(&mut self.person, begin, self.now);
        self.audit.extend(events);
        answer
    }

    pub(super) fn show(&mut self, sign_in: &mut SignIn, factor: Factor, code: &str) -> Answer {
        let typed = Typed::parse(code).unwrap();
        let factors = Factors::NONE.with(factor, true);
        let (rules, now) = (self.rules(), self.now);
        let attempt = Try { application: &self.application, factors, code: &typed, paper: None, sign_in: "" };
        let ruling = sign_in.show_code(&mut self.person, &attempt, (rules, now));
        self.note(ruling)
    }

    pub(super) fn send(&mut self, sign_in: &SignIn, factor: Factor) -> Result<Message, NotSent> {
        let (rules, now, random) = (self.rules(), self.now, self.random());
        sign_in.send(&mut self.person, (&self.application, factor), (rules, now, random))
    }

    pub(super) fn start_binding(&mut self, sign_in: &SignIn) -> Result<Begun, NotBegun> {
        let random = self.random();
        let secret = Secret::new([random[0]; 20].to_vec()).unwrap();
        let new = New { id: format!("b-new-{}", random[0]), secret, random };
        let rest = (self.rules(), self.now);
        enrol::start((sign_in, &mut self.person), &self.application, new, rest)
    }

    pub(super) fn confirm(
        &mut self,
        sign_in: &mut SignIn,
        (id, code): (&str, &str),
        mailed: Option<&str>,
    ) -> Answer {
        let (code, mailed) = (Typed::parse(code).unwrap(), mailed.and_then(Typed::parse));
        let confirm = Confirm { id, code: &code, mailed: mailed.as_ref() };
        let rest = (self.rules(), self.now);
        let ruling = enrol::confirm((sign_in, &mut self.person), &self.application, &confirm, rest);
        self.note(ruling)
    }

    /// At the door with one field, the password having been checked.
    pub(super) fn verify(&mut self, password: Password, code: &str) -> Result<Proof, Reason> {
        let typed = Typed::parse(code).unwrap();
        let rest = (self.rules(), self.now);
        let attempt = Try {
            application: &self.application,
            factors: one_field::factors(),
            code: &typed,
            paper: None,
            sign_in: "",
        };
        let (answer, events) =
            one_field::verify(&mut self.person, (&self.application, password), Some(&attempt), rest);
        self.audit.extend(events);
        answer
    }

    /// The names of what was written down, without what came before the call.
    pub(super) fn heard(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.audit).into_iter().map(|event| event.kind.name()).collect()
    }

    pub(super) fn how_many(&self, kind: EventKind) -> usize {
        self.audit.iter().filter(|event| event.kind == kind).count()
    }

    fn note(&mut self, ruling: Result<Ruling, NotNow>) -> Answer {
        use sesam::server::domain::attempt::Verdict;
        match ruling {
            Err(not_now) => Answer::NotNow(not_now),
            Ok(ruling) => {
                self.audit.extend(ruling.events);
                match ruling.verdict {
                    Verdict::Accepted(factor) => Answer::Accepted(factor),
                    Verdict::Refused(reason) => Answer::Refused(reason),
                }
            }
        }
    }
}

/// What a user gets.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Accepted(Factor),
    Refused(Reason),
    NotNow(NotNow),
}

pub(super) fn application(id: &str, factors: &[Factor]) -> Application {
    Application {
        id: id.into(),
        name: id.to_uppercase(),
        factors: factors.iter().copied().collect(),
        agreements: 0,
        agreement: None,
        remember: None,
    }
}

pub(super) fn otp() -> Otp {
    Otp::totp(Secret::new(SECRET.to_vec()).unwrap())
}
