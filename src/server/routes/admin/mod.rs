//! Administration: one file per noun.
//!
//! | file | what lives there |
//! |---|---|
//! | `change` | a change: whether they may, once for its key, of what they saw |
//! | `shape`, `person` | what the store found, in the shapes of the API; what was typed of a person, checked |
//! | `tokens`, `import` | hardware tokens; users as a table |
//! | `users`, `help`, `enrol` | users; what the help desk does for one; an authenticator bound for one |
//! | `applications`, `keys`, `administrators` | what people sign in to; programs; who decides |

mod administrators;
mod applications;
mod change;
mod enrol;
mod help;
mod import;
mod keys;
mod person;
mod shape;
mod tokens;
mod users;

pub(in crate::server) use self::{
    import::bring,
    users::{changes, done, new_user},
};

use utoipa_axum::router::OpenApiRouter;

use crate::server::service::Service;

pub(super) fn router() -> OpenApiRouter<Service> {
    users::router()
        .merge(help::router())
        .merge(import::router())
        .merge(enrol::router())
        .merge(tokens::router())
        .merge(applications::router())
        .merge(keys::router())
        .merge(administrators::router())
}
