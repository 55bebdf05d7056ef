//! Asking a server on a thread of its own. The answer comes as a message with the number of the question.

use std::{sync::Arc, time::Duration};

use super::{
    answer::{Answer, Knocked, Reply},
    link::{Link, PATIENCE},
};
use crate::{
    admin::{Provider, connect::Profile},
    clock::running,
    tui::{context::Context, message::Message},
};

/// Who wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Somebody, who waits for it and may stop waiting.
    Person,
    /// The clock: nobody is told that it is asked.
    Clock,
}

impl Context {
    /// The profile of this name, as this call may use it.
    pub fn profile(&self, name: &str) -> Option<Profile> {
        let server = self.config.admin.servers.get(name)?.clone();
        let read_only = server.read_only || self.mode.read_only;
        Some(Profile { name: name.to_owned(), server, read_only, timeout: self.config.admin.timeout })
    }

    /// Opens the door of a server and asks how it is: [`Answer::Knocked`].
    pub fn knock(&mut self, profile: Profile) -> u64 {
        let (door, demo) = (Arc::clone(&self.door), self.mode.demo);
        self.jobs.ask(move |number| {
            let mut begun = running();
            let knocked = door.open(&profile).and_then(|provider| {
                begun = running();
                let overview = provider.overview()?;
                Ok(Knocked { provider, overview })
            });
            let took = took(begun, demo);
            Message::Admin(Reply { number, took, answer: Answer::Knocked(profile.name, knocked) })
        })
    }

    /// The same for somebody who waits for it. The link is there from now on, and not open yet.
    pub fn knock_for_person(&mut self, profile: Profile) -> u64 {
        let mut link = Link::new(profile.clone());
        let number = self.knock(profile);
        link.asks(number, true, running());
        self.admin = Some(link);
        number
    }

    /// Asks the open server. The number of the question, or nothing where none is open.
    pub fn ask(
        &mut self,
        by: By,
        question: impl FnOnce(&dyn Provider) -> Answer + Send + 'static,
    ) -> Option<u64> {
        let provider = Arc::clone(self.admin.as_ref()?.provider.as_ref()?);
        let demo = self.mode.demo;
        let number = self.jobs.ask(move |number| {
            let begun = running();
            let answer = question(&*provider);
            Message::Admin(Reply { number, took: took(begun, demo), answer })
        });
        if let Some(link) = &mut self.admin {
            link.asks(number, by == By::Person, running());
        }
        Some(number)
    }

    /// Asks the open server for something that has several answers before its last.
    pub fn ask_on(
        &mut self,
        question: impl FnOnce(&dyn Provider, &dyn Fn(Answer)) -> Answer + Send + 'static,
    ) -> Option<u64> {
        let provider = Arc::clone(self.admin.as_ref()?.provider.as_ref()?);
        let (number, demo) = (self.jobs.upcoming(), self.mode.demo);
        self.jobs.spawn(move |early| {
            let begun = running();
            let said = |answer| Message::Admin(Reply { number, took: took(begun, demo), answer });
            said(question(&*provider, &|answer| early(said(answer))))
        });
        Some(number)
    }

    /// A server is open from here on.
    pub fn connected(&mut self, profile: Profile, (knocked, reply): (&Knocked, &Reply)) {
        let mut link = Link::new(profile);
        link.provider = Some(Arc::clone(&knocked.provider));
        link.overview = Some(knocked.overview.clone());
        (link.latency, link.heard) = (reply.took, Some(self.now()));
        self.admin = Some(link);
    }

    /// The open server's link, where it can be asked.
    pub fn link(&self) -> Option<&Link> {
        self.admin.as_ref().filter(|link| link.is_open())
    }

    /// `asking mfa-prod …`, once somebody waits long enough to wonder.
    pub fn asking(&self) -> Option<String> {
        let link = self.admin.as_ref()?;
        let waited = link.waits(running())?;
        let seconds = waited.as_secs();
        match waited {
            waited if waited < PATIENCE => None,
            _ if seconds < 2 => Some(format!("asking {} …", link.profile.name)),
            _ => Some(format!("asking {} … {seconds} s, Ctrl-C stops waiting", link.profile.name)),
        }
    }
}

/// How long a server took; the demo has one time, so that its pictures are always the same.
fn took(begun: Duration, demo: bool) -> Duration {
    if demo { DEMO } else { running().saturating_sub(begun) }
}

const DEMO: Duration = Duration::from_millis(12);
