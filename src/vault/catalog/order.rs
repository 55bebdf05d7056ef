//! The order of the rows.

use std::{cmp::Ordering, collections::HashMap};

use jiff::Timestamp;

use super::laid_out::Catalog;
use crate::{
    config::Sort,
    text::fold,
    vault::{query::Named as _, usage::Usage},
};

/// How the rows are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub sort: Sort,
    /// The other way round.
    pub reversed: bool,
    /// Favourites stand first.
    pub favourites_first: bool,
}

impl Catalog {
    /// All rows in order. What is equal stays in the order of the vault.
    pub fn ordered(&self, order: Order, usage: &Usage, now: Timestamp) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..self.len()).filter_map(|at| u32::try_from(at).ok()).collect();
        match order.sort {
            Sort::Manual => {}
            Sort::Used | Sort::Last if usage.is_empty() => {}
            Sort::Name => rows.sort_by_cached_key(|at| self.name_key(*at as usize)),
            Sort::Used => self.sort_by_number(&mut rows, |id| usage.score(id, now)),
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a float")]
            Sort::Last => self.sort_by_number(&mut rows, |id| {
                usage.of(id).map_or(f64::MIN, |used| used.last.as_second() as f64)
            }),
        }
        if order.reversed {
            rows.reverse();
        }
        if order.favourites_first && rows.iter().any(|at| self.is_favourite(*at as usize)) {
            rows.sort_by_key(|at| !self.is_favourite(*at as usize));
        }
        rows
    }

    fn name_key(&self, at: usize) -> (String, String) {
        let fields = self.fields(at);
        let (issuer, account) = fields.names();
        (fold(&issuer).into_owned(), fold(&account).into_owned())
    }

    /// The greatest number first.
    fn sort_by_number(&self, rows: &mut [u32], number: impl Fn(&str) -> f64) {
        let numbers: HashMap<u32, f64> =
            rows.iter().map(|at| (*at, number(self.fields(*at as usize).id()))).collect();
        rows.sort_by(|a, b| numbers[b].partial_cmp(&numbers[a]).unwrap_or(Ordering::Equal));
    }
}
