//! Which accounts the list shows, in which order, and which one is selected. The selection is an account, not a place:
//! it stays when others come, go or move.

use crate::{
    tui::{context::Context, session::Session},
    vault::{AccountId, catalog::Order, query::Query},
};

/// The name of the tab of favourites.
pub const FAVOURITES: &str = "★";

/// The rows.
#[derive(Default)]
pub struct Rows {
    order: Vec<u32>,
    shown: Vec<u32>,
    in_tab: usize,
    cursor: usize,
    selected: Option<AccountId>,
}

/// One tab: its name and how many accounts it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The name; empty for all accounts.
    pub name: String,
    /// How many accounts it has.
    pub count: usize,
}

impl Rows {
    /// Orders all accounts anew: after they were read, and when the order is another.
    pub fn sort(&mut self, cx: &Context) {
        let Some(session) = &cx.session else { return self.empty() };
        let order = Order {
            sort: cx.view.sort,
            reversed: cx.view.reversed,
            favourites_first: cx.config.codes.favourites_first,
        };
        self.order = session.catalog.ordered(order, &session.usage, cx.now());
    }

    /// Shows what a tab and a filter leave.
    pub fn filter(&mut self, filter: &str, cx: &Context) {
        let Some(session) = &cx.session else { return self.empty() };
        let in_tab: Vec<u32> = in_tab(&self.order, &cx.view.tab, session);
        self.in_tab = in_tab.len();
        let query = Query::new(filter);
        self.shown = if query.is_empty() { in_tab } else { session.catalog.search(&query, &in_tab) };
        self.find_selected(session);
    }

    /// The rows that are shown, as places in the catalog.
    pub fn shown(&self) -> &[u32] {
        &self.shown
    }

    /// All rows in order.
    pub fn all(&self) -> &[u32] {
        &self.order
    }

    /// How many accounts the tab has, whatever the filter.
    pub fn in_tab(&self) -> usize {
        self.in_tab
    }

    /// The place of the selected row among those that are shown.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The selected row, as a place in the catalog.
    pub fn at(&self) -> Option<usize> {
        self.shown.get(self.cursor).map(|at| *at as usize)
    }

    /// The selected account.
    pub fn id(&self, cx: &Context) -> Option<AccountId> {
        Some(cx.session.as_ref()?.catalog.id(self.at()?))
    }

    /// Selects the row at a place, or the nearest one.
    pub fn select(&mut self, place: usize, cx: &Context) {
        self.cursor = place.min(self.shown.len().saturating_sub(1));
        self.selected = self.id(cx);
    }

    /// Selects an account if it is shown.
    pub fn select_if_there(&mut self, id: AccountId, cx: &Context) {
        let Some(session) = &cx.session else { return };
        if self.shown.iter().any(|at| session.catalog.id(*at as usize) == id) {
            self.selected = Some(id);
            self.find_selected(session);
        }
    }

    /// Moves the selection by so many rows.
    pub fn move_by(&mut self, rows: isize, cx: &Context) {
        self.select(self.cursor.saturating_add_signed(rows), cx);
    }

    fn find_selected(&mut self, session: &Session) {
        let place = self
            .selected
            .as_ref()
            .and_then(|id| self.shown.iter().position(|at| session.catalog.id(*at as usize) == *id));
        self.cursor = place.unwrap_or(self.cursor).min(self.shown.len().saturating_sub(1));
    }

    fn empty(&mut self) {
        *self = Self { selected: self.selected.take(), cursor: self.cursor, ..Self::default() };
    }
}

/// The tabs: all, favourites, then tags by use.
pub fn tabs(session: &Session) -> Vec<Tab> {
    let catalog = &session.catalog;
    let tab = |name: &str, count| Tab { name: name.to_owned(), count };
    let tags = catalog.tags().iter().map(|own| tab(&own.name, own.count));
    [tab("", catalog.len()), tab(FAVOURITES, catalog.favourites())].into_iter().chain(tags).collect()
}

fn in_tab(order: &[u32], tab: &str, session: &Session) -> Vec<u32> {
    let catalog = &session.catalog;
    let tag = catalog.tags().iter().position(|own| own.name == tab);
    match (tab, tag) {
        ("", _) => order.to_vec(),
        (FAVOURITES, _) => order.iter().copied().filter(|at| catalog.is_favourite(*at as usize)).collect(),
        (_, Some(tag)) => order.iter().copied().filter(|at| catalog.has_tag(*at as usize, tag)).collect(),
        (_, None) => order.to_vec(),
    }
}
