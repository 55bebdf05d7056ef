//! Everybody on a server: read page by page as one scrolls, filtered by the server, kept while it does not answer.
//!
//! | file | what lives there |
//! |---|---|
//! | `filter` | the field, what Tab completes, earlier filters |
//! | `asking`, `question` | pages, refreshing, the user beside the list |
//! | `columns`, `draw` | which columns there are, the picture |

mod asking;
mod columns;
mod draw;
mod filter;
mod question;

use std::collections::BTreeMap;

use jiff::Timestamp;
use ratatui::{Frame, layout::Rect};

use self::{filter::Filter, question::Asked};
use super::{actions::Actions, pane::Pane, user::User, user_lines::Seen};
use crate::{
    admin::model::Person,
    tui::{
        action::Do,
        admin::{
            answer::Answer,
            scroll::{MOVES, Scroll},
        },
        class::{Class, Columns},
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
    },
};

/// The list of users.
pub struct Users {
    people: Vec<Person>,
    /// Where the next page begins.
    next: Option<String>,
    scroll: Scroll,
    /// The id of the selected user: the selection stays on it.
    selected: Option<String>,
    /// Who is marked, by their ids, as the list had them then.
    marked: BTreeMap<String, Person>,
    filter: Filter,
    asked: Option<Asked>,
    /// When the list was read.
    read: Option<Timestamp>,
    /// The user beside the list.
    beside: Option<Seen>,
    /// The question for the user beside the list.
    asked_beside: Option<u64>,
}

impl Users {
    /// The users of the open server; they are asked for when somebody looks.
    pub fn new(_cx: &Context) -> Self {
        Self {
            people: Vec::new(),
            next: None,
            scroll: Scroll::default(),
            selected: None,
            marked: BTreeMap::new(),
            filter: Filter::default(),
            asked: None,
            read: None,
            beside: None,
            asked_beside: None,
        }
    }

    /// The selected user, as the list has them.
    fn person(&self) -> Option<&Person> {
        self.people.get(self.scroll.cursor())
    }

    fn has_pane(cx: &Context) -> bool {
        let class = Class::of(cx.size);
        class.columns == Columns::Wide && !class.is_small()
    }

    fn moved(&mut self, cx: &mut Context) {
        self.selected = self.person().map(|person| person.id.clone());
        self.more(cx);
        self.look_beside(cx);
    }

    fn mark(&mut self, cx: &mut Context) {
        let Some(person) = self.person() else { return };
        let person = person.clone();
        if self.marked.remove(&person.id).is_none() {
            self.marked.insert(person.id.clone(), person);
        }
        let rows = self.people.len();
        self.scroll.select(self.scroll.cursor() + 1, rows);
        self.moved(cx);
    }

    /// The menu of all who are marked, or of the selected one.
    fn menu(&self, cx: &Context) -> Step {
        let people: Vec<Person> = if self.marked.is_empty() {
            self.person().cloned().into_iter().collect()
        } else {
            self.marked.values().cloned().collect()
        };
        if people.is_empty() { Step::Stay } else { Step::Push(Box::new(Actions::new(people, cx))) }
    }

    fn copy_name(&self, cx: &mut Context) {
        let Some(person) = self.person() else { return };
        let name = person.name.clone();
        super::user_lines::copy_name(&name, cx);
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
                self.ask_anew(cx);
            }
            Do::Complete if self.filter.complete() => self.ask_anew(cx),
            Do::SearchUp | Do::SearchDown if self.filter.recall(action == Do::SearchUp) => self.ask_anew(cx),
            _ => {}
        }
    }
}

const TYPING: [Do; 5] = [Do::Submit, Do::Complete, Do::SearchUp, Do::SearchDown, Do::SearchClear];
const OWN: [Do; 7] = [Do::OpenUser, Do::Search, Do::Mark, Do::Actions, Do::Sort, Do::CopyName, Do::Refresh];

impl Screen for Users {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        if self.filter.focused {
            return TYPING.to_vec();
        }
        let filtered = (!self.filter.is_empty()).then_some(Do::SearchClear);
        let unmarks = (!self.marked.is_empty()).then_some(Do::Back);
        OWN.into_iter().chain(MOVES).chain(unmarks.or(filtered)).collect()
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
        if Class::of(cx.size).is_tiny() {
            return vec![Do::OpenUser.into(), Do::Help.into()];
        }
        let mut hints: Vec<Hint> = vec![Do::OpenUser.into(), Hint::says(Do::Search, "filter")];
        if !self.marked.is_empty() {
            hints.push(Hint::says(Do::Back, "unmark"));
        } else if !self.filter.is_empty() {
            hints.push(Hint::says(Do::SearchClear, "clear filter"));
        }
        hints.extend([
            Hint::says(Do::Mark, "mark"),
            Hint::says(Do::Actions, "actions"),
            Do::Refresh.into(),
            Do::Help.into(),
            Hint { action: Do::NextTab, key: Some("[ ]"), words: Some("tabs".into()) },
            Do::CopyName.into(),
            Do::Servers.into(),
        ]);
        hints
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        if self.filter.focused {
            self.typing(action, cx);
            return Step::Stay;
        }
        match action {
            Do::Search => self.filter.focused = true,
            Do::SearchClear => self.typing(action, cx),
            Do::Back => self.marked.clear(),
            Do::Mark => self.mark(cx),
            Do::CopyName => self.copy_name(cx),
            Do::Sort => cx.say("This server gives users by name. / narrows them: state:locked, fails:>3."),
            Do::Refresh => self.refresh(crate::tui::admin::ask::By::Person, cx),
            Do::OpenUser => {
                let person = self.person().cloned();
                return person.map_or(Step::Stay, |person| Step::Push(Box::new(User::new(&person, cx))));
            }
            Do::Actions => return self.menu(cx),
            moves => {
                self.scroll.act(moves, key, self.people.len());
                self.moved(cx);
            }
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, cx: &mut Context) -> Option<Step> {
        if !self.filter.focused || !self.filter.key(key) {
            return None;
        }
        self.ask_anew(cx);
        Some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        if !self.filter.focused {
            cx.say("Pasted text is only taken in a field: / opens the filter.");
            return Some(Step::Stay);
        }
        if self.filter.paste(text, cx) {
            self.ask_anew(cx);
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Reloaded => self.ask_anew(cx),
            Message::Admin(reply) => match &reply.answer {
                Answer::Applied(_) => self.refresh(crate::tui::admin::ask::By::Clock, cx),
                Answer::AppliedAll => {
                    self.marked.clear();
                    self.refresh(crate::tui::admin::ask::By::Clock, cx);
                }
                _ => self.answered(reply, cx),
            },
            _ => {}
        }
        Step::Stay
    }

    fn on_tick(&mut self, cx: &mut Context) -> Step {
        self.refresh_in_time(cx);
        self.look_beside(cx);
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        self.forget();
        true
    }

    fn status(&self, cx: &Context) -> Option<String> {
        Some(self.status_words(cx))
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        self.read.map(|_| if cx.is_calm() { 10 } else { 1 })
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}

impl Pane for Users {
    fn entered(&mut self, cx: &mut Context) {
        if self.read.is_none() {
            self.ask_anew(cx);
        }
    }
}
