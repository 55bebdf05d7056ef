//! Columns of fixed width: a page more or less does not shake them. What has no room is left out, from the right.

use ratatui::{Frame, layout::Rect, style::Style};

use crate::tui::{
    context::Context,
    widgets::{fill, put, put_safe},
};

/// Where the columns stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Vec<Column>);

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// Where it begins.
    pub at: usize,
    /// How wide it is, with the blank behind it.
    pub room: usize,
}

impl Columns {
    /// Columns of these widths beside each other, `marks` from the left. The last one that fits takes what is left.
    pub fn new(marks: usize, widths: &[(&'static str, usize)], width: usize) -> Self {
        let mut at = marks;
        let mut columns: Vec<Column> = Vec::new();
        for (head, room) in widths {
            if at + room > width + 1 && !columns.is_empty() {
                break;
            }
            columns.push(Column { head, at, room: *room });
            at += room;
        }
        if let Some(last) = columns.last_mut() {
            last.room = (width + 1).saturating_sub(last.at);
        }
        Self(columns)
    }

    /// The columns.
    pub fn all(&self) -> &[Column] {
        &self.0
    }

    /// Writes the heads.
    pub fn heads(&self, frame: &mut Frame<'_>, row: Rect, cx: &Context) {
        for column in &self.0 {
            put_safe(frame, row, cells(column.at), (column.head, column.room - 1), cx, cx.theme.dim);
        }
    }

    /// Writes a row: the text of each column from outside, and its look.
    pub fn row<'a>(
        &self,
        frame: &mut Frame<'_>,
        row: Rect,
        (texts, cx): (impl Fn(&'static str) -> (std::borrow::Cow<'a, str>, Style), &Context),
    ) {
        for column in &self.0 {
            let (text, style) = texts(column.head);
            put_safe(frame, row, cells(column.at), (&text, column.room.saturating_sub(1)), cx, style);
        }
    }
}

/// The selected row: marked, in reverse, and with the cursor, which readers and magnifiers follow.
pub fn select(frame: &mut Frame<'_>, row: Rect, cx: &Context) -> Style {
    let style = cx.theme.selected;
    fill(frame, row, " ", style);
    let is_narrow = row.width < 50;
    put(frame, row, u16::from(!is_narrow), cx.symbols.selected, cx.theme.marker.patch(style));
    frame.set_cursor_position((row.x, row.y));
    style
}

fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
