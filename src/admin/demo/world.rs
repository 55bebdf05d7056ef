//! Everything that a server of the demo knows: users, applications, the audit.

use jiff::Timestamp;

use super::{
    apps::{App, apps},
    cast::cast,
    crowd::crowd,
    history,
    row::Row,
    user::User,
};
use crate::text::fold;

/// A server's knowledge.
pub(super) struct World {
    pub(super) people: Vec<User>,
    pub(super) apps: Vec<App>,
    /// The oldest first.
    rows: Vec<Row>,
    born: Timestamp,
    /// Who signs in while the clock runs; nobody, and nothing comes by itself.
    names: Vec<String>,
    /// How many rows have come since it was born.
    told: u64,
    next: u64,
}

/// So many rows come at most in one breath, however long nobody looked.
const MOST_AT_ONCE: u64 = 20_000;
/// The number of the first row.
const FIRST_ROW: u64 = 73_001;

impl World {
    /// With so many users and four weeks of events that end now.
    pub(super) fn furnished(now: Timestamp, users: usize) -> Self {
        let ten = cast(now);
        let others = crowd(users.saturating_sub(ten.len()), now);
        let busy = others.iter().filter(|user| !user.disabled && user.locked_until.is_none());
        let names: Vec<String> = busy.map(|user| user.name.clone()).collect();
        let mut world = Self { apps: apps(), ..Self::empty(now) };
        for row in history::four_weeks(now, &names) {
            world.write(row);
        }
        world.people = ten.into_iter().chain(others).collect();
        world.names = names;
        world
    }

    /// Without anybody: for a story that begins with nothing.
    pub(super) fn empty(now: Timestamp) -> Self {
        let (people, apps, rows, names) = (vec![], vec![], vec![], vec![]);
        Self { people, apps, rows, born: now, names, told: 0, next: FIRST_ROW }
    }

    /// Writes what came until now.
    pub(super) fn advance(&mut self, now: Timestamp) {
        if self.names.is_empty() {
            return;
        }
        let passed = now.as_millisecond().saturating_sub(self.born.as_millisecond());
        let due = u64::try_from(passed).unwrap_or(0) / 500 + 1;
        self.told = self.told.max(due.saturating_sub(MOST_AT_ONCE));
        loop {
            let row = history::live(self.born, self.told, &self.names);
            if row.time > now {
                return;
            }
            self.told += 1;
            self.write(row);
        }
    }

    /// Writes a row.
    pub(super) fn write(&mut self, row: Row) {
        self.rows.push(Row { seq: self.next, ..row });
        self.next += 1;
    }

    /// Every row, the oldest first.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows behind a number.
    pub(super) fn behind(&self, seq: u64) -> &[Row] {
        &self.rows[self.rows.partition_point(|row| row.seq <= seq)..]
    }

    /// The number of the last row.
    pub(super) fn last(&self) -> u64 {
        self.next - 1
    }

    /// A user by name, in any spelling.
    pub(super) fn user(&self, name: &str) -> Option<&User> {
        let key = fold(name.trim());
        self.people.iter().find(|user| fold(&user.name) == key)
    }

    /// The same, to change.
    pub(super) fn user_mut(&mut self, name: &str) -> Option<&mut User> {
        let key = fold(name.trim());
        self.people.iter_mut().find(|user| fold(&user.name) == key)
    }

    /// An application by its id.
    pub(super) fn app(&self, id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.id == id)
    }
}
