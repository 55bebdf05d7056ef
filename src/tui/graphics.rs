//! A real picture on the terminal, beside the cells: what it is, not who wants it.

use ratatui::layout::Rect;
use zeroize::Zeroizing;

/// How a terminal shows pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Graphics {
    /// By kitty's protocol.
    Kitty,
    /// As sixels.
    Sixels,
}

/// A picture in a part of the window whose cells are empty.
pub struct Graphic {
    /// Where it stands.
    pub place: Rect,
    /// What draws it from the cursor on.
    pub bytes: Zeroizing<String>,
}
