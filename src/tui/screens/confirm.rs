//! A question with two buttons. The safe one is marked at first; `y` and `n` answer too.

use ratatui::{Frame, layout::Rect};

use crate::tui::{
    action::Do,
    context::Context,
    key::Key,
    screen::{Hint, Screen, Step},
    widgets::{boxed, centered, cut, put, wrapped},
};

/// The widest box.
const WIDTH: u16 = 66;

/// What is done on yes; the step is taken in place of the box.
type OnYes = Box<dyn FnOnce(&mut Context) -> Step>;

/// A question.
pub struct Confirm {
    title: String,
    text: String,
    button: String,
    yes: bool,
    on_yes: Option<OnYes>,
}

impl Confirm {
    /// Asks `text` and does `on_yes` on the button of that name.
    pub fn new(
        title: &str,
        text: &str,
        button: &str,
        on_yes: impl FnOnce(&mut Context) -> Step + 'static,
    ) -> Self {
        let (title, button) = (title.to_owned(), button.to_owned());
        let text = crate::text::safe(text).into_owned();
        Self { title, text, button, yes: false, on_yes: Some(Box::new(on_yes)) }
    }

    fn answer(&mut self, yes: bool, cx: &mut Context) -> Step {
        match self.on_yes.take().filter(|_| yes) {
            Some(act) => act(cx),
            None => Step::Pop,
        }
    }
}

impl Screen for Confirm {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![
            Do::Yes,
            Do::No,
            Do::Confirm,
            Do::Cancel,
            Do::NextField,
            Do::PreviousField,
            Do::ChoiceLeft,
            Do::ChoiceRight,
        ]
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let marked = if self.yes { self.button.to_lowercase() } else { "cancel".to_owned() };
        vec![
            Hint::says(Do::Yes, self.button.to_lowercase()),
            Hint::says(Do::No, "no"),
            Hint::says(Do::NextField, "other button"),
            Hint::says(Do::Confirm, marked),
            Do::Cancel.into(),
        ]
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Yes => return self.answer(true, cx),
            Do::No | Do::Cancel => return self.answer(false, cx),
            Do::Confirm => return self.answer(self.yes, cx),
            _ => self.yes = !self.yes,
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let width = WIDTH.min(area.width);
        let lines = wrapped(&self.text, usize::from(width.saturating_sub(4)));
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(4);
        let inner = boxed(frame, centered(area, width, rows), &self.title, "", cx);
        for (row, line) in inner.rows().zip(&lines) {
            put(frame, row, 0, line, cx.theme.text);
        }
        let last = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
        let (cancel, go) = ("[ Cancel ]", format!("[ {} ]", self.button));
        let style = |marked: bool| if marked { cx.theme.selected } else { cx.theme.text };
        put(frame, last, 0, cancel, style(!self.yes));
        put(
            frame,
            last,
            13,
            &cut(&go, usize::from(inner.width.saturating_sub(13)), cx.symbols),
            style(self.yes),
        );
    }
}
