//! What a screen is: a type in one file that names its actions, does them, and draws itself.

use ratatui::{Frame, layout::Rect};

use super::{action::Do, context::Context, graphics::Graphic, key::Key, message::Message};

/// What comes after a screen has taken something in.
pub enum Step {
    /// It stays.
    Stay,
    /// It closes, and the one below does this, for this key.
    Act(Do, Key),
    /// Another one opens on top of it.
    Push(Box<dyn Screen>),
    /// It closes.
    Pop,
    /// It closes, and the one below it too: a question about a screen that goes.
    PopBoth,
    /// Another one takes its place.
    Replace(Box<dyn Screen>),
    /// Codes and admin mode change places.
    Admin,
    /// The vault closes.
    Lock,
    /// A vault is open now: the screen that opened it closes, the list is shown.
    Opened,
    /// The program ends.
    Quit,
}

/// How much of the window a screen owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A box above what lies under it, and the row of hints. It owns its letters.
    Box,
    /// All but the rows of place, status and hints.
    Page,
    /// All but the row of hints.
    Whole,
}

/// One layer of the picture. Input goes to the top one, drawing begins at the bottom.
pub trait Screen {
    /// What can be done at the moment, the first that has a key gets it.
    fn actions(&self, cx: &Context) -> Vec<Do>;

    /// What the hint line names, the most important first: an action and its words, or the table's words for it.
    fn hints(&self, cx: &Context) -> Vec<Hint>;

    /// Does one of the actions. `key` is the key that stood for it.
    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step;

    /// A key before it is looked up; `None` where it is nothing to this screen. Fields take characters here.
    fn on_key(&mut self, _key: Key, _cx: &mut Context) -> Option<Step> {
        None
    }

    /// A pasted text: always text, never keys. `None` where this screen has no field for it.
    fn on_paste(&mut self, _text: &str, _cx: &mut Context) -> Option<Step> {
        None
    }

    /// The answer of a job, or word that the accounts were read again. Every layer hears it, from the top.
    fn on_message(&mut self, _message: &Message, _cx: &mut Context) -> Step {
        Step::Stay
    }

    /// Time has passed.
    fn on_tick(&mut self, _cx: &mut Context) -> Step {
        Step::Stay
    }

    /// The vault closes: what this screen holds of it goes. False when the screen has nothing without it and closes.
    fn on_lock(&mut self) -> bool {
        true
    }

    /// Whether its work is done once a vault is open.
    fn opens_a_vault(&self) -> bool {
        false
    }

    /// Whether something typed here would be lost.
    fn is_changed(&self) -> bool {
        false
    }

    /// How much of the window it owns.
    fn extent(&self) -> Extent {
        Extent::Box
    }

    /// Where this is, behind `sesam`: `Codes › All`.
    fn place(&self, _cx: &Context) -> String {
        String::new()
    }

    /// The right end of the first row, unless the vault is open: `locked`, `first run`.
    fn state(&self, _cx: &Context) -> Option<String> {
        None
    }

    /// What the status row says while there is nothing newer.
    fn status(&self, _cx: &Context) -> Option<String> {
        None
    }

    /// The seconds until the picture changes by itself; `None` when only keys change it.
    fn changes_in(&self, _cx: &Context) -> Option<u64> {
        None
    }

    /// A real picture that stands in a part of the window which `draw` leaves empty.
    fn graphic(&self, _area: Rect, _cx: &Context) -> Option<Graphic> {
        None
    }

    /// Draws into the part of the window that [`Screen::extent`] names.
    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context);
}

/// One entry of the hint line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What is done.
    pub action: Do,
    /// The key as shown, where it is not the first of the action.
    pub key: Option<&'static str>,
    /// The words, where they are not the table's.
    pub words: Option<String>,
}

impl From<Do> for Hint {
    fn from(action: Do) -> Self {
        Self { action, key: None, words: None }
    }
}

impl Hint {
    /// An action with words for this state.
    pub fn says(action: Do, words: impl Into<String>) -> Self {
        Self { action, key: None, words: Some(words.into()) }
    }

    /// An action shown with several keys at once, such as `↑↓`.
    pub fn keys(action: Do, key: &'static str) -> Self {
        Self { action, key: Some(key), words: None }
    }
}
