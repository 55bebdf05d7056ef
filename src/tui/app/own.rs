//! What threads want of the person: the open vault, a code that is typed, a link that is opened.

use std::sync::Arc;

use super::{App, Turn};
use crate::tui::{
    admin::wanted::Wanted,
    screens::admin::{code::TypeCode, visit::Browser},
};

impl App {
    /// Gives what is wanted, or opens the box where it is typed. What is dropped is refused.
    pub(super) fn give(&mut self, wanted: Wanted) -> Turn {
        match wanted {
            Wanted::Vault(reply) => {
                if let Some(session) = self.cx.session.as_ref().filter(|_| !self.wiping) {
                    let _ = reply.send(Arc::clone(&session.vault));
                }
            }
            Wanted::Code(code) if self.may_ask(&code.server) => {
                self.stack.push(Box::new(TypeCode::new(code)));
            }
            Wanted::Visit(visit) if self.may_ask(&visit.server) => {
                self.stack.push(Box::new(Browser::new(visit)));
            }
            Wanted::Code(_) | Wanted::Visit(_) => {}
        }
        Turn::Go
    }

    /// Whether somebody is there who wants this server, and nothing is locked.
    fn may_ask(&self, server: &str) -> bool {
        let link = self.cx.admin.as_ref().filter(|link| link.profile.name == server);
        let is_wanted = link.is_some_and(|link| link.is_open() || link.is_waiting());
        is_wanted && !self.wiping && !self.stack.iter().any(|screen| screen.opens_a_vault())
    }
}
