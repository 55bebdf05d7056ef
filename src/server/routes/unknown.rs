//! A name that nobody has: the same work, the same answer, and a row of the audit with what was typed.

use super::refusal::Refusal;
use crate::server::{
    domain::audit::{Event, EventKind, Reason},
    service::Service,
    store::{
        StoreError,
        desk::Desk,
        rows::{Scene, Subject},
        work::{Held, Work},
    },
};

/// Writes the try down, and answers as to a wrong password.
pub(super) async fn note(service: &Service, scene: Scene, (typed, application): (&str, &str)) -> Refusal {
    let name: String = typed.chars().take(LONGEST).collect();
    let event = Event::failure(EventKind::Password, Reason::UnknownUser).at(application);
    match service.store.submit(Unknown { scene, name, event }).await {
        Ok(()) => Refusal::wrong(),
        Err(error) => error.into(),
    }
}

struct Unknown {
    scene: Scene,
    name: String,
    event: Event,
}

impl Work for Unknown {
    type Answer = ();

    fn row(&self) -> &'static str {
        ""
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let now = desk.now();
            desk.nobody(self.event.application.as_deref()).await?;
            let subject = Subject { id: "", name: &self.name };
            desk.note((&self.scene, Some(subject)), std::slice::from_ref(&self.event), now).await
        })
    }
}

/// So much of a name is written down.
const LONGEST: usize = 128;
