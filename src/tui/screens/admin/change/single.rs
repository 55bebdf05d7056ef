//! One change: what it will do, read from the server just now; then, if it is confirmed, what it did.

use ratatui::{Frame, layout::Rect, style::Style};

use super::{
    care::{Answered, Care},
    once::Once,
    sending::{self, Outcome},
};
use crate::{
    admin::{
        action::{Action, Level, Plan},
        error::AdminError,
    },
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Applied, Reply},
            link::Link,
            words,
        },
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        screens::qr::Phone,
        widgets::{boxed, centered, fill, put_safe, wrapped},
    },
};

/// The widest box.
const WIDTH: u16 = 74;

/// The box of one change.
pub struct Change {
    action: Action,
    title: &'static str,
    plan: Option<Plan>,
    planning: Option<u64>,
    sending: Option<u64>,
    care: Care,
    /// Why the last try was not sent.
    trouble: Option<String>,
}

impl Change {
    /// Asks the server what this would do.
    pub fn new(action: Action, cx: &mut Context) -> Self {
        let (title, button) = sending::verbs(&action);
        let care = Care::new((button, Some(&action)), cx);
        let planning = sending::plan(action.clone(), cx);
        Self { action, title, plan: None, planning, sending: None, care, trouble: None }
    }

    fn planned(&mut self, result: &Result<Box<Plan>, AdminError>, cx: &mut Context) -> Step {
        self.planning = None;
        match result {
            Ok(plan) => {
                if is_typed(plan, cx) {
                    self.care.type_first(&plan.confirm);
                }
                self.plan = Some((**plan).clone());
                Step::Stay
            }
            Err(error) => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
                Step::Pop
            }
        }
    }

    fn send(&mut self, cx: &mut Context) {
        let Some(plan) = self.plan.clone().filter(|_| self.sending.is_none()) else { return };
        self.trouble = None;
        self.sending = sending::send(plan, self.care.reason(), cx);
    }

    fn applied(&mut self, applied: &Applied, cx: &mut Context) -> Step {
        self.sending = None;
        if let Ok(done) = &applied.result {
            if let Some(issued) = &done.passcode {
                return Step::Replace(Box::new(Once::new(&applied.name, issued.clone())));
            }
            if let Some(enrolled) = &done.enrolled {
                return Step::Replace(Box::new(Phone::enrolled(&applied.name, &enrolled.uri, cx)));
            }
        }
        let outcome = sending::outcome(applied, cx);
        // What surely was not sent may be tried again as it stands here.
        if let (Err(AdminError::Unreachable { .. }), Outcome::Failed(words)) = (&applied.result, &outcome) {
            self.trouble = Some(format!("{words} Nothing was sent."));
            return Step::Stay;
        }
        sending::tell(&outcome, cx);
        Step::Pop
    }

    fn cancelled(&mut self, cx: &mut Context) -> Step {
        if self.sending.is_some() {
            let name = cx.admin.as_ref().map_or_else(String::new, |link| link.profile.name.clone());
            cx.warn(format!("It was sent to {name}, and whether it was done is not known; F5 looks."));
        }
        Step::Pop
    }

    fn answered(&mut self, reply: &Reply, cx: &mut Context) -> Step {
        let number = Some(reply.number);
        if number != self.planning && number != self.sending {
            return Step::Stay;
        }
        match &reply.answer {
            Answer::Planned(result) => self.planned(result, cx),
            Answer::Applied(applied) => self.applied(applied, cx),
            Answer::Cancelled => self.cancelled(cx),
            _ => Step::Stay,
        }
    }

    /// What stands above the fields, each line with its look.
    fn lines(&self, columns: usize, cx: &Context) -> Vec<(String, Style)> {
        let text = cx.theme.text;
        let (server, kind) =
            cx.admin.as_ref().map_or_else(Default::default, |link| (link.profile.name.clone(), link.kind()));
        let Some(plan) = &self.plan else {
            return vec![(cx.symbols.text(&format!("Asking {server} what this will do …")), text)];
        };
        let whose = plan.title.rsplit_once(" of ").or_else(|| plan.title.rsplit_once(" for "));
        let whose = self.action.user().map_or_else(
            || plan.title.clone(),
            |user| whose.map_or(user.to_owned(), |(_, whose)| whose.to_owned()),
        );
        let mut lines = vec![(format!("On {server} ({kind}) this will, for {whose}:"), text), blank(cx)];
        for effect in &plan.effects {
            let effect = sending::effect_words(effect, cx);
            lines.push((format!("  {} {effect}", cx.symbols.dot), text));
        }
        if let Some(warning) = &plan.warning {
            lines.push(blank(cx));
            let marked = format!("{} {warning}", cx.symbols.warning);
            lines.extend(wrapped(&marked, columns).into_iter().map(|line| (line, cx.theme.warn)));
        }
        if let Some(trouble) = &self.trouble {
            lines.push(blank(cx));
            lines.extend(wrapped(trouble, columns).into_iter().map(|line| (line, cx.theme.error)));
        }
        lines
    }
}

fn blank(cx: &Context) -> (String, Style) {
    (String::new(), cx.theme.text)
}

/// Whether a name has to be typed: `confirm = "plain"` asks for none, where nobody depends on the server.
pub fn is_typed(plan: &Plan, cx: &Context) -> bool {
    plan.level == Level::Typed && !is_plain(cx)
}

/// Whether a key is enough on this server.
pub fn is_plain(cx: &Context) -> bool {
    cx.admin.as_ref().is_some_and(Link::is_plain)
}

impl Screen for Change {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        match (&self.plan, self.sending) {
            (_, Some(_)) => Vec::new(),
            (None, _) => vec![Do::Cancel],
            _ => self.care.actions(),
        }
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        if self.sending.is_some() {
            return vec![Hint::says(Do::Stop, "stop waiting")];
        }
        if self.plan.is_none() { vec![Do::Cancel.into()] } else { self.care.hints() }
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match self.care.act(action, cx) {
            Answered::Open => {}
            Answered::No => return Step::Pop,
            Answered::Yes => self.send(cx),
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        let is_open = self.plan.is_some() && self.sending.is_none();
        (is_open && self.care.key(key)).then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        if self.plan.is_some() && self.sending.is_none() {
            self.care.paste(text);
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Admin(reply) => self.answered(reply, cx),
            _ => Step::Stay,
        }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn is_changed(&self) -> bool {
        self.care.is_changed()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let width = WIDTH.min(area.width);
        let lines = self.lines(usize::from(width.saturating_sub(4)), cx);
        let fields = if self.plan.is_some() { self.care.rows() } else { 0 };
        let count = |lines: &[(String, Style)]| u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let wanted = count(&lines).saturating_add(fields + 3);
        let care = self.plan.is_some().then_some(&self.care);
        draw_box(frame, centered(area, width, wanted), (self.title, &lines), (care, cx));
    }
}

/// A box with lines, and below them what is asked; in a window of a few rows what is asked alone.
pub fn draw_box(
    frame: &mut Frame<'_>,
    area: Rect,
    (title, lines): (&str, &[(String, Style)]),
    (care, cx): (Option<&Care>, &Context),
) {
    if area.height < 6 {
        for row in area.rows() {
            fill(frame, row, " ", cx.theme.text);
        }
        let last = Rect { y: area.bottom().saturating_sub(1), height: 1.min(area.height), ..area };
        let worst = lines.iter().find(|(_, style)| *style == cx.theme.error).or(lines.first());
        for (row, (line, style)) in area.rows().take(usize::from(area.height).saturating_sub(1)).zip(worst) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, *style);
        }
        if let Some(care) = care {
            care.draw(frame, last, cx);
        }
        return;
    }
    let inner = boxed(frame, area, title, "", cx);
    let below = care.map_or(0, Care::rows).min(inner.height);
    let room = usize::from(inner.height.saturating_sub(below + 1));
    for (row, (line, style)) in inner.rows().take(room).zip(fitting(lines, room, cx)) {
        put_safe(frame, row, 0, (&line, row.width.into()), cx, style);
    }
    let y = inner.bottom().saturating_sub(below);
    if let Some(care) = care {
        care.draw(frame, Rect { y, height: below, ..inner }, cx);
    }
}

/// As many of the lines as there is room for. What cannot be undone is the last to go.
fn fitting(lines: &[(String, Style)], room: usize, cx: &Context) -> Vec<(String, Style)> {
    if lines.len() <= room {
        return lines.to_vec();
    }
    let full: Vec<_> = lines.iter().filter(|(line, _)| !line.is_empty()).cloned().collect();
    if full.len() <= room {
        return full;
    }
    let (usual, grave): (Vec<_>, Vec<_>) = full.into_iter().partition(|(_, style)| *style == cx.theme.text);
    let kept = room.saturating_sub(grave.len() + 1);
    if kept == 0 {
        return usual.into_iter().take(1).chain(grave).take(room).collect();
    }
    let more = format!(
        "  {} {} more lines: a larger window shows them",
        cx.symbols.cut,
        usual.len().saturating_sub(kept)
    );
    let more = (more, cx.theme.dim);
    usual.into_iter().take(kept).chain([more]).chain(grave).take(room).collect()
}
