//! What the search field does to the list.

use super::{Codes, filter::nearest};
use crate::{tui::context::Context, vault::query::Named as _};

impl Codes {
    pub(super) fn set_filter(&mut self, text: &str, cx: &Context) {
        self.filter.field.set(text);
        self.rows.filter(text, cx);
    }

    /// Esc: the filter goes, the list is whole again, the selection stays.
    pub(super) fn clear_filter(&mut self, cx: &Context) {
        self.filter.focused = false;
        self.set_filter("", cx);
    }

    pub(super) fn take_suggestion(&mut self, cx: &mut Context) {
        let Some(at) = nearest(&self.filter.text(), &self.rows, cx) else { return };
        let Some(session) = &cx.session else { return };
        let issuer = session.catalog.fields(at).issuer().into_owned();
        let is_in_tab = !cx.view.tab.is_empty();
        self.set_filter(&issuer, cx);
        if self.rows.shown().is_empty() && is_in_tab {
            cx.view.tab.clear();
            self.set_filter(&issuer, cx);
        }
    }
}
