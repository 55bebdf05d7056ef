//! Which columns the list of users has, by the room that there is. Their widths are fixed: a page does not shake them.

use crate::tui::admin::table::Columns;

/// The columns of a list of this width.
pub(super) fn columns(width: usize) -> Columns {
    match width {
        ..50 => {
            let state = 13.min(width / 2);
            Columns::new(1, &[("USER", width - state), ("STATE", state)], width)
        }
        50..80 => {
            let name = width.saturating_sub(3 + 13 + 13 + 11 + 5);
            let all = [("USER", 13), ("NAME", name), ("STATE", 13), ("LAST OK", 11), ("FAILS", 6)];
            Columns::new(3, &all, width)
        }
        _ => {
            let more = (width - 80).min(40);
            let (user, name, factors) = (11 + more / 4, 16 + more / 4, 11 + more / 4);
            let all = [
                ("USER", user),
                ("NAME", name),
                ("FACTORS", factors),
                ("STATE", 11),
                ("LAST OK", 11),
                ("FAILS", 6),
                ("NOTE", 12),
            ];
            Columns::new(3, &all, width)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_columns_hold_everything_and_none_begins_beyond_the_edge() {
        let heads: Vec<&str> = columns(80).all().iter().map(|column| column.head).collect();
        assert_eq!(heads, ["USER", "NAME", "FACTORS", "STATE", "LAST OK", "FAILS", "NOTE"]);
        for width in 24..200 {
            let columns = columns(width);
            for pair in columns.all().windows(2) {
                assert!(pair[0].at + pair[0].room <= pair[1].at, "{width}: {pair:?}");
            }
            let last = columns.all().last().unwrap();
            assert!(last.at < width && last.at + last.room <= width + 1, "{width}: {last:?}");
        }
    }
}
