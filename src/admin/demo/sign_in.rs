//! Signing in at the demo: the proof that a change did what it said. No part of what admin mode asks.

use jiff::SignedDuration;

use super::{
    cast::otp,
    house::Demo,
    row::Row,
    user::{Bound, User},
    world::World,
};
use crate::{
    admin::model::{Outcome, State},
    otp::Otp,
};

/// How far a sign-in came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// An authenticator must be bound.
    Binding,
    /// Signed in without a second step.
    Bypass,
    /// Signed in.
    Done,
    /// No code is judged now.
    Locked,
    /// Not at all.
    Refused,
    /// A code is asked for.
    SecondStep,
    /// The code was none of the user's.
    Wrong,
}

/// Wrong codes in a row that lock.
const IN_ROW: u32 = 6;

impl Demo {
    /// Signs in with the right password, and with a code where one is given.
    pub fn sign_in(&self, (user, application): (&str, &str), code: Option<&str>) -> Stage {
        let now = self.house.clock.now();
        self.house.change(|world| {
            let asks_otp = asks_otp(world, application);
            let Some(user) = world.user_mut(user) else { return Stage::Refused };
            let opens = |one: &Bound| one.opens(application);
            let stage = match (user.state(now), code) {
                (State::Disabled, _) => Stage::Refused,
                (State::Bypass, _) => Stage::Bypass,
                (State::Locked, _) => Stage::Locked,
                (_, Some(code)) if is_passcode(user, code) => {
                    user.passcode = None;
                    if user.bindings.iter().any(opens) { Stage::Done } else { Stage::Binding }
                }
                _ if asks_otp && !user.bindings.iter().any(opens) => Stage::Binding,
                (_, None) => Stage::SecondStep,
                (_, Some(code)) => {
                    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
                    let mut own = user.bindings.iter_mut().filter(|one| one.opens(application));
                    if own.any(|one| accepts(one, code, seconds)) { Stage::Done } else { Stage::Wrong }
                }
            };
            let row = write(user, (stage, application), now);
            world.write(row);
            stage
        })
    }

    /// Shows a code of an authenticator that was begun; whether it opens from now on.
    pub fn is_confirmed(&self, user: &str, binding: &str, code: &str) -> bool {
        let seconds = u64::try_from(self.house.clock.now().as_second()).unwrap_or(0);
        self.house.change(|world| {
            let Some(user) = world.user_mut(user) else { return false };
            let Some(own) = user.bindings.iter_mut().find(|one| one.id == binding) else { return false };
            own.confirmed |= accepts(own, code, seconds);
            (user.must_bind, user.version) = (user.must_bind && !own.confirmed, user.version + 1);
            own.confirmed
        })
    }

    /// A user without anything, for a story that begins with nothing.
    pub fn add_user(&self, name: &str, display: &str) {
        let now = self.house.clock.now();
        self.house.change(|world| {
            let plain = super::cast::plain(name, display, now);
            world.people.push(User { bindings: vec![], applications: vec![], ..plain });
            let by = Some(super::apply::ACTOR.to_owned());
            world.write(Row { user: Some(name.to_owned()), by, ..Row::new(now, "user created") });
        });
    }

    /// An application with factors, each on or off.
    pub fn add_application(&self, id: &str, factors: &[(&str, bool)]) {
        let factors = factors.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect();
        self.house.change(|world| {
            world.apps.push(super::apps::App { id: id.to_owned(), factors, remember_minutes: None });
            for user in &mut world.people {
                user.applications.push(id.to_owned());
            }
        });
    }

    /// Binds an authenticator of a user for an application; what makes its codes.
    pub fn bind(&self, user: &str, application: &str) -> Option<Otp> {
        let now = self.house.clock.now();
        self.house.change(|world| {
            let user = world.user_mut(user)?;
            let number = user.bindings.len() + 1;
            let maker = otp(&user.name, number);
            let id = format!("b-{}-{number}", user.name);
            let bound = Bound::new((id, "totp"), application, now);
            let application = Some(application.to_owned());
            user.bindings.push(Bound { application, otp: Some(maker.clone()), ..bound });
            user.version += 1;
            Some(maker)
        })
    }
}

fn asks_otp(world: &World, application: &str) -> bool {
    world.app(application).is_some_and(|app| {
        let others = |(name, on): &(String, bool)| *on && name != "otp" && name != "totp";
        !app.factors.iter().any(others) || app.asks_for("totp") == Some(true)
    })
}

fn is_passcode(user: &User, code: &str) -> bool {
    user.passcode.as_ref().is_some_and(|(digits, _)| digits.as_str() == code)
}

/// The code of this step or of the one before, each once.
fn accepts(own: &mut Bound, code: &str, seconds: u64) -> bool {
    let (Some(maker), Some(now)) = (&own.otp, own.step_at(seconds)) else { return false };
    let fresh = |step: &u64| own.step.is_none_or(|last| *step > last);
    let is = |step: &u64| maker.code(step * 30).is_ok_and(|right| right.as_str() == code);
    let found = [now, now.saturating_sub(1)].into_iter().filter(fresh).find(is);
    own.step = found.or(own.step);
    found.is_some()
}

/// Counts what happened, and says it as a row.
fn write(user: &mut User, (stage, application): (Stage, &str), now: jiff::Timestamp) -> Row {
    let row = match stage {
        Stage::Done => {
            (user.failures, user.last_success, user.version) = (0, Some(now), user.version + 1);
            user.sessions.push(application.to_owned());
            Row::new(now, "TOTP #1")
        }
        Stage::Wrong => {
            (user.failures, user.version) = (user.failures + 1, user.version + 1);
            if user.failures >= IN_ROW {
                user.locked_until = now.checked_add(SignedDuration::from_hours(1)).ok();
            }
            Row::refused(now, "wrong_code")
        }
        Stage::Locked => Row::refused(now, "locked"),
        Stage::Refused => Row::refused(now, "user_disabled"),
        Stage::Bypass => Row { outcome: Outcome::Warn, ..Row::new(now, "bypass used") },
        Stage::Binding => Row::new(now, "led to binding"),
        Stage::SecondStep => Row::new(now, "asked for a code"),
    };
    row.of(&user.name, application, "127.0.0.1")
}
