//! The details of one account as a screen, for windows without a second pane.

use ratatui::{Frame, layout::Rect};

use super::lines::draw_account;
use crate::{
    config::Show,
    tui::{
        action::Do,
        cell::cell,
        class::Class,
        context::Context,
        frame::rule,
        key::Key,
        message::Message,
        screen::{Extent, Hint, Screen, Step},
        screens::account::{self, ACTIONS, spoken},
    },
    vault::AccountId,
};

/// The details of one account.
pub struct Detail {
    id: AccountId,
}

impl Detail {
    /// The details of the account of this name.
    pub fn new(id: AccountId) -> Self {
        Self { id }
    }

    fn at(&self, cx: &Context) -> Option<usize> {
        cx.session.as_ref()?.catalog.position(&self.id)
    }
}

impl Screen for Detail {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        ACTIONS.into_iter().chain([Do::Undo, Do::Redo, Do::Back, Do::Left]).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        let reveal = (cx.view.show == Show::None).then(|| Do::Reveal.into());
        let own = [Do::Copy, Do::CopyNext].map(Hint::from).into_iter().chain(reveal);
        let rest = [Do::Phone, Do::Edit, Do::Delete, Do::Back, Do::Help];
        own.chain(rest.map(Hint::from)).collect()
    }

    fn act(&mut self, action: Do, _key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Back | Do::Left => return Step::Pop,
            Do::Undo | Do::Redo => account::turn(action == Do::Undo, cx),
            _ => {
                let Some(own) = cx.session.as_ref().and_then(|session| session.account(&self.id)) else {
                    return Step::Pop;
                };
                return account::act(action, &own, cx);
            }
        }
        Step::Stay
    }

    /// What was deleted here or elsewhere has no details.
    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        let is_gone = matches!(message, Message::Reloaded) && self.at(cx).is_none();
        if is_gone { Step::Pop } else { Step::Stay }
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        let account = cx.session.as_ref().and_then(|session| session.account(&self.id));
        let name = account.map_or_else(String::new, |account| spoken(&account));
        format!("Codes {} {name}", cx.symbols.then)
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        cx.session.as_ref().map(|_| 1)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(at) = self.at(cx) else { return };
        let small = Class::of(cx.size).is_tiny();
        if !small {
            rule(frame, area, area.y, cx);
        }
        let above = if small { 0 } else { 2 };
        let inner = Rect {
            x: area.x + 2,
            y: area.y + above,
            width: area.width.saturating_sub(3),
            height: area.height.saturating_sub(above),
        };
        let cell = cell(at, true, cx);
        draw_account(frame, inner, (at, &cell), cx);
    }
}
