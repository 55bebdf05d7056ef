//! The open connection to a server: what was last heard from it, what is being asked, what is wrong.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{answer::Answer, tab::Tab};
use crate::{
    admin::{
        Provider,
        connect::Profile,
        error::AdminError,
        model::{AuditFilter, Overview},
    },
    config::{Confirm, ServerKind},
};

/// An open connection. After locking it is closed, and knows only where it led.
pub struct Link {
    /// Where it leads.
    pub profile: Profile,
    /// How to ask; nothing while it is closed.
    pub provider: Option<Arc<dyn Provider>>,
    /// The server at a glance, as it was last heard.
    pub overview: Option<Overview>,
    /// How long the last answer took.
    pub latency: Duration,
    /// When the last answer came.
    pub heard: Option<Timestamp>,
    /// Why nothing comes at the moment.
    pub trouble: Option<Trouble>,
    /// What a tab is asked to show when it opens next.
    pub wish: Option<Wish>,
    asked: Vec<Asked>,
    cancelled: Vec<u64>,
}

/// A tab and what it has to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Which tab.
    pub tab: Tab,
    /// What it shows: `user:alan`, an hour.
    pub filter: AuditFilter,
}

/// A connection that does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What the last try said.
    pub error: AdminError,
    /// Since when.
    pub since: Timestamp,
    /// How often it was tried since.
    pub tries: u32,
    /// Whether the box about it was shown.
    pub told: bool,
}

struct Asked {
    number: u64,
    since: Duration,
    by_person: bool,
}

/// Below this nobody is told that they wait.
pub const PATIENCE: Duration = Duration::from_millis(150);

impl Link {
    /// A connection that is about to be opened.
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            provider: None,
            overview: None,
            latency: Duration::ZERO,
            heard: None,
            trouble: None,
            wish: None,
            asked: Vec::new(),
            cancelled: Vec::new(),
        }
    }

    /// Whether it can be asked.
    pub fn is_open(&self) -> bool {
        self.provider.is_some()
    }

    /// Forgets everything but where it led.
    pub fn close(&mut self) {
        *self = Self::new(self.profile.clone());
    }

    /// What is at stake there, as a word.
    pub fn kind(&self) -> String {
        kind_word(&self.profile.server.kind)
    }

    /// Whether people depend on it.
    pub fn is_prod(&self) -> bool {
        self.profile.server.kind == ServerKind::Prod
    }

    /// Whether a key is enough for a change of the third level: where the profile says so, and nobody depends on it.
    pub fn is_plain(&self) -> bool {
        let is_trial = matches!(self.profile.server.kind, ServerKind::Lab | ServerKind::Test);
        is_trial && self.profile.server.confirm == Confirm::Plain
    }

    /// Who asks, as the server calls them.
    pub fn actor(&self) -> &str {
        self.overview.as_ref().map_or("", |overview| overview.actor.as_str())
    }

    /// Something is being asked.
    pub fn asks(&mut self, number: u64, by_person: bool, now: Duration) {
        self.asked.push(Asked { number, since: now, by_person });
    }

    /// An answer came: how the connection is. Whether anybody still waits for it.
    pub fn hears(&mut self, (number, took): (u64, Duration), answer: &Answer, now: Timestamp) -> bool {
        let asked = self.asked.iter().position(|asked| asked.number == number);
        let asked = asked.map(|at| self.asked.swap_remove(at));
        if let Some(at) = self.cancelled.iter().position(|own| *own == number) {
            self.cancelled.swap_remove(at);
            return false;
        }
        // What another server says, or this one before it was closed, is nothing about this connection.
        let Some(by_person) = asked.map(|asked| asked.by_person).filter(|_| self.is_open()) else {
            return true;
        };
        match answer.error() {
            Some(error) if is_trouble(error) => self.fails((error, by_person), now),
            _ if matches!(answer, Answer::Cancelled | Answer::Followed | Answer::Written(_)) => {}
            _ => (self.latency, self.heard, self.trouble) = (took, Some(now), None),
        }
        match answer {
            Answer::People(_, Some(overview)) | Answer::Overview(Ok(overview)) => {
                self.overview = Some(overview.clone());
            }
            _ => {}
        }
        true
    }

    /// Stops waiting for what somebody asked for; the numbers of it.
    pub fn cancel(&mut self) -> Vec<u64> {
        let (by_person, rest) = self.asked.drain(..).partition(|asked| asked.by_person);
        self.asked = rest;
        let numbers: Vec<u64> = by_person.iter().map(|asked: &Asked| asked.number).collect();
        self.cancelled.extend(&numbers);
        numbers
    }

    /// Whether somebody waits.
    pub fn is_waiting(&self) -> bool {
        self.asked.iter().any(|asked| asked.by_person)
    }

    /// How long the oldest question that somebody waits for has been open.
    pub fn waits(&self, now: Duration) -> Option<Duration> {
        let since = self.asked.iter().filter(|asked| asked.by_person).map(|asked| asked.since).min()?;
        Some(now.saturating_sub(since))
    }

    /// Whoever asked is told each time, the clock once.
    fn fails(&mut self, (error, by_person): (&AdminError, bool), now: Timestamp) {
        let before = self.trouble.take();
        let (since, tries, told) =
            before.map_or((now, 0, false), |trouble| (trouble.since, trouble.tries, trouble.told));
        self.trouble =
            Some(Trouble { error: error.clone(), since, tries: tries + 1, told: told && !by_person });
    }
}

/// `PROD`, `TEST`, `LAB` or an own word.
pub fn kind_word(kind: &ServerKind) -> String {
    match kind {
        ServerKind::Lab => "LAB".to_owned(),
        ServerKind::Prod => "PROD".to_owned(),
        ServerKind::Test => "TEST".to_owned(),
        ServerKind::Own(word) => word.to_uppercase(),
    }
}

/// Whether an error is about the connection rather than about what was asked.
pub fn is_trouble(error: &AdminError) -> bool {
    use AdminError as E;
    matches!(
        error,
        E::Certificate { .. }
            | E::LoggedOut { .. }
            | E::NoToken { .. }
            | E::NotUnderstood { .. }
            | E::Unreachable { .. }
    )
}
