//! The list of codes: what people use forty times a day.
//!
//! | file | what lives there |
//! |---|---|
//! | [`rows`] | which accounts are shown, in which order, which one is selected |
//! | [`columns`], `draw`, `row`, `nothing` | where a row says what, the picture |
//! | `marking` | rows that are marked, and what is done to all of them |
//! | `filter`, `searching` | the search field, and what it does to the list |
//!
//! What is done to the selected account lives in [`account`], the codes in `desk`.

pub mod columns;
mod draw;
mod filter;
mod marking;
mod nothing;
mod row;
pub mod rows;
mod searching;

use std::{cell::Cell, collections::HashSet};

use ratatui::{Frame, layout::Rect};

use self::{filter::Filter, rows::Rows};
use super::{account, detail::Detail, form::Form, import::Source, pasted};
use crate::{
    config::{Show, Sort},
    tui::{
        action::Do,
        class::{Class, Columns},
        context::Context,
        key::{Key, Press},
        message::Message,
        screen::{Extent, Hint, Screen, Step},
    },
    vault::{Account, AccountId},
};

/// The list.
#[derive(Default)]
pub struct Codes {
    rows: Rows,
    filter: Filter,
    /// The first row in the window.
    top: Cell<usize>,
    /// How many rows the window had when it was last drawn.
    height: Cell<usize>,
    /// The accounts that are marked.
    marked: HashSet<AccountId>,
    /// What was deleted last: an undo brings the selection back to it.
    deleted: Option<AccountId>,
    /// What the row of status says of the codes that are hidden.
    hint: Option<&'static str>,
}

const OWN: [Do; 12] = [
    Do::Hide,
    Do::Mark,
    Do::Details,
    Do::Add,
    Do::Import,
    Do::Sort,
    Do::SortReverse,
    Do::Undo,
    Do::Redo,
    Do::Actions,
    Do::MoveUp,
    Do::MoveDown,
];
const MOVES: [Do; 10] = [
    Do::Up,
    Do::Down,
    Do::First,
    Do::Last,
    Do::PageUp,
    Do::PageDown,
    Do::PreviousTab,
    Do::NextTab,
    Do::Tab,
    Do::Left,
];

impl Codes {
    /// The list of the open vault, or of the one that will be.
    pub fn new(cx: &Context) -> Self {
        let mut codes = Self::default();
        codes.filter.focused = cx.config.ui.start == crate::config::Start::Search;
        codes.refresh(cx);
        codes
    }

    /// Orders and filters anew.
    fn refresh(&mut self, cx: &Context) {
        self.rows.sort(cx);
        self.rows.filter(&self.filter.text(), cx);
    }

    /// Selects the account that was just saved.
    fn select_wanted(&mut self, cx: &mut Context) {
        let is_here = |id: &AccountId| {
            cx.session.as_ref().is_some_and(|session| session.catalog.position(id).is_some())
        };
        if cx.wanted.as_ref().is_some_and(is_here)
            && let Some(id) = cx.wanted.take()
        {
            self.rows.select_if_there(id, cx);
        }
    }

    /// The selected account, read whole.
    fn selected(&self, cx: &Context) -> Option<Account> {
        cx.session.as_ref()?.catalog.account(self.rows.at()?).ok()
    }

    fn has_pane(cx: &Context) -> bool {
        let class = Class::of(cx.size);
        class.columns == Columns::Wide && !class.is_small()
    }

    fn hide(&mut self, cx: &mut Context) {
        let (next, words) = match cx.view.show {
            Show::All => (Show::Selected, "Codes hidden except the selected one. H again hides all."),
            Show::Selected => (Show::None, "All codes hidden. r reveals one for 10 s, H shows all."),
            Show::None => (Show::All, "All codes are shown."),
        };
        cx.view.show = next;
        cx.view.keep();
        cx.desk.cover();
        self.hint = Some(words);
        cx.say(words);
    }

    fn switch_tab(&mut self, to: impl FnOnce(usize, usize) -> usize, cx: &mut Context) {
        let Some(session) = &cx.session else { return };
        let tabs = rows::tabs(session);
        let now = tabs.iter().position(|tab| tab.name == cx.view.tab).unwrap_or(0);
        let Some(tab) = tabs.get(to(now, tabs.len())) else { return };
        cx.view.tab.clone_from(&tab.name);
        cx.view.keep();
        self.rows.filter(&self.filter.text(), cx);
        self.top.set(0);
    }

    fn sort(&mut self, reverse: bool, cx: &mut Context) {
        if reverse {
            cx.view.reversed = !cx.view.reversed;
        } else {
            cx.view.sort = match cx.view.sort {
                Sort::Used => Sort::Name,
                Sort::Name => Sort::Last,
                Sort::Last => Sort::Manual,
                Sort::Manual => Sort::Used,
            };
        }
        cx.view.keep();
        self.refresh(cx);
        let words = match cx.view.sort {
            Sort::Last => "by last use",
            Sort::Manual => "by hand",
            Sort::Name => "by name",
            Sort::Used => "by use",
        };
        let reversed = if cx.view.reversed { ", the other way round" } else { "" };
        cx.say(format!("Sorted {words}{reversed}."));
    }

    /// Moves the selected account by one row where the order is made by hand.
    fn shift(&mut self, up: bool, cx: &mut Context) {
        if cx.view.sort != Sort::Manual || cx.view.reversed {
            let sort = cx.keymap.shown(Do::Sort);
            return cx.say(format!("Rows can be moved in the order by hand: {sort} until it says manual."));
        }
        let at = self.rows.cursor();
        let other = if up { at.checked_sub(1) } else { Some(at + 1) };
        let other = other.and_then(|other| self.rows.shown().get(other)).map(|at| *at as usize);
        let (Some(own), Some(other)) = (self.rows.at(), other) else { return };
        if cx.may_change() {
            account::swap(own, other, cx);
        }
    }

    /// Does something to the selected account.
    fn act_on_selected(&mut self, action: Do, cx: &mut Context) -> Step {
        if self.act_on_marked(action, cx) {
            return Step::Stay;
        }
        let Some(selected) = self.selected(cx) else { return Step::Stay };
        let step = account::act(action, &selected, cx);
        if action == Do::Delete && !cx.mode.read_only {
            self.deleted = Some(selected.id);
            // The row below takes its place; where there is none, the one above.
            let at = self.rows.cursor();
            self.rows
                .select(if at + 1 < self.rows.shown().len() { at + 1 } else { at.saturating_sub(1) }, cx);
        }
        step
    }

    fn navigate(&mut self, action: Do, key: Key, cx: &mut Context) {
        let page = isize::try_from(self.height.get().max(2)).unwrap_or(isize::MAX);
        let whole = key.press == Press::PageUp || key.press == Press::PageDown;
        let page = if whole { page } else { page / 2 };
        match action {
            Do::Up | Do::SearchUp => self.rows.move_by(-1, cx),
            Do::Down | Do::SearchDown => self.rows.move_by(1, cx),
            Do::First => self.rows.select(0, cx),
            Do::Last => self.rows.select(usize::MAX, cx),
            Do::PageUp => self.rows.move_by(-page, cx),
            Do::PageDown => self.rows.move_by(page, cx),
            Do::PreviousTab => self.switch_tab(|now, tabs| (now + tabs - 1) % tabs, cx),
            Do::NextTab => self.switch_tab(|now, tabs| (now + 1) % tabs, cx),
            Do::Tab => {
                let Press::Char(digit) = key.press else { return };
                let number = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(1);
                self.switch_tab(|_, _| number.saturating_sub(1), cx);
            }
            _ => {}
        }
    }
}

impl Screen for Codes {
    fn actions(&self, cx: &Context) -> Vec<Do> {
        if self.filter.focused {
            return self.filter.actions(&self.rows, cx);
        }
        let filtered = if self.filter.is_empty() { None } else { Some(Do::SearchClear) };
        let filtered = if self.marked.is_empty() { filtered } else { Some(Do::Back) };
        account::ACTIONS.into_iter().chain(OWN).chain(MOVES).chain([Do::Search]).chain(filtered).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        if self.filter.focused {
            return self.filter.hints(&self.rows, cx);
        }
        if Class::of(cx.size).is_tiny() {
            return vec![Do::Copy.into(), Do::Help.into()];
        }
        if cx.session.as_ref().is_some_and(|session| session.catalog.is_empty()) {
            return vec![Do::Add.into(), Do::Import.into(), Do::Help.into(), Do::Quit.into()];
        }
        let mut hints: Vec<Hint> = vec![Do::Copy.into()];
        if cx.view.show == Show::All {
            hints.extend([Do::Search.into(), Do::Add.into(), Do::Hide.into()]);
        } else {
            let seconds = cx.config.codes.reveal_seconds.as_secs();
            hints.push(Hint::says(Do::Reveal, format!("reveal {seconds} s")));
            hints.extend([Hint::says(Do::Hide, "show/hide"), Do::Search.into()]);
        }
        if !self.filter.is_empty() {
            hints.push(Hint::says(Do::SearchClear, "clear filter"));
        }
        let rest = [
            Do::Actions,
            Do::Help,
            Do::Quit,
            Do::Phone,
            Do::Edit,
            Do::Delete,
            Do::Details,
            Do::Sort,
            Do::Lock,
        ];
        hints.extend(rest.map(Hint::from));
        hints
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::SearchCopy => return self.act_on_selected(Do::Copy, cx),
            Do::Add if cx.may_change() => return Step::Push(Box::new(Form::add(cx))),
            Do::Import if cx.may_change() => return Step::Push(Box::new(Source::new())),
            Do::Sort | Do::SortReverse => self.sort(action == Do::SortReverse, cx),
            Do::Undo | Do::Redo => account::turn(action == Do::Undo, cx),
            Do::Mark => self.mark(cx),
            Do::Back => self.unmark(),
            Do::Actions => {
                let menu = self.selected(cx).map(|account| account::menu(&account, cx));
                return menu.map_or(Step::Stay, |menu| Step::Push(Box::new(menu)));
            }
            Do::MoveUp | Do::MoveDown => self.shift(action == Do::MoveUp, cx),
            Do::Hide => self.hide(cx),
            Do::Search => self.filter.focused = true,
            Do::SearchClear => self.clear_filter(cx),
            Do::SearchKeep => self.filter.focused = false,
            Do::SearchEmpty => self.set_filter("", cx),
            Do::SearchEverywhere => {
                cx.view.tab.clear();
                self.rows.filter(&self.filter.text(), cx);
            }
            Do::SearchSuggestion => self.take_suggestion(cx),
            Do::Details => {
                return self.rows.id(cx).map_or(Step::Stay, |id| Step::Push(Box::new(Detail::new(id))));
            }
            Do::Add | Do::Import => {}
            action if MOVES.contains(&action) => self.navigate(action, key, cx),
            Do::SearchUp | Do::SearchDown => self.navigate(action, key, cx),
            other => return self.act_on_selected(other, cx),
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, cx: &mut Context) -> Option<Step> {
        if !self.filter.focused || !self.filter.key(key, cx) {
            return None;
        }
        self.rows.filter(&self.filter.text(), cx);
        self.rows.select(0, cx);
        self.top.set(0);
        Some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        if let Some(step) = pasted::link(text, cx) {
            return Some(step);
        }
        if !self.filter.focused {
            cx.say("Pasted text is only taken in a field. / opens the search, a adds an account.");
            return Some(Step::Stay);
        }
        self.filter.paste(text, cx);
        self.rows.filter(&self.filter.text(), cx);
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Reloaded => {
                self.refresh(cx);
                self.select_wanted(cx);
            }
            other => account::answered(other, cx),
        }
        if matches!(message, Message::Turned(true, Some(_)))
            && let Some(id) = self.deleted.take()
        {
            self.rows.select_if_there(id, cx);
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        self.unmark();
        true
    }

    fn extent(&self) -> Extent {
        Extent::Page
    }

    fn place(&self, cx: &Context) -> String {
        let tab = match cx.view.tab.as_str() {
            "" => "All",
            tab => tab,
        };
        if Class::of(cx.size).is_small() {
            return format!("{tab} {}", self.rows.in_tab());
        }
        format!("Codes {} {tab}", cx.symbols.then)
    }

    fn status(&self, cx: &Context) -> Option<String> {
        if self.filter.focused || !self.filter.is_empty() {
            let found = self.rows.shown().len();
            return Some(if found == 1 { "1 match".to_owned() } else { format!("{found} matches") });
        }
        self.hint.filter(|_| cx.view.show != Show::All).map(str::to_owned)
    }

    fn changes_in(&self, cx: &Context) -> Option<u64> {
        cx.session.as_ref().map(|_| 1)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}
