//! Applications and their factors. Switches are collected with what they would do, and applied once.
//!
//! | file | what lives there |
//! |---|---|
//! | `pending` | switches that wait |
//! | `draw` | the picture |
//! | [`apply`] | the question before they are sent |
//! | [`affected`] | who would be kept out |

pub mod affected;
pub mod apply;
mod draw;
mod pending;

use jiff::Timestamp;
use ratatui::{Frame, layout::Rect};

use self::{affected::Affected, apply::ApplyBox, pending::Pending};
use super::pane::Pane;
use crate::{
    admin::{error::AdminError, model::Application},
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            ask::By,
            link::is_trouble,
            scroll::{MOVES, Scroll},
            words,
        },
        class::Class,
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
    },
};

/// The applications.
#[derive(Default)]
pub struct Apps {
    rows: Vec<Application>,
    scroll: Scroll,
    /// The selected factor, by its column.
    factor: usize,
    pending: Vec<Pending>,
    asked: Option<u64>,
    read: Option<Timestamp>,
}

const OWN: [Do; 4] = [Do::PickLeft, Do::PickRight, Do::ToggleFactor, Do::Refresh];

impl Apps {
    /// The applications of the open server; they are asked for when somebody looks.
    pub fn new() -> Self {
        Self::default()
    }

    fn ask(&mut self, by: By, cx: &mut Context) {
        self.asked = cx.ask(by, |server| Answer::Applications(server.applications()));
    }

    /// The names of all factors, each once.
    fn factors(&self) -> Vec<&str> {
        let mut names: Vec<&str> = vec![];
        for (name, _) in self.rows.iter().flat_map(|app| &app.factors) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// The selected application, factor, and whether that is on.
    fn selected(&self) -> Option<(String, String, bool)> {
        let app = self.rows.get(self.scroll.cursor())?;
        let name = (*self.factors().get(self.factor)?).to_owned();
        let (_, on) = app.factors.iter().find(|(own, _)| *own == name)?;
        Some((app.id.clone(), name, *on))
    }

    fn toggle(&mut self, cx: &mut Context) {
        if cx.admin.as_ref().is_some_and(|link| link.profile.read_only) {
            return cx.warn("This server is open read-only: its factors are not switched.");
        }
        let Some((application, factor, on)) = self.selected() else {
            return cx.say("This application does not know that factor.");
        };
        if let Some(at) = self.pending.iter().position(|own| own.is_for(&application, &factor)) {
            self.pending.remove(at);
            return;
        }
        let mut pending = Pending::new(&application, &factor, !on);
        let action = pending.action();
        pending.asked = cx.ask(By::Person, move |server| Answer::Planned(server.plan(&action).map(Box::new)));
        self.pending.push(pending);
    }

    fn send(&self, cx: &mut Context) -> Step {
        if let Some(fault) = self.pending.iter().find_map(|own| own.fault.clone()) {
            cx.warn(format!("Nothing is sent while an effect is not known: {fault}"));
            return Step::Stay;
        }
        let plans: Vec<_> = self.pending.iter().filter_map(|own| own.plan.clone()).collect();
        if plans.len() < self.pending.len() {
            cx.say("The server is still asked what this would do.");
            return Step::Stay;
        }
        Step::Push(Box::new(ApplyBox::new(plans, cx)))
    }

    fn affected(&self, cx: &mut Context) -> Step {
        let Some((application, factor, on)) = self.selected() else { return Step::Stay };
        // The one under the cursor, else the first that waits.
        let own = self.pending.iter().find(|own| own.is_for(&application, &factor)).or(self.pending.first());
        let (application, factor) =
            own.map_or((application, factor), |own| (own.application.clone(), own.factor.clone()));
        if own.is_none() && !on {
            cx.say("That factor is off already: it keeps nobody out.");
            return Step::Stay;
        }
        let Some(app) = self.rows.iter().find(|app| app.id == application) else { return Step::Stay };
        let is_on = |name: &str, on: bool| {
            self.pending.iter().find(|own| own.is_for(&app.id, name)).map_or(on, |own| own.on)
        };
        let others = app.factors.iter().filter(|(name, on)| *name != factor && is_on(name, *on));
        let others = others.map(|(name, _)| name.clone()).collect();
        Step::Push(Box::new(Affected::new(application, factor, others, cx)))
    }

    fn answered(&mut self, reply: &Reply, cx: &mut Context) {
        if let Some(pending) = self.pending.iter_mut().find(|own| own.asked == Some(reply.number)) {
            pending.asked = None;
            match &reply.answer {
                Answer::Planned(Ok(plan)) => pending.plan = Some((**plan).clone()),
                Answer::Planned(Err(error)) => {
                    pending.fault = Some(words::sentence(error, cx.admin.as_ref()));
                }
                _ => pending.fault = Some("Nobody waited for the answer.".to_owned()),
            }
            return;
        }
        if self.asked != Some(reply.number) {
            return;
        }
        self.asked = None;
        match &reply.answer {
            Answer::Applications(Ok(apps)) => {
                self.rows.clone_from(apps);
                self.read = Some(cx.now());
                self.scroll.select(self.scroll.cursor(), self.rows.len());
            }
            Answer::Applications(Err(error)) if !is_trouble(error) => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
            }
            _ => {}
        }
    }

    /// What was sent waits no more; what was not still does, to be planned anew.
    fn switched(
        &mut self,
        all: &[(String, Result<crate::admin::action::Done, AdminError>)],
        cx: &mut Context,
    ) {
        let done = all.iter().filter(|(_, result)| result.is_ok()).map(|(title, _)| title);
        let done: Vec<&String> = done.collect();
        self.pending.retain(|own| own.plan.as_ref().is_none_or(|plan| !done.contains(&&plan.title)));
        for pending in &mut self.pending {
            let action = pending.action();
            pending.plan = None;
            pending.asked =
                cx.ask(By::Clock, move |server| Answer::Planned(server.plan(&action).map(Box::new)));
        }
        self.ask(By::Clock, cx);
    }
}

impl Screen for Apps {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let waiting = if self.pending.is_empty() { vec![] } else { vec![Do::SendChanges, Do::DropChanges] };
        OWN.into_iter().chain([Do::Affected]).chain(MOVES).chain(waiting).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        if Class::of(cx.size).is_tiny() {
            return vec![Do::ToggleFactor.into(), Do::Help.into()];
        }
        let factor = Hint { action: Do::PickRight, key: Some("←→"), words: Some("factor".into()) };
        let mut hints = vec![factor, Do::ToggleFactor.into()];
        if !self.pending.is_empty() {
            hints.push(Hint::says(Do::SendChanges, "apply (asks)"));
        }
        hints.push(Do::Affected.into());
        if !self.pending.is_empty() {
            hints.push(Do::DropChanges.into());
        }
        hints.extend([Do::Help.into(), Do::Refresh.into()]);
        hints
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        let last = self.factors().len().saturating_sub(1);
        match action {
            Do::PickLeft => self.factor = self.factor.saturating_sub(1),
            Do::PickRight => self.factor = (self.factor + 1).min(last),
            Do::ToggleFactor => self.toggle(cx),
            Do::SendChanges => return self.send(cx),
            Do::Affected => return self.affected(cx),
            Do::DropChanges => {
                let count = words::counted(self.pending.len() as u64, "change");
                self.pending.clear();
                cx.say(format!("{} dropped. Nothing was sent.", words::capital(&count)));
            }
            Do::Refresh => self.ask(By::Person, cx),
            moves => self.scroll.act(moves, key, self.rows.len()),
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Reloaded => self.ask(By::Clock, cx),
            Message::Admin(reply) => match &reply.answer {
                Answer::Switched(all) => self.switched(all, cx),
                Answer::Applied(_) => self.read = None,
                _ => self.answered(reply, cx),
            },
            _ => {}
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        *self = Self::default();
        true
    }

    fn is_changed(&self) -> bool {
        !self.pending.is_empty()
    }

    fn status(&self, cx: &Context) -> Option<String> {
        if !self.pending.is_empty() {
            let count = words::counted(self.pending.len() as u64, "change");
            return Some(format!("{count} waiting. Nothing is sent until you apply."));
        }
        let read = self.read?;
        Some(format!(
            "{}   as of {}",
            words::counted(self.rows.len() as u64, "application"),
            words::clock(read, cx)
        ))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}

impl Pane for Apps {
    fn entered(&mut self, cx: &mut Context) {
        self.ask(By::Person, cx);
    }
}
