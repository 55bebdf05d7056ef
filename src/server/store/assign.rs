//! Bringing hardware tokens in, and assigning to a user: it leaves those that nobody has, and is a binding from then on.

use super::{
    desk::{Ask, Desk},
    error::StoreError,
    rows::Scene,
    tokens::Spare,
    work::{Held, Work},
};
use crate::server::domain::{
    audit::{AdministratorEvent, Event, EventKind},
    binding::{Binding, Device, State},
    factor::Factor,
    judge::Moving,
};

/// Assigns a token.
pub struct Assign<F> {
    /// To whom; with the application that it is for, if not for all.
    pub ask: Ask,
    /// The number on its back.
    pub serial: String,
    /// The id of the binding.
    pub binding: String,
    /// Why.
    pub reason: String,
    /// Whether the one who asks may, of this user.
    pub may: F,
}

impl<F, E> Work for Assign<F>
where
    F: FnMut(&super::desk::Case) -> Result<(), Box<(E, Vec<Event>)>> + Send + 'static,
    E: Send + 'static,
{
    type Answer = Result<(), E>;

    fn row(&self) -> &str {
        &self.ask.user
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Self::Answer, StoreError>> {
        Box::pin(async move {
            let mut case = desk.open(&self.ask).await?;
            let before = case.copy();
            if let Err(objection) = (self.may)(&case) {
                let (refusal, events) = *objection;
                desk.close(&self.ask, (&before, &case), &events).await?;
                return Ok(Err(refusal));
            }
            let (spare, moving) = desk.take_token(&self.serial).await?;
            case.person.bindings.push(Binding {
                id: self.binding.clone(),
                application: self.ask.application.clone(),
                device: Device::Token { serial: spare.serial },
                state: State::Active,
                otp: spare.otp,
                moving,
                created: case.now,
                used: None,
            });
            case.person.user.must_bind = false;
            let kind = EventKind::Administrator(AdministratorEvent::TokenChanged);
            let mut event = Event::success(kind).by(Factor::Otp);
            event.application.clone_from(&self.ask.application);
            let event = event.saying(format!("token {} assigned; {}", self.serial, self.reason));
            desk.close(&self.ask, (&before, &case), &[event]).await?;
            Ok(Ok(()))
        })
    }
}

/// Brings tokens in. The answer names the serial numbers that are there already.
#[derive(Debug)]
pub struct Bring {
    /// The tokens.
    pub tokens: Vec<Spare>,
    /// Who asks.
    pub scene: Scene,
}

impl Work for Bring {
    type Answer = Vec<String>;

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Vec<String>, StoreError>> {
        Box::pin(async move {
            let (now, mut known) = (desk.now(), vec![]);
            for token in &self.tokens {
                let serial = token.serial.as_str();
                if !desk.connection().rows(KNOWN, vec![serial.into()]).await?.is_empty() {
                    known.push(serial.to_owned());
                    continue;
                }
                desk.keep_token(token, Moving::default(), now).await?;
            }
            let said = format!("{} tokens brought in", self.tokens.len() - known.len());
            let kind = EventKind::Administrator(AdministratorEvent::TokenChanged);
            desk.note((&self.scene, None), &[Event::success(kind).saying(said)], now).await?;
            Ok(known)
        })
    }
}

const KNOWN: &str =
    "SELECT 1 FROM tokens WHERE serial = $1 UNION ALL SELECT 1 FROM bindings WHERE serial = $1";
