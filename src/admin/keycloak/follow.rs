//! Following by asking again: Keycloak pushes nothing. What was heard is known by its id, for rows of one moment arrive one
//! after the other.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{audit::Ledger, names::Row};
use crate::{
    admin::{
        error::AdminError,
        model::{AuditFilter, Event},
    },
    clock::{Clock, SystemClock},
};

/// What was heard of the last seconds.
#[derive(Default)]
struct Heard {
    /// Keys by time.
    keys: BTreeMap<i64, BTreeSet<String>>,
}

impl Heard {
    /// Whether a row is new. From then on it is not.
    fn is_new(&mut self, row: &Row) -> bool {
        self.keys.entry(row.time()).or_default().insert(row.key())
    }

    /// Forgets what cannot come again.
    fn forget_before(&mut self, time: i64) {
        self.keys = self.keys.split_off(&time);
    }

    fn newest(&self) -> Option<i64> {
        self.keys.keys().next_back().copied()
    }
}

/// Asks again and again for what is new. `each` hears `None` after each question, so that it can end. `after` is the moment
/// of the last event that was heard, or `-` for all since the beginning of the filter.
pub(super) fn follow(
    ledger: &Ledger<'_>,
    (filter, after): (&AuditFilter, Option<&str>),
    each: &mut dyn FnMut(Option<Event>) -> bool,
) -> Result<Option<String>, AdminError> {
    ledger.check_saving()?;
    let now = ledger.now();
    let (narrow, narrowed) = (ledger.narrow(filter, now)?, ledger.narrowed(&filter.query)?);
    let begin = match after {
        Some("-") => filter.since.unwrap_or(now).as_millisecond(),
        Some(text) => text.parse().map_or(now.as_millisecond(), |time: i64| time + 1),
        None => now.as_millisecond(),
    };
    let (mut heard, mut mark) = (Heard::default(), begin);
    if after.is_none() {
        // What is there already is old: the clock of the server is known by the second alone.
        for row in ledger.since(begin - LATE, &narrowed)? {
            heard.is_new(&row);
        }
    }
    loop {
        let from = if after.is_none() { mark - LATE } else { (mark - LATE).max(begin) };
        let rows = match ledger.since(from, &narrowed) {
            Ok(rows) => rows,
            // The position is what matters then: whoever follows asks again from there.
            Err(AdminError::Unreachable { .. }) => {
                return Ok(Some(heard.newest().unwrap_or(mark).to_string()));
            }
            Err(error) => return Err(error),
        };
        let new: Vec<Row> = rows.into_iter().filter(|row| heard.is_new(row)).collect();
        let events = ledger.names.events(ledger.desk, &ledger.rule, &new)?;
        for event in events.into_iter().flatten().filter(|event| narrow.takes(&event.facts())) {
            let at = event.time.as_millisecond();
            if !each(Some(event)) {
                return Ok(Some(at.to_string()));
            }
        }
        mark = heard.newest().map_or(mark, |newest| newest.max(mark));
        heard.forget_before(mark - 2 * LATE);
        if !each(None) {
            return Ok(Some(mark.to_string()));
        }
        SystemClock.pause(EACH);
    }
}

const EACH: Duration = Duration::from_secs(2);
/// So late may a row arrive behind another one, in milliseconds.
const LATE: i64 = 5000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::keycloak::row::UserRow;

    #[test]
    fn a_row_is_heard_once_and_forgotten_when_it_is_old() {
        let row =
            |time: i64, id: &str| Row::User(UserRow { id: Some(id.into()), time, ..UserRow::default() });
        let mut heard = Heard::default();
        assert!(heard.is_new(&row(1, "a")) && heard.is_new(&row(1, "b")) && !heard.is_new(&row(1, "a")));
        assert!(heard.is_new(&row(9, "c")));
        assert_eq!(heard.newest(), Some(9));
        heard.forget_before(5);
        assert!(heard.is_new(&row(1, "a")) && !heard.is_new(&row(9, "c")));
    }
}
