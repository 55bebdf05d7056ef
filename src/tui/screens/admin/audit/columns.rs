//! Which columns the audit has: by the room that there is, and by what somebody wants to see besides.

use crate::tui::admin::table::Columns;

/// What is shown besides the usual columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Extra {
    /// Nothing.
    #[default]
    None,
    /// Who did it.
    By,
    /// Who did it, and the number of the event.
    ById,
}

impl Extra {
    /// The next choice.
    pub(super) fn next(self) -> Self {
        match self {
            Self::None => Self::By,
            Self::By => Self::ById,
            Self::ById => Self::None,
        }
    }

    /// The choice in words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::None => "Columns: time, user, application, what, from.",
            Self::By => "Columns: time, user, application, what, from, by.",
            Self::ById => "Columns: time, user, application, what, from, by, number.",
        }
    }
}

/// The columns of a list of this width.
pub(super) fn columns(width: usize, extra: Extra) -> Columns {
    if width < 50 {
        return Columns::new(
            1,
            &[("AT", 6), ("", 2), ("USER", 9), ("WHAT", width.saturating_sub(17).max(2))],
            width,
        );
    }
    if width < 80 {
        return Columns::new(3, &[("TIME", 12), ("", 3), ("USER", 14), ("WHAT", width - 31)], width);
    }
    let extra = if extra == Extra::None && width >= WIDE { Extra::By } else { extra };
    let more = (width - 80).min(60);
    let (user, app) = match extra {
        Extra::None => (12, 12),
        Extra::By => (11, 10),
        Extra::ById => (10, 9),
    };
    let (user, app) = (user + more / 6, app + more / 6);
    let mut all = vec![("TIME", 12), ("", 3), ("USER", user), ("APP", app)];
    let behind: &[(&str, usize)] = match extra {
        Extra::None => &[("FROM", 16)],
        Extra::By => &[("FROM", 14), ("BY", 11)],
        Extra::ById => &[("FROM", 14), ("BY", 11), ("NUMBER", 9)],
    };
    let taken = 18 + user + app + behind.iter().map(|(_, room)| room).sum::<usize>();
    all.push(("WHAT", (width + 1).saturating_sub(taken).max(8)));
    all.extend(behind);
    Columns::new(3, &all, width)
}

/// So much room is enough for who did it, whether somebody asks for it or not.
const WIDE: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighty_columns_hold_every_choice() {
        let heads = |width, extra| columns(width, extra).all().iter().map(|one| one.head).collect::<Vec<_>>();
        assert_eq!(heads(80, Extra::None), ["TIME", "", "USER", "APP", "WHAT", "FROM"]);
        assert_eq!(heads(80, Extra::ById).last(), Some(&"NUMBER"));
        assert_eq!(heads(30, Extra::None), ["AT", "", "USER", "WHAT"]);
        for width in 24..200 {
            for extra in [Extra::None, Extra::By, Extra::ById] {
                let columns = columns(width, extra);
                let last = columns.all().last().unwrap();
                assert!(last.at < width && last.at + last.room <= width + 1, "{width}: {last:?}");
            }
        }
    }
}
