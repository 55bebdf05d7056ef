//! What a tab of an open server is: a screen that is told when it is looked at.

use crate::tui::{context::Context, screen::Screen};

/// A tab. The room around it draws the first rows and switches.
///
/// It is made when it is first looked at, and kept. `on_message` with [`Message::Reloaded`] after a lock means: ask
/// again, what was kept is gone.
///
/// [`Message::Reloaded`]: crate::tui::message::Message::Reloaded
pub trait Pane: Screen {
    /// Somebody looks at it, for the first time or again. What it has to show may wait in
    /// [`Link::wish`](crate::tui::admin::link::Link::wish): it takes it from there.
    fn entered(&mut self, cx: &mut Context);

    /// Nobody looks at it any more: what runs for it ends.
    fn left(&mut self) {}
}
