//! The audit for administrators.
//!
//! | file | what lives there |
//! |---|---|
//! | [`list`], [`export`] | page by page; everything at once |
//! | [`statistics`] | counted |
//! | [`follow`], [`position`] | as it grows |
//! | [`shown`], [`wish`] | a row as JSON, positions; filters behind the `?` |

mod export;
mod follow;
mod list;
mod position;
mod shown;
mod statistics;
mod wish;

use utoipa_axum::router::OpenApiRouter;

use crate::server::service::Service;

pub(super) fn router() -> OpenApiRouter<Service> {
    list::router().merge(export::router()).merge(statistics::router()).merge(follow::router())
}
