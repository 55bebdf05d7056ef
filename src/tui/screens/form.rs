//! Adding and editing an account.
use crate::{
    tui::{
        action::Do,
        context::Context,
        key::Key,
        screen::{Hint, Screen, Step},
    },
    vault::Account,
};
use ratatui::{Frame, layout::Rect};
/// The form.
pub struct Form;
impl Form {
    /// A new account.
    pub fn add(_cx: &Context) -> Self {
        Self
    }
    /// A known one.
    pub fn edit(_account: &Account, _cx: &Context) -> Self {
        Self
    }
    /// Filled from a link.
    pub fn from_link(_text: &str, _cx: &Context) -> Result<Self, String> {
        Ok(Self)
    }
}
impl Screen for Form {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        vec![Do::Cancel]
    }
    fn hints(&self, _cx: &Context) -> Vec<Hint> {
        vec![Do::Cancel.into()]
    }
    fn act(&mut self, _action: Do, _key: Key, _cx: &mut Context) -> Step {
        Step::Pop
    }
    fn draw(&self, _frame: &mut Frame<'_>, _area: Rect, _cx: &Context) {}
}
