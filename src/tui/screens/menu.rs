//! The actions of the selected object, each with its key: for whoever knows what is wanted and not the key for it.

use ratatui::{Frame, layout::Rect};

use crate::tui::{
    action::Do,
    context::Context,
    key::Key,
    screen::{Hint, Screen, Step},
    widgets::{boxed, centered, cut, put},
};

/// The widest menu.
const WIDTH: u16 = 46;

/// A list of actions. The chosen one is done by the screen below.
pub struct Menu {
    title: String,
    actions: Vec<Do>,
    chosen: usize,
}

impl Menu {
    /// The actions for something of this name, made safe already.
    pub fn new(title: String, actions: Vec<Do>) -> Self {
        Self { title, actions, chosen: 0 }
    }
}

impl Screen for Menu {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let moves = [Do::Choose, Do::Close, Do::NextField, Do::PreviousField];
        moves.into_iter().chain(self.actions.iter().copied().filter(|action| *action != Do::Copy)).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![
            Do::Choose.into(),
            Hint { action: Do::NextField, key: Some("↑↓"), words: Some("move".into()) },
            Do::Close.into(),
        ]
    }

    fn act(&mut self, action: Do, key: Key, _cx: &mut Context) -> Step {
        let count = self.actions.len();
        match action {
            Do::NextField => self.chosen = (self.chosen + 1) % count,
            Do::PreviousField => self.chosen = (self.chosen + count - 1) % count,
            Do::Choose => return Step::Act(self.actions[self.chosen], key),
            Do::Close => return Step::Pop,
            other => return Step::Act(other, key),
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let rows = u16::try_from(self.actions.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inner = boxed(frame, centered(area, WIDTH, rows), &self.title, "", cx);
        let top = (self.chosen + 1).saturating_sub(inner.height.into());
        for (row, (at, action)) in inner.rows().zip(self.actions.iter().enumerate().skip(top)) {
            let keys = cx.keymap.keys(*action);
            let key = keys.iter().map(ToString::to_string).min_by_key(String::len).unwrap_or_default();
            let line = format!(" {key:<6} {}", action.action().help);
            let style = if at == self.chosen { cx.theme.selected } else { cx.theme.text };
            put(frame, row, 0, &cut(&line, row.width.into(), cx.symbols), style);
        }
    }
}
