//! The servers of the settings: which of them answers, as what, and how fast.

use std::{borrow::Cow, collections::HashMap, time::Duration};

use ratatui::{Frame, layout::Rect, style::Style};

use super::room::Room;
use crate::{
    admin::{connect::Profile, error::AdminError, model::Overview},
    config::TokenSource,
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            link::kind_word,
            scroll::{MOVES, Scroll},
            table::{self, Columns},
            words,
        },
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        widgets::{boxed, centered, cut, put},
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
}

/// How a server answered.
enum Seen {
    /// Not yet.
    Asked,
    /// It is fine.
    Fine(Duration, Box<Overview>),
    /// It is not.
    Failed(AdminError),
    /// Its token comes from a command, which may ask somebody: it is asked when it is opened.
    Later,
}

const OWN: [Do; 3] = [Do::Connect, Do::OpenReadOnly, Do::TestServer];

impl Servers {
    /// The servers of the settings. Each is asked how it is.
    pub fn new(cx: &mut Context) -> Self {
        let mut servers = Self {
            names: Vec::new(),
            scroll: Scroll::default(),
            asked: HashMap::new(),
            states: HashMap::new(),
            connecting: None,
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
            if matches!(profile.server.token, TokenSource::Command(_)) {
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
                return Step::Push(Box::new(Room::new(cx)));
            }
            Answer::Knocked(_, Err(error)) => cx.fail(words::sentence(error, None)),
            _ => {}
        }
        cx.admin = None;
        Step::Stay
    }

    fn columns(&self, width: usize) -> Columns {
        let longest = self.names.iter().map(|name| crate::text::width(name)).max().unwrap_or(0);
        let name = longest.clamp(9, 18) + 1;
        let (kind, state, users, note) = (9, 12, 8, 13);
        if width < 50 {
            return Columns::new(1, &[("NAME", width.saturating_sub(13).max(6)), ("STATE", state)], width);
        }
        if width < 80 {
            return Columns::new(
                3,
                &[("NAME", name), ("KIND", kind), ("STATE", state), ("USERS", users)],
                width,
            );
        }
        let address = width.saturating_sub(3 + name + kind + state + users + note);
        let all = [
            ("NAME", name),
            ("KIND", kind),
            ("ADDRESS", address),
            ("STATE", state),
            ("USERS", users),
            ("NOTE", note),
        ];
        Columns::new(3, &all, width)
    }

    fn row(&self, frame: &mut Frame<'_>, row: Rect, (at, columns, cx): (usize, &Columns, &Context)) {
        let Some(name) = self.names.get(at) else { return };
        let is_selected = at == self.scroll.cursor();
        let base = if is_selected { table::select(frame, row, cx) } else { cx.theme.text };
        columns.row(frame, row, (|head| self.cell(name, head, (base, cx)), cx));
    }

    fn cell<'a>(
        &'a self,
        name: &'a str,
        head: &str,
        (base, cx): (Style, &'a Context),
    ) -> (Cow<'a, str>, Style) {
        let Some(server) = cx.config.admin.servers.get(name) else { return (Cow::Borrowed(""), base) };
        let seen = self.states.get(name);
        match head {
            "NAME" => (name.into(), base),
            "KIND" => {
                let ro = if server.read_only || cx.mode.read_only { " ro" } else { "" };
                (format!("{}{ro}", kind_word(&server.kind)).into(), base)
            }
            "ADDRESS" => (server.url.as_str().into(), base),
            "STATE" => state(seen, (base, cx)),
            "USERS" => match seen {
                Some(Seen::Fine(_, overview)) => {
                    (overview.users.map_or(String::new(), words::number).into(), base)
                }
                _ => (Cow::Borrowed(""), base),
            },
            _ => match seen {
                Some(Seen::Fine(_, overview)) if overview.locked.unwrap_or(0) > 0 => {
                    (format!("{} locked", overview.locked.unwrap_or(0)).into(), base)
                }
                _ if server.url.starts_with("http://") => ("plain http".into(), base),
                _ => (Cow::Borrowed(""), base),
            },
        }
    }

    fn one_line(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(name) = self.selected() else { return put(frame, area, 0, "no server", cx.theme.dim) };
        let (state, style) = state(self.states.get(name), (cx.theme.text, cx));
        put(frame, area, 0, &cut(&format!("{name} {state}"), area.width.into(), cx.symbols), style);
    }

    /// Where the token of the selected server is, or what is wrong there.
    fn facts(&self, cx: &Context) -> Option<String> {
        let name = self.selected()?;
        if let Some(Seen::Failed(error)) = self.states.get(name) {
            return Some(words::sentence(error, None));
        }
        let token = match &cx.config.admin.servers.get(name)?.token {
            TokenSource::Keyring => "in the system keyring".to_owned(),
            TokenSource::File(path) => format!("in {}", path.display()),
            TokenSource::Command(_) => "from a command".to_owned(),
            TokenSource::Systemd(credential) => format!("from systemd ({credential})"),
            TokenSource::Vault => "in the vault".to_owned(),
        };
        Some(crate::text::safe(&format!("{name}: token {token}")).into_owned())
    }
}

/// `ok 12 ms`, `× refused`.
fn state<'a>(seen: Option<&Seen>, (base, cx): (Style, &Context)) -> (Cow<'a, str>, Style) {
    use AdminError as E;
    let error = match seen {
        None | Some(Seen::Asked) => return ("asking …".into(), base.patch(cx.theme.dim)),
        Some(Seen::Later) => return ("Enter asks".into(), base.patch(cx.theme.dim)),
        Some(Seen::Fine(took, _)) => return (format!("ok {} ms", took.as_millis()).into(), base),
        Some(Seen::Failed(error)) => error,
    };
    let word = match error {
        E::Certificate { .. } => "certificate",
        E::LoggedOut { .. } => "token ended",
        E::NoToken { .. } => "no token",
        E::NotUnderstood { .. } => "no sesamd",
        E::Refused { .. } => "not allowed",
        E::Unreachable { why, .. } if why.contains("nobody listens") => "refused",
        E::Unreachable { .. } => "no answer",
        E::Unsupported { .. } => "not yet",
        _ => "failed",
    };
    (format!("{} {word}", cx.symbols.failed).into(), base.patch(cx.theme.error))
}

impl Screen for Servers {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let own: &[Do] = if self.names.is_empty() { &[] } else { &OWN };
        own.iter().copied().chain(MOVES).chain([Do::Back]).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        let back = Hint::says(Do::Back, "codes");
        if self.names.is_empty() {
            return vec![back, Do::Help.into(), Do::Quit.into()];
        }
        if Class::of(cx.size).is_tiny() {
            return vec![Do::Connect.into(), Do::Help.into()];
        }
        let own = [Do::Connect, Do::TestServer, Do::OpenReadOnly].map(Hint::from);
        own.into_iter().chain([back, Do::Help.into(), Do::Quit.into()]).collect()
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
        Some(words::counted(self.names.len(), "server"))
    }

    fn status(&self, cx: &Context) -> Option<String> {
        self.facts(cx)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        if class.is_line() {
            return self.one_line(frame, area, cx);
        }
        let mut body = area;
        if !class.is_tiny() {
            rule(frame, area, area.y, cx);
            body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        if self.names.is_empty() {
            return nothing(frame, body, cx);
        }
        let columns = self.columns(usize::from(body.width));
        if !class.is_small() {
            columns.heads(frame, body, cx);
            body = Rect { y: body.y + 1, height: body.height.saturating_sub(1), ..body };
        }
        let top = self.scroll.top(body.height.into(), self.names.len());
        for (at, row) in (top..self.names.len()).zip(body.rows()) {
            self.row(frame, row, (at, &columns, cx));
        }
        let below = u16::try_from(self.names.len()).unwrap_or(u16::MAX).saturating_add(1);
        if !class.is_small() && below < body.height {
            let row = Rect { y: body.y + below, height: 1, ..body };
            let words = "Colour, symbol and the word PROD follow you on every screen of that server.";
            put(frame, row, 3, words, cx.theme.dim);
        }
    }
}

fn nothing(frame: &mut Frame<'_>, area: Rect, cx: &Context) {
    let lines = [
        "No server is set up.",
        "",
        "  sesam admin server add NAME \\",
        "      --url https://mfa.example.com --token-stdin",
    ];
    let inner = boxed(frame, centered(area, 56, 6), "", "", cx);
    for (row, line) in inner.rows().zip(lines) {
        put(frame, row, 0, line, cx.theme.text);
    }
}
