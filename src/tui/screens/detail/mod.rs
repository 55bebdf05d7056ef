//! One account with everything that there is to know of it: as a screen, and as the second pane of the list.

mod lines;
mod screen;

pub use lines::{ago, draw_account};
pub use screen::Detail;
