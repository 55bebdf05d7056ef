//! Work for the writer, and the most usual one: a pure decision about one person.

use std::{future::Future, pin::Pin};

use tokio::sync::oneshot;

use super::{
    desk::{Ask, Case, Desk},
    error::StoreError,
};
use crate::server::domain::audit::Event;

/// A future that the writer can hold.
pub type Held<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something to do in a transaction. It may be done more than once, when the transaction had to begin anew; what an
/// earlier run did is gone then.
pub trait Work: Send + 'static {
    /// What comes of it.
    type Answer: Send + 'static;

    /// Whose row it locks first. The writer goes through them in order, so that no two replicas wait for each other.
    fn row(&self) -> &str;

    /// Does it. An error takes back what this work did, and that alone.
    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<Self::Answer, StoreError>>;
}

/// A pure decision: the state in, an answer and events out.
pub struct Decide<F> {
    /// About what.
    pub ask: Ask,
    /// The decision; it changes the case in place.
    pub decide: F,
}

impl<F> Decide<F> {
    /// Makes the decision now, in the transaction of this desk.
    pub async fn once<T>(&mut self, desk: &mut Desk) -> Result<T, StoreError>
    where
        F: FnMut(&mut Case) -> (T, Vec<Event>),
    {
        let mut case = desk.open(&self.ask).await?;
        let before = case.copy();
        let (answer, events) = (self.decide)(&mut case);
        desk.close(&self.ask, (&before, &case), &events).await?;
        Ok(answer)
    }
}

impl<F, T> Work for Decide<F>
where
    F: FnMut(&mut Case) -> (T, Vec<Event>) + Send + 'static,
    T: Send + 'static,
{
    type Answer = T;

    fn row(&self) -> &str {
        &self.ask.user
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<T, StoreError>> {
        Box::pin(self.once(desk))
    }
}

/// Work with the one who waits for it, its answer's type forgotten.
pub(super) trait Job: Send {
    fn row(&self) -> &str;
    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>>;
    /// Keeps an error as the answer.
    fn fail(&mut self, error: StoreError);
    /// Answers, once it is committed or given up.
    fn answer(self: Box<Self>);
}

pub(super) struct Waiting<W: Work> {
    work: W,
    outcome: Option<Result<W::Answer, StoreError>>,
    reply: oneshot::Sender<Result<W::Answer, StoreError>>,
}

impl<W: Work> Waiting<W> {
    pub(super) fn new(work: W) -> (Self, oneshot::Receiver<Result<W::Answer, StoreError>>) {
        let (reply, answer) = oneshot::channel();
        (Self { work, outcome: None, reply }, answer)
    }
}

impl<W: Work> Job for Waiting<W> {
    fn row(&self) -> &str {
        self.work.row()
    }

    fn run<'a>(&'a mut self, desk: &'a mut Desk) -> Held<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.outcome = Some(Ok(self.work.run(desk).await?));
            Ok(())
        })
    }

    fn fail(&mut self, error: StoreError) {
        self.outcome = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let Self { outcome, reply, .. } = *self;
        // Nobody waits any more when a connection was closed: the decision stands all the same.
        let _ = reply.send(outcome.unwrap_or(Err(StoreError::Conflict)));
    }
}
