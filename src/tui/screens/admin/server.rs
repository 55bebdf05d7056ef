//! The server itself: where it is, who asks, how it is, what it can do and what not.

use ratatui::{Frame, layout::Rect, style::Style};

use super::pane::Pane;
use crate::{
    admin::capability::{Capabilities, Capability},
    tui::{
        action::Do,
        admin::{answer::Answer, ask::By, words},
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::put_safe,
    },
};

/// The page of the server.
#[derive(Default)]
pub struct Server {
    top: usize,
}

/// More than this apart, codes may be refused.
const APART: i64 = 5;

impl Server {
    fn ask(by: By, cx: &mut Context) {
        cx.ask(by, |server| Answer::Overview(server.overview()));
    }

    fn lines(cx: &Context) -> Vec<(String, Style)> {
        let Some(link) = &cx.admin else { return Vec::new() };
        let text = cx.theme.text;
        let server = &link.profile.server;
        let mut lines = vec![
            (format!("Address   {}", server.url), text),
            (format!("Kind      {}   {}", link.kind(), server.provider.word()), text),
        ];
        if let Some(overview) = &link.overview {
            let role = overview.role.as_deref().map_or_else(String::new, |role| format!(" ({role})"));
            lines.push((format!("As        {}{role}", overview.actor), text));
            lines.push((format!("Version   {}", overview.version), text));
            let number = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), words::number);
            let (users, locked, bypassed) =
                (number(overview.users), number(overview.locked), number(overview.bypassed));
            lines.push((format!("Users     {users}   {locked} locked   {bypassed} bypass"), text));
            if let (Some(time), Some(heard)) = (overview.time, link.heard) {
                lines.push(clock(time.duration_since(heard).as_secs(), cx));
            }
        }
        let ways = if link.profile.read_only { "only read" } else { "read and changed" };
        lines.extend([(format!("Open      {ways} from here"), text), (String::new(), text)]);
        lines.push(("What it can do".to_owned(), cx.theme.head));
        let can = link.provider.as_ref().map(|provider| provider.capabilities());
        for (name, capability) in can.as_ref().map(Capabilities::named).into_iter().flatten() {
            lines.push(match capability {
                Capability::Yes => (format!("{} {name}", cx.symbols.done), text),
                Capability::Emulated(how) => {
                    (format!("{} {name:<11} {how}", cx.symbols.warning), cx.theme.warn)
                }
                Capability::No(why) => (format!("{} {name:<11} {why}", cx.symbols.failed), cx.theme.dim),
            });
        }
        lines
    }
}

fn clock(ahead: i64, cx: &Context) -> (String, Style) {
    if ahead.abs() <= APART {
        return ("Clock     as here".to_owned(), cx.theme.text);
    }
    let words = if ahead > 0 { "behind" } else { "ahead of" };
    let line = format!(
        "Clock     {} this computer is {} s {words} the server: codes may be refused",
        cx.symbols.warning,
        ahead.abs()
    );
    (line, cx.theme.warn)
}

impl Screen for Server {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Refresh, Do::Up, Do::Down]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![
            Do::Refresh.into(),
            Do::Servers.into(),
            Hint { action: Do::NextTab, key: Some("[ ]"), words: Some("tabs".into()) },
            Do::Help.into(),
        ]
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Refresh => Self::ask(By::Person, cx),
            Do::Up => self.top = self.top.saturating_sub(1),
            _ => self.top = (self.top + 1).min(Self::lines(cx).len().saturating_sub(4)),
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        if matches!(message, Message::Reloaded) {
            Self::ask(By::Clock, cx);
        }
        Step::Stay
    }

    fn status(&self, cx: &Context) -> Option<String> {
        let heard = cx.admin.as_ref()?.heard?;
        Some(format!("as of {}", words::clock(heard, cx)))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let lines = Self::lines(cx);
        let mut body = area;
        if !Class::of(cx.size).is_tiny() {
            rule(frame, area, area.y, cx);
            let height = area.height.saturating_sub(1);
            body = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(2), height };
        }
        let top = self.top.min(lines.len().saturating_sub(body.height.into()));
        for (row, (line, style)) in body.rows().zip(lines.iter().skip(top)) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, *style);
        }
    }
}

impl Pane for Server {
    fn entered(&mut self, cx: &mut Context) {
        Self::ask(By::Clock, cx);
    }
}
