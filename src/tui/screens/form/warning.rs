//! What stands above the buttons: what else the vault has to do with this account.

use super::Form;
use crate::{
    text::width,
    tui::{context::Context, screens::account::spoken, widgets::cut},
};

/// Below so many columns a name is not worth its place.
const LEAST_NAME: usize = 8;

/// A sentence around a name from outside, and what is said where it has no room.
pub(super) struct Warning {
    before: &'static str,
    name: String,
    after: &'static str,
    short: &'static str,
}

impl Warning {
    /// The sentence with as much of the name as fits.
    pub(super) fn in_columns(&self, columns: usize, cx: &Context) -> String {
        let room = columns.saturating_sub(width(self.before) + width(self.after));
        if self.name.is_empty() || room < LEAST_NAME.min(width(&self.name)) {
            return cut(self.short, columns, cx.symbols);
        }
        format!("{}{}{}", self.before, cut(&self.name, room, cx.symbols), self.after)
    }
}

impl Form {
    /// What is to be known before it is saved.
    pub(super) fn warning(&self) -> Option<Warning> {
        if let Some(short) = self.trouble {
            return Some(Warning { before: "", name: String::new(), after: "", short });
        }
        let twin = self.twin.as_ref()?;
        let name = spoken(&twin.account);
        Some(match (twin.is_same, twin.same_secret) {
            (true, _) => Warning {
                before: "",
                name,
                after: " is in the vault already.",
                short: "It is in the vault already.",
            },
            (false, true) => Warning {
                before: "An account ",
                name,
                after: " exists (same secret, other codes).",
                short: "It exists with other codes.",
            },
            (false, false) => Warning {
                before: "An account ",
                name,
                after: " exists (different secret).",
                short: "It exists: other secret.",
            },
        })
    }
}
