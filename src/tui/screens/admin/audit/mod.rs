//! What happened on a server: the newest first, page by page, narrowed by a filter; and as it happens, the newest last.
//!
//! | file | what lives there |
//! |---|---|
//! | `filter` | the field, what Tab completes, what it means |
//! | `asking`, `question` | pages, how many there are |
//! | `live`, `tail` | the thread that follows, what it heard |
//! | `window`, `following` | which part of it is seen, what keys do meanwhile |
//! | `columns`, `draw` | which columns there are, the picture |
//! | [`event`] | one event with all that is known of it |

mod asking;
mod columns;
mod draw;
pub mod event;
mod filter;
mod following;
mod live;
mod question;
mod tail;
mod window;

use jiff::Timestamp;
use ratatui::{Frame, layout::Rect};

use self::{columns::Extra, event::EventBox, filter::Filter, question::Asked, window::Live};
use super::{export::ExportBox, pane::Pane};
use crate::{
    admin::model::{Event, Outcome},
    tui::{
        action::Do,
        admin::{
            answer::Answer,
            ask::By,
            scroll::{MOVES, Scroll},
            tab::Tab,
        },
        class::Class,
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
    },
};

/// The audit.
#[derive(Default)]
pub struct Audit {
    filter: Filter,
    /// The newest first.
    events: Vec<Event>,
    /// Where the next page begins.
    next: Option<String>,
    scroll: Scroll,
    asked: Option<Asked>,
    /// How many events the server has of the last weeks.
    total: Option<u64>,
    read: Option<Timestamp>,
    /// Something was changed since it was read.
    is_stale: bool,
    extra: Extra,
    /// While somebody follows.
    live: Option<Live>,
}

const TYPING: [Do; 5] = [Do::Submit, Do::Complete, Do::SearchUp, Do::SearchDown, Do::SearchClear];
const OWN: [Do; 8] = [
    Do::OpenEvent,
    Do::Search,
    Do::Follow,
    Do::EventColumns,
    Do::Export,
    Do::NextRefusal,
    Do::PreviousRefusal,
    Do::Refresh,
];

impl Audit {
    /// The audit of the open server; it is asked for when somebody looks.
    pub fn new() -> Self {
        Self::default()
    }

    /// The selected event.
    fn selected(&self) -> Option<&Event> {
        match &self.live {
            Some(live) => live.selected(),
            None => self.events.get(self.scroll.cursor()),
        }
    }

    fn typing(&mut self, action: Do, cx: &mut Context) {
        match action {
            Do::Submit => {
                self.filter.focused = false;
                self.filter.remember();
            }
            Do::SearchClear => {
                self.filter.clear();
                self.filter.focused = false;
                self.filtered(cx);
            }
            Do::Complete => {
                let seen: Vec<&Event> = self.events.iter().take(200).collect();
                let names = |key: &str| names(&seen, key);
                if self.filter.complete(&names) {
                    self.filtered(cx);
                }
            }
            Do::SearchUp | Do::SearchDown if self.filter.recall(action == Do::SearchUp) => self.filtered(cx),
            _ => {}
        }
    }

    /// The filter is another one.
    fn filtered(&mut self, cx: &mut Context) {
        if self.live.is_some() {
            self.narrow_live(cx);
        } else {
            self.ask_anew(By::Person, cx);
        }
    }

    /// The next event that was refused or that asks for a look, downwards or upwards.
    fn refusal(&mut self, down: bool, cx: &mut Context) {
        let is_one = |event: &Event| event.outcome != Outcome::Ok;
        let at = self.scroll.cursor();
        let found = if down {
            self.events.iter().skip(at + 1).position(is_one).map(|more| at + 1 + more)
        } else {
            self.events.iter().take(at).rposition(is_one)
        };
        match found {
            Some(found) => self.scroll.select(found, self.events.len()),
            None => cx.say("No further event that was refused is on the screen's pages."),
        }
        self.more(cx);
    }

    fn export(&self, cx: &mut Context) -> Step {
        match self.wanted(cx) {
            Ok(wanted) => ExportBox::open(wanted, cx),
            Err(fault) => {
                cx.warn(format!("The filter cannot be read: {fault}."));
                Step::Stay
            }
        }
    }
}

/// The values of a key that are on the screen.
fn names(events: &[&Event], key: &str) -> Vec<String> {
    let value = |event: &&Event| match key {
        "user" => event.user.clone(),
        "app" => event.application.clone(),
        "from" => event.from.clone(),
        "by" => event.by.clone(),
        _ => None,
    };
    let mut names: Vec<String> = events.iter().filter_map(value).filter(|name| !name.contains(' ')).collect();
    names.sort();
    names.dedup();
    names
}

impl Screen for Audit {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        if self.filter.focused {
            return TYPING.to_vec();
        }
        if self.live.is_some() {
            return window::OWN.into_iter().chain(MOVES).collect();
        }
        let filtered = (!self.filter.is_empty()).then_some(Do::SearchClear);
        OWN.into_iter().chain(MOVES).chain(filtered).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        if self.filter.focused {
            return vec![
                Hint::says(Do::Submit, "keep"),
                Hint::says(Do::Complete, "complete"),
                Hint::says(Do::SearchUp, "earlier filters"),
                Do::SearchClear.into(),
            ];
        }
        if let Some(live) = &self.live {
            return live.hints(cx);
        }
        if Class::of(cx.size).is_tiny() {
            return vec![Do::OpenEvent.into(), Do::Help.into()];
        }
        let mut hints: Vec<Hint> = vec![Do::OpenEvent.into(), Hint::says(Do::Search, "filter")];
        if !self.filter.is_empty() {
            hints.push(Hint::says(Do::SearchClear, "clear filter"));
        }
        hints.extend([
            Do::Follow.into(),
            Do::EventColumns.into(),
            Do::Export.into(),
            Do::Help.into(),
            Do::NextRefusal.into(),
            Do::Refresh.into(),
            Hint { action: Do::NextTab, key: Some("[ ]"), words: Some("tabs".into()) },
        ]);
        hints
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        if self.filter.focused {
            self.typing(action, cx);
            return Step::Stay;
        }
        match action {
            Do::OpenEvent => {
                return self
                    .selected()
                    .map_or(Step::Stay, |event| Step::Push(Box::new(EventBox::new(event.clone()))));
            }
            Do::Search => self.filter.focused = true,
            Do::EventColumns => {
                self.extra = self.extra.next();
                cx.say(self.extra.words());
            }
            Do::Export => return self.export(cx),
            action if self.live.is_some() => self.while_following(action, key, cx),
            Do::Follow => self.follow(cx),
            Do::SearchClear => self.typing(action, cx),
            Do::NextRefusal | Do::PreviousRefusal => self.refusal(action == Do::NextRefusal, cx),
            Do::Refresh => self.ask_anew(By::Person, cx),
            moves => {
                self.scroll.act(moves, key, self.events.len());
                self.more(cx);
            }
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, cx: &mut Context) -> Option<Step> {
        if !self.filter.focused || !self.filter.key(key) {
            return None;
        }
        self.filtered(cx);
        Some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        if self.filter.focused {
            self.filter.field.insert(text);
            self.filtered(cx);
        } else {
            cx.say("Pasted text is only taken in a field: / opens the filter.");
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Reloaded => self.ask_anew(By::Clock, cx),
            Message::Admin(reply) => match &reply.answer {
                Answer::Applied(_) | Answer::Switched(_) => self.is_stale = true,
                Answer::Followed => self.heard(reply.number, cx),
                _ => self.answered(reply, cx),
            },
            _ => {}
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        (self.events, self.next, self.asked, self.read) = (vec![], None, None, None);
        (self.live, self.total) = (None, None);
        true
    }

    fn status(&self, cx: &Context) -> Option<String> {
        Some(self.status_words(cx))
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        self.live.as_ref().map(|_| if cx.is_calm() { 10 } else { 1 })
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}

impl Pane for Audit {
    fn entered(&mut self, cx: &mut Context) {
        let link = cx.admin.as_mut();
        let wish = link.and_then(|link| link.wish.take_if(|wish| wish.tab == Tab::Audit));
        if let Some(wish) = wish {
            self.filter.set(&wish.filter);
            self.scroll.restart();
            self.events.clear();
            self.ask_anew(By::Person, cx);
        } else if self.read.is_none() || std::mem::take(&mut self.is_stale) {
            self.ask_anew(By::Person, cx);
        }
    }

    fn left(&mut self) {
        self.is_stale |= self.live.take().is_some();
    }
}
