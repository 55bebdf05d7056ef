//! The audit as it is searched: a filter as conditions, pages by cursor. Every page walks an index in its order, so
//! that the thousandth page costs what the first one does.

use std::collections::BTreeSet;

use super::{
    database::{Pool, Query, Value},
    error::StoreError,
    read::{Cursor, Record, record},
};
use crate::server::{
    audit_filter::Filter,
    domain::{
        name::{UserName, fold},
        time::Time,
    },
};

/// A filter whose users are known.
#[derive(Clone, Debug)]
pub struct Search {
    /// What was typed.
    pub filter: Filter,
    /// The ids of the users who have the names.
    pub ids: BTreeSet<String>,
}

/// A condition with its values.
type Condition = (&'static str, Vec<Value>);

impl Search {
    /// Finds the users that a filter names, by any spelling.
    pub async fn new(pool: &Pool, filter: Filter) -> Result<Self, StoreError> {
        let mut ids = BTreeSet::new();
        for name in filter.users.iter().filter_map(|name| UserName::parse(name).ok()) {
            let rows = pool.rows("SELECT id FROM users WHERE spelling = $1", vec![name.key().into()]).await?;
            if let Some(row) = rows.first() {
                ids.insert(row.text(0)?);
            }
        }
        Ok(Self { filter, ids })
    }

    /// A page, the newest first.
    pub async fn page(
        &self,
        pool: &Pool,
        behind: Option<&Cursor>,
        count: i64,
    ) -> Result<Vec<Record>, StoreError> {
        let mut query = Query::new("");
        self.ask(&mut query, behind, count);
        pool.select(query).await?.iter().map(record).collect()
    }

    /// How the database would find a page, in its own words: for tests, and for who tunes it.
    pub async fn plan(
        &self,
        pool: &Pool,
        behind: Option<&Cursor>,
        count: i64,
    ) -> Result<Vec<String>, StoreError> {
        let (explain, column) = match pool {
            Pool::Sqlite(_) => ("EXPLAIN QUERY PLAN ", 3),
            Pool::Postgres(_) => ("EXPLAIN ", 0),
        };
        let mut query = Query::new(explain);
        self.ask(&mut query, behind, count);
        pool.select(query).await?.iter().map(|row| row.text(column)).collect()
    }

    /// Adds every condition to a question, which gets its `WHERE` here.
    pub(super) fn conditions(&self, query: &mut Query) {
        self.times(query);
        if !self.filter.users.is_empty() {
            let ids: Vec<Value> = self.ids.iter().map(|id| id.as_str().into()).collect();
            let names: Vec<Value> = self.names().iter().map(|name| name.as_str().into()).collect();
            let piece = format!(" AND (user_id IN ({}) OR ", marks(&ids));
            query.add(if ids.is_empty() { " AND (" } else { &piece }, ids);
            query.add(&format!("user_id IS NULL AND lower(trim(user_name)) IN ({}))", marks(&names)), names);
        }
        for (column, values) in self.columns() {
            one_of(query, column, values);
        }
    }

    fn ask(&self, query: &mut Query, behind: Option<&Cursor>, count: i64) {
        let leads = self.leads();
        let many = leads.len() > 1;
        for (nth, (condition, values)) in leads.into_iter().enumerate() {
            if many {
                query.add(if nth == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" }, []);
            }
            query.add(PAGE, []);
            self.times(query);
            query.add(condition, values);
            self.rest(query);
            if let Some(Cursor { at, replica, seq }) = behind {
                let values = [(*at).into(), replica.as_str().into(), (*seq).into()];
                query.add(" AND (at, replica, seq) < (?, ?, ?)", values);
            }
            query.add(" ORDER BY at DESC, replica DESC, seq DESC LIMIT ?", [count.into()]);
            if many {
                query.add(&format!(") AS lead{nth}"), []);
            }
        }
        if many {
            query.add(" ORDER BY 3 DESC, 1 DESC, 2 DESC LIMIT ?", [count.into()]);
        }
    }

    /// What the indexes are asked for: one walk for each value of the most telling word, as an *or* has no order.
    fn leads(&self) -> Vec<Condition> {
        if !self.filter.users.is_empty() {
            let ids = self.ids.iter().map(|id| (" AND user_id = ?", vec![id.as_str().into()]));
            let nobody = " AND user_id IS NULL AND lower(trim(user_name)) = ?";
            let names = self.names();
            return ids.chain(names.iter().map(|name| (nobody, vec![name.as_str().into()]))).collect();
        }
        let columns = self.columns();
        let lead = LEADS.into_iter().find_map(|(column, condition)| {
            let (_, values) = columns.iter().find(|(one, values)| *one == column && !values.is_empty())?;
            Some(values.iter().map(|value| (condition, vec![value.clone()])).collect())
        });
        lead.unwrap_or_else(|| vec![("", vec![])])
    }

    /// Every word but the one that leads.
    fn rest(&self, query: &mut Query) {
        let columns = self.columns();
        let leads = LEADS.into_iter().find(|(column, _)| {
            self.filter.users.is_empty()
                && columns.iter().any(|(one, values)| one == column && !values.is_empty())
        });
        let lead = leads.map(|(column, _)| column);
        for (column, values) in columns.into_iter().filter(|(column, _)| Some(*column) != lead) {
            one_of(query, column, values);
        }
    }

    fn times(&self, query: &mut Query) {
        let since = self.filter.since.unwrap_or(Time::from_millis(i64::MIN));
        query.add(" WHERE at >= ?", [since.into()]);
        if let Some(until) = self.filter.until {
            query.add(" AND at < ?", [until.into()]);
        }
    }

    fn columns(&self) -> [Condition; 7] {
        let filter = &self.filter;
        let texts = |values: &[String]| values.iter().map(|value| value.as_str().into()).collect();
        [
            ("application", texts(&filter.applications)),
            ("address", texts(&filter.addresses)),
            ("actor", texts(&filter.actors)),
            ("event", filter.events.iter().map(|event| event.name().into()).collect()),
            ("reason", filter.reasons.iter().map(|reason| reason.word().into()).collect()),
            ("outcome", filter.results.iter().map(|result| result.word().into()).collect()),
            ("factor", filter.factors.iter().map(|factor| factor.word().into()).collect()),
        ]
    }

    /// Names that nobody has stand as they were typed; both databases fold the letters of ASCII alone.
    fn names(&self) -> BTreeSet<String> {
        let spellings = |name: &String| [fold(name.trim()), name.trim().to_ascii_lowercase()];
        self.filter.users.iter().flat_map(spellings).collect()
    }
}

fn one_of(query: &mut Query, column: &str, values: Vec<Value>) {
    if !values.is_empty() {
        query.add(&format!(" AND {column} IN ({})", marks(&values)), values);
    }
}

fn marks(values: &[Value]) -> String {
    vec!["?"; values.len()].join(", ")
}

/// The words that have an index, the most telling first.
const LEADS: [(&str, &str); 4] = [
    ("address", " AND address = ?"),
    ("reason", " AND reason = ?"),
    ("application", " AND application = ?"),
    ("event", " AND event = ?"),
];
const PAGE: &str = "SELECT replica, seq, at, event, outcome, reason, factor, application, user_id, user_name, \
    actor, address, country, request, detail FROM audit";
