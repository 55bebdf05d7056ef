//! A server that does not answer: since when, what is still shown, what can be done. It is tried again by itself.

use jiff::{SignedDuration, Timestamp};
use ratatui::{Frame, layout::Rect};

use crate::{
    admin::error::AdminError,
    tui::{
        action::Do,
        admin::{answer::Answer, ask::By, link::Trouble, words},
        clip::Copy,
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, cut, put, put_safe, wrapped},
    },
};

/// The widest box.
const WIDTH: u16 = 66;
/// The longest wait between two tries, in seconds.
const LONGEST: i64 = 60;

/// The box.
pub struct Lost {
    whole: bool,
    asked: Option<u64>,
    next: Timestamp,
}

impl Lost {
    /// The box about what the link of the open server says of itself.
    pub fn new(cx: &Context) -> Self {
        Self { whole: false, asked: None, next: cx.now() + SignedDuration::from_secs(5) }
    }

    fn try_now(&mut self, by: By, cx: &mut Context) {
        if self.asked.is_none() {
            self.asked = cx.ask(by, |server| Answer::Overview(server.overview()));
        }
    }

    fn report(cx: &Context) -> String {
        let Some((link, trouble)) = link_and_trouble(cx) else { return String::new() };
        format!(
            "{} ({})\n{}\nsince {}, tried {} times",
            link.profile.name, link.profile.server.url, trouble.error, trouble.since, trouble.tries
        )
    }

    fn copy(cx: &mut Context) {
        let report = Self::report(cx);
        let copy = Copy { text: &report, name: "report", left: None, is_next: false, is_secret: false };
        match cx.clip.copy(&copy) {
            Ok(_) => cx.done("Copied the report."),
            Err(words) => cx.fail(words),
        }
    }

    fn lines(&self, columns: usize, cx: &Context) -> Vec<String> {
        let Some((link, trouble)) = link_and_trouble(cx) else { return Vec::new() };
        let name = &link.profile.name;
        let mut lines = vec![
            format!("{} Cannot reach {name} ({})", cx.symbols.failed, link.profile.server.url),
            String::new(),
        ];
        if self.whole {
            lines.extend(wrapped(&words::sentence(&trouble.error, Some(link)), columns));
        } else {
            lines.push(format!("  What happened   {}", short(&trouble.error)));
        }
        let left = self.next.duration_since(cx.now()).as_secs().max(0);
        let next = match self.asked {
            Some(_) => "asking now".to_owned(),
            None if cx.is_calm() => "it is tried again".to_owned(),
            None => format!("next try in {left} s"),
        };
        let since = words::clock(trouble.since, cx);
        lines.push(format!(
            "  Since           {since}, tried {}, {next}",
            words::counted(u64::from(trouble.tries), "time")
        ));
        if let Some(heard) = link.heard {
            lines.push(format!(
                "  Still shown     what was read at {} (only to read)",
                words::clock(heard, cx)
            ));
        }
        lines.push(String::new());
        for (action, words) in [
            (Do::Refresh, "try now"),
            (Do::WholeError, if self.whole { "show less" } else { "show the full error" }),
            (Do::Servers, "choose another server (back)"),
            (Do::CopyReport, "copy this report"),
        ] {
            lines.push(format!("  {:<4}{words}", cx.keymap.shown(action)));
        }
        lines
    }
}

fn link_and_trouble(cx: &Context) -> Option<(&crate::tui::admin::link::Link, &Trouble)> {
    let link = cx.admin.as_ref()?;
    Some((link, link.trouble.as_ref()?))
}

/// In a few words, without the name of the server.
fn short(error: &AdminError) -> String {
    match error {
        AdminError::Certificate { why, .. } => format!("certificate not trusted: {why}"),
        AdminError::LoggedOut { .. } => "the token has ended or was revoked".to_owned(),
        AdminError::NoToken { why, .. } => format!("no token: {why}"),
        AdminError::NotUnderstood { what, .. } => format!("no answer of its API ({what})"),
        AdminError::Unreachable { why, .. } => why.clone(),
        other => other.to_string(),
    }
}

impl Screen for Lost {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Refresh, Do::WholeError, Do::Servers, Do::CopyReport, Do::Close]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![
            Hint::says(Do::Refresh, "try now"),
            Do::WholeError.into(),
            Do::Servers.into(),
            Do::CopyReport.into(),
            Hint::says(Do::Close, "read on"),
        ]
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Refresh => self.try_now(By::Person, cx),
            Do::WholeError => self.whole = !self.whole,
            Do::CopyReport => Self::copy(cx),
            Do::Servers => return Step::Act(Do::Servers, key),
            _ => return Step::Pop,
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        let Message::Admin(reply) = message else { return Step::Stay };
        if self.asked == Some(reply.number) {
            self.asked = None;
            let tries = link_and_trouble(cx).map_or(1, |(_, trouble)| trouble.tries);
            let wait = (5_i64 << tries.min(4)).min(LONGEST);
            self.next = cx.now() + SignedDuration::from_secs(wait);
        }
        if cx.admin.as_ref().is_none_or(|link| link.trouble.is_none()) {
            let name = cx.admin.as_ref().map_or_else(String::new, |link| link.profile.name.clone());
            cx.done(format!("{name} answers again."));
            return Step::Act(Do::Refresh, Key::plain(crate::tui::key::Press::Function(5)));
        }
        Step::Stay
    }

    fn on_tick(&mut self, cx: &mut Context) -> Step {
        if self.next <= cx.now() {
            self.try_now(By::Clock, cx);
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        Some(if cx.is_calm() { 5 } else { 1 })
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let width = WIDTH.min(area.width);
        let lines = self.lines(usize::from(width.saturating_sub(4)), cx);
        if area.height < 6 {
            let line = lines.first().map_or("", String::as_str);
            for row in area.rows() {
                crate::tui::widgets::fill(frame, row, " ", cx.theme.text);
            }
            return put(frame, area, 0, &cut(line, area.width.into(), cx.symbols), cx.theme.error);
        }
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = boxed(frame, centered(area, width, rows), "Connection lost", "", cx);
        for (at, (row, line)) in inner.rows().zip(&lines).enumerate() {
            let style = if at == 0 { cx.theme.error } else { cx.theme.text };
            put_safe(frame, row, 0, (line, row.width.into()), cx, style);
        }
    }
}
