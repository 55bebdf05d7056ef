//! Where a page of the audit ends, and where the next one begins: as a cursor that holds it all.

use jiff::Timestamp;

use super::{
    names::Row,
    stream::{A_DAY, Span},
};

/// Where a page ends: the span, how much of each log was read of it, and the last row that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) span: Span,
    pub(super) users: usize,
    pub(super) admins: usize,
    pub(super) last: Last,
}

/// The moment of the last row that was shown, and every row of that moment that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Last {
    time: i64,
    keys: Vec<String>,
}

impl Last {
    const NONE: Self = Self { time: i64::MAX, keys: vec![] };

    /// Whether a row lies behind it. What is newer came since, and pushed others behind that were shown.
    pub(super) fn is_before(&self, row: &Row) -> bool {
        row.time() < self.time || row.time() == self.time && !self.keys.contains(&row.key())
    }

    /// It was shown.
    pub(super) fn shows(&mut self, row: &Row) {
        if row.time() != self.time {
            *self = Self { time: row.time(), keys: vec![] };
        }
        self.keys.push(row.key());
    }
}

/// The last day before a time.
pub(super) fn begin(until: Timestamp, floor: i64) -> Place {
    // The clock of the server is known by the second.
    let to = until.as_millisecond() + 2000;
    let span = Span { from: (to - A_DAY).max(floor), to };
    Place { span, users: 0, admins: 0, last: Last::NONE }
}

/// The span before, four times as long.
pub(super) fn deeper(place: &Place, floor: i64) -> Place {
    let Span { from, to } = place.span;
    let span = Span { from: (from - 1 - (to - from) * 4).max(floor), to: from - 1 };
    Place { span, users: 0, admins: 0, last: Last::NONE }
}

/// As a cursor.
pub(super) fn print(place: &Place) -> String {
    let Place { span, users, admins, last } = place;
    format!("{}:{}:{users}:{admins}:{}:{}", span.from, span.to, last.time, last.keys.join(","))
}

pub(super) fn read(text: &str) -> Option<Place> {
    let mut parts = text.splitn(6, ':');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (span, users, admins) = (Span { from: number()?, to: number()? }, number()?, number()?);
    let time = number()?;
    let keys = parts.next()?.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    let (users, admins) = (usize::try_from(users).ok()?, usize::try_from(admins).ok()?);
    Some(Place { span, users, admins, last: Last { time, keys } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_printed_and_read_and_spans_grow_without_a_gap() {
        let until = Timestamp::from_second(1_763_733_600).unwrap();
        let mut place = begin(until, 0);
        assert_eq!(read(&print(&place)), Some(place.clone()));
        let row = |id: &str| {
            Row::User(super::super::row::UserRow { id: Some(id.into()), time: 5, ..Default::default() })
        };
        place.last.shows(&row("a"));
        place.last.shows(&row("b"));
        assert_eq!(read(&print(&place)), Some(place.clone()));
        assert!(!place.last.is_before(&row("a")) && place.last.is_before(&row("c")));
        for text in ["", "1:2:3", "1:2:-3:4:5:", "x:1:1:1:1:"] {
            assert_eq!(read(text), None, "{text}");
        }
        for _ in 0..12 {
            let before = place;
            place = deeper(&before, 0);
            assert_eq!(place.span.to, before.span.from - 1, "no gap");
            if place.span.from == 0 {
                return;
            }
        }
        panic!("the floor is reached within a few spans");
    }
}
