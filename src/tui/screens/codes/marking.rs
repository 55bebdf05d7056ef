//! Marked rows: what is done then is done to all of them, as one step.

use super::Codes;
use crate::{
    tui::{action::Do, context::Context, screens::account},
    vault::{Account, AccountId},
};

impl Codes {
    /// Marks the selected row, or takes its mark away, and goes on to the next.
    pub(super) fn mark(&mut self, cx: &mut Context) {
        let Some(id) = self.rows.id(cx) else { return };
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
        self.rows.move_by(1, cx);
        match self.marked.len() {
            0 => cx.say("No row is marked."),
            1 => cx.say("1 row is marked. d and * work on it, Esc takes the mark away."),
            rows => cx.say(format!(
                "{rows} rows are marked. d and * work on all of them, Esc takes the marks away."
            )),
        }
    }

    /// Takes all marks away.
    pub(super) fn unmark(&mut self) {
        self.marked.clear();
    }

    /// Does something to all marked accounts; false where it is nothing for many.
    pub(super) fn act_on_marked(&mut self, action: Do, cx: &mut Context) -> bool {
        if self.marked.is_empty() || !matches!(action, Do::Delete | Do::Favourite) {
            return false;
        }
        let accounts = self.marked_accounts(cx);
        if !accounts.is_empty() && cx.may_change() {
            match action {
                Do::Delete => {
                    self.deleted = accounts.first().map(|account| account.id.clone());
                    account::delete_all(&accounts, cx);
                }
                _ => account::favourite_all(&accounts, cx),
            }
            self.unmark();
        }
        true
    }

    /// Whether the account at a place is marked.
    pub(super) fn is_marked(&self, at: usize, cx: &Context) -> bool {
        let id = || -> Option<AccountId> { Some(cx.session.as_ref()?.catalog.id(at)) };
        !self.marked.is_empty() && id().is_some_and(|id| self.marked.contains(&id))
    }

    /// The marked accounts that are there, in the order of the list.
    fn marked_accounts(&self, cx: &Context) -> Vec<Account> {
        let Some(session) = &cx.session else { return Vec::new() };
        let marked =
            self.rows.all().iter().filter(|at| self.marked.contains(&session.catalog.id(**at as usize)));
        marked.filter_map(|at| session.catalog.account(*at as usize).ok()).collect()
    }
}
