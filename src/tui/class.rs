//! How much fits: the size of the window decides what is left out, width and height each on their own.

use ratatui::layout::Size;

/// What a window of this size can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// By its width.
    pub columns: Columns,
    /// By its height.
    pub rows: Rows,
}

/// What the width allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Columns {
    /// Below 24: a code.
    Line,
    /// 24 to 49: issuer, code, seconds.
    Tiny,
    /// 50 to 79: no bar.
    Small,
    /// 80 to 119: all columns.
    Normal,
    /// From 120 on: a second pane.
    Wide,
}

/// What the height allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rows {
    /// Below 4: one row.
    Line,
    /// 4 to 11: rows and one row of hints.
    Tiny,
    /// 12 to 19: no tabs, no heads of columns.
    Small,
    /// From 20 on: everything.
    Normal,
}

impl Class {
    /// The class of a window.
    pub fn of(size: Size) -> Self {
        let columns = match size.width {
            0..24 => Columns::Line,
            24..50 => Columns::Tiny,
            50..80 => Columns::Small,
            80..120 => Columns::Normal,
            _ => Columns::Wide,
        };
        let rows = match size.height {
            0..4 => Rows::Line,
            4..12 => Rows::Tiny,
            12..20 => Rows::Small,
            _ => Rows::Normal,
        };
        Self { columns, rows }
    }

    /// Whether nothing but one code fits.
    pub fn is_line(self) -> bool {
        self.columns == Columns::Line || self.rows == Rows::Line
    }

    /// Whether there is no room for the rows of place and status.
    pub fn is_tiny(self) -> bool {
        self.columns <= Columns::Tiny || self.rows <= Rows::Tiny
    }

    /// Whether tabs, heads and bars are left out.
    pub fn is_small(self) -> bool {
        self.columns <= Columns::Small || self.rows <= Rows::Small
    }
}
