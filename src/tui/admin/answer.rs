//! What comes back from a server, with the number of the question: a screen takes the newest and no other.

use std::{sync::Arc, time::Duration};

use super::profiles::Removed;
use crate::{
    admin::{
        Provider,
        action::{Done, Plan},
        error::AdminError,
        model::{Application, Event, Overview, Page, Person, Statistics},
    },
    config::Server,
};

/// An answer, and how long it took.
pub struct Reply {
    /// The number of the question.
    pub number: u64,
    /// How long the server took.
    pub took: Duration,
    /// What it said.
    pub answer: Answer,
}

/// What a server said.
pub enum Answer {
    /// Nobody waits any more.
    Cancelled,
    /// A door was opened, or not: with the name of the server.
    Knocked(String, Result<Knocked, AdminError>),
    /// A page of users, and the connection at a glance where that was asked for too.
    People(Result<Page<Person>, AdminError>, Option<Overview>),
    /// One user, and what happened last.
    Person(Result<Box<(Person, Vec<Event>)>, AdminError>),
    /// A page of events, and how many there are in all where that was asked for too.
    Events(Result<Page<Event>, AdminError>, Option<u64>),
    /// Something lies in the box of the one who follows.
    Followed,
    /// Events counted in several ways.
    Counted(Result<Vec<Statistics>, AdminError>),
    /// A file was written: its name and how many events are in it; or a sentence that says why not.
    Written(Result<(String, u64), String>),
    /// Factors were switched, one after the other until one failed: the title of each and what came of it.
    Switched(Vec<(String, Result<Done, AdminError>)>),
    /// Every application.
    Applications(Result<Vec<Application>, AdminError>),
    /// A connection at a glance.
    Overview(Result<Overview, AdminError>),
    /// What a change would do.
    Planned(Result<Box<Plan>, AdminError>),
    /// What the same change of several users would do, by the name of each.
    PlannedAll(Vec<(String, Result<Plan, AdminError>)>),
    /// A change was sent.
    Applied(Box<Applied>),
    /// One of several changes was sent: the place of it.
    AppliedOne(usize, Box<Applied>),
    /// All of several changes were sent, or it was stopped.
    AppliedAll,
    /// A profile was written, or why not.
    ProfileKept(String, Result<Box<Server>, String>),
    /// A profile was removed, or why not.
    ProfileRemoved(Result<Arc<Removed>, String>),
    /// A removed profile is back, or why not.
    ProfileRestored(Result<(), String>),
}

/// A server that answered.
#[derive(Clone)]
pub struct Knocked {
    /// How to ask it.
    pub provider: Arc<dyn Provider>,
    /// What it said first.
    pub overview: Overview,
}

/// What came of a change.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Whose account it is about, or an application's id.
    pub name: String,
    /// What the server said of it.
    pub result: Result<Done, AdminError>,
    /// The user as they are now, read back; none where the change was about no user.
    pub after: Option<Result<Person, AdminError>>,
    /// Who was faster, where the server refused because of that.
    pub by: Option<String>,
}

impl Answer {
    /// Why nothing came, where nothing did.
    pub fn error(&self) -> Option<&AdminError> {
        match self {
            Self::Cancelled
            | Self::Followed
            | Self::Written(_)
            | Self::PlannedAll(_)
            | Self::AppliedAll
            | Self::ProfileKept(..)
            | Self::ProfileRemoved(_)
            | Self::ProfileRestored(_) => None,
            Self::Switched(all) => all.iter().find_map(|(_, result)| result.as_ref().err()),
            Self::Events(result, _) => result.as_ref().err(),
            Self::Counted(result) => result.as_ref().err(),
            Self::Knocked(_, result) => result.as_ref().err(),
            Self::People(result, _) => result.as_ref().err(),
            Self::Person(result) => result.as_ref().err(),
            Self::Applications(result) => result.as_ref().err(),
            Self::Overview(result) => result.as_ref().err(),
            Self::Planned(result) => result.as_ref().err(),
            Self::Applied(applied) | Self::AppliedOne(_, applied) => applied.result.as_ref().err(),
        }
    }
}
