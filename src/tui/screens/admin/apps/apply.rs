//! The question before factors are switched: every effect once more, and what has to be typed where somebody is kept out.

use ratatui::{Frame, layout::Rect, style::Style};

use super::pending::to_type;
use crate::{
    admin::{Provider, action::Plan},
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            ask::By,
            words,
        },
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        screens::admin::change::care::{Answered, Care},
        widgets::{boxed, centered, put_safe, wrapped},
    },
};

/// The widest box.
const WIDTH: u16 = 74;

/// The question.
pub struct ApplyBox {
    plans: Vec<Plan>,
    care: Care,
    sending: Option<u64>,
}

impl ApplyBox {
    /// About these plans, read just now.
    pub fn new(plans: Vec<Plan>, cx: &Context) -> Self {
        let mut care = Care::new(("Apply", plans.first().map(|plan| &plan.action)), cx);
        if let Some(expected) = to_type(&plans) {
            care.type_first(&expected);
        }
        Self { plans, care, sending: None }
    }

    fn send(&mut self, cx: &mut Context) {
        if self.sending.is_some() {
            return;
        }
        let (plans, reason) = (self.plans.clone(), self.care.reason());
        self.sending = cx.ask(By::Person, move |server| Answer::Switched(switched(server, &plans, &reason)));
    }

    fn answered(&self, reply: &Reply, cx: &mut Context) -> Step {
        if self.sending != Some(reply.number) {
            return Step::Stay;
        }
        match &reply.answer {
            Answer::Switched(all) => {
                let failed = all.iter().find_map(|(title, result)| Some((title, result.as_ref().err()?)));
                let done = all.iter().filter_map(|(_, result)| result.as_ref().ok());
                match failed {
                    None => {
                        let said: Vec<&str> = done.map(|done| done.sentence.trim_end_matches('.')).collect();
                        cx.done(format!("{}.", said.join("; ")));
                    }
                    Some((title, error)) => {
                        let (count, of) = (done.count(), self.plans.len());
                        let words = words::sentence(error, cx.admin.as_ref());
                        cx.fail(format!("{title}: {words} {count} of {of} were done."));
                    }
                }
                Step::Pop
            }
            Answer::Cancelled => {
                cx.warn("It was sent, and whether it was done is not known; F5 looks.");
                Step::Pop
            }
            _ => Step::Stay,
        }
    }

    fn lines(&self, room: usize, cx: &Context) -> Vec<(String, Style)> {
        let server = cx.admin.as_ref();
        let name = server.map_or_else(String::new, |link| format!("{} ({})", link.profile.name, link.kind()));
        let mut lines = vec![(format!("On {name} this will:"), cx.theme.text)];
        for plan in &self.plans {
            lines.push((format!("  {}", plan.title), cx.theme.head));
            for effect in &plan.effects {
                let text = format!("{} {effect}", cx.symbols.dot);
                let broken = wrapped(&text, room.saturating_sub(4));
                lines.extend(broken.into_iter().map(|line| (format!("    {line}"), cx.theme.text)));
            }
        }
        for warning in self.plans.iter().filter_map(|plan| plan.warning.as_ref()) {
            let text = format!("{} {warning}", cx.symbols.failed);
            lines.extend(wrapped(&text, room).into_iter().map(|line| (line, cx.theme.error)));
        }
        lines.push((String::new(), cx.theme.text));
        lines
    }
}

/// One after the other; the first that fails is the last.
fn switched(
    server: &dyn Provider,
    plans: &[Plan],
    reason: &str,
) -> Vec<(String, Result<crate::admin::action::Done, crate::admin::error::AdminError>)> {
    let mut all = vec![];
    for plan in plans {
        let result = server.apply(plan, reason);
        let failed = result.is_err();
        all.push((plan.title.clone(), result));
        if failed {
            break;
        }
    }
    all
}

impl Screen for ApplyBox {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        if self.sending.is_some() { vec![] } else { self.care.actions() }
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        if self.sending.is_some() { vec![Do::Stop.into()] } else { self.care.hints() }
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match self.care.act(action, cx) {
            Answered::No => return Step::Pop,
            Answered::Yes => self.send(cx),
            Answered::Open => {}
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        (self.sending.is_none() && self.care.key(key)).then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        self.care.paste(text);
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
        let care = self.care.rows();
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(care + 2);
        let inner = boxed(frame, centered(area, width, rows), "Apply changes", "", cx);
        let room = inner.height.saturating_sub(care).max(1).min(inner.height);
        for ((line, style), row) in lines.iter().zip(inner.rows().take(room.into())) {
            put_safe(frame, row, 0, (line, inner.width.into()), cx, *style);
        }
        let at = Rect { y: inner.y + room, height: inner.height - room, ..inner };
        self.care.draw(frame, at, cx);
    }
}
