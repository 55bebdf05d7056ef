//! `/v1/me`: what users see and change of themselves, with a session of their own.
//!
//! | file | what lives there |
//! |---|---|
//! | `profile` | who one is and what one has bound; taking a binding away |
//! | `paper` | a new sheet of recovery codes |
//! | `email` | a new address, confirmed by a code that goes there |
//! | `sessions` | sessions, ending them |
//! | `own` | who asks, and whether they showed a code |

mod email;
mod own;
mod paper;
mod profile;
mod sessions;

use utoipa_axum::router::OpenApiRouter;

use crate::server::service::Service;

pub(super) fn router() -> OpenApiRouter<Service> {
    profile::router().merge(paper::router()).merge(email::router()).merge(sessions::router())
}
