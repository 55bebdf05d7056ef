//! The search field above the list: it filters while somebody types.

use zeroize::Zeroizing;

use super::rows::Rows;
use crate::tui::{
    action::Do,
    context::Context,
    key::Key,
    screen::Hint,
    widgets::field::{Field, Took},
};

/// The longest text that is searched for, in characters.
const LIMIT: usize = 200;

/// What is searched for.
pub(super) struct Filter {
    pub(super) field: Field,
    /// Whether keys go into the field.
    pub(super) focused: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self { field: Field::new(LIMIT), focused: false }
    }
}

impl Filter {
    pub(super) fn text(&self) -> Zeroizing<String> {
        self.field.text()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.field.is_empty()
    }

    /// Takes a key for the field; false where it is none.
    pub(super) fn key(&mut self, key: Key, cx: &Context) -> bool {
        let empties = cx.keymap.keys(Do::SearchEmpty).contains(&key);
        !empties && self.field.key(key)
    }

    pub(super) fn paste(&mut self, text: &str, cx: &mut Context) {
        if let Took::TooLong(limit) = self.field.insert(text) {
            cx.warn(format!("That is longer than {limit} characters; nothing was pasted."));
        }
    }

    pub(super) fn actions(&self, rows: &Rows, cx: &Context) -> Vec<Do> {
        let mut actions = vec![Do::SearchUp, Do::SearchDown, Do::SearchClear, Do::SearchEmpty];
        if rows.shown().is_empty() && !self.is_empty() {
            actions.extend([
                Do::SearchSuggestion,
                if cx.view.tab.is_empty() { Do::SearchKeep } else { Do::SearchEverywhere },
            ]);
        } else {
            actions.extend([Do::SearchCopy, Do::SearchKeep]);
        }
        actions
    }

    pub(super) fn hints(&self, rows: &Rows, cx: &Context) -> Vec<Hint> {
        if rows.shown().is_empty() && !self.is_empty() {
            let mut hints = Vec::new();
            if nearest(&self.text(), rows, cx).is_some() {
                hints.push(Do::SearchSuggestion.into());
            }
            if !cx.view.tab.is_empty() {
                hints.push(Do::SearchEverywhere.into());
            }
            hints.push(Do::SearchClear.into());
            return hints;
        }
        vec![
            Hint::says(Do::SearchCopy, if rows.cursor() == 0 { "copy first" } else { "copy" }),
            Hint::keys(Do::SearchDown, "↑↓"),
            Do::SearchKeep.into(),
            Do::SearchClear.into(),
            Do::SearchEmpty.into(),
        ]
    }
}

/// The account that was perhaps meant.
pub(super) fn nearest(typed: &str, rows: &Rows, cx: &Context) -> Option<usize> {
    cx.session.as_ref()?.catalog.nearest(typed, rows.all())
}
