//! The thread that follows: it asks, hears, tries again, and puts what it heard into a box of bounded size.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;

use crate::{
    admin::{
        Provider,
        error::AdminError,
        model::{AuditFilter, Event},
    },
    clock::Clock,
    tui::{
        admin::{
            answer::{Answer, Reply},
            link::is_trouble,
        },
        context::Context,
        message::Message,
    },
};

/// What was heard.
#[derive(Debug)]
pub(super) enum Heard {
    /// The connection stands, since this time.
    Up(Timestamp),
    /// It was lost at this time.
    Down(Timestamp),
    /// Something happened.
    Event(Box<Event>),
    /// The server refuses: it is not tried again.
    Refused(AdminError),
}

/// One who follows. The thread ends soon after this is dropped.
pub(super) struct Follower {
    inbox: Arc<Inbox>,
    number: u64,
}

struct Inbox {
    heard: Mutex<Letters>,
    /// Rings when nobody listens any more, to end a pause between two tries.
    left: Condvar,
    limit: usize,
}

#[derive(Default)]
struct Letters {
    heard: VecDeque<Heard>,
    is_left: bool,
}

/// So many events that happened before are shown at first, and read again where a position is not known.
const BEFORE: u16 = 100;
/// The pauses between tries: the last one for ever.
const PAUSES: [u64; 6] = [200, 1_000, 2_000, 5_000, 10_000, 30_000];

impl Follower {
    /// Follows the open server; nothing where none is open.
    pub(super) fn new(cx: &mut Context) -> Option<Self> {
        let provider = Arc::clone(cx.admin.as_ref()?.provider.as_ref()?);
        let limit = cx.config.admin.follow_buffer as usize;
        let inbox = Arc::new(Inbox { heard: Mutex::default(), left: Condvar::new(), limit: limit.max(1) });
        let (own, clock) = (Arc::clone(&inbox), Arc::clone(&cx.clock));
        let number = cx.jobs.stream(move |number, tell| {
            let ring =
                || tell(Message::Admin(Reply { number, took: Duration::ZERO, answer: Answer::Followed }));
            follow(&*provider, &own, (&*clock, &ring));
        });
        Some(Self { inbox, number })
    }

    /// The number of its answers.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Takes what was heard since the last time.
    pub(super) fn take(&self) -> VecDeque<Heard> {
        std::mem::take(&mut self.inbox.lock().heard)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.inbox.lock().is_left = true;
        self.inbox.left.notify_all();
    }
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, Letters> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something in, and rings where the box was empty. Whether anybody still listens.
    fn put(&self, heard: Heard, ring: &dyn Fn() -> bool) -> bool {
        let mut letters = self.lock();
        if letters.is_left {
            return false;
        }
        let was_empty = letters.heard.is_empty();
        letters.heard.push_back(heard);
        if letters.heard.len() > self.limit {
            letters.heard.pop_front();
        }
        drop(letters);
        !was_empty || ring()
    }

    fn is_left(&self) -> bool {
        self.lock().is_left
    }

    /// Waits between two tries. Whether anybody still listens.
    fn rest(&self, span: Duration) -> bool {
        let letters = self.lock();
        let rested = self.left.wait_timeout_while(letters, span, |letters| !letters.is_left);
        !rested.unwrap_or_else(PoisonError::into_inner).0.is_left
    }
}

/// Until nobody listens, or the server refuses. A lost connection is made again behind the last event.
fn follow(server: &dyn Provider, inbox: &Inbox, (clock, ring): (&dyn Clock, &dyn Fn() -> bool)) {
    let (mut after, mut tries): (Option<String>, usize) = (None, 0);
    loop {
        let mut is_up = false;
        let known = after.is_some();
        let ended = server.follow(&AuditFilter::default(), after.as_deref(), &mut |event| {
            if !std::mem::replace(&mut is_up, true) {
                tries = 0;
                inbox.put(Heard::Up(clock.now()), ring);
                if !known {
                    before(server, inbox, ring);
                }
            }
            match event {
                Some(event) => inbox.put(Heard::Event(Box::new(event)), ring),
                None => !inbox.is_left(),
            }
        });
        match ended {
            Ok(last) => after = last.or(after),
            Err(error) if is_trouble(&error) => {}
            Err(error) => {
                inbox.put(Heard::Refused(error), ring);
                return;
            }
        }
        if inbox.is_left() || (tries == 0 && !inbox.put(Heard::Down(clock.now()), ring)) {
            return;
        }
        if !inbox.rest(Duration::from_millis(PAUSES[tries.min(PAUSES.len() - 1)])) {
            return;
        }
        tries += 1;
    }
}

/// What happened before, the oldest first.
fn before(server: &dyn Provider, inbox: &Inbox, ring: &dyn Fn() -> bool) {
    let filter = AuditFilter { limit: Some(BEFORE), ..AuditFilter::default() };
    if let Ok(page) = server.audit(&filter, None) {
        for event in page.items.into_iter().rev() {
            inbox.put(Heard::Event(Box::new(event)), ring);
        }
    }
}
