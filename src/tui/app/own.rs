//! What threads want of the person: the open vault, a code that is typed.

use std::sync::Arc;

use super::{App, Turn};
use crate::tui::{
    admin::wanted::{Code, Wanted},
    screens::admin::code::TypeCode,
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
            Wanted::Code(code) if self.may_ask(&code) => self.stack.push(Box::new(TypeCode::new(code))),
            Wanted::Code(_) => {}
        }
        Turn::Go
    }

    /// Whether somebody is there who wants this server, and nothing is locked.
    fn may_ask(&self, code: &Code) -> bool {
        let link = self.cx.admin.as_ref().filter(|link| link.profile.name == code.server);
        let is_wanted = link.is_some_and(|link| link.is_open() || link.is_waiting());
        is_wanted && !self.wiping && !self.stack.iter().any(|screen| screen.opens_a_vault())
    }
}
