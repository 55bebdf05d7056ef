//! The API: one file per noun, which owns its routes, its types and its handlers.
//!
//! | file | what lives there |
//! |---|---|
//! | [`refusal`], [`request`] | every refusal in one shape; who calls, bodies, ids of requests |
//! | `frame` | where a request ends; what the HTTP library refuses, in our words |
//! | [`authority`] | who asks: administrators, users, applications |
//! | `sign_ins`, `second_step`, `binding` | a sign-in, step by step |
//! | `verify` | one field, one call |
//! | `me` | what users see and change of themselves |
//! | `audit` | the audit for administrators |
//! | `unknown` | a name that nobody has |
//! | `admin` | administration |
//! | `health` | liveness, readiness, counters |
//!
//! What is told outside of a refused try is nothing: not whether there is such a user, not whether they are locked.

pub(in crate::server) mod admin;
mod audit;
pub mod authority;
mod binding;
mod frame;
mod health;
pub mod identity;
mod me;
pub mod refusal;
pub mod request;
mod second_step;
mod sign_ins;
mod unknown;
mod verify;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use self::refusal::Refusal;
use super::service::Service;

/// Everything on one listener.
pub fn all(service: Service) -> Router {
    finish(document(public().merge(private())), service)
}

/// What is for everybody, where administration has a listener of its own.
pub fn public_only(service: Service) -> Router {
    finish(document(public()), service)
}

/// Administration and everything else that is not for everybody.
pub fn private_only(service: Service) -> Router {
    finish(document(health::router().merge(private())), service)
}

/// The description of everything.
pub fn description() -> utoipa::openapi::OpenApi {
    document(public().merge(private())).split_for_parts().1
}

fn public() -> OpenApiRouter<Service> {
    health::router()
        .merge(sign_ins::router())
        .merge(second_step::router())
        .merge(binding::router())
        .merge(verify::router())
        .merge(me::router())
}

fn private() -> OpenApiRouter<Service> {
    health::private().merge(admin::router()).merge(audit::router())
}

fn document(routes: OpenApiRouter<Service>) -> OpenApiRouter<Service> {
    OpenApiRouter::with_openapi(Document::openapi()).merge(routes)
}

fn finish(routes: OpenApiRouter<Service>, service: Service) -> Router {
    let (routes, description) = routes.split_for_parts();
    let text = description.to_json().expect("a description is JSON");
    let described = move || async move { ([(header::CONTENT_TYPE, "application/json")], text) };
    routes
        .route("/openapi.json", get(described))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_this_way)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn(frame::ours))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn(frame::whole))
        .layer(middleware::from_fn_with_state(service.clone(), count))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(service.clone(), request::identify))
        .with_state(service)
}

/// A request that does not arrive is not waited for; streams answer at once and are not touched by this.
async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::late().into_response(),
    }
}

async fn count(State(service): State<Service>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = route.as_deref().unwrap_or("none");
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD];
    let method = if known.contains(&method) { method.as_str() } else { "other" };
    service.metrics.request(route, method, response.status().as_u16());
    response
}

async fn nowhere(_: Uri) -> Refusal {
    Refusal::nowhere(StatusCode::NOT_FOUND)
}

async fn not_this_way() -> Refusal {
    Refusal::nowhere(StatusCode::METHOD_NOT_ALLOWED)
}

/// A fault of ours: logged without what it was about.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!(request = identity::id(), "a handler panicked");
    Refusal::unavailable().into_response()
}

/// What the description says besides the routes.
#[derive(OpenApi)]
#[openapi(info(title = "sesamd", description = "A small MFA server"), modifiers(&Security))]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        let schemes = [
            ("administrator", "An API key, or the session of an administrator"),
            ("application", "The key of an application"),
            ("user", "The session of a user"),
        ];
        for (name, about) in schemes {
            let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
            components.add_security_scheme(name, SecurityScheme::Http(bearer));
        }
    }
}

/// The largest body, but where a table is brought in.
const MOST_BYTES: usize = 64 * 1024;
/// How long a request may take, its arrival included.
const PATIENCE: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` in a description.
    fn references(value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(|one| one.as_str()).map(str::to_owned));
                for field in fields.values() {
                    references(field, found);
                }
            }
            serde_json::Value::Array(all) => {
                for value in all {
                    references(value, found);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn everything_that_the_description_refers_to_is_in_it() {
        let whole = serde_json::to_value(description()).unwrap();
        let mut all = vec![];
        references(&whole, &mut all);
        assert!(all.len() > 20, "{}", all.len());
        for reference in all {
            assert!(whole.pointer(&reference[1..]).is_some(), "{reference}");
        }
    }
}
