//! The servers of the settings: which of them answers, as what, and how fast.

mod draw;

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use ratatui::{Frame, layout::Rect};

use super::{profile::Profile as Form, room::Room};
use crate::{
    admin::{connect::Profile, error::AdminError, model::Overview},
    config::TokenSource,
    text::safe,
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            profiles::{self, Removed},
            scroll::{MOVES, Scroll},
            words,
        },
        class::Class,
        context::Context,
        key::Key,
        message::Message,
        notice::Toast,
        screen::{Extent, Hint, Screen, Step},
        theme::Theme,
    },
};

/// The list of servers.
pub struct Servers {
    names: Vec<String>,
    scroll: Scroll,
    asked: HashMap<u64, String>,
    states: HashMap<String, Seen>,
    /// The question whose answer opens a server.
    connecting: Option<(u64, Profile)>,
    /// Whether a server was open since they were asked.
    stale: bool,
    /// What was removed last.
    removed: Option<Arc<Removed>>,
}

/// How a server answered.
pub(super) enum Seen {
    /// Not yet.
    Asked,
    /// It is fine.
    Fine(Duration, Box<Overview>),
    /// It is not.
    Failed(AdminError),
    /// Somebody may have to type something for it: it is asked when it is opened.
    Later,
}

const OWN: [Do; 5] = [Do::Connect, Do::OpenReadOnly, Do::TestServer, Do::EditServer, Do::RemoveServer];

impl Servers {
    /// The servers of the settings. Each is asked how it is.
    pub fn new(cx: &mut Context) -> Self {
        let mut servers = Self {
            names: Vec::new(),
            scroll: Scroll::default(),
            asked: HashMap::new(),
            states: HashMap::new(),
            connecting: None,
            stale: false,
            removed: None,
        };
        servers.read(cx);
        let wanted = cx.config.admin.default_server.clone();
        let at = servers.names.iter().position(|name| Some(name) == wanted.as_ref()).unwrap_or(0);
        servers.scroll.select(at, servers.names.len());
        servers.test(cx);
        servers
    }

    fn read(&mut self, cx: &Context) {
        self.names = cx.config.admin.servers.keys().cloned().collect();
        self.scroll.select(self.scroll.cursor(), self.names.len());
    }

    /// The name of the selected server.
    fn selected(&self) -> Option<&String> {
        self.names.get(self.scroll.cursor())
    }

    fn test(&mut self, cx: &mut Context) {
        for name in self.names.clone() {
            let Some(profile) = cx.profile(&name) else { continue };
            if asks_somebody(&profile, cx) {
                self.states.entry(name).or_insert(Seen::Later);
                continue;
            }
            let number = cx.knock(profile);
            self.states.entry(name.clone()).or_insert(Seen::Asked);
            self.asked.insert(number, name);
        }
    }

    fn connect(&mut self, read_only: bool, cx: &mut Context) {
        if self.connecting.is_some() {
            return;
        }
        let Some(mut profile) = self.selected().and_then(|name| cx.profile(name)) else { return };
        profile.read_only |= read_only;
        let number = cx.knock_for_person(profile.clone());
        self.connecting = Some((number, profile));
    }

    fn answered(&mut self, reply: &Reply, cx: &mut Context) -> Step {
        if let Some((number, _)) = &self.connecting
            && *number == reply.number
            && let Some((_, profile)) = self.connecting.take()
        {
            return self.opened(profile, reply, cx);
        }
        if self.asked.remove(&reply.number).is_some() {
            self.see(reply);
        }
        self.changed(&reply.answer, cx);
        Step::Stay
    }

    fn see(&mut self, reply: &Reply) {
        let Answer::Knocked(name, knocked) = &reply.answer else { return };
        let seen = match knocked {
            Ok(knocked) => Seen::Fine(reply.took, Box::new(knocked.overview.clone())),
            Err(error) => Seen::Failed(error.clone()),
        };
        self.states.insert(name.clone(), seen);
    }

    fn opened(&mut self, profile: Profile, reply: &Reply, cx: &mut Context) -> Step {
        self.see(reply);
        match &reply.answer {
            Answer::Knocked(_, Ok(knocked)) => {
                cx.connected(profile, (knocked, reply));
                self.stale = true;
                warn_of_the_clock(knocked.overview.time, cx);
                warn_of_the_theme(cx);
                return Step::Push(Box::new(Room::new(cx)));
            }
            Answer::Knocked(_, Err(error)) => cx.fail(words::sentence(error, None)),
            _ => {}
        }
        cx.admin = None;
        Step::Stay
    }

    fn edit(&self, cx: &Context) -> Step {
        let server = self.selected().and_then(|name| Some((name, cx.config.admin.servers.get(name)?)));
        server.map_or(Step::Stay, |(name, server)| Step::Push(Box::new(Form::edit(name, server))))
    }

    fn remove(&self, cx: &mut Context) {
        let (Some(name), Some(path)) = (self.selected().cloned(), cx.settings_file.clone()) else { return };
        let places = cx.places();
        cx.jobs.ask(move |number| {
            let removed = profiles::remove(&path, &places, &name).map(Arc::new);
            Message::Admin(Reply { number, took: Duration::ZERO, answer: Answer::ProfileRemoved(removed) })
        });
    }

    fn restore(&self, cx: &mut Context) {
        let (Some(removed), Some(path)) = (self.removed.clone(), cx.settings_file.clone()) else { return };
        let places = cx.places();
        cx.jobs.ask(move |number| {
            let restored = profiles::restore(&path, &places, &removed);
            Message::Admin(Reply { number, took: Duration::ZERO, answer: Answer::ProfileRestored(restored) })
        });
    }

    /// What came of a change of the profiles.
    fn changed(&mut self, answer: &Answer, cx: &mut Context) {
        match answer {
            Answer::ProfileRemoved(Ok(removed)) => {
                cx.config.admin.servers.remove(&removed.name);
                let words = format!("Removed {}", removed.name);
                cx.toast = Some(Toast::new(&words, "u undo", cx.now()));
                cx.done(format!("{words} and its token; u brings both back."));
                self.removed = Some(Arc::clone(removed));
            }
            Answer::ProfileRestored(Ok(())) => {
                let Some(removed) = self.removed.take() else { return };
                cx.done(format!("{} is back.", removed.name));
                cx.config.admin.servers.insert(removed.name.clone(), removed.server().clone());
            }
            Answer::ProfileRemoved(Err(words)) | Answer::ProfileRestored(Err(words)) => {
                return cx.fail(words);
            }
            Answer::ProfileKept(_, Ok(_)) => {}
            _ => return,
        }
        self.read(cx);
        self.test(cx);
    }

    /// Where the token of the selected server is, or what is wrong there.
    fn facts(&self, cx: &Context) -> Option<String> {
        let name = self.selected()?;
        if let Some(Seen::Failed(error)) = self.states.get(name) {
            return Some(error.to_string());
        }
        let token = match &cx.config.admin.servers.get(name)?.token {
            TokenSource::Keyring => "in the system keyring".to_owned(),
            TokenSource::Device => "none: a browser signs in".to_owned(),
            TokenSource::File(path) => format!("in {}", path.display()),
            TokenSource::Command(_) => "from a command".to_owned(),
            TokenSource::Systemd(credential) => format!("from systemd ({credential})"),
            TokenSource::Vault => "in the vault".to_owned(),
        };
        Some(crate::text::safe(&format!("{name}: token {token}")).into_owned())
    }
}

impl Screen for Servers {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let own: &[Do] = if self.names.is_empty() { &[] } else { &OWN };
        let undo = self.removed.as_ref().map(|_| Do::Undo);
        own.iter().copied().chain(MOVES).chain([Do::AddServer, Do::Back]).chain(undo).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        let back = Hint::says(Do::Back, if cx.session.is_some() { "codes" } else { "set-up" });
        if self.names.is_empty() {
            return vec![Do::AddServer.into(), back, Do::Help.into(), Do::Quit.into()];
        }
        if Class::of(cx.size).is_tiny() {
            return vec![Do::Connect.into(), Do::Help.into()];
        }
        let own =
            [Do::Connect, Do::AddServer, Do::EditServer, Do::TestServer, Do::OpenReadOnly].map(Hint::from);
        let rest = [Do::RemoveServer.into(), back, Do::Help.into(), Do::Quit.into()];
        own.into_iter().chain(rest).collect()
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Connect => self.connect(false, cx),
            Do::OpenReadOnly => self.connect(true, cx),
            Do::TestServer => {
                self.states.clear();
                self.test(cx);
                cx.say("Every server is asked again.");
            }
            Do::Back => return Step::Admin,
            Do::AddServer if may_write(cx) => return Step::Push(Box::new(Form::add())),
            Do::EditServer if may_write(cx) => return self.edit(cx),
            Do::RemoveServer if may_write(cx) => self.remove(cx),
            Do::Undo => self.restore(cx),
            moves => self.scroll.act(moves, key, self.names.len()),
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Admin(reply) => self.answered(reply, cx),
            Message::Reloaded => {
                self.read(cx);
                Step::Stay
            }
            _ => Step::Stay,
        }
    }

    fn on_tick(&mut self, cx: &mut Context) -> Step {
        if std::mem::take(&mut self.stale) {
            self.test(cx);
        }
        Step::Stay
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        (self.stale && cx.admin.is_none()).then_some(1)
    }

    fn on_lock(&mut self) -> bool {
        self.connecting = None;
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        format!("Admin {} Servers", cx.symbols.then)
    }

    fn state(&self, _cx: &Context) -> Option<String> {
        Some(words::counted(self.names.len() as u64, "server"))
    }

    fn status(&self, cx: &Context) -> Option<String> {
        self.facts(cx)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}

/// Codes are made of the time: says so where this computer and the server do not agree on it.
fn warn_of_the_clock(theirs: Option<Timestamp>, cx: &mut Context) {
    let Some(theirs) = theirs else { return };
    let ahead = cx.now().duration_since(theirs).as_secs();
    let name = cx.admin.as_ref().map_or_else(String::new, |link| link.profile.name.clone());
    if ahead.abs() > APART {
        let words = if ahead > 0 { "ahead of" } else { "behind" };
        cx.warn(format!("This computer is {} s {words} {name}. Codes may be refused.", ahead.abs()));
    }
}

/// A theme that nobody knows is told once, where it would have been put on.
fn warn_of_the_theme(cx: &mut Context) {
    let wanted = cx.admin.as_ref().and_then(|link| link.profile.server.theme.clone());
    if let Some(name) = wanted.filter(|name| Theme::named(name).is_none()) {
        cx.warn(format!("There is no theme \"{}\": there are {}.", safe(&name), Theme::NAMES.join(", ")));
    }
}

/// More seconds than this apart, codes may be refused.
const APART: i64 = 5;

/// Whether the way there leads over a person: a command for the token, a browser, or a code for a sign-in, which is good once.
fn asks_somebody(profile: &Profile, cx: &Context) -> bool {
    let signs_in = cx.own.is_some() && profile.server.user.as_ref().is_some_and(|user| !user.is_empty());
    signs_in || matches!(profile.server.token, TokenSource::Command(_) | TokenSource::Device)
}

/// Whether profiles can be changed here; says why not otherwise.
fn may_write(cx: &mut Context) -> bool {
    if cx.settings_file.is_none() {
        cx.say("The demo keeps no servers.");
        return false;
    }
    cx.may_change()
}
