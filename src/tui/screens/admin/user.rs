//! One user on a page: who, how the state is, what is bound, what happened last.

use std::cell::Cell;

use ratatui::{Frame, layout::Rect};

use super::{actions::Actions, user_lines, user_lines::Seen};
use crate::{
    admin::model::Person,
    tui::{
        action::Do,
        admin::{
            answer::{Answer, Reply},
            ask::By,
            head,
            link::is_trouble,
            tab::Tab,
            words,
        },
        class::Class,
        context::Context,
        frame::rule,
        key::{Key, Press},
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        widgets::put_safe,
    },
};

/// The page of a user.
pub struct User {
    name: String,
    /// What is known of them; nothing after a lock.
    seen: Option<Seen>,
    asked: Option<u64>,
    top: usize,
    /// How many lines did not fit when it was last drawn.
    hidden: Cell<usize>,
}

impl User {
    /// The page of a user whom a list has; everything else is asked for.
    pub fn new(person: &Person, cx: &mut Context) -> Self {
        let (name, seen) = (person.name.clone(), Some(Seen::listed(person)));
        let mut user = Self { name, seen, asked: None, top: 0, hidden: Cell::new(0) };
        user.ask(By::Person, cx);
        user
    }

    fn ask(&mut self, by: By, cx: &mut Context) {
        self.asked = user_lines::ask(self.name.clone(), by, cx);
    }

    fn answered(&mut self, reply: &Reply, cx: &mut Context) -> Step {
        if let Answer::Applied(applied) = &reply.answer {
            if let (Some(Ok(person)), Some(seen)) = (&applied.after, &mut self.seen)
                && person.id == seen.person.id
            {
                seen.person = person.clone();
            }
            self.ask(By::Clock, cx);
        }
        if self.asked != Some(reply.number) {
            return Step::Stay;
        }
        self.asked = None;
        match &reply.answer {
            Answer::Person(Ok(seen)) => self.seen = Some(Seen::new(seen)),
            Answer::Person(Err(error)) if !is_trouble(error) => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
            }
            _ => {}
        }
        Step::Stay
    }

    fn tab(&self, key: Key, cx: &mut Context) -> Step {
        if key.press == Press::Char('2') {
            user_lines::wish_audit(&self.name, cx);
        }
        Step::Act(Do::Tab, key)
    }
}

impl Screen for User {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![
            Do::Actions,
            Do::Tab,
            Do::Refresh,
            Do::CopyName,
            Do::Up,
            Do::Down,
            Do::PageUp,
            Do::PageDown,
            Do::First,
            Do::Left,
            Do::Back,
        ]
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        if Class::of(cx.size).is_tiny() {
            return vec![Do::Actions.into(), Do::Back.into()];
        }
        vec![
            Do::Actions.into(),
            Hint { action: Do::Tab, key: Some("2"), words: Some("audit of this user".into()) },
            Do::CopyName.into(),
            Do::Refresh.into(),
            Do::Back.into(),
            Do::Help.into(),
        ]
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Actions => {
                let Some(seen) = &self.seen else { return Step::Stay };
                return Step::Push(Box::new(Actions::new(vec![seen.person.clone()], cx)));
            }
            Do::Tab => return self.tab(key, cx),
            Do::Refresh => self.ask(By::Person, cx),
            Do::CopyName => user_lines::copy_name(&self.name, cx),
            Do::Up => self.top = self.top.saturating_sub(1),
            Do::Down => self.top += usize::from(self.hidden.get() > 0),
            Do::PageUp | Do::First => self.top = 0,
            Do::PageDown => self.top += self.hidden.get(),
            _ => return Step::Pop,
        }
        Step::Stay
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Admin(reply) => self.answered(reply, cx),
            _ => Step::Stay,
        }
    }

    fn on_tick(&mut self, cx: &mut Context) -> Step {
        // After a lock the connection is opened again before anything can be asked.
        if self.seen.is_none() && self.asked.is_none() && cx.link().is_some_and(|link| link.trouble.is_none())
        {
            self.ask(By::Person, cx);
        }
        Step::Stay
    }

    fn changes_in(&self, _cx: &Context) -> Option<u64> {
        self.seen.is_none().then_some(1)
    }

    fn on_lock(&mut self) -> bool {
        (self.seen, self.asked) = (None, None);
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        head::place(Tab::Users, cx)
    }

    fn state(&self, cx: &Context) -> Option<String> {
        Some(head::state(cx))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let class = Class::of(cx.size);
        let mut body = area;
        let Some(seen) = &self.seen else {
            return put_safe(frame, area, 1, (&self.name, area.width.into()), cx, cx.theme.head);
        };
        if class.is_line() {
            let person = &seen.person;
            let line = format!("{} {}", person.name, words::state(person.state, cx));
            return put_safe(frame, area, 0, (&line, area.width.into()), cx, cx.theme.text);
        }
        if !class.is_tiny() {
            rule(frame, area, area.y, cx);
            let height = area.height.saturating_sub(1);
            body = Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(2), height };
        }
        let lines = user_lines::lines(seen, body.height.into(), cx);
        let top = self.top.min(lines.len().saturating_sub(body.height.into()));
        self.hidden.set(lines.len().saturating_sub(top + usize::from(body.height)));
        for (row, (line, style)) in body.rows().zip(lines.iter().skip(top)) {
            put_safe(frame, row, 0, (line, row.width.into()), cx, *style);
        }
    }
}
