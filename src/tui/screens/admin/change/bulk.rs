//! The same change of several users: all of it said beforehand, the count typed, then one after the other; what failed
//! can be tried again.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use ratatui::{Frame, layout::Rect, style::Style};

use super::{
    care::{Answered, Care},
    sending::{self, Outcome},
    single::{draw_box, is_plain},
};
use crate::{
    admin::{
        action::{Action, Level, Plan, warnings},
        error::AdminError,
    },
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Applied, Reply},
            ask::By,
            words,
        },
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{boxed, centered, cut, fill, put_safe, wrapped},
    },
};

/// The widest box.
const WIDTH: u16 = 74;

/// The box of several changes.
pub struct Bulk {
    actions: Vec<Action>,
    title: &'static str,
    plans: Vec<(String, Result<Plan, AdminError>)>,
    phase: Phase,
    number: Option<u64>,
    care: Care,
    stop: Arc<AtomicBool>,
    /// What came of each: its words, and whether it may be tried again.
    results: Vec<(String, Outcome, bool)>,
    top: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Planning,
    Asking,
    Running,
    Over,
}

impl Bulk {
    /// Asks the server what each of these would do.
    pub fn new(actions: Vec<Action>, cx: &mut Context) -> Self {
        let (title, button) = actions.first().map_or(("", ""), sending::verbs);
        let mut bulk = Self {
            care: Care::new((button, actions.first()), cx),
            actions,
            title,
            plans: Vec::new(),
            phase: Phase::Planning,
            number: None,
            stop: Arc::new(AtomicBool::new(false)),
            results: Vec::new(),
            top: 0,
        };
        bulk.plan(cx);
        bulk
    }

    fn plan(&mut self, cx: &mut Context) {
        let actions = self.actions.clone();
        self.number = cx.ask(By::Person, move |server| {
            let plan = |action: &Action| (action.user().unwrap_or_default().to_owned(), server.plan(action));
            Answer::PlannedAll(actions.iter().map(plan).collect())
        });
    }

    fn planned(&mut self, plans: &[(String, Result<Plan, AdminError>)], cx: &Context) {
        self.plans = plans.to_vec();
        self.phase = Phase::Asking;
        let count = self.ready().count();
        // Several at once is always a change of the third level.
        if count > 0 && self.results.is_empty() {
            self.care = Care::new((&self.care.button, self.actions.first()), cx);
            if !is_plain(cx) {
                self.care.type_first(&words::counted(count as u64, "user"));
            }
        }
    }

    fn ready(&self) -> impl Iterator<Item = &Plan> {
        self.plans.iter().filter_map(|(_, plan)| plan.as_ref().ok())
    }

    fn run(&mut self, cx: &mut Context) {
        let plans: Vec<Plan> = self.ready().cloned().collect();
        let (reason, now) = (self.care.reason(), cx.now());
        self.stop = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&self.stop);
        self.results.clear();
        for (name, plan) in &self.plans {
            if let Err(error) = plan {
                let words = words::sentence(error, None);
                self.results.push((name.clone(), Outcome::Failed(words), true));
            }
        }
        self.phase = Phase::Running;
        self.number = cx.ask_on(move |server, early| {
            for (at, plan) in plans.iter().enumerate() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                early(Answer::AppliedOne(at, Box::new(sending::applied(server, (plan, &reason), now))));
            }
            Answer::AppliedAll
        });
    }

    fn applied(&mut self, applied: &Applied, cx: &Context) {
        let is_open = !matches!(applied.result, Err(AdminError::Unknown { .. }));
        let outcome = sending::outcome(applied, cx);
        self.results.push((applied.name.clone(), outcome, is_open));
    }

    fn over(&mut self, cx: &mut Context) {
        self.phase = Phase::Over;
        let (done, failed, left) = (self.done(), self.failed(), self.left());
        let all = self.plans.len();
        let words = match (failed, left) {
            (0, 0) => format!("Done for {}.", words::counted(all as u64, "user")),
            (_, 0) => format!("Done for {done} of {all}; {failed} failed."),
            _ => format!("Stopped: done for {done} of {all}, {left} were not begun."),
        };
        if failed + left == 0 { cx.done(words) } else { cx.warn(words) }
    }

    fn done(&self) -> usize {
        self.results.iter().filter(|(_, outcome, _)| matches!(outcome, Outcome::Done(_))).count()
    }

    fn failed(&self) -> usize {
        self.results.len() - self.done()
    }

    fn left(&self) -> usize {
        self.plans.len().saturating_sub(self.results.len())
    }

    /// Those that surely were not done, and those that were not begun.
    fn again(&self) -> Vec<Action> {
        let is_open = |action: &&Action| {
            let name = action.user().unwrap_or_default();
            let result = self.results.iter().find(|(own, ..)| own == name);
            result.is_none_or(|(_, outcome, may)| *may && !matches!(outcome, Outcome::Done(_)))
        };
        self.actions.iter().filter(is_open).cloned().collect()
    }

    fn answered(&mut self, reply: &Reply, cx: &mut Context) -> Step {
        if self.number != Some(reply.number) {
            return Step::Stay;
        }
        match &reply.answer {
            Answer::PlannedAll(plans) => self.planned(plans, cx),
            Answer::AppliedOne(_, applied) => self.applied(applied, cx),
            Answer::AppliedAll => self.over(cx),
            Answer::Cancelled => return Step::Pop,
            _ => {}
        }
        Step::Stay
    }

    fn lines(&self, columns: usize, cx: &Context) -> Vec<(String, Style)> {
        let text = cx.theme.text;
        let (server, kind) =
            cx.admin.as_ref().map_or_else(Default::default, |link| (link.profile.name.clone(), link.kind()));
        if self.phase == Phase::Planning {
            return vec![(cx.symbols.text(&format!("Asking {server} what this will do …")), text)];
        }
        let count = words::counted(self.ready().count() as u64, "user");
        let mut lines = vec![(format!("On {server} ({kind}) this will, for {count}:"), text)];
        let names: Vec<&str> = self.ready().map(|plan| plan.confirm.as_str()).collect();
        lines.extend(
            wrapped(&names.join(", "), columns.saturating_sub(2))
                .into_iter()
                .map(|line| (format!("  {line}"), text)),
        );
        lines.push((String::new(), text));
        let bindings: u64 = self.ready().map(|plan| plan.bindings).sum();
        if bindings > 0 {
            lines.push((
                format!("  {} delete {} in all", cx.symbols.dot, words::counted(bindings, "binding")),
                text,
            ));
        }
        for effect in self.shared_effects() {
            let effect = sending::effect_words(effect, cx);
            lines.push((format!("  {} {effect}", cx.symbols.dot), text));
        }
        if self.ready().any(|plan| plan.level == Level::Typed) {
            lines.push((String::new(), text));
            lines.extend(self.warnings(columns, cx).into_iter().map(|line| (line, cx.theme.warn)));
        }
        for (name, plan) in &self.plans {
            if let Err(error) = plan {
                lines.push((format!("{} {name} is left out: {error}", cx.symbols.failed), cx.theme.error));
            }
        }
        lines
    }

    /// What their plans warn of, and for how many where not for all.
    fn warnings(&self, columns: usize, cx: &Context) -> Vec<String> {
        let (all, once) = (self.ready().count(), "This cannot be undone here.");
        let mut found = warnings(self.ready());
        if !found.iter().any(|(words, count)| *count == all && words.starts_with(once)) {
            found.insert(0, (once.to_owned(), all));
        }
        let said = found.iter().map(|(words, count)| {
            let who = if *count == all { String::new() } else { format!("{count} of {all}: ") };
            format!("{} {who}{words}", cx.symbols.warning)
        });
        said.flat_map(|line| wrapped(&line, columns)).collect()
    }

    /// What happens to every one of them.
    fn shared_effects(&self) -> Vec<&str> {
        let mut plans = self.ready();
        let Some(first) = plans.next() else { return Vec::new() };
        let rest: Vec<&Plan> = plans.collect();
        let is_shared = |effect: &&String| rest.iter().all(|plan| plan.effects.contains(effect));
        first.effects.iter().filter(is_shared).map(String::as_str).collect()
    }

    fn result_lines(&self, cx: &Context) -> Vec<(String, Style)> {
        let line = |(name, outcome, _): &(String, Outcome, bool)| match outcome {
            Outcome::Done(words) => (format!("{} {words}", cx.symbols.done), cx.theme.ok),
            Outcome::Look(words) => (format!("{} {name}: {words}", cx.symbols.warning), cx.theme.warn),
            Outcome::Failed(words) => (format!("{} {name}: {words}", cx.symbols.failed), cx.theme.error),
        };
        // What failed comes first: it needs a look.
        let is_done = |row: &&(String, Outcome, bool)| matches!(row.1, Outcome::Done(_));
        let failed = self.results.iter().filter(|row| !is_done(row));
        failed.chain(self.results.iter().filter(is_done)).map(line).collect()
    }

    fn draw_results(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let width = WIDTH.min(area.width);
        let lines = self.result_lines(cx);
        let all = self.plans.len();
        let head = match self.phase {
            Phase::Running => format!("{} of {all}", self.results.len()),
            _ => format!("{} of {all} done", self.done()),
        };
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4).max(6);
        let inner = if area.height < 5 {
            for row in area.rows() {
                fill(frame, row, " ", cx.theme.text);
            }
            area
        } else {
            boxed(frame, centered(area, width, rows), self.title, "", cx)
        };
        put_safe(frame, inner, 0, (&head, inner.width.into()), cx, cx.theme.head);
        let list = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
        let top = match self.phase {
            Phase::Running => lines.len().saturating_sub(list.height.into()),
            _ => self.top.min(lines.len().saturating_sub(list.height.into())),
        };
        for (row, (line, style)) in list.rows().zip(lines.iter().skip(top)) {
            put_safe(frame, row, 0, (&cut(line, row.width.into(), cx.symbols), row.width.into()), cx, *style);
        }
    }
}

impl Screen for Bulk {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        match self.phase {
            Phase::Planning => vec![Do::Cancel],
            Phase::Asking => self.care.actions(),
            Phase::Running => vec![Do::StopChanges],
            Phase::Over => {
                let again = (!self.again().is_empty()).then_some(Do::RetryFailed);
                [Do::Close, Do::Choose, Do::Up, Do::Down].into_iter().chain(again).collect()
            }
        }
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        match self.phase {
            Phase::Planning => vec![Do::Cancel.into()],
            Phase::Asking => self.care.hints(),
            Phase::Running => vec![Do::StopChanges.into()],
            Phase::Over => {
                let again = (!self.again().is_empty()).then(|| Hint::from(Do::RetryFailed));
                again.into_iter().chain([Hint::keys(Do::Down, "↑↓"), Do::Close.into()]).collect()
            }
        }
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match (self.phase, action) {
            (Phase::Asking, action) => match self.care.act(action, cx) {
                Answered::No => return Step::Pop,
                Answered::Yes if self.ready().next().is_some() => self.run(cx),
                Answered::Open | Answered::Yes => {}
            },
            (Phase::Running, _) => self.stop.store(true, Ordering::Relaxed),
            (Phase::Over, Do::RetryFailed) => {
                let mut again = Self::new(self.again(), cx);
                std::mem::swap(self, &mut again);
            }
            (Phase::Over, Do::Up) => self.top = self.top.saturating_sub(1),
            (Phase::Over, Do::Down) => self.top = (self.top + 1).min(self.results.len().saturating_sub(1)),
            _ => return Step::Pop,
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        (self.phase == Phase::Asking && self.care.key(key)).then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        if self.phase == Phase::Asking {
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
        self.stop.store(true, Ordering::Relaxed);
        false
    }

    fn is_changed(&self) -> bool {
        self.phase == Phase::Running || (self.phase == Phase::Asking && self.care.is_changed())
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        if matches!(self.phase, Phase::Running | Phase::Over) {
            return self.draw_results(frame, area, cx);
        }
        let width = WIDTH.min(area.width);
        let lines = self.lines(usize::from(width.saturating_sub(4)), cx);
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(self.care.rows() + 3);
        let care = (self.phase == Phase::Asking).then_some(&self.care);
        draw_box(frame, centered(area, width, rows), (self.title, &lines), (care, cx));
    }
}
