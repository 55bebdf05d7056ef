//! Which lines of the form a window has room for. What can be missed goes first, then it scrolls.

use super::{
    Form,
    rows::{Row, Type},
};

/// One line of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// What to do with a link.
    Intro,
    /// Nothing.
    Gap,
    /// One row.
    One(Row),
    /// Two rows side by side.
    Two(Row, Row),
    /// The code that it makes, or what is wrong.
    Now,
    /// What else is to be known.
    Warning,
    /// The buttons.
    Buttons,
}

/// From so many rows on the code does not scroll away.
const KEEPS_NOW: usize = 5;
/// Two rows side by side need so many columns.
const TWO: u16 = 60;

impl Form {
    /// The lines for so many columns and rows.
    pub(super) fn lines(&self, (columns, rows): (u16, u16)) -> Vec<Line> {
        let mut lines = self.all_lines(columns);
        let room = usize::from(rows);
        for dispensable in [Line::Gap, Line::Intro] {
            if lines.len() > room {
                lines.retain(|line| *line != dispensable);
            }
        }
        let shown = self.around_focus(&lines, room);
        if room < KEEPS_NOW || shown.contains(&Line::Now) {
            return shown.to_vec();
        }
        // The code is what one fills the form for: it stays in sight.
        let mut shown = self.around_focus(&lines, room - 1).to_vec();
        shown.push(Line::Now);
        shown
    }

    fn around_focus<'a>(&self, lines: &'a [Line], room: usize) -> &'a [Line] {
        let focused = lines.iter().position(|line| self.has_focus(*line)).unwrap_or(0);
        let top = focused.saturating_sub(room / 2).min(lines.len().saturating_sub(room));
        &lines[top..(top + room).min(lines.len())]
    }

    /// Whether the row that has the keys is in this line.
    pub(super) fn has_focus(&self, line: Line) -> bool {
        match line {
            Line::One(row) => row == self.focus,
            Line::Two(left, right) => [left, right].contains(&self.focus),
            Line::Buttons => self.focus == Row::Buttons,
            Line::Intro | Line::Gap | Line::Now | Line::Warning => false,
        }
    }

    fn all_lines(&self, columns: u16) -> Vec<Line> {
        let mut lines = if self.base.is_none() { vec![Line::Intro, Line::Gap] } else { Vec::new() };
        let names = [Row::Issuer, Row::Account, Row::Secret, Row::Tags, Row::Note];
        lines.extend(names.map(Line::One));
        lines.extend([Line::Gap, Line::One(Row::Type)]);
        lines.extend(own_lines(self.entries.kind, columns));
        lines.extend([Line::Gap, Line::Now, Line::Gap]);
        if self.warning().is_some() {
            lines.push(Line::Warning);
        }
        lines.push(Line::Buttons);
        lines
    }
}

fn own_lines(kind: Type, columns: u16) -> Vec<Line> {
    match *kind.own_rows() {
        [left, right, below] if columns >= TWO => vec![Line::Two(left, right), Line::One(below)],
        ref rows => rows.iter().copied().map(Line::One).collect(),
    }
}
