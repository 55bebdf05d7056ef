//! The accounts of an open vault laid out for looking at: rows, tags, order, search. 10,000 of them cost one pass over
//! their lines; an account is read whole only where it is shown.
//!
//! What a row looks like is `tui`'s business, what an account is [`account`](super::account)'s.

mod build;
mod index;
mod laid_out;
mod near;
mod order;
mod search;
#[cfg(test)]
mod tests;

pub use laid_out::{Catalog, RowKind, Tag};
pub use order::Order;
