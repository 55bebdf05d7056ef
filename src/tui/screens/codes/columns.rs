//! Where the columns of the list stand, by the room that there is.

use crate::tui::class::{Class, Columns as Width};

/// The columns: where each begins and how wide it is. A width of nothing is a column left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The mark of the selected row and the one of a favourite.
    pub marks: usize,
    /// The issuer.
    pub issuer: (usize, usize),
    /// The account.
    pub account: (usize, usize),
    /// The code.
    pub code: (usize, usize),
    /// The code after it.
    pub next: (usize, usize),
    /// The bar and the seconds.
    pub left: (usize, usize),
    /// Cells of the bar; 0 is none.
    pub bar: usize,
}

/// Of a hundred columns for names, the issuer has so many.
const ISSUER_SHARE: usize = 41;

impl Columns {
    /// The columns of a list of this width.
    pub fn new(width: usize, class: Class, calm: bool) -> Self {
        if class.columns <= Width::Tiny {
            return Self::tiny(width);
        }
        if class.columns == Width::Small {
            return Self::laid(width, [3, 10, 0, 4], 0);
        }
        let bar = if calm { 0 } else { 6 };
        Self::laid(width, [3, 11, 10, 10], bar)
    }

    /// `▌GitHub        492 039 18 `
    fn tiny(width: usize) -> Self {
        let (left, code) = (4, 8);
        let issuer = width.saturating_sub(1 + code + left);
        let code_at = 1 + issuer;
        Self {
            marks: 1,
            issuer: (1, issuer),
            account: (code_at, 0),
            code: (code_at, code),
            next: (code_at + code, 0),
            left: (code_at + code, left),
            bar: 0,
        }
    }

    fn laid(width: usize, [marks, code, next, left]: [usize; 4], bar: usize) -> Self {
        let names = width.saturating_sub(marks + code + next + left);
        let issuer = (names * ISSUER_SHARE + 50) / 100;
        let account_at = marks + issuer;
        let code_at = marks + names;
        Self {
            marks,
            issuer: (marks, issuer),
            account: (account_at, names - issuer),
            code: (code_at, code),
            next: (code_at + code, next),
            left: (code_at + code + next, left),
            bar,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Size;

    #[test]
    fn eighty_columns_hold_everything() {
        let columns = Columns::new(80, Class::of(Size::new(80, 24)), false);
        assert_eq!((columns.issuer, columns.account), ((3, 19), (22, 27)));
        assert_eq!((columns.code.0, columns.next.0, columns.left), (49, 60, (70, 10)));
    }

    #[test]
    fn thirty_columns_hold_issuer_code_and_seconds() {
        let columns = Columns::new(30, Class::of(Size::new(30, 4)), false);
        assert_eq!((columns.issuer, columns.code, columns.left), ((1, 17), (18, 8), (26, 4)));
    }
}
