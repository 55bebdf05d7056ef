//! An open server: its tabs, one of which is looked at.
//!
//! A further tab is a file beside this one and a line in `open`.

use ratatui::{Frame, layout::Rect};

use super::{apps::Apps, audit::Audit, charts::Charts, pane::Pane, server::Server, users::Users};
use crate::tui::{
    action::Do,
    admin::{answer::Answer, head, tab::Tab},
    context::Context,
    graphics::Graphic,
    key::{Key, Press},
    message::Message,
    screen::{Extent, Hint, Screen, Step},
};

/// An open server.
pub struct Room {
    now: Tab,
    panes: [Option<Box<dyn Pane>>; Tab::ALL.len()],
    /// The number of the knock that opens the server again.
    knocks: Option<u64>,
}

/// The tab as it begins.
fn open(tab: Tab, cx: &Context) -> Box<dyn Pane> {
    match tab {
        Tab::Users => Box::new(Users::new(cx)),
        Tab::Audit => Box::new(Audit::new()),
        Tab::Charts => Box::new(Charts::new()),
        Tab::Apps => Box::new(Apps::new()),
        Tab::Server => Box::new(Server::default()),
    }
}

impl Room {
    /// The server that was just connected, at its users.
    pub fn new(cx: &mut Context) -> Self {
        let mut room = Self { now: Tab::Users, panes: [const { None }; Tab::ALL.len()], knocks: None };
        room.go(Tab::Users, cx);
        room
    }

    fn go(&mut self, tab: Tab, cx: &mut Context) {
        if tab != self.now
            && let Some(before) = &mut self.panes[self.now as usize]
        {
            before.left();
        }
        self.now = tab;
        self.panes[tab as usize].get_or_insert_with(|| open(tab, cx)).entered(cx);
    }

    fn pane(&self) -> Option<&dyn Pane> {
        self.panes[self.now as usize].as_deref()
    }

    /// Does something with the tab that is looked at, and goes where it wishes to.
    fn with(
        &mut self,
        cx: &mut Context,
        act: impl FnOnce(&mut dyn Pane, &mut Context) -> Option<Step>,
    ) -> Option<Step> {
        let step = self.panes[self.now as usize].as_deref_mut().and_then(|pane| act(pane, cx));
        let wish = cx.admin.as_ref().and_then(|link| link.wish.as_ref()).map(|wish| wish.tab);
        if let Some(tab) = wish
            && tab != self.now
        {
            self.go(tab, cx);
        }
        step
    }

    /// A lock closed the connection: it is opened again, and the tabs ask anew.
    fn reconnect(&mut self, cx: &mut Context) {
        if self.knocks.is_none()
            && let Some(link) = cx.admin.as_ref().filter(|link| !link.is_open())
        {
            let profile = link.profile.clone();
            self.knocks = Some(cx.knock_for_person(profile));
        }
    }

    fn reconnected(&mut self, message: &Message, cx: &mut Context) {
        let Message::Admin(reply) = message else { return };
        let Answer::Knocked(_, knocked) = &reply.answer else { return };
        self.knocks = None;
        match knocked {
            Ok(knocked) => {
                let Some(profile) = cx.admin.as_ref().map(|link| link.profile.clone()) else { return };
                cx.connected(profile, (knocked, reply));
                for pane in self.panes.iter_mut().flatten() {
                    pane.on_message(&Message::Reloaded, cx);
                }
            }
            Err(error) => {
                let words = crate::tui::admin::words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
            }
        }
    }
}

const OWN: [Do; 7] = [Do::PreviousTab, Do::NextTab, Do::Tab, Do::Servers, Do::Refresh, Do::Back, Do::Quit];

impl Screen for Room {
    fn actions(&self, cx: &Context) -> Vec<Do> {
        let own = self.pane().map_or_else(Vec::new, |pane| pane.actions(cx));
        // Esc goes one step back: what the tab has to close comes first.
        let closes = own.iter().any(|action| matches!(action, Do::SearchClear | Do::Close | Do::Cancel));
        let is_taken = |action: &Do| own.contains(action) || (closes && *action == Do::Back);
        let others: Vec<Do> = OWN.into_iter().filter(|action| !is_taken(action)).collect();
        own.into_iter().chain(others).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        self.pane().map_or_else(Vec::new, |pane| pane.hints(cx))
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        if self.pane().is_some_and(|pane| pane.actions(cx).contains(&action)) {
            return self.with(cx, |pane, cx| Some(pane.act(action, key, cx))).unwrap_or(Step::Stay);
        }
        match action {
            Do::PreviousTab => self.go(self.now.turned(Tab::ALL.len() - 1), cx),
            Do::NextTab => self.go(self.now.turned(1), cx),
            Do::Tab => {
                let Press::Char(digit) = key.press else { return Step::Stay };
                let number = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
                if let Some(tab) = number.and_then(Tab::of) {
                    self.go(tab, cx);
                }
            }
            Do::Refresh => self.reconnect(cx),
            // One step back: to the users, from where one came, and from there to the servers.
            Do::Back if self.now != Tab::Users => self.go(Tab::Users, cx),
            _ => {
                cx.admin = None;
                return Step::Pop;
            }
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, cx: &mut Context) -> Option<Step> {
        self.with(cx, |pane, cx| pane.on_key(key, cx))
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        self.with(cx, |pane, cx| pane.on_paste(text, cx))
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        if matches!(message, Message::Reloaded) {
            self.reconnect(cx);
            return Step::Stay;
        }
        if matches!(message, Message::Admin(reply) if Some(reply.number) == self.knocks) {
            self.reconnected(message, cx);
            return Step::Stay;
        }
        for at in 0..self.panes.len() {
            if at != self.now as usize
                && let Some(pane) = &mut self.panes[at]
            {
                pane.on_message(message, cx);
            }
        }
        self.with(cx, |pane, cx| Some(pane.on_message(message, cx))).unwrap_or(Step::Stay)
    }

    fn on_tick(&mut self, cx: &mut Context) -> Step {
        self.with(cx, |pane, cx| Some(pane.on_tick(cx))).unwrap_or(Step::Stay)
    }

    fn on_lock(&mut self) -> bool {
        self.knocks = None;
        for pane in self.panes.iter_mut().flatten() {
            pane.on_lock();
        }
        true
    }

    fn is_changed(&self) -> bool {
        self.panes.iter().flatten().any(|pane| pane.is_changed())
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        head::place(self.now, cx)
    }

    fn state(&self, cx: &Context) -> Option<String> {
        Some(head::state(cx))
    }

    fn status(&self, cx: &Context) -> Option<String> {
        self.pane().and_then(|pane| pane.status(cx))
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        self.pane().and_then(|pane| pane.changes_in(cx))
    }

    fn graphic(&self, area: Rect, cx: &Context) -> Option<Graphic> {
        self.pane().and_then(|pane| pane.graphic(area, cx))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        let Some(pane) = self.pane() else { return };
        let area = head::tabs(frame, area, self.now, cx);
        pane.draw(frame, area, cx);
    }
}
