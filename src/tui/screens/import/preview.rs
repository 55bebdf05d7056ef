//! Step 2: every entry with its state, and what is to become of it. Nothing is written before Enter.

use std::{cell::Cell, sync::Arc};

use ratatui::{Frame, layout::Rect};

use super::{choices, compare, done::Done, supply};
use crate::{
    import::{Prepared, Row, Supply},
    tui::{
        action::Do,
        class::Class,
        context::Context,
        key::Key,
        message::{Handed, Message},
        screen::{Extent, Hint, Screen, Step},
    },
    vault::intake::State,
};

/// The preview.
pub(super) struct Preview {
    pub(super) prepared: Prepared,
    pub(super) rows: Vec<Row>,
    pub(super) at: usize,
    supplies: Vec<Supply>,
    top: Cell<usize>,
    height: Cell<usize>,
    running: Option<u64>,
}

impl Preview {
    /// A preview of what was read from these sources.
    pub(super) fn new(prepared: Prepared, supplies: Vec<Supply>, cx: &mut Context) -> Self {
        let rows = prepared.rows();
        let unread: Vec<String> =
            prepared.batch.unread().map(|(name, error)| format!("{name}: {error}.")).collect();
        if !unread.is_empty() {
            cx.fail(unread.join(" "));
        }
        let (top, height) = (Cell::new(0), Cell::new(1));
        Self { prepared, rows, at: 0, supplies, top, height, running: None }
    }

    /// The row that has the keys.
    pub(super) fn selected(&self) -> Option<Row> {
        self.rows.get(self.at).copied()
    }

    /// The first row in the window: as it was, but for what the selection needs.
    pub(super) fn scrolled(&self, height: usize) -> usize {
        let top = self.top.get().min(self.rows.len().saturating_sub(height));
        let top = top.clamp((self.at + 1).saturating_sub(height), self.at);
        self.top.set(top);
        self.height.set(height.max(1));
        top
    }

    /// `8 found   4 new  1 repaired …   nothing is written yet`.
    pub(super) fn summary(&self) -> String {
        let (counts, bad) = (self.prepared.plan.counts(), self.prepared.batch.count_bad());
        let parts = [
            (counts.new, "new"),
            (counts.repaired, "repaired"),
            (counts.same, "same"),
            (counts.differs, "differs"),
            (counts.trashed, "in the trash"),
            (bad, "bad"),
        ];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        format!("{} found   {}   nothing is written yet", self.rows.len(), parts.join("  "))
    }

    fn import(&mut self, cx: &mut Context) -> Step {
        if self.running.is_some() || !cx.may_change() {
            return Step::Stay;
        }
        if choices::effects(&self.prepared) == (0, 0) {
            cx.say("There is nothing to add: 0 will be added. Esc goes back.");
            return Step::Stay;
        }
        let Some(session) = &cx.session else { return Step::Stay };
        let vault = Arc::clone(&session.vault);
        let mut prepared = std::mem::replace(&mut self.prepared, Prepared::empty());
        self.rows.clear();
        self.running = Some(cx.jobs.ask(move |number| {
            let applied = prepared.carry_out(&vault, &[]);
            Message::Imported(number, Handed::new((prepared, applied)))
        }));
        Step::Stay
    }

    fn step(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }
}

fn tell(changed: bool, cx: &mut Context) {
    if changed {
        cx.notice = None;
    } else {
        cx.say("There is nothing to choose in this row.");
    }
}

impl Screen for Preview {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![
            Do::Switch,
            Do::AllNew,
            Do::OnDuplicate,
            Do::Confirm,
            Do::Up,
            Do::Down,
            Do::First,
            Do::Last,
            Do::PageUp,
            Do::PageDown,
            Do::Cancel,
        ]
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        let entries = &self.prepared.plan.entries;
        let differs = entries.iter().any(|entry| matches!(entry.state, State::Differs { .. }));
        let differs = differs.then(|| Hint::says(Do::OnDuplicate, "on differs: keep both/replace/skip"));
        let choices = [Hint::says(Do::Switch, "tick"), Do::AllNew.into()].into_iter().chain(differs);
        let ends = [Hint::says(Do::Confirm, "import"), Hint::says(Do::Cancel, "back")];
        // Where there is room for few, those come first that nobody could guess the way out without.
        if Class::of(cx.size).is_tiny() {
            ends.into_iter().chain(choices).collect()
        } else {
            choices.chain(ends).collect()
        }
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        if self.running.is_some() {
            return Step::Stay;
        }
        let page = isize::try_from(self.height.get()).unwrap_or(isize::MAX);
        match (action, self.selected()) {
            (Do::Confirm, _) => return self.import(cx),
            (Do::Cancel, _) => return Step::Pop,
            (Do::Switch, Some(row)) => {
                let changed = choices::tick(row, &mut self.prepared);
                tell(changed, cx);
            }
            (Do::OnDuplicate, Some(row)) => {
                let changed = choices::switch_duplicate(row, &mut self.prepared);
                tell(changed, cx);
            }
            (Do::AllNew, _) => {
                choices::tick_all_new(&mut self.prepared);
                cx.notice = None;
            }
            (Do::Up, _) => self.step(-1),
            (Do::Down, _) => self.step(1),
            (Do::First, _) => self.at = 0,
            (Do::Last, _) => self.step(isize::MAX),
            (Do::PageUp, _) => self.step(-page),
            (Do::PageDown, _) => self.step(page),
            _ => {}
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        let Message::Imported(number, handed) = message else { return Step::Stay };
        let Some((prepared, applied)) = (self.running == Some(*number)).then(|| handed.take()).flatten()
        else {
            return Step::Stay;
        };
        self.running = None;
        match applied {
            Err(error) => {
                self.rows = prepared.rows();
                self.prepared = prepared;
                cx.fail(crate::tui::notice::sentence(&error));
                Step::Stay
            }
            Ok(applied) => {
                if let Some(session) = &cx.session {
                    let vault = Arc::clone(&session.vault);
                    cx.jobs.reload(&vault);
                }
                let supplies = std::mem::take(&mut self.supplies);
                cx.notice = None;
                Step::Replace(Box::new(Done::new(prepared, &applied, supplies)))
            }
        }
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn is_changed(&self) -> bool {
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        format!("Import {} {}", cx.symbols.then, supply::title(&self.supplies))
    }

    fn state(&self, _cx: &Context) -> Option<String> {
        Some("step 2 of 3: preview".to_owned())
    }

    fn status(&self, _cx: &Context) -> Option<String> {
        if self.running.is_some() {
            return Some("saving …".to_owned());
        }
        let rest = if self.supplies.iter().any(|supply| matches!(supply, Supply::File(_))) {
            " The file itself stays; you are asked about it at the end."
        } else {
            ""
        };
        Some(format!("{}.{rest}", choices::outlook(&self.prepared)))
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        compare::changes_in(self.selected()?, &self.prepared, cx)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}
