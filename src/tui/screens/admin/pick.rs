//! With what: a span, an application, a binding. A short list, and where it helps a field for what is not in it.

use ratatui::{Frame, layout::Rect};

use super::change::{bulk::Bulk, single::Change};
use crate::{
    admin::{action::Action, model::Application},
    tui::{
        action::Do,
        admin::{answer::Answer, ask::By, words},
        context::Context,
        key::{Key, Press},
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::{
            boxed, centered,
            field::{Field, Look},
            fill, put, put_safe,
        },
    },
};

/// The widest box.
const WIDTH: u16 = 60;
/// The longest text in the field.
const LIMIT: usize = 40;

/// One line of the list: its words, and the changes that it stands for.
pub type Choice = (String, Vec<Action>);
/// What a typed text stands for, or why it is nothing.
type Reads = Box<dyn Fn(&str, &Context) -> Result<Vec<Action>, String>>;

/// The box.
pub struct Pick {
    title: String,
    choices: Vec<Choice>,
    chosen: usize,
    /// The field for something else: what stands before it, and what reads it.
    other: Option<(&'static str, Reads)>,
    field: Option<Field>,
    fault: Option<String>,
    /// Applications are being asked for, to bind an authenticator of this user.
    waits: Option<(Option<u64>, String)>,
}

impl Pick {
    /// A list.
    pub fn new(title: String, choices: Vec<Choice>) -> Self {
        Self { title, choices, chosen: 0, other: None, field: None, fault: None, waits: None }
    }

    /// The same, and one more line that opens a field.
    #[must_use]
    pub fn or(mut self, label: &'static str, reads: Reads) -> Self {
        self.choices.push(("other …".to_owned(), Vec::new()));
        self.other = Some((label, reads));
        self
    }

    /// The applications for which an authenticator can be bound.
    pub fn application(user: &str, cx: &mut Context) -> Self {
        let number = cx.ask(By::Person, |server| Answer::Applications(server.applications()));
        let waits = Some((number, user.to_owned()));
        Self { waits, ..Self::new(format!("Bind an authenticator for {user}"), Vec::new()) }
    }

    fn applications(&mut self, user: &str, all: &[Application]) {
        let takes_otp =
            |own: &&Application| own.factors.iter().any(|(factor, is_on)| factor == "otp" && *is_on);
        self.choices = all
            .iter()
            .filter(takes_otp)
            .map(|own| {
                let action = Action::Enrol { user: user.to_owned(), application: own.id.clone() };
                let words =
                    if own.name == own.id { own.id.clone() } else { format!("{}   {}", own.id, own.name) };
                (words, vec![action])
            })
            .collect();
        if self.choices.is_empty() {
            self.fault = Some("No application here takes authenticators.".to_owned());
        }
    }

    fn take(&mut self, cx: &mut Context) -> Step {
        let is_other = self.other.is_some() && self.chosen + 1 == self.choices.len();
        if is_other && self.field.is_none() {
            self.field = Some(Field::new(LIMIT));
            return Step::Stay;
        }
        if let (Some(field), Some((_, reads))) = (&self.field, &self.other) {
            return match reads(field.text().trim(), cx) {
                Ok(actions) => begin(actions, cx),
                Err(fault) => {
                    self.fault = Some(fault);
                    Step::Stay
                }
            };
        }
        match self.choices.get(self.chosen) {
            Some((_, actions)) => begin(actions.clone(), cx),
            None => Step::Stay,
        }
    }

    fn turn(&mut self, by: usize) {
        let count = self.choices.len().max(1);
        (self.chosen, self.field, self.fault) = ((self.chosen + by) % count, None, None);
    }
}

/// The box that confirms them.
pub fn begin(mut actions: Vec<Action>, cx: &mut Context) -> Step {
    match actions.len() {
        0 => Step::Stay,
        1 => Step::Replace(Box::new(Change::new(actions.remove(0), cx))),
        _ => Step::Replace(Box::new(Bulk::new(actions, cx))),
    }
}

impl Screen for Pick {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        let number = self.field.is_none().then_some(Do::ChooseNumber);
        [Do::Choose, Do::NextField, Do::PreviousField, Do::Close].into_iter().chain(number).collect()
    }

    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        let enter = if self.field.is_none() { "number or Enter" } else { "Enter" };
        vec![
            Hint { action: Do::Choose, key: Some(enter), words: None },
            Hint { action: Do::NextField, key: Some("↑↓"), words: Some("move".into()) },
            Do::Close.into(),
        ]
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Choose => return self.take(cx),
            Do::ChooseNumber => {
                let Press::Char(digit) = key.press else { return Step::Stay };
                let number = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(0);
                if (1..=self.choices.len()).contains(&number) {
                    self.chosen = number - 1;
                    return self.take(cx);
                }
            }
            Do::NextField => self.turn(1),
            Do::PreviousField => self.turn(self.choices.len().max(1) - 1),
            _ => return Step::Pop,
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        if matches!(key.press, Press::Up | Press::Down) {
            return None;
        }
        let taken = self.field.as_mut().is_some_and(|field| field.key(key));
        if taken {
            self.fault = None;
        }
        taken.then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, _cx: &mut Context) -> Option<Step> {
        if let Some(field) = &mut self.field {
            field.insert(text);
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        let Message::Admin(reply) = message else { return Step::Stay };
        let Some((number, user)) = self.waits.take_if(|(number, _)| *number == Some(reply.number)) else {
            return Step::Stay;
        };
        match &reply.answer {
            Answer::Applications(Ok(all)) => self.applications(&user, all),
            Answer::Applications(Err(error)) => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
                return Step::Pop;
            }
            Answer::Cancelled => return Step::Pop,
            _ => self.waits = Some((number, user)),
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        false
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let extra = u16::from(self.fault.is_some()) + u16::from(self.waits.is_some());
        let rows = u16::try_from(self.choices.len()).unwrap_or(u16::MAX).saturating_add(2 + extra);
        let inner = if area.height < 4 {
            for row in area.rows() {
                fill(frame, row, " ", cx.theme.text);
            }
            area
        } else {
            boxed(frame, centered(area, WIDTH, rows.max(3)), &self.title, "", cx)
        };
        if self.waits.is_some() {
            let words = cx.symbols.text("Asking which applications there are …");
            return put(frame, inner, 0, &words, cx.theme.dim);
        }
        let room = usize::from(inner.height).saturating_sub(usize::from(self.fault.is_some())).max(1);
        let top = (self.chosen + 1).saturating_sub(room);
        let mut rows = inner.rows();
        for (at, (words, _)) in self.choices.iter().enumerate().skip(top).take(room) {
            let Some(row) = rows.next() else { break };
            let style = if at == self.chosen { cx.theme.selected } else { cx.theme.text };
            if let (Some(field), Some((label, _))) =
                (self.field.as_ref().filter(|_| at == self.chosen), &self.other)
            {
                put_safe(frame, row, 0, (label, row.width.into()), cx, cx.theme.text);
                let at = u16::try_from(crate::text::width(label)).unwrap_or(0) + 2;
                let place = Rect { x: row.x + at, width: row.width.saturating_sub(at), ..row };
                field.draw(frame, place, &Look { cx, focused: true, masked: false, style: cx.theme.text });
                continue;
            }
            let line = format!(" {}  {}", at + 1, cx.symbols.text(words));
            put_safe(frame, row, 0, (&line, row.width.into()), cx, style);
        }
        if let (Some(fault), Some(row)) = (&self.fault, rows.next()) {
            put_safe(frame, row, 0, (fault, row.width.into()), cx, cx.theme.error);
        }
    }
}
