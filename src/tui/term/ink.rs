//! What is sent to the terminal for a row of changed cells: the shortest way to each, and its look where it is another
//! one. Once a second a dozen numbers change below each other; over SSH every byte of it counts.

use std::fmt::Write as _;

use ratatui::{
    buffer::Cell,
    layout::Position,
    style::{Color, Modifier},
};

/// Steps back that are shorter one by one.
const FEW: u16 = 4;

/// Bytes for the terminal, and what it will look like behind them.
#[derive(Default)]
pub(super) struct Ink {
    bytes: String,
    /// Where the cursor stands; `None` where nobody knows: at first, behind the last column, behind what is of
    /// uncertain width.
    at: Option<Position>,
    look: Option<Look>,
}

/// Colours and modifiers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    text: Color,
    ground: Color,
    modifier: Modifier,
}

impl Ink {
    /// Nobody knows any more where the cursor stands and how it writes.
    pub(super) fn forget(&mut self) {
        (self.at, self.look) = (None, None);
    }

    /// Takes what has to be sent.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.bytes)
    }

    /// Writes a cell at its place; `columns` is the width of the window.
    pub(super) fn cell(&mut self, (x, y): (u16, u16), cell: &Cell, columns: u16) {
        self.go(Position { x, y });
        self.wear(Look { text: cell.fg, ground: cell.bg, modifier: cell.modifier });
        self.bytes.push_str(cell.symbol());
        let behind = x.saturating_add(u16::try_from(crate::text::width(cell.symbol())).unwrap_or(1));
        let is_sure = behind < columns && !crate::text::is_uncertain(cell.symbol());
        self.at = is_sure.then_some(Position { x: behind, y });
    }

    /// Moves the cursor, by naming the place or by steps from where it stands, whichever is shorter. Line feed and
    /// backspace move it and nothing else, for the terminal is raw.
    pub(super) fn go(&mut self, to: Position) {
        let steps = self.at.replace(to).and_then(|at| steps(at, to));
        let place = format!("\x1b[{};{}H", to.y + 1, to.x + 1);
        self.bytes.push_str(steps.as_ref().filter(|steps| steps.len() < place.len()).unwrap_or(&place));
    }

    /// Writes something that leaves the cursor where it is.
    pub(super) fn raw(&mut self, text: &str) {
        self.bytes.push_str(text);
    }

    fn wear(&mut self, look: Look) {
        if self.look.replace(look) == Some(look) {
            return;
        }
        self.bytes.push_str("\x1b[0");
        for (modifier, code) in MODIFIERS {
            if look.modifier.contains(modifier) {
                self.write(format_args!(";{code}"));
            }
        }
        self.colour(look.text, 0);
        self.colour(look.ground, 10);
        self.bytes.push('m');
    }

    /// The colour of the text, or with 10 more that of the ground.
    fn colour(&mut self, colour: Color, ground: u8) {
        if let Some(code) = PALETTE.iter().position(|named| *named == colour) {
            let code = u8::try_from(code).unwrap_or(0);
            let base = if code < 8 { 30 } else { 82 };
            return self.write(format_args!(";{}", base + code + ground));
        }
        match colour {
            Color::Indexed(number) => self.write(format_args!(";{};5;{number}", 38 + ground)),
            Color::Rgb(red, green, blue) => {
                self.write(format_args!(";{};2;{red};{green};{blue}", 38 + ground));
            }
            _ => {}
        }
    }

    fn write(&mut self, what: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.bytes.write_fmt(what);
    }
}

/// The way from one place to another below it or beside it; `None` upwards.
fn steps(at: Position, to: Position) -> Option<String> {
    let mut way = "\n".repeat(to.y.checked_sub(at.y)?.into());
    match (at.x.checked_sub(to.x), to.x.checked_sub(at.x)) {
        (Some(back), _) if back < FEW => way.push_str(&"\x08".repeat(back.into())),
        (Some(back), _) => {
            let _ = write!(way, "\x1b[{back}D");
        }
        (None, Some(on)) => {
            let _ = write!(way, "\x1b[{on}C");
        }
        (None, None) => {}
    }
    Some(way)
}

const MODIFIERS: [(Modifier, u8); 5] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::REVERSED, 7),
];

/// The palette of the terminal, in the order of its numbers.
const PALETTE: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    fn cell(symbol: &'static str, style: Style) -> Cell {
        let mut cell = Cell::new(symbol);
        cell.set_style(style);
        cell
    }

    #[test]
    fn numbers_below_each_other_cost_three_bytes_each() {
        let mut ink = Ink::default();
        ink.cell((78, 4), &cell("7", Style::new()), 80);
        assert_eq!(ink.take(), "\x1b[5;79H\x1b[0m7");
        ink.cell((78, 5), &cell("8", Style::new()), 80);
        ink.cell((78, 6), &cell("9", Style::new()), 80);
        assert_eq!(ink.take(), "\n\x088\n\x089");
    }

    #[test]
    fn behind_the_last_column_and_behind_uncertain_widths_the_place_is_named() {
        for (x, symbol) in [(79, "!"), (10, "م")] {
            let mut ink = Ink::default();
            ink.cell((x, 4), &cell(symbol, Style::new()), 80);
            ink.take();
            ink.cell((x, 5), &cell("x", Style::new()), 80);
            assert!(ink.take().starts_with("\x1b[6;"), "{symbol}");
        }
    }

    #[test]
    fn a_look_is_sent_when_it_changes() {
        let mut ink = Ink::default();
        ink.cell((0, 0), &cell("a", Style::new().red().bold()), 80);
        ink.cell((1, 0), &cell("b", Style::new().red().bold()), 80);
        ink.cell((2, 0), &cell("c", Style::new().white().on_black()), 80);
        ink.cell((3, 0), &cell("d", Style::new().fg(Color::Indexed(99))), 80);
        assert_eq!(ink.take(), "\x1b[1;1H\x1b[0;1;31mab\x1b[0;97;40mc\x1b[0;38;5;99md");
    }
}
