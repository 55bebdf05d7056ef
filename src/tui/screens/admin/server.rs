//! The server itself: its version, who asks there, its clock, what it can do and why not.

use std::fmt::Write as _;

use jiff::SignedDuration;
use ratatui::{Frame, layout::Rect, style::Style};

use super::pane::Pane;
use crate::{
    admin::capability::Capability,
    config::TokenSource,
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            ask::By,
            link::{Link, is_trouble},
            scroll::{MOVES, Scroll},
            words,
        },
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{cut, put, put_safe},
    },
};

/// Columns of what is known at the left.
const FACTS: u16 = 46;
/// Clocks that are further apart make codes wrong.
const APART: i64 = 5;

/// The server.
#[derive(Default)]
pub struct Server {
    asked: Option<u64>,
    /// How far the server's clock is ahead of this one.
    ahead: Option<SignedDuration>,
    scroll: Scroll,
}

impl Server {
    fn ask(&mut self, by: By, cx: &mut Context) {
        self.asked = cx.ask(by, |server| Answer::Overview(server.overview()));
    }

    fn answered(&mut self, reply: &Reply, cx: &mut Context) {
        if self.asked != Some(reply.number) {
            return;
        }
        self.asked = None;
        match &reply.answer {
            Answer::Overview(Ok(overview)) => {
                // The answer was on its way for half of the time.
                let half = SignedDuration::try_from(reply.took / 2).unwrap_or_default();
                self.ahead = overview.time.map(|time| time.duration_since(cx.now()) + half);
            }
            Answer::Overview(Err(error)) if !is_trouble(error) => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
            }
            _ => {}
        }
    }

    fn facts(&self, link: &Link, cx: &Context) -> Vec<(&'static str, String, Style)> {
        let (server, plain) = (&link.profile.server, cx.theme.text);
        let mut facts = vec![
            ("Address", server.url.clone(), plain),
            ("Kind", link.kind(), plain),
            ("Provider", server.provider.word().to_owned(), plain),
        ];
        if let Some(seen) = &link.overview {
            let number = |count: Option<u64>| count.map_or_else(|| "not said".to_owned(), words::number);
            let mut users = number(seen.users);
            for (count, word) in [(seen.locked, "locked"), (seen.bypassed, "bypass")] {
                if let Some(count) = count {
                    let _ = write!(users, ", {} {word}", words::number(count));
                }
            }
            facts.extend([
                ("Version", seen.version.clone(), plain),
                ("You are", seen.actor.clone(), plain),
                ("Role", seen.role.clone().unwrap_or_else(|| "not said".to_owned()), plain),
                ("Users", users, plain),
            ]);
        }
        let (time, style) = self.time(cx);
        facts.push(("Clock", time, style));
        let certificate = match (&server.pin, &server.ca_file) {
            (Some(pin), _) => format!("pinned {pin}"),
            (None, Some(path)) => format!("signed by {}", path.display()),
            (None, None) if server.url.starts_with("http://") => "none: http to this machine".to_owned(),
            (None, None) => "by the system's authorities".to_owned(),
        };
        facts.push(("TLS", certificate, plain));
        facts.push(("Token", token(&server.token), plain));
        let writes =
            if link.profile.read_only { "read only: nothing is changed" } else { "changes are asked for" };
        facts.push(("Access", writes.to_owned(), plain));
        facts
    }

    fn time(&self, cx: &Context) -> (String, Style) {
        let Some(ahead) = self.ahead else { return ("not said".to_owned(), cx.theme.dim) };
        let seconds = ahead.as_secs();
        match seconds {
            -1..=1 => ("as this computer's".to_owned(), cx.theme.text),
            _ if seconds.abs() <= APART => (format!("{seconds:+} s from this computer's"), cx.theme.text),
            _ => {
                let sign = cx.symbols.warning;
                (format!("{sign} {seconds:+} s from this one's: codes may be refused"), cx.theme.warn)
            }
        }
    }
}

fn token(source: &TokenSource) -> String {
    match source {
        TokenSource::Command(_) => "printed by a command".to_owned(),
        TokenSource::Device => "none, a browser signs in".to_owned(),
        TokenSource::File(path) => format!("in {}", path.display()),
        TokenSource::Keyring => "in the system keyring".to_owned(),
        TokenSource::Systemd(name) => format!("systemd's {name}"),
        TokenSource::Vault => "in the vault".to_owned(),
    }
}

fn said(capability: &Capability) -> (&'static str, &'static str) {
    match capability {
        Capability::Yes => ("yes", ""),
        Capability::Emulated(how) => ("in a way", how),
        Capability::No(why) => ("no", why),
    }
}

impl Screen for Server {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        [Do::Refresh].into_iter().chain(MOVES).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let choose = Hint { action: Do::Down, key: Some("↑↓"), words: Some("what it can".into()) };
        let tabs = Hint { action: Do::NextTab, key: Some("[ ]"), words: Some("tabs".into()) };
        vec![Do::Refresh.into(), choose, Do::Help.into(), tabs]
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Refresh => self.ask(By::Person, cx),
            moves => self.scroll.act(moves, key, 11),
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Reloaded => self.ask(By::Clock, cx),
            Message::Admin(reply) => self.answered(reply, cx),
            _ => {}
        }
        Step::Stay
    }

    fn status(&self, cx: &Context) -> Option<String> {
        let capabilities = cx.admin.as_ref()?.provider.as_ref()?.capabilities();
        let named = capabilities.named();
        let (name, capability) = named.get(self.scroll.cursor())?;
        let (word, why) = said(capability);
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        Some(format!("{name}: {word}{why}"))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        let Some(link) = &cx.admin else { return };
        let facts = self.facts(link, cx);
        if class.is_line() || area.height < 3 {
            let version = link.overview.as_ref().map_or("", |seen| seen.version.as_str());
            return put(frame, area, 0, &cut(version, area.width.into(), cx.symbols), cx.theme.text);
        }
        let mut body = area;
        if !class.is_tiny() {
            rule(frame, area, area.y, cx);
            body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        }
        let left = if body.width >= 80 { FACTS } else { body.width };
        for ((name, text, style), row) in facts.iter().zip(body.rows()) {
            put(frame, row, 2, name, cx.theme.dim);
            put_safe(frame, row, 12, (text, usize::from(left).saturating_sub(13)), cx, *style);
        }
        if left < body.width {
            let right = Rect { x: body.x + left, width: body.width - left, ..body };
            self.capabilities(frame, right, (link, cx));
        }
    }
}

impl Server {
    fn capabilities(&self, frame: &mut Frame<'_>, area: Rect, (link, cx): (&Link, &Context)) {
        let Some(provider) = &link.provider else { return };
        let capabilities = provider.capabilities();
        for row in area.rows() {
            put(frame, row, 0, cx.symbols.pane, cx.theme.rule);
        }
        let inner = Rect { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
        put(frame, inner, 0, "What it can", cx.theme.head);
        for (at, ((name, capability), row)) in
            capabilities.named().iter().zip(inner.rows().skip(1)).enumerate()
        {
            let (word, why) = said(capability);
            let style = if at == self.scroll.cursor() { cx.theme.selected } else { cx.theme.text };
            put_safe(frame, row, 0, (&format!("{name:<11}{word:<9}{why}"), inner.width.into()), cx, style);
        }
    }
}

impl Pane for Server {
    fn entered(&mut self, cx: &mut Context) {
        self.ask(By::Person, cx);
    }
}
