//! A sign-in from the password to the end: password, then agreement, then binding or second step, then done.
//!
//! A state machine over a [`Person`]. What is sent to whom, and the session that follows, are not here.

use std::time::Duration;

use super::{
    application::Application,
    attempt::{Rules, Ruling, Try, Verdict, attempt, blocked, expire_lock},
    audit::{Event, EventKind, Reason},
    factor::{Factor, Factors},
    mail_code::{Fresh, HeldBack, Purpose, Whose, masked},
    time::{Time, minutes},
    user::Person,
};

/// A sign-in that has begun: the password was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its id.
    pub id: String,
    /// Whose.
    pub user: String,
    /// To what.
    pub application: String,
    /// When it began.
    pub begun: Time,
    /// What it waits for.
    pub stage: Stage,
    /// By what the second step was done, once it was.
    pub proof: Option<Proof>,
}

/// What a sign-in waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The user must agree to the application's text.
    Agreement,
    /// The user must bind an authenticator.
    Binding,
    /// The user must show a code.
    SecondStep,
    /// Nothing more.
    Done,
}

/// How the second step was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// By a code.
    Code(Factor),
    /// By confirming a binding.
    Bound,
    /// Skipped: a bypass runs.
    Bypass,
    /// Skipped: this browser did it before.
    Remembered,
    /// The application asks for none.
    NotAsked,
}

impl Proof {
    /// Whether a second factor was shown, and not skipped.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Code(_) | Self::Bound)
    }
}

/// What is known when a sign-in begins.
#[derive(Clone, Debug)]
pub struct Begin<'a> {
    /// The id that it gets.
    pub id: String,
    /// To what.
    pub application: &'a Application,
    /// Whether the password is the user's.
    pub password_right: bool,
    /// Whether this browser did the second step before, and is still remembered.
    pub remembered: bool,
}

/// Why a request does not fit the sign-in. Nothing of it is judged, counted or written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotNow {
    /// It waits for something else, or is done.
    #[error("this sign-in waits for something else")]
    OtherStage,
    /// It took too long.
    #[error("this sign-in has expired: begin again")]
    Expired,
}

/// Why no code is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotSent {
    /// The request does not fit the sign-in.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// One was sent a moment ago, or five within the hour.
    #[error("a code was sent already: wait {} seconds", wait.as_secs().max(1))]
    HeldBack {
        /// How long.
        wait: Duration,
    },
    /// This factor is off, or there is no address.
    #[error("no code can be sent this way")]
    NoWay,
}

/// A code to send, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The code.
    pub code: Fresh,
    /// The address or number.
    pub to: String,
    /// What the user is told of it.
    pub shown: String,
}

/// Begins a sign-in. A wrong password is refused with an event and without being counted: otherwise anybody could lock
/// anybody.
pub fn begin(person: &mut Person, begin: Begin<'_>, now: Time) -> (Result<SignIn, Reason>, Vec<Event>) {
    let mut events = expire_lock(person, now);
    let refused = match (begin.password_right, person.user.enabled) {
        (false, _) => Some(Reason::WrongPassword),
        (true, false) => Some(Reason::UserDisabled),
        (true, true) => None,
    };
    if let Some(reason) = refused {
        events.push(Event::failure(EventKind::Password, reason).at(&begin.application.id));
        return (Err(reason), events);
    }
    let mut sign_in = SignIn {
        id: begin.id,
        user: person.user.id.clone(),
        application: begin.application.id.clone(),
        begun: now,
        stage: Stage::Agreement,
        proof: begin.remembered.then_some(Proof::Remembered),
    };
    let agreed = person.agreed.get(&begin.application.id).copied();
    if !begin.application.must_agree(agreed) {
        events.extend(sign_in.go_on(person, begin.application, now));
    }
    (Ok(sign_in), events)
}

impl SignIn {
    /// The user agrees to the text of this version. Another version than today's is none.
    pub fn agree(
        &mut self,
        person: &mut Person,
        (application, version): (&Application, u32),
        now: Time,
    ) -> Result<Vec<Event>, NotNow> {
        self.waits_for(Stage::Agreement, now)?;
        if application.agreement.as_ref().is_some_and(|agreement| agreement.version != version) {
            return Err(NotNow::OtherStage);
        }
        person.agreed.insert(application.id.clone(), version);
        Ok(self.go_on(person, application, now))
    }

    /// Asks for a code by e-mail or SMS.
    pub fn send(
        &self,
        person: &mut Person,
        (application, factor): (&Application, Factor),
        (rules, now, random): (Rules<'_>, Time, [u8; 8]),
    ) -> Result<Message, NotSent> {
        self.waits_for(Stage::SecondStep, now)?;
        let (purpose, to) = match factor {
            Factor::Email => (Purpose::Email, person.user.email.clone()),
            Factor::Sms => (Purpose::Sms, person.user.mobile.clone()),
            _ => return Err(NotSent::NoWay),
        };
        let to = to.filter(|_| application.factors.has(factor)).ok_or(NotSent::NoWay)?;
        self.message(person, (purpose, to), (rules, now, random))
    }

    /// The user shows a code.
    pub fn show_code(
        &mut self,
        person: &mut Person,
        code: &Try<'_>,
        (rules, now): (Rules<'_>, Time),
    ) -> Result<Ruling, NotNow> {
        self.waits_for(Stage::SecondStep, now)?;
        let ruling = attempt(person, &Try { sign_in: &self.id, ..*code }, rules, now);
        if let Verdict::Accepted(factor) = ruling.verdict {
            self.proof = Some(Proof::Code(factor));
            let bind = person.user.must_bind && code.application.factors.has(Factor::Otp);
            self.stage = if bind { Stage::Binding } else { Stage::Done };
        }
        Ok(ruling)
    }

    /// The factors that may be shown now. Empty for a stage that asks for none, and for a locked user.
    pub fn factors(&self, person: &Person, application: &Application, now: Time) -> Factors {
        match blocked(person, now) {
            None if self.stage == Stage::SecondStep => person.factors(application, now),
            _ => Factors::NONE,
        }
    }

    /// Whether the user is to be offered a new binding: the sheet of paper has one code less.
    pub fn offers_binding(&self) -> bool {
        self.stage == Stage::Done && self.proof == Some(Proof::Code(Factor::Recovery))
    }

    /// Whether it waits for this, and still does.
    pub fn waits_for(&self, stage: Stage, now: Time) -> Result<(), NotNow> {
        match self.stage {
            _ if now >= self.begun.after(LIFE) => Err(NotNow::Expired),
            own if own == stage => Ok(()),
            _ => Err(NotNow::OtherStage),
        }
    }

    pub(super) fn message(
        &self,
        person: &mut Person,
        (purpose, to): (Purpose, String),
        (rules, now, random): (Rules<'_>, Time, [u8; 8]),
    ) -> Result<Message, NotSent> {
        let whose = Whose { pepper: rules.pepper, purpose, user: &person.user.id, sign_in: &self.id };
        let codes = person.sent.entry(purpose).or_default();
        let code = codes.ask(&whose, now, random).map_err(|HeldBack(wait)| NotSent::HeldBack { wait })?;
        Ok(Message { code, shown: masked(&to), to })
    }

    /// What comes after the password and the agreement.
    fn go_on(&mut self, person: &mut Person, application: &Application, now: Time) -> Vec<Event> {
        let usable = person.factors(application, now);
        let may_bind = application.factors.has(Factor::Otp);
        let (stage, proof) = if application.factors.is_empty() {
            (Stage::Done, Some(Proof::NotAsked))
        } else if person.is_bypassed(now) {
            person.user.seen = Some(now);
            let event = Event::success(EventKind::BypassUsed).at(&application.id);
            (self.stage, self.proof) = (Stage::Done, Some(Proof::Bypass));
            return vec![event];
        } else if self.proof == Some(Proof::Remembered) && !person.user.must_bind {
            (Stage::Done, self.proof)
        } else if may_bind && !usable.has(Factor::Passcode) && (person.user.must_bind || usable.is_empty()) {
            (Stage::Binding, None)
        } else {
            (Stage::SecondStep, None)
        };
        (self.stage, self.proof) = (stage, proof);
        vec![]
    }
}

/// How long a sign-in may take: longer than a code that was sent lives.
pub const LIFE: Duration = minutes(15);
